using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Journal;

/// <summary>
/// Walks the whole journal and proves it: the chain, the heads' signatures, the sink outside the database, every entry
/// against its seal, every body against its commitment, and the numbers of every run, so that entries deleted before they
/// were sealed are missed. It claims order and inclusion, not that no read ever went unrecorded (security §4).
/// Bodies are opened with the records' own keys, outside any permit: only the commitment and the run's numbers are read
/// from them, nothing is answered. Runs beside a working server; findings are only what a second look confirms.
/// </summary>
public sealed class VerifyJournal(Database database, IKeyProvider provider, ServiceKeys keys, PlatformSettings settings, TimeProvider clock) : IOperation
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public async Task<JournalReport> RunAsync(CancellationToken cancel)
    {
        var findings = new JournalFindings();
        // The sink first: the database may only have grown since.
        var sink = ReadSink(findings);
        var started = clock.GetTimestamp();
        var chain = await new ChainWalk(database, keys, findings).RunAsync(sink, cancel);
        await CompareEntriesAsync(findings, cancel);
        var chainTime = clock.GetElapsedTime(started);

        started = clock.GetTimestamp();
        await chain.CheckSignaturesAsync(cancel);
        var bodies = new BodyWalk(database, provider, keys, findings, clock);
        await bodies.RunAsync(cancel);
        var bodyTime = clock.GetElapsedTime(started);

        var waiting = await CountAsync("SELECT COUNT(*) FROM journal_unsealed", cancel);
        return new JournalReport
        {
            Findings = findings.Told,
            FindingCount = findings.Count,
            Sealed = chain.Sealed,
            Entries = await CountAsync("SELECT COUNT(*) FROM journal_entries", cancel),
            Waiting = waiting,
            Heads = chain.Heads,
            SinkHeads = sink.Count,
            Bodies = bodies.Opened,
            BodiesErased = bodies.Erased,
            KeysGone = bodies.KeysGone,
            Runs = bodies.Runs,
            ChainTime = chainTime,
            BodyTime = bodyTime,
        };
    }

    private List<JournalHead> ReadSink(JournalFindings findings)
    {
        var heads = new List<JournalHead>();
        try
        {
            foreach (var head in new JournalSink(settings.SinkFile).Heads()) heads.Add(head);
        }
        catch (InvalidDataException e)
        {
            findings.Add(new JournalFinding(JournalFindingKind.SinkDiffers, e.Message));
        }
        return heads;
    }

    /// <summary>Each comparison is one statement, so that it sees one moment of the database.</summary>
    private async Task CompareEntriesAsync(JournalFindings findings, CancellationToken cancel)
    {
        foreach (var (kind, text, sql) in Comparisons)
        {
            var rows = await database.QueryAsync(row => (Index: row.LongOrNull(0), Record: row.Guid(1), Entry: row.Guid(2)), sql, cancel);
            foreach (var (index, record, entry) in rows) findings.Add(new JournalFinding(kind, text, index, entry, new RecordId(record)));
        }
        var oldest = await database.QueryAsync(row => row.InstantOrNull(0), "SELECT MIN(written_at) FROM journal_unsealed", cancel);
        if (oldest[0] is { } since && clock.Now() - since > LongestWait)
            findings.Add(new JournalFinding(JournalFindingKind.NotSealedInTime, "Entries have waited for more than ten minutes to be sealed"));
    }

    private static readonly (JournalFindingKind Kind, string Text, string Sql)[] Comparisons =
    [
        (JournalFindingKind.EntryMissing, "A sealed entry is no longer there",
            """
            SELECT s.seal_index, s.record_id, s.entry_id
            FROM   journal_seals s LEFT JOIN journal_entries e ON e.record_id = s.record_id AND e.entry_id = s.entry_id
            WHERE  e.entry_id IS NULL
            """),
        (JournalFindingKind.EntryAltered, "An entry is not what was sealed",
            """
            SELECT s.seal_index, s.record_id, s.entry_id
            FROM   journal_seals s JOIN journal_entries e ON e.record_id = s.record_id AND e.entry_id = s.entry_id
            WHERE  e.commitment <> s.commitment OR e.written_at <> s.written_at
            """),
        (JournalFindingKind.EntryNotWaiting, "An entry is neither sealed nor waiting",
            """
            SELECT NULL, e.record_id, e.entry_id
            FROM   journal_entries e
                   LEFT JOIN journal_seals s ON s.entry_id = e.entry_id
                   LEFT JOIN journal_unsealed u ON u.entry_id = e.entry_id
            WHERE  s.entry_id IS NULL AND u.entry_id IS NULL
            """),
        (JournalFindingKind.EntryMissing, "An entry that waits to be sealed is no longer there, or is another",
            """
            SELECT NULL, u.record_id, u.entry_id
            FROM   journal_unsealed u LEFT JOIN journal_entries e ON e.record_id = u.record_id AND e.entry_id = u.entry_id
            WHERE  e.entry_id IS NULL OR e.commitment <> u.commitment OR e.written_at <> u.written_at
            """),
        (JournalFindingKind.BodyWithoutEntry, "A body stands without its entry",
            """
            SELECT NULL, b.record_id, b.entry_id
            FROM   journal_bodies b LEFT JOIN journal_entries e ON e.record_id = b.record_id AND e.entry_id = b.entry_id
            WHERE  e.entry_id IS NULL
            """),
    ];

    private async Task<long> CountAsync(string sql, CancellationToken cancel) => (await database.QueryAsync(row => row.Long(0), sql, cancel))[0];
}
