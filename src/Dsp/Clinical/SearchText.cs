using System.Text;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Clinical;

/// <summary>A question for words, with what narrows it.</summary>
public sealed record TextQuery(string Words)
{
    public IReadOnlyCollection<DataCategory>? Categories { get; init; }

    /// <summary>The document speaks of a time from here, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Begins the name of an author or of who deposited it, accents and cases folded.</summary>
    public string? Author { get; init; }
    public string? Institution { get; init; }

    /// <summary>At most 100.</summary>
    public int Count { get; init; } = 20;
}

/// <summary>A document that holds every word asked for.</summary>
/// <param name="Snippet">Some words around the first place; null where the words stand only in title, codes or values.</param>
public sealed record TextHit(StoredDocument Document, string? Snippet);

/// <summary>Hits, the newest documents first.</summary>
/// <param name="Total">How many of the caller's visible documents hold the words.</param>
/// <param name="Unread">Visible documents that were not read, or not to the end: what they say there was not searched.</param>
public sealed record TextHits(RecordId Record, IReadOnlyList<TextHit> Hits, int Total, int Unread);

/// <summary>
/// Searches in everything a record's documents say: words of titles, texts and facts, each word a beginning, accents and cases
/// folded; in the documents this caller may open, so that no hit, count or snippet tells of what is hidden. The question is
/// sealed in the journal, which names the documents whose words were shown.
/// </summary>
public sealed class SearchText(AccessGate gate, Database database, Alarms alarms) : IOperation
{
    private const int SnippetBefore = 60;
    private const int SnippetLength = 200;

    /// <returns>As <see cref="ReadFacts.RunAsync"/>; <see cref="Refusals.ParameterInvalid"/> where the question has no word.</returns>
    public async Task<Outcome<TextHits>> RunAsync(Caller caller, RecordRef patient, TextQuery query, CancellationToken cancel)
    {
        var words = TermList.WordsOf(query.Words);
        if (words.Count == 0) return Refusals.ParameterInvalid.Because("The question holds no word. Write at least one letter or digit.").At("q");
        var request = new AccessRequest(caller, patient, AccessAction.Search, JournalActions.SearchText) { Query = query.Words };
        var found = await gate.ActAsync(request, permit => SearchAsync(permit, query, words, cancel), cancel);
        return found.Refusal is { Kind: RefusalKind.NotFound } ? new TextHits(RecordId.None, [], 0, 0) : found;
    }

    private async Task<Outcome<TextHits>> SearchAsync(Permit permit, TextQuery query, IReadOnlyList<string> words, CancellationToken cancel)
    {
        var readings = await VisibleReadings.LoadAsync(permit, database, alarms, ReadingPart.Terms, cancel);
        var prefixes = words.Select(TermList.Prefix).ToList();
        var matches = readings.Where(r => TermList.Holds(r.Bytes, prefixes) && Fits(r.Document, query)).ToList();
        var page = matches.Take(Math.Clamp(query.Count, 1, 100)).ToList();
        var texts = (await VisibleReadings.TextsAsync(permit, database, alarms, page.Select(p => p.Document.Id), cancel)).ToDictionary(t => t.Document.Id, t => t.Bytes);
        permit.Entry = permit.Entry with { Documents = [.. page.Select(p => p.Document.Id)] };
        await permit.SpendAsync(new Batch(), cancel);
        return new TextHits(permit.Record, [.. page.Select(p => new TextHit(p.Document, SnippetOf(texts.GetValueOrDefault(p.Document.Id), words)))], matches.Count, readings.Count(r => TermList.IsUnread(r.Bytes)));
    }

    private static bool Fits(StoredDocument document, TextQuery query)
    {
        var at = document.Entry.Facts.At ?? document.AddedAt;
        return query.Categories?.Contains(document.Entry.Facts.Category) != false
            && (query.From is null || at >= query.From) && (query.To is null || at < query.To)
            && (query.Author is null || Names(document).Any(n => Begins(n, query.Author)))
            && (query.Institution is null || document.Metadata.Authors.Select(a => a.Institution).Append(document.Entry.InstitutionName).OfType<string>().Any(n => Begins(n, query.Institution)));
    }

    private static IEnumerable<string> Names(StoredDocument document) =>
        document.Metadata.Authors.SelectMany(a => a.Given.Append(a.Family).Append(a.Name)).Append(document.Entry.DepositedByName).OfType<string>();

    private static bool Begins(string name, string words) => (" " + Folding.Fold(name)).Contains(" " + Folding.Fold(words), StringComparison.Ordinal);

    /// <summary>The words around the first one that was asked for, cut between words.</summary>
    private static string? SnippetOf(byte[]? packed, IReadOnlyList<string> words)
    {
        if (packed is not { Length: > 0 }) return null;
        var text = Encoding.UTF8.GetString(Packing.Unpack(packed)).Replace('\n', ' ');
        if (PlaceOf(text, words) is not { } place) return null;
        var from = place <= SnippetBefore ? 0 : text.IndexOf(' ', place - SnippetBefore) + 1;
        if (from > place) from = place;
        var to = Math.Min(text.Length, from + SnippetLength);
        if (to < text.Length && text.LastIndexOf(' ', to - 1, to - place) is > 0 and var gap && gap > place) to = gap;
        return (from > 0 ? "… " : "") + text[from..to].Trim() + (to < text.Length ? " …" : "");
    }

    /// <summary>Where a word that begins with one of these begins; null where none does.</summary>
    private static int? PlaceOf(string text, IReadOnlyList<string> words)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsLetterOrDigit(text[at])) continue;
            var end = at;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || char.GetUnicodeCategory(text[end]) == System.Globalization.UnicodeCategory.NonSpacingMark)) end++;
            var folded = Folding.Fold(text[at..end]);
            if (words.Any(w => folded.StartsWith(w, StringComparison.Ordinal))) return at;
            at = end;
        }
        return null;
    }
}
