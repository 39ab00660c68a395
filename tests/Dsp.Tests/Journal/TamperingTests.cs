using Dsp.Journal;
using Dsp.Tests.Support;

namespace Dsp.Tests.Journal;

/// <summary>Whoever writes past the product, with the rights of the schema's owner, is found.</summary>
public sealed class TamperingTests
{
    private const string Third = "(SELECT entry_id FROM (SELECT entry_id FROM journal_seals WHERE seal_index = 3) AS t)";

    [Theory, EveryStore]
    public async Task An_altered_time_or_commitment(Store store)
    {
        await FoundAsync(store, JournalFindingKind.EntryAltered, $"UPDATE journal_entries SET written_at = written_at + 1 WHERE entry_id = {Third}");
        await FoundAsync(store, JournalFindingKind.EntryAltered, $"UPDATE journal_entries SET commitment = (SELECT commitment FROM journal_seals WHERE seal_index = 4) WHERE entry_id = {Third}");
    }

    [Theory, EveryStore]
    public async Task An_altered_or_exchanged_body(Store store)
    {
        await FoundAsync(store, JournalFindingKind.EntryAltered,
            $"UPDATE journal_bodies SET sealed = (SELECT b.sealed FROM journal_bodies b JOIN journal_seals s ON s.entry_id = b.entry_id WHERE s.seal_index = 4) WHERE entry_id = {Third}");
    }

    [Theory, EveryStore]
    public async Task A_removed_entry(Store store)
    {
        await FoundAsync(store, JournalFindingKind.EntryMissing, $"DELETE FROM journal_entries WHERE entry_id = {Third}");
        await FoundAsync(store, JournalFindingKind.BodyWithoutEntry, $"DELETE FROM journal_entries WHERE entry_id = {Third}");
    }

    [Theory, EveryStore]
    public async Task An_entry_removed_with_everything_that_belongs_to_it(Store store)
    {
        await FoundAsync(store, JournalFindingKind.SealMissing,
            $"DELETE FROM journal_entries WHERE entry_id = {Third}", $"DELETE FROM journal_bodies WHERE entry_id = {Third}", "DELETE FROM journal_seals WHERE seal_index = 3");
    }

    [Theory, EveryStore]
    public async Task Two_seals_in_another_order(Store store) =>
        await FoundAsync(store, JournalFindingKind.ChainBroken,
            "UPDATE journal_seals SET seal_index = -3 WHERE seal_index = 3", "UPDATE journal_seals SET seal_index = 3 WHERE seal_index = 4", "UPDATE journal_seals SET seal_index = 4 WHERE seal_index = -3");

    [Theory, EveryStore]
    public async Task A_cut_tail_and_the_sealer_stops(Store store)
    {
        await using var world = await SealedTwiceAsync(store);
        await world.TamperAsync(
            "DELETE FROM journal_bodies WHERE entry_id IN (SELECT entry_id FROM journal_seals WHERE seal_index > 6)",
            "DELETE FROM journal_entries WHERE entry_id IN (SELECT entry_id FROM journal_seals WHERE seal_index > 6)",
            "DELETE FROM journal_seals WHERE seal_index > 6", "DELETE FROM journal_heads WHERE size > 6");

        Assert.Contains((await world.VerifyAsync()).Findings, f => f is { Kind: JournalFindingKind.SinkDiffers, Index: 11 });
        await world.WriteAsync(3);
        await Assert.ThrowsAsync<JournalCutException>(() => world.Sealer.SealOnceAsync(world.Cancel));
        Assert.Equal(3, (await world.VerifyAsync()).Waiting);
    }

    [Theory, EveryStore]
    public async Task A_chain_rewritten_from_the_first_entry(Store store)
    {
        await using var world = await SealedTwiceAsync(store);
        // The whole chain anew without entry 3, as somebody could who knows how it is made, up to the signature.
        var seals = await world.QueryAsync(r => (Index: r.Long(0), Record: r.Guid(1), Entry: r.Guid(2), At: r.Long(3), Commitment: r.Bytes(4)),
            "SELECT seal_index, record_id, entry_id, written_at, commitment FROM journal_seals ORDER BY seal_index");
        var statements = new List<string> { $"DELETE FROM journal_entries WHERE entry_id = {Third}", $"DELETE FROM journal_bodies WHERE entry_id = {Third}", "DELETE FROM journal_seals WHERE seal_index = 3" };
        var chain = JournalChain.Start.ToArray();
        var index = 0;
        foreach (var seal in seals.Where(s => s.Index != 3))
        {
            JournalChain.Append(chain, seal.Record, seal.Entry, seal.At, seal.Commitment);
            statements.Add($"UPDATE journal_seals SET seal_index = {++index}, chain = {Bytes(store, chain)} WHERE seal_index = {seal.Index}");
            if (index is 6 or 10) statements.Add($"UPDATE journal_heads SET size = {index}, chain = {Bytes(store, chain)} WHERE size = {(index == 6 ? 6 : 11)}");
        }
        await world.TamperAsync([.. statements]);

        var found = (await world.VerifyAsync()).Findings.Select(f => f.Kind).ToList();
        Assert.Contains(JournalFindingKind.HeadWrong, found);
        Assert.Contains(JournalFindingKind.SinkDiffers, found);
        Assert.Contains(JournalFindingKind.NumberMissing, found);
        Assert.DoesNotContain(JournalFindingKind.ChainBroken, found);
        await world.WriteAsync(1);
        await Assert.ThrowsAsync<JournalCutException>(() => world.Sealer.SealOnceAsync(world.Cancel));
    }

    [Theory, EveryStore]
    public async Task An_entry_deleted_before_it_was_sealed(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        await world.WriteAsync(10);
        var victim = (await world.QueryAsync(r => Ids.Text(r.Guid(0)), "SELECT entry_id FROM journal_unsealed ORDER BY entry_id LIMIT 1 OFFSET 4"))[0];
        foreach (var table in new[] { "journal_unsealed", "journal_entries", "journal_bodies" })
            await world.TamperAsync($"DELETE FROM {table} WHERE lower(CAST(entry_id AS text)) = '{victim}'");
        await world.WriteAsync(1);
        await world.Sealer.SealOnceAsync(world.Cancel);

        Assert.Equal([JournalFindingKind.NumberMissing], (await world.VerifyAsync()).Findings.Select(f => f.Kind));
    }

    [Theory, EveryStore]
    public async Task An_entry_taken_out_of_the_queue(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        await world.WriteAsync(3);
        await world.TamperAsync("DELETE FROM journal_unsealed");

        Assert.Equal(4, (await world.VerifyAsync()).Findings.Count(f => f.Kind == JournalFindingKind.EntryNotWaiting));
    }

    [Theory, EveryStore]
    public async Task A_sink_that_was_emptied_or_altered(Store store)
    {
        await using var world = await SealedTwiceAsync(store);
        var sink = await File.ReadAllTextAsync(world.SinkFile, world.Cancel);
        await File.WriteAllTextAsync(world.SinkFile, "", world.Cancel);
        Assert.Contains((await world.VerifyAsync()).Findings, f => f.Kind == JournalFindingKind.SinkDiffers);
        await File.WriteAllTextAsync(world.SinkFile, sink.Replace(sink[10], sink[10] == 'a' ? 'b' : 'a'), world.Cancel);
        Assert.Contains((await world.VerifyAsync()).Findings, f => f.Kind == JournalFindingKind.SinkDiffers);
        await File.WriteAllTextAsync(world.SinkFile, sink + "not a head\n", world.Cancel);
        Assert.Contains((await world.VerifyAsync()).Findings, f => f.Kind == JournalFindingKind.SinkDiffers);
    }

    private static string Bytes(Store store, byte[] bytes) => store == Store.Sqlite ? $"x'{Convert.ToHexString(bytes)}'" : $"'\\x{Convert.ToHexString(bytes)}'::bytea";

    /// <summary>Eleven entries under two heads: 6 and 11.</summary>
    private static async Task<JournalWorld> SealedTwiceAsync(Store store)
    {
        var world = await JournalWorld.CreateAsync(store);
        await world.WriteAsync(5);
        await world.Sealer.SealOnceAsync(world.Cancel);
        await world.WriteAsync(5);
        await world.Sealer.SealOnceAsync(world.Cancel);
        Assert.True((await world.VerifyAsync()).Clean);
        return world;
    }

    private static async Task FoundAsync(Store store, JournalFindingKind kind, params string[] statements)
    {
        await using var world = await SealedTwiceAsync(store);
        await world.TamperAsync(statements);
        Assert.Contains((await world.VerifyAsync()).Findings, f => f.Kind == kind);
    }
}
