using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Journal;

/// <summary>Walks the seals in order, computes the chain anew and compares it with every head of the database and the sink.</summary>
internal sealed class ChainWalk(Database database, ServiceKeys keys, JournalFindings findings)
{
    private const int PageSize = 20_000;
    private readonly Dictionary<long, JournalHead> heads = [];
    private long pending;

    public long Sealed { get; private set; }
    public long Heads => heads.Count;

    public async Task RunAsync(IReadOnlyList<JournalHead> sink, CancellationToken cancel)
    {
        foreach (var head in await database.QueryAsync(JournalHead.Read, $"SELECT {JournalHead.Columns} FROM journal_heads h ORDER BY h.size", cancel))
            heads[head.Size] = head;
        var wanted = sink.GroupBy(h => h.Size).ToDictionary(g => g.Key, g => g.ToList());
        var last = heads.Count == 0 ? 0 : heads.Keys.Max();

        var chain = JournalChain.Start.ToArray();
        var next = ReadPageAsync(0, cancel);
        while (true)
        {
            var page = await next;
            // The next page is read while this one is hashed.
            if (page.Count == PageSize) next = ReadPageAsync(page[^1].Index, cancel);
            foreach (var seal in page) Check(seal, chain, wanted);
            if (page.Count < PageSize) break;
        }
        if (heads.Count > 0 && pending < last)
            findings.Add(new JournalFinding(JournalFindingKind.SealMissing, $"The last head counts {last} entries; the last seal is {pending}", pending));
        if (pending > last && !await database.ExistsHeadAsync(pending, cancel))
            findings.Add(new JournalFinding(JournalFindingKind.HeadWrong, $"The seals after {last} have no signed head", pending));
        foreach (var head in sink.Where(h => !heads.ContainsKey(h.Size) || !heads[h.Size].Chain.AsSpan().SequenceEqual(h.Chain)))
            findings.Add(new JournalFinding(JournalFindingKind.SinkDiffers, $"The sink holds a head of {head.Size} entries that the database does not hold", head.Size));
        foreach (var head in sink.Where(h => !h.SignatureFits(keys.Journal)))
            findings.Add(new JournalFinding(JournalFindingKind.SinkDiffers, "A head in the sink is not signed by this installation", head.Size));
        if (sink.Count == 0 && heads.Count > 0)
            findings.Add(new JournalFinding(JournalFindingKind.SinkDiffers, "The sink is empty although heads were signed"));
    }

    /// <summary>Every head's signature, in parallel.</summary>
    public Task CheckSignaturesAsync(CancellationToken cancel) =>
        Task.Run(() => Parallel.ForEach(heads.Values, new ParallelOptions { CancellationToken = cancel }, head =>
        {
            if (!head.SignatureFits(keys.Journal))
                findings.Add(new JournalFinding(JournalFindingKind.HeadWrong, "A head's signature does not fit", head.Size));
        }), cancel);

    private void Check(Seal seal, byte[] chain, Dictionary<long, List<JournalHead>> sink)
    {
        Sealed++;
        if (seal.Index != ++pending)
        {
            findings.Add(new JournalFinding(JournalFindingKind.SealMissing, $"Seal {pending} is missing", pending));
            pending = seal.Index;
        }
        if (seal.Commitment.Length == JournalChain.Length)
            JournalChain.Append(chain, seal.Record, seal.Entry, seal.WrittenAt, seal.Commitment);
        if (seal.Chain.Length != JournalChain.Length || !chain.AsSpan().SequenceEqual(seal.Chain))
        {
            findings.Add(new JournalFinding(JournalFindingKind.ChainBroken, "A seal's chain is not what its predecessors make", seal.Index, seal.Entry, new RecordId(seal.Record)));
            // Go on from what stands there, so that one change is one finding.
            if (seal.Chain.Length == JournalChain.Length) seal.Chain.CopyTo(chain, 0);
        }
        if (heads.TryGetValue(seal.Index, out var head) && !head.Chain.AsSpan().SequenceEqual(chain))
            findings.Add(new JournalFinding(JournalFindingKind.HeadWrong, "A head's chain is not that of its entries", seal.Index));
        if (sink.TryGetValue(seal.Index, out var published) && published.Exists(h => !h.Chain.AsSpan().SequenceEqual(chain)))
            findings.Add(new JournalFinding(JournalFindingKind.SinkDiffers, "The sink's head is not that of the entries", seal.Index));
    }

    private Task<IReadOnlyList<Seal>> ReadPageAsync(long after, CancellationToken cancel) =>
        Task.Run(() => database.QueryAsync(
            row => new Seal(row.Long(0), row.Guid(1), row.Guid(2), row.Long(3), row.Bytes(4), row.Bytes(5)),
            "SELECT seal_index, record_id, entry_id, written_at, commitment, chain FROM journal_seals WHERE seal_index > @after ORDER BY seal_index LIMIT @count",
            cancel, ("after", after), ("count", (long)PageSize)), cancel);

    private sealed record Seal(long Index, Guid Record, Guid Entry, long WrittenAt, byte[] Commitment, byte[] Chain);
}

file static class HeadQuery
{
    /// <summary>Seals and their head are one commit: a head read after the seals must be there.</summary>
    public static async Task<bool> ExistsHeadAsync(this Database database, long size, CancellationToken cancel) =>
        (await database.QueryAsync(row => row.Long(0), "SELECT COUNT(*) FROM journal_heads WHERE size = @size", cancel, ("size", size)))[0] > 0;
}
