using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Clinical;

/// <summary>A fact with the document it stands in.</summary>
public sealed record RecordedFact(Fact Fact, StoredDocument Source)
{
    /// <summary>Which of the statements of one kind that share a place: 0 for the first. Counted over the whole document, whatever the caller may see of it.</summary>
    public int Again { get; init; }

    /// <summary>When the statement speaks of: its own start, else its writing, else its document's time.</summary>
    public DateTimeOffset At => Fact.Start?.From ?? Fact.End?.From ?? Fact.Recorded?.From ?? Source.Entry.Facts.At ?? Source.AddedAt;
}

/// <summary>Which facts are wanted.</summary>
public sealed record FactQuery
{
    /// <summary>Null: every kind.</summary>
    public IReadOnlyCollection<FactKind>? Kinds { get; init; }

    /// <summary>Kinds that are wanted of the newest visible documents only.</summary>
    public IReadOnlyCollection<FactKind> RecentKinds { get; init; } = [];

    /// <summary>How many documents that is.</summary>
    public int Recent { get; init; }

    /// <summary>Facts of documents deposited before are not opened: nothing can have been measured after it was deposited.</summary>
    public DateTimeOffset? AddedSince { get; init; }

    /// <summary>Which of the visible facts are shown; pure, and asked on every core. The documents of the others are not read in the sense of the journal.</summary>
    public Func<RecordedFact, bool>? Where { get; init; }

    /// <summary>The question as the caller asked it, for the journal; sealed there.</summary>
    public string? AsSent { get; init; }

    /// <summary>Whether to look up which former versions the caller had read.</summary>
    public bool WithFormerReads { get; init; }
}

/// <summary>What a page makes of facts, and the documents whose facts are in it.</summary>
public sealed record Shown<T>(T What, IReadOnlyCollection<DocumentId> Sources);

/// <summary>What of a record's facts this caller may see.</summary>
/// <param name="Facts">Newest document first; within a document in its order of kinds.</param>
/// <param name="Documents">The visible current documents.</param>
/// <param name="Unread">Those of them that were not read, or not to the end: what they say is not known.</param>
public sealed record FoundFacts(RecordId Record, IReadOnlyList<RecordedFact> Facts, IReadOnlyList<StoredDocument> Documents, IReadOnlyList<StoredDocument> Unread)
{
    /// <summary>Former versions of the visible documents; none where they were not asked for.</summary>
    public FormerVersions Former { get; init; } = FormerVersions.None;
}

/// <summary>
/// Opens the facts of a record. A fact is there only where its document and its own category are readable for the caller
/// (domain 1.9); what is masked, replaced, withdrawn or blocked takes its facts with it. The journal names each document whose
/// facts are shown, and is durable before they leave.
/// </summary>
public sealed class ReadFacts(AccessGate gate, Database database, Alarms alarms, JournalWriter journal) : IOperation
{
    private readonly FormerReads former = new(database, journal, alarms);

    /// <returns>
    /// The facts; none where there is no record, no relation or nothing visible: one and the same. A refusal only for what
    /// concerns the caller.
    /// </returns>
    public Task<Outcome<FoundFacts>> RunAsync(Caller caller, RecordRef patient, FactQuery query, CancellationToken cancel) =>
        RunAsync(caller, patient, query, found => new Shown<FoundFacts>(found, [.. found.Facts.Select(f => f.Source.Id).Distinct()]), cancel);

    /// <summary>The same for a page that makes something of the facts: it says what of them it shows, before anything is journalled.</summary>
    /// <param name="show">Pure; called again where rights changed meanwhile.</param>
    public async Task<Outcome<T>> RunAsync<T>(Caller caller, RecordRef patient, FactQuery query, Func<FoundFacts, Shown<T>> show, CancellationToken cancel)
    {
        var request = new AccessRequest(caller, patient, AccessAction.Search, JournalActions.ReadFacts) { Query = query.AsSent };
        var found = await gate.ActAsync(request, permit => ReadAsync(permit, query, show, cancel), cancel);
        return found.Refusal is { Kind: RefusalKind.NotFound } ? show(new FoundFacts(RecordId.None, [], [], [])).What : found;
    }

    private async Task<Outcome<T>> ReadAsync<T>(Permit permit, FactQuery query, Func<FoundFacts, Shown<T>> show, CancellationToken cancel)
    {
        var readings = await VisibleReadings.LoadAsync(permit, database, alarms, ReadingPart.Facts, cancel);
        var found = Select(permit, readings, query);
        if (query.WithFormerReads) found = found with { Former = await former.FindAsync(permit, found.Documents, cancel) };
        var shown = show(found);
        permit.Entry = permit.Entry with { Documents = [.. shown.Sources] };
        await permit.SpendAsync(new Batch(), cancel);
        return shown.What;
    }

    internal static FoundFacts Select(Permit permit, IReadOnlyList<VisibleReading> readings, FactQuery query)
    {
        var newest = query.Kinds is null ? null : query.Kinds.Concat(query.RecentKinds).ToHashSet();
        var read = new (List<RecordedFact> Facts, bool Whole)[readings.Count];
        void Read(int i) => read[i] = FactsOf(permit, readings[i], i < query.Recent ? newest : query.Kinds, query);
        // Unpacking is pure and most of the time of a list of results: on every core where there are many, and what is not asked for is dropped at once.
        if (read.Length < VisibleReadings.Alone) for (var i = 0; i < read.Length; i++) Read(i);
        else Parallel.For(0, read.Length, Read);
        return new FoundFacts(permit.Record, [.. read.SelectMany(r => r.Facts)], [.. readings.Select(r => r.Document)], [.. readings.Where((_, i) => !read[i].Whole).Select(r => r.Document)]);
    }

    /// <summary>The visible facts of one document that are asked for, and whether it was read to its end.</summary>
    private static (List<RecordedFact> Facts, bool Whole) FactsOf(Permit permit, VisibleReading reading, IReadOnlyCollection<FactKind>? kinds, FactQuery query)
    {
        var (document, facts) = (reading.Document, new List<RecordedFact>());
        if (document.AddedAt < query.AddedSince) return (facts, true);
        if (SheetOf(reading, kinds) is not { } sheet) return (facts, false);
        var visible = new Dictionary<DataCategory, bool>();
        var places = new Dictionary<(FactKind, string), int>();
        foreach (var fact in sheet.Facts)
        {
            var again = places.GetValueOrDefault((fact.Kind, fact.Place.Path));
            places[(fact.Kind, fact.Place.Path)] = again + 1;
            if (!visible.TryGetValue(fact.Category, out var shown)) visible.Add(fact.Category, shown = VisibleReadings.Visible(permit, document, fact.Category));
            if (!shown) continue;
            var recorded = new RecordedFact(fact, document) { Again = again };
            if (query.Where?.Invoke(recorded) != false) facts.Add(recorded);
        }
        return (facts, sheet.Report is { Problem: null, Cut: false });
    }

    /// <summary>Null where nothing was read, or what was read is of a form this program does not know.</summary>
    private static FactSheet? SheetOf(VisibleReading reading, IReadOnlyCollection<FactKind>? kinds)
    {
        if (reading.Bytes.Length == 0) return null;
        try
        {
            return FactSheet.FromBytes(reading.Bytes, kinds);
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException or ArgumentException)
        {
            return null;
        }
    }
}
