using System.Globalization;
using Dsp.Clinical;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;

namespace Dsp.Interop.Resources;

/// <summary>A search in the resources of one record as it was understood.</summary>
/// <param name="Criteria">All of them hold for what is found.</param>
/// <param name="After">Continue after this place (exclusive); from a paging link bound to the caller.</param>
/// <param name="Applied">The query string of what was really applied: the self link.</param>
public sealed record ResourceSearch(
    string Type, PatientIdentifier Patient, IReadOnlyList<Func<Served, ResourceFacts, bool>> Criteria, int Count, ResourcePosition? After, bool WithProvenance, string Applied)
{
    /// <summary>What of a record's facts is asked for; the journal keeps the search as sent.</summary>
    public FactQuery Query(ResourceFacts facts) => new()
    {
        Kinds = StatementTypes.KindsOf(Type),
        // A report is its document's, with all its results; of statements only those that match are kept in memory.
        Where = Type == StatementTypes.Report ? null : f => StatementTypes.Of(f.Fact) == Type && Matches(new ServedStatement(Type, f), facts),
        AsSent = $"{Type}?{Applied}",
    };

    public bool Matches(Served served, ResourceFacts facts) => Criteria.All(c => c(served, facts));
}

/// <summary>A place in a list: the newest first, then by document and place, so that what is added later moves nothing.</summary>
public sealed record ResourcePosition(DateTimeOffset At, DocumentId Document, string Place) : IComparable<ResourcePosition>
{
    public static ResourcePosition Of(Served served) => new(served.At, served.Source.Id, served.Place);

    public int CompareTo(ResourcePosition? other)
    {
        if (other is null) return -1;
        var at = other.At.CompareTo(At);
        if (at != 0) return at;
        var document = other.Document.Value.CompareTo(Document.Value);
        return document != 0 ? document : string.CompareOrdinal(Place, other.Place);
    }

    /// <summary>The value of a paging link after this place, bound to the caller.</summary>
    public string Next(ResourceSearch search, ReadOnlySpan<byte> key, string callerId) =>
        PageToken.Seal(string.Create(CultureInfo.InvariantCulture, $"{search.Type} {At.UtcTicks} {Document} {Uri.EscapeDataString(Place)} {search.Applied}"), key, callerId);

    /// <summary>Takes a token apart: the position and the search it continues; null for another type's, another caller's, or none at all.</summary>
    internal static (ResourcePosition After, List<KeyValuePair<string, string>> Parameters)? Continue(string type, string token, ReadOnlySpan<byte> key, string callerId)
    {
        if (PageToken.Open(token, key, callerId)?.Split(' ', 5) is not [var of, var at, var id, var place, var applied] || of != type) return null;
        if (!long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || !Ids.TryParse(id, out var document)) return null;
        return (new ResourcePosition(new DateTimeOffset(ticks, TimeSpan.Zero), new DocumentId(document), Uri.UnescapeDataString(place)), DocumentQuery.Parse(applied));
    }
}

/// <summary>One page of what this caller may see.</summary>
/// <param name="Total">How many there are in all; of what is hidden nothing is counted.</param>
/// <param name="More">There is a further page.</param>
public sealed record ResourcePage(IReadOnlyList<Served> Items, int Total, bool More)
{
    /// <summary>Takes the page out of the facts the caller may see; pure.</summary>
    public static ResourcePage Of(FoundFacts found, ResourceSearch search, ResourceFacts facts)
    {
        var matches = Served.Of(search.Type, found).Where(s => search.Matches(s, facts)).Select(s => (Position: ResourcePosition.Of(s), Served: s)).ToList();
        var rest = search.After is { } after ? matches.Where(m => m.Position.CompareTo(after) > 0) : matches;
        var page = rest.OrderBy(m => m.Position).Take(search.Count + 1).Select(m => m.Served).ToList();
        return new ResourcePage([.. page.Take(search.Count)], matches.Count, page.Count > search.Count);
    }

    /// <summary>The documents a reader is shown something of, for the journal.</summary>
    public IReadOnlyCollection<DocumentId> Sources => [.. Items.Select(i => i.Source.Id).Distinct()];
}
