using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>What of the history is wanted; newest first.</summary>
public sealed record WantedHistory
{
    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? To { get; init; }
    public PersonId? Person { get; init; }
    public DocumentId? Document { get; init; }

    /// <summary>This line alone.</summary>
    public Guid? Entry { get; init; }

    /// <summary>Continue after this entry.</summary>
    public Guid? After { get; init; }

    /// <summary>At most 200.</summary>
    public int Count { get; init; } = 50;
}

/// <summary>One line of who did what, as this reader may see it.</summary>
/// <param name="Number">Its place in the sealed journal; null until sealed, and for every reader but the holder.</param>
public sealed record HistoryLine(long? Number, JournalEntry Entry);

/// <summary>One page; <paramref name="Next"/> continues it.</summary>
public sealed record History(IReadOnlyList<HistoryLine> Lines, Guid? Next);

/// <summary>
/// Who looked, and what was done (RGD 6.12.2019 art. 8). The holder sees every line, refusals and acts on rights included.
/// Representatives and the referring doctor see lines about documents they may read, and nothing that tells of blocks, masks,
/// closings, codes or refusals, of numbers or totals (security 3). Reading it is journalled like any reading.
/// </summary>
public sealed class ReadHistory(AccessGate gate, Database database, JournalWriter journal, IItemSource items) : IOperation
{
    private const int Most = 200;
    private const int Chunk = 400;

    private const string Lines =
        """
        SELECT e.entry_id, b.sealed, s.seal_index
        FROM   journal_entries e
               JOIN journal_bodies b ON b.record_id = e.record_id AND b.entry_id = e.entry_id
               LEFT JOIN journal_seals s ON s.entry_id = e.entry_id
        """;

    private const string Newest =
        $"""
        {Lines}
        WHERE  e.record_id = @record AND e.entry_id < @before AND e.written_at >= @from AND e.written_at < @to
        ORDER  BY e.entry_id DESC
        LIMIT  @count
        """;

    private const string One = $"{Lines} WHERE e.record_id = @record AND e.entry_id = @entry";

    /// <summary>What others than the holder may learn of: acts on documents.</summary>
    private static readonly HashSet<string> AboutDocuments =
        new(StringComparer.Ordinal) { JournalActions.Read, JournalActions.Deposit, JournalActions.Replace, JournalActions.Withdraw, JournalActions.Classify };

    public async Task<Outcome<History>> RunAsync(Caller caller, RecordId record, WantedHistory wanted, CancellationToken cancel)
    {
        if (wanted.Count is < 1 or > Most) return Refusals.ParameterInvalid.Because("A page of the history has 1 to 200 lines.").At("count");
        return await gate.ActAsync<History>(new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ReadHistory, JournalActions.ReadHistory), permit => WalkAsync(permit, wanted, cancel), cancel);
    }

    private async Task<Outcome<History>> WalkAsync(Permit permit, WantedHistory wanted, CancellationToken cancel)
    {
        var lines = new List<HistoryLine>();
        var before = wanted.After ?? new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff");
        while (true)
        {
            // Each further round trip holds the sheet's version too: a mask set meanwhile hides at once.
            var batch = new Batch { Guard = new Guard(permit.Record, permit.SheetVersion) };
            var rows = wanted.Entry is { } one
                ? batch.Query(ReadLine, One, ("record", permit.Record), ("entry", one))
                : batch.Query(ReadLine, Newest,
                    ("record", permit.Record), ("before", before), ("from", wanted.From ?? DateTimeOffset.MinValue), ("to", wanted.To ?? DateTimeOffset.MaxValue), ("count", (long)Chunk));
            await permit.SpendAsync(batch, cancel);
            var opened = rows.Rows
                .Select(row => new HistoryLine(row.Number, CanonicalEntry.Read(journal.Open(permit.Record, row.Id, row.Sealed, permit.Key).Canonical)))
                .Where(line => (wanted.Person is null || line.Entry.Person == wanted.Person) && (wanted.Document is not { } d || line.Entry.Documents.Contains(d)))
                .ToList();
            lines.AddRange(permit.Facts.IsHolder ? opened : await VisibleAsync(permit, wanted, opened, cancel));
            if (lines.Count > wanted.Count || rows.Rows.Count < Chunk) break;
            before = rows.Rows[^1].Id;
        }
        var page = lines.Take(wanted.Count).ToList();
        return new History(page, lines.Count > wanted.Count ? page[^1].Entry.Id : null);
    }

    private static (Guid Id, byte[] Sealed, long? Number) ReadLine(Row row) => (row.Guid(0), row.Bytes(1), row.LongOrNull(2));

    private async Task<IReadOnlyList<HistoryLine>> VisibleAsync(Permit permit, WantedHistory wanted, List<HistoryLine> lines, CancellationToken cancel)
    {
        var candidates = lines.Where(l => l.Entry.Permitted && l.Entry.Documents.Count > 0 && AboutDocuments.Contains(l.Entry.Action)).ToList();
        if (candidates.Count == 0) return [];
        var batch = new Batch();
        var open = items.Many(batch, permit.Record, [.. candidates.SelectMany(l => l.Entry.Documents).Distinct()]);
        await database.ReadAsync(batch, cancel);
        var visible = open.Open(permit.Key, permit.Sheet).Values.Where(permit.Visible).Select(f => f.Document).ToHashSet();
        return
        [
            .. candidates
                .Select(l => l.Entry with { Documents = [.. l.Entry.Documents.Where(visible.Contains)], Query = null, Detail = null, SheetVersion = null, Number = 0, SettledBelow = 0, Abandoned = [] })
                .Where(e => wanted.Document is { } document ? e.Documents.Contains(document) : e.Documents.Count > 0)
                .Select(e => new HistoryLine(null, e)),
        ];
    }
}
