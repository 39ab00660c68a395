using System.Globalization;
using Dsp.Access;
using Dsp.Server.SignIn;

namespace Dsp.Server.Api;

internal sealed record HistoryPerson(PersonId? Id, string? Name, string? Profession);

internal sealed record HistoryInstitution(InstitutionId? Id, string? Name);

/// <summary>One line of the history.</summary>
/// <param name="Number">Its place in the sealed journal; absent until sealed, and for every reader but the holder.</param>
/// <param name="Outcome"><c>permitted</c> or <c>refused</c>.</param>
internal sealed record HistoryEntry(
    Guid Id, long? Number, DateTimeOffset At, HistoryPerson? Person, HistoryInstitution? Institution, string? Software, bool Automatic, string Action,
    IReadOnlyList<DocumentId> Documents, string? Query, string? Context, string Outcome, string Rule, string? Detail, PersonId? OnBehalfOf);

/// <param name="Next">Continue with <c>after</c> set to this; absent on the last page.</param>
internal sealed record HistoryAnswer(IReadOnlyList<HistoryEntry> Entries, Guid? Next);

internal sealed record OpenContext(Guid Id, RecordId RecordId, string Kind, DateTimeOffset StartsAt, DateTimeOffset? EndsAt);

internal sealed record OpenContextsAnswer(IReadOnlyList<OpenContext> Contexts);

/// <summary>Who looked, and the caller's own open contexts.</summary>
internal static class HistoryRoutes
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/records/{recordId}/history", ReadAsync).Needs(Scopes.Read)
            .Says("Who looked and what was done, refusals included", "holder; representative and referring doctor see a part", 200, null, typeof(HistoryAnswer), null, "from", "to", "person", "documentId", "after", "count");
        api.MapGet("/care-contexts", ListAsync).Needs(Scopes.Read).Says("The caller's own open contexts", "professional, institution system", 200, null, typeof(OpenContextsAnswer));
    }

    private static async Task ReadAsync(ApiCall call, ReadHistory read)
    {
        var (from, to, person, document, after) = (call.QueryInstant("from"), call.QueryInstant("to"), call.QueryId("person"), call.QueryId("documentId"), call.QueryId("after"));
        var count = 200;
        var countFits = call.Query("count") is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
        var refusal = from.Refusal ?? to.Refusal ?? person.Refusal ?? document.Refusal ?? after.Refusal ?? (countFits ? null : Refusals.ParameterInvalid.At("count"));
        if (refusal is not null)
        {
            await call.RefuseAsync(refusal);
            return;
        }
        var wanted = new WantedHistory
        {
            From = from.Value,
            To = to.Value,
            Person = person.Value is { } p ? new PersonId(p) : null,
            Document = document.Value is { } d ? new DocumentId(d) : null,
            After = after.Value,
            Count = count,
        };
        await call.OkAsync(await read.RunAsync(call.Caller, call.Record, wanted, call.Cancel), h => new HistoryAnswer([.. h.Lines.Select(Line)], h.Next));
    }

    private static HistoryEntry Line(HistoryLine line)
    {
        var e = line.Entry;
        return new HistoryEntry(
            e.Id, line.Number, e.At,
            e.Person is null && e.PersonName is null && e.Profession is null ? null : new HistoryPerson(e.Person, e.PersonName, e.Profession),
            e.Institution is null && e.InstitutionName is null ? null : new HistoryInstitution(e.Institution, e.InstitutionName),
            e.Software, e.Automatic, e.Action, e.Documents, e.Query, e.Context, e.Permitted ? "permitted" : "refused", e.Rule, e.Detail, e.OnBehalfOf);
    }

    private static async Task ListAsync(ApiCall call, ListCareContexts list) =>
        await call.OkAsync(await list.RunAsync(call.Caller, call.Cancel), found => new OpenContextsAnswer([.. found.Select(c => new OpenContext(c.Id, c.Record, c.Relation, c.StartsAt, c.EndsAt))]));
}
