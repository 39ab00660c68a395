using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Server.SignIn;

namespace Dsp.Server.Api;

/// <param name="Q">Words; each is a beginning, accents and cases do not matter.</param>
/// <param name="Author">Begins a name of an author or of who deposited.</param>
/// <param name="Count">Hits wanted, 1 to 100; 20 where absent.</param>
internal sealed record SearchBody(string Q, IReadOnlyList<DataCategory>? Categories = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Author = null, string? Institution = null, int? Count = null);

/// <param name="Date">When the document speaks of, else when it was deposited.</param>
/// <param name="Snippet">Some words around the first place; absent where the words stand in title, codes or values.</param>
internal sealed record SearchHit(DocumentId DocumentId, string? Title, DataCategory Category, DateTimeOffset Date, string? Author, string? Institution, string? Snippet);

/// <param name="Unread">Visible documents whose content is not known to the search: found by nothing, and never "no hit".</param>
internal sealed record SearchAnswer(IReadOnlyList<SearchHit> Hits, int Total, int Unread);

/// <summary>Search in everything (architecture §10): the words travel in the body and are sealed in the journal.</summary>
internal static class SearchRoute
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/records/{recordId}/search", SearchAsync).Needs(Scopes.Retrieve)
            .Says("Documents that hold all these words, with a part of their text, the newest first", "whoever may read the record; in the documents they may open", 200, typeof(SearchBody), typeof(SearchAnswer));

    private static async Task SearchAsync(ApiCall call, SearchText search)
    {
        var body = await call.BodyAsync<SearchBody>();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Refusal);
            return;
        }
        var asked = body.Value;
        if (asked.Count is < 1 or > 100)
        {
            await call.RefuseAsync(Refusals.ParameterInvalid.At("count"));
            return;
        }
        var query = new TextQuery(asked.Q) { Categories = asked.Categories, From = asked.From, To = asked.To, Author = Blank(asked.Author), Institution = Blank(asked.Institution), Count = asked.Count ?? 20 };
        await call.OkAsync(await search.RunAsync(call.Caller, new RecordRef.ById(call.Record), query, call.Cancel), found => new SearchAnswer([.. found.Hits.Select(Hit)], found.Total, found.Unread));
    }

    private static SearchHit Hit(TextHit hit)
    {
        var (document, metadata) = (hit.Document, hit.Document.Metadata);
        return new SearchHit(document.Id, metadata.Title, document.Entry.Facts.Category, document.Entry.Facts.At ?? document.AddedAt,
            metadata.Authors.Select(a => a.Name).FirstOrDefault(n => n.Length > 0) ?? document.Entry.DepositedByName, document.Entry.InstitutionName, hit.Snippet);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
