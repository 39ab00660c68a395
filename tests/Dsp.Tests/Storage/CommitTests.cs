using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Storage;

public sealed class CommitTests
{
    [Theory, EveryStore]
    public async Task A_batch_that_hits_a_taken_key_keeps_nothing(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var database = world.Platform.Database;
        await database.CommitAsync(new Batch().Add("INSERT INTO suppressions (token, since) VALUES (@t, @s)", ("t", new byte[] { 1 }), ("s", 1L)), world.Cancel);

        var failing = new Batch()
            .Add("INSERT INTO suppressions (token, since) VALUES (@t, @s)", ("t", new byte[] { 2 }), ("s", 2L))
            .Add("INSERT INTO suppressions (token, since) VALUES (@t, @s)", ("t", new byte[] { 1 }), ("s", 3L));
        var duplicate = await Assert.ThrowsAsync<DuplicateKeyException>(() => database.CommitAsync(failing, world.Cancel));

        Assert.Equal("suppressions", duplicate.Table);
        Assert.Equal([1L], await database.QueryAsync(r => r.Long(0), "SELECT since FROM suppressions ORDER BY since", world.Cancel));
    }

    [Theory, EveryStore]
    public async Task A_guard_on_another_sheet_version_keeps_nothing(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var batch = new Batch { Guard = new Guard(RecordId.New(world.Clock), 1) }
            .Add("INSERT INTO suppressions (token, since) VALUES (@t, @s)", ("t", new byte[] { 2 }), ("s", 2L));

        await Assert.ThrowsAsync<SheetChangedException>(() => world.Platform.Database.CommitAsync(batch, world.Cancel));

        Assert.Empty(await world.Platform.Database.QueryAsync(r => r.Long(0), "SELECT since FROM suppressions", world.Cancel));
    }

    [Theory, EveryStore]
    public async Task Every_value_reads_back_as_it_was_written(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var id = Ids.New(world.Clock);
        var batch = new Batch().Add(
            "INSERT INTO memberships (institution_id, person_id, unit, emergency, valid_from, valid_until, mac) VALUES (@i, @p, @u, @e, @f, @t, @m)",
            ("i", id), ("p", id), ("u", "Uängeli"), ("e", true), ("f", world.Clock.Now()), ("t", null), ("m", new byte[] { 0, 255 }));
        var slot = batch.Query(r => (r.Guid(0), r.Text(1), r.Bool(2), r.Instant(3), r.LongOrNull(4), r.Bytes(5)),
            "SELECT person_id, unit, emergency, valid_from, valid_until, mac FROM memberships WHERE institution_id = @i", ("i", id));

        await world.Platform.Database.CommitAsync(batch, world.Cancel);

        var row = Assert.Single(slot.Rows);
        Assert.Equal((id, "Uängeli", true, world.Clock.Now(), null), (row.Item1, row.Item2, row.Item3, row.Item4, row.Item5));
        Assert.Equal([0, 255], row.Item6);
    }

    [Theory, EveryStore]
    public async Task Many_callers_at_once_all_commit(Store store)
    {
        await using var world = await World.CreateAsync(store);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => world.Platform.Database.CommitAsync(
            new Batch().Add("INSERT INTO suppressions (token, since) VALUES (@t, @s)", ("t", BitConverter.GetBytes(i)), ("s", (long)i)), world.Cancel)));

        Assert.Equal([200L], await world.Platform.Database.QueryAsync(r => r.Long(0), "SELECT COUNT(*) FROM suppressions", world.Cancel));
    }
}
