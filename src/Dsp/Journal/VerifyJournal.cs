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
public sealed class VerifyJournal(Database database, IKeyProvider provider, ServiceKeys keys, JournalSink sink, TimeProvider clock) : IOperation
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public async Task<JournalReport> RunAsync(CancellationToken cancel)
    {
        var findings = new JournalFindings();
        // The sink first: the database may only have grown since.
        var published = ReadSink(findings);
        var started = clock.GetTimestamp();
        var chain = new ChainWalk(database, keys, findings);
        await Task.WhenAll(chain.RunAsync(published, cancel), CompareAsync(findings, Sealed, cancel), CompareAsync(findings, Waiting, cancel), CompareCountsAsync(findings, cancel));
        var chainTime = clock.GetElapsedTime(started);

        started = clock.GetTimestamp();
        await chain.CheckSignaturesAsync(cancel);
        var bodies = new BodyWalk(database, provider, keys, findings, clock);
        await Task.WhenAll(bodies.RunAsync(cancel), CompareAsync(findings, Bodies, cancel));
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
            SinkHeads = published.Count,
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
            foreach (var head in sink.Heads()) heads.Add(head);
        }
        catch (InvalidDataException e)
        {
            findings.Add(new JournalFinding(JournalFindingKind.SinkDiffers, e.Message));
        }
        return heads;
    }

    /// <summary>Each comparison is one statement, so that it sees one moment of the database.</summary>
    private Task CompareAsync(JournalFindings findings, string sql, CancellationToken cancel) => Task.Run(async () =>
    {
        var rows = await database.QueryAsync(row => (Kind: (JournalFindingKind)row.Int(0), Index: row.LongOrNull(1), Record: row.Guid(2), Entry: row.Guid(3)), sql, cancel);
        foreach (var (kind, index, record, entry) in rows) findings.Add(new JournalFinding(kind, Texts[kind], index, entry, new RecordId(record)));
    }, cancel);

    /// <summary>
    /// Every entry is sealed or waits. Seals and waiting rows being entries, and none being both, counting is enough; only where
    /// the count is wrong are the entries looked for.
    /// </summary>
    private async Task CompareCountsAsync(JournalFindings findings, CancellationToken cancel)
    {
        var counts = await database.QueryAsync(row => row.Long(0) == row.Long(1) + row.Long(2),
            "SELECT (SELECT COUNT(*) FROM journal_entries), (SELECT COUNT(*) FROM journal_seals), (SELECT COUNT(*) FROM journal_unsealed)", cancel);
        if (!counts[0]) await CompareAsync(findings, NotWaiting, cancel);
        var oldest = await database.QueryAsync(row => row.InstantOrNull(0), "SELECT MIN(written_at) FROM journal_unsealed", cancel);
        if (oldest[0] is { } since && clock.Now() - since > LongestWait)
            findings.Add(new JournalFinding(JournalFindingKind.NotSealedInTime, "Entries have waited for more than ten minutes to be sealed"));
    }

    private static readonly Dictionary<JournalFindingKind, string> Texts = new()
    {
        [JournalFindingKind.EntryMissing] = "An entry that was sealed or waits to be sealed is no longer there",
        [JournalFindingKind.EntryAltered] = "An entry is not what was sealed or written",
        [JournalFindingKind.EntryNotWaiting] = "An entry is neither sealed nor waiting, or both",
        [JournalFindingKind.BodyWithoutEntry] = "A body stands without its entry",
    };

    // The first column of each is the kind of the finding, by its number.
    private static readonly string Sealed =
        $"""
        SELECT CAST(CASE WHEN e.entry_id IS NULL THEN {(int)JournalFindingKind.EntryMissing} ELSE {(int)JournalFindingKind.EntryAltered} END AS bigint), s.seal_index, s.record_id, s.entry_id
        FROM   journal_seals s LEFT JOIN journal_entries e ON e.record_id = s.record_id AND e.entry_id = s.entry_id
        WHERE  e.entry_id IS NULL OR e.commitment <> s.commitment OR e.written_at <> s.written_at
        """;

    private static readonly string Waiting =
        $"""
        SELECT CAST(CASE WHEN s.entry_id IS NOT NULL THEN {(int)JournalFindingKind.EntryNotWaiting} WHEN e.entry_id IS NULL THEN {(int)JournalFindingKind.EntryMissing} ELSE {(int)JournalFindingKind.EntryAltered} END AS bigint),
               s.seal_index, u.record_id, u.entry_id
        FROM   journal_unsealed u
               LEFT JOIN journal_entries e ON e.record_id = u.record_id AND e.entry_id = u.entry_id
               LEFT JOIN journal_seals s ON s.entry_id = u.entry_id
        WHERE  e.entry_id IS NULL OR e.commitment <> u.commitment OR e.written_at <> u.written_at OR s.entry_id IS NOT NULL
        """;

    private static readonly string NotWaiting =
        $"""
        SELECT CAST({(int)JournalFindingKind.EntryNotWaiting} AS bigint), CAST(NULL AS bigint), e.record_id, e.entry_id
        FROM   journal_entries e
               LEFT JOIN journal_seals s ON s.entry_id = e.entry_id
               LEFT JOIN journal_unsealed u ON u.entry_id = e.entry_id
        WHERE  s.entry_id IS NULL AND u.entry_id IS NULL
        """;

    private static readonly string Bodies =
        $"""
        SELECT CAST({(int)JournalFindingKind.BodyWithoutEntry} AS bigint), CAST(NULL AS bigint), b.record_id, b.entry_id
        FROM   journal_bodies b LEFT JOIN journal_entries e ON e.record_id = b.record_id AND e.entry_id = b.entry_id
        WHERE  e.entry_id IS NULL
        """;

    private async Task<long> CountAsync(string sql, CancellationToken cancel) => (await database.QueryAsync(row => row.Long(0), sql, cancel))[0];
}
