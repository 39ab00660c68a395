using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Journal;

/// <summary>Opens every body with its record's key, compares it with the entry's commitment, and collects the runs' numbers.</summary>
internal sealed class BodyWalk(Database database, IKeyProvider provider, ServiceKeys keys, JournalFindings findings, TimeProvider clock)
{
    private const int PageSize = 4_000;
    private const int KeptYears = 3;

    private const string Page =
        """
        SELECT e.record_id, e.entry_id, e.written_at, e.commitment, b.sealed, r.key_epoch, r.wrapped_key
        FROM   journal_entries e
               LEFT JOIN journal_bodies b ON b.record_id = e.record_id AND b.entry_id = e.entry_id
               LEFT JOIN records r ON r.record_id = e.record_id
        WHERE  (e.record_id, e.entry_id) > (@record, @entry)
        ORDER  BY e.record_id, e.entry_id
        LIMIT  @count
        """;

    private long opened;
    private long keysGone;
    private readonly List<long> erasedAt = [];

    public long Opened => opened;
    public long Erased => erasedAt.Count;
    public long KeysGone => keysGone;
    public int Runs { get; private set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        var numbers = new RunBook();
        await WalkAsync(numbers, telling: true, cancel);
        Runs = numbers.Runs;
        var missing = numbers.Missing();
        if (missing.Count > 0)
        {
            // An entry may have been written behind the walk: only what a second walk misses too was deleted.
            var again = new RunBook();
            await WalkAsync(again, telling: false, cancel);
            missing = [.. missing.Where(m => !again.Knows(m.Run, m.Number))];
        }
        foreach (var gap in missing.Where(m => !ExplainedByErasure(m)))
            findings.Add(new JournalFinding(JournalFindingKind.NumberMissing, $"Number {gap.Number} of run {Ids.Text(gap.Run)} is missing: an entry was deleted"));
        foreach (var (run, number) in numbers.Twice)
            findings.Add(new JournalFinding(JournalFindingKind.NumberTwice, $"Number {number} of run {Ids.Text(run)} stands twice"));
    }

    /// <summary>A body that was destroyed in its time no longer tells its number.</summary>
    private bool ExplainedByErasure(MissingNumber gap)
    {
        var slack = (long)TimeSpan.FromMinutes(10).TotalMicroseconds;
        return erasedAt.Exists(at => at >= gap.After - slack && at <= gap.Before + slack);
    }

    private Task WalkAsync(RunBook numbers, bool telling, CancellationToken cancel) =>
        Parallel.ForEachAsync(PagesAsync(cancel), new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount },
            (page, _) =>
            {
                Check(page, numbers, telling);
                return ValueTask.CompletedTask;
            });

    private async IAsyncEnumerable<IReadOnlyList<BodyRow>> PagesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var (record, entry) = (Guid.Empty, Guid.Empty);
        while (true)
        {
            var rows = await database.QueryAsync(
                row => new BodyRow(row.Guid(0), row.Guid(1), row.Long(2), row.Bytes(3), row.BytesOrNull(4), row.IsNull(5) ? 0 : row.Int(5), row.BytesOrNull(6)),
                Page, cancel, ("record", record), ("entry", entry), ("count", (long)PageSize));
            if (rows.Count > 0) yield return rows;
            if (rows.Count < PageSize) yield break;
            (record, entry) = (rows[^1].Record, rows[^1].Entry);
        }
    }

    private void Check(IReadOnlyList<BodyRow> page, RunBook numbers, bool telling)
    {
        RecordKey? key = null;
        var found = new List<NumberedEntry>(page.Count);
        var (done, gone) = (0, 0);
        foreach (var row in page)
        {
            if (row.Sealed is null)
            {
                // A record that was destroyed took its key with it: its bodies say nothing any more, there or not.
                if (row.Record != Guid.Empty && row.WrappedKey is null) gone++;
                else if (telling) NoteMissing(row);
                NoteErased(row, telling);
                continue;
            }
            try
            {
                if (row.Record != Guid.Empty && key?.Record.Value != row.Record)
                {
                    if (row.WrappedKey is null)
                    {
                        gone++;
                        NoteErased(row, telling);
                        continue;
                    }
                    key = RecordKey.Unwrap(provider, new RecordId(row.Record), row.Epoch, row.WrappedKey);
                }
                found.Add(Open(row, row.Record == Guid.Empty ? null : key));
                done++;
            }
            catch (Exception e) when (e is SealBrokenException or CryptographicException or InvalidDataException)
            {
                if (telling) findings.Add(new JournalFinding(JournalFindingKind.EntryAltered, "A body is not what its entry commits to", null, row.Entry, new RecordId(row.Record)));
            }
        }
        numbers.Add(found);
        if (!telling) return;
        Interlocked.Add(ref opened, done);
        Interlocked.Add(ref keysGone, gone);
    }

    private NumberedEntry Open(BodyRow row, RecordKey? key)
    {
        var body = key is null ? keys.OpenNobody("journal_bodies", row.Entry, row.Sealed!) : key.Open("journal_bodies", row.Entry, "body", 0, row.Sealed!);
        var canonical = body.AsSpan(CanonicalEntry.SaltLength);
        Span<byte> commitment = stackalloc byte[32];
        HMACSHA256.HashData(body.AsSpan(0, CanonicalEntry.SaltLength), canonical, commitment);
        var numbered = CanonicalEntry.ReadNumbers(canonical);
        if (!commitment.SequenceEqual(row.Commitment) || numbered.Entry != row.Entry || numbered.Record != row.Record || numbered.At != row.WrittenAt)
            throw new InvalidDataException("The body is another entry's");
        return numbered;
    }

    private void NoteMissing(BodyRow row)
    {
        var destroyable = Deadlines.AddYears(Instants.FromMicroseconds(row.WrittenAt), KeptYears);
        if (clock.GetUtcNow() < destroyable)
            findings.Add(new JournalFinding(JournalFindingKind.BodyMissing, "A body younger than three years is gone", null, row.Entry, new RecordId(row.Record)));
    }

    private void NoteErased(BodyRow row, bool telling)
    {
        if (!telling) return;
        lock (erasedAt) erasedAt.Add(row.WrittenAt);
    }

    private sealed record BodyRow(Guid Record, Guid Entry, long WrittenAt, byte[] Commitment, byte[]? Sealed, int Epoch, byte[]? WrappedKey);
}
