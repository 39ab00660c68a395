using System.Globalization;
using System.Text;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Journal;

/// <summary>The database does not continue what the sink holds: its tail was cut, or it was rewritten. Sealing stops.</summary>
public sealed class JournalCutException(string message) : Exception(message);

/// <summary>
/// Numbers and chains what waits in <c>journal_unsealed</c>, signs size and head, and publishes the head to the sink.
/// One node at a time, by lease; the head's size is a primary key, so that of two sealers one wins and the other keeps
/// nothing. After a crash between commit and sink the next turn publishes what is missing.
/// </summary>
public sealed class JournalSealer(Database database, ServiceKeys keys, JournalSink sink, TimeProvider clock)
{
    private const int MostAtOnce = 10_000;
    private const int RowsPerStatement = 32;
    private static readonly TimeSpan LeaseLife = TimeSpan.FromSeconds(30);

    private readonly Leases leases = new(database, clock);
    private int sealing;

    /// <summary>Seals what waits now, at most 10,000 entries.</summary>
    /// <returns>How many were sealed; 0 where nothing waits or another seals.</returns>
    /// <exception cref="JournalCutException">The database holds less than, or other than, what was published. Run <c>dsp verify</c>.</exception>
    public async Task<int> SealOnceAsync(CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref sealing, 1) == 1) return 0;
        try
        {
            // An idle journal costs one look and no write; only a sink that lags behind needs more.
            var head = await NewestHeadAsync(cancel);
            await CatchUpAsync(head, cancel);
            var waits = await database.QueryAsync(row => row.IsNull(0), "SELECT entry_id FROM journal_unsealed LIMIT 1", cancel);
            if (waits.Count == 0 || await leases.TakeAsync("journal-sealer", LeaseLife, cancel) is not { } lease) return 0;
            await using (lease)
            {
                return await SealAsync(lease, await NewestHeadAsync(cancel), cancel);
            }
        }
        finally
        {
            Interlocked.Exchange(ref sealing, 0);
        }
    }

    private async Task<JournalHead?> NewestHeadAsync(CancellationToken cancel)
    {
        var batch = new Batch();
        var newest = batch.Query(JournalHead.Read, $"SELECT {JournalHead.Columns} FROM journal_heads h ORDER BY h.size DESC LIMIT 1");
        await database.ReadAsync(batch, cancel);
        return newest.First;
    }

    private async Task CatchUpAsync(JournalHead? newest, CancellationToken cancel)
    {
        var published = sink.Last();
        if (published is not null)
        {
            var same = await database.QueryAsync(row => row.Bytes(0), "SELECT chain FROM journal_heads WHERE size = @size", cancel, ("size", published.Size));
            if (same.Count == 0 || !same[0].AsSpan().SequenceEqual(published.Chain))
                throw new JournalCutException($"The sink holds a head of {published.Size} entries that the database does not hold. Nothing more is sealed; run 'dsp verify'.");
        }
        if (newest is null || newest.Size <= (published?.Size ?? 0)) return;
        if (!newest.SignatureFits(keys.Journal))
            throw new JournalCutException("The newest head's signature does not fit. Nothing more is sealed; run 'dsp verify'.");
        sink.Append(newest);
    }

    private async Task<int> SealAsync(Lease lease, JournalHead? head, CancellationToken cancel)
    {
        var waiting = await database.QueryAsync(
            row => new Waiting(row.Guid(0), row.Guid(1), row.Long(2), row.Bytes(3)),
            "SELECT entry_id, record_id, written_at, commitment FROM journal_unsealed ORDER BY entry_id LIMIT @most", cancel, ("most", (long)MostAtOnce));
        if (waiting.Count == 0) return 0;

        var batch = lease.Hold(new Batch());
        var chain = (head?.Chain ?? JournalChain.Start).ToArray();
        var size = head?.Size ?? 0;
        var seals = new List<Seal>(waiting.Count);
        foreach (var entry in waiting)
        {
            JournalChain.Append(chain, entry.Record, entry.Entry, entry.WrittenAt, entry.Commitment);
            seals.Add(new Seal(++size, entry, [.. chain]));
        }
        AddInChunks(batch, seals);
        var next = JournalHead.Sign(keys.Journal, size, clock.Now(), chain);
        batch.Add("INSERT INTO journal_heads (size, signed_at, chain, signature) VALUES (@size, @at, @chain, @signature)",
            ("size", next.Size), ("at", next.SignedAt), ("chain", next.Chain), ("signature", next.Signature));
        try
        {
            await database.CommitAsync(batch, cancel);
        }
        catch (SheetChangedException)
        {
            // The lease went to another node meanwhile.
            return 0;
        }
        catch (DuplicateKeyException e)
        {
            if ((await NewestHeadAsync(cancel))?.Size != head?.Size) return 0;
            throw new JournalCutException($"Entries wait that are sealed already ({e.Table}). Nothing more is sealed; run 'dsp verify'.");
        }
        sink.Append(next);
        return waiting.Count;
    }

    /// <summary>Few texts of fixed width: they are prepared once.</summary>
    private static void AddInChunks(Batch batch, List<Seal> seals)
    {
        var at = 0;
        for (; at + RowsPerStatement <= seals.Count; at += RowsPerStatement) AddChunk(batch, seals, at, RowsPerStatement, InsertMany, DeleteMany);
        for (; at < seals.Count; at++) AddChunk(batch, seals, at, 1, InsertOne, DeleteOne);
    }

    private static void AddChunk(Batch batch, List<Seal> seals, int at, int count, string insert, string delete)
    {
        var values = new (string, object?)[count * 6];
        var ids = new (string, object?)[count];
        for (var i = 0; i < count; i++)
        {
            var seal = seals[at + i];
            var names = Names[i];
            values[i * 6] = (names[0], seal.Index);
            values[i * 6 + 1] = (names[1], seal.Entry.Record);
            values[i * 6 + 2] = (names[2], seal.Entry.Entry);
            values[i * 6 + 3] = (names[3], seal.Entry.WrittenAt);
            values[i * 6 + 4] = (names[4], seal.Entry.Commitment);
            values[i * 6 + 5] = (names[5], seal.Chain);
            ids[i] = (names[2], seal.Entry.Entry);
        }
        batch.Add(insert, values);
        batch.Add(delete, ids);
    }

    private static readonly string[][] Names =
        [.. Enumerable.Range(0, RowsPerStatement).Select(i => new[] { "i", "r", "e", "t", "c", "h" }.Select(n => n + i.ToString(CultureInfo.InvariantCulture)).ToArray())];

    private static readonly string InsertMany = Insert(RowsPerStatement);
    private static readonly string InsertOne = Insert(1);
    private static readonly string DeleteMany = Delete(RowsPerStatement);
    private static readonly string DeleteOne = Delete(1);

    private static string Insert(int rows) => new StringBuilder("INSERT INTO journal_seals (seal_index, record_id, entry_id, written_at, commitment, chain) VALUES ")
        .AppendJoin(", ", Names.Take(rows).Select(n => $"(@{n[0]}, @{n[1]}, @{n[2]}, @{n[3]}, @{n[4]}, @{n[5]})")).ToString();

    private static string Delete(int rows) => $"DELETE FROM journal_unsealed WHERE entry_id IN ({string.Join(", ", Names.Take(rows).Select(n => "@" + n[2]))})";

    private sealed record Waiting(Guid Entry, Guid Record, long WrittenAt, byte[] Commitment);

    private sealed record Seal(long Index, Waiting Entry, byte[] Chain);
}
