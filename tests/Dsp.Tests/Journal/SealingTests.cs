using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Journal;

public sealed class SealingTests
{
    [Theory, EveryStore]
    public async Task Every_entry_is_sealed_once_and_the_journal_is_proved(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        await world.WriteAsync(40);

        Assert.Equal(41, await world.Sealer.SealOnceAsync(world.Cancel));
        Assert.Equal(0, await world.Sealer.SealOnceAsync(world.Cancel));
        await world.WriteAsync(3);
        Assert.Equal(3, await world.Sealer.SealOnceAsync(world.Cancel));

        var report = await world.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.Equal((44, 44, 0, 2, 2, 44, 1), (report.Sealed, report.Entries, report.Waiting, report.Heads, report.SinkHeads, report.Bodies, report.Runs));
    }

    [Theory, EveryStore]
    public async Task What_waits_is_no_finding_unless_it_waits_too_long(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        await world.WriteAsync(2);
        Assert.True((await world.VerifyAsync()).Clean);

        world.Care.World.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal([JournalFindingKind.NotSealedInTime], (await world.VerifyAsync()).Findings.Select(f => f.Kind));
    }

    [Theory, EveryStore]
    public async Task Refused_batches_leave_gaps_that_are_no_false_alarm(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        var (key, _, _) = await world.Care.KeyAsync();
        for (var i = 0; i < 20; i++)
        {
            var changed = new Batch { Guard = new Guard(world.Care.Record, 99) };
            world.Add(changed, key);
            await Assert.ThrowsAsync<SheetChangedException>(() => world.Care.Database.CommitAsync(changed, world.Cancel));
            var duplicate = new Batch().Add("INSERT INTO installation (name, value) VALUES ('stamp', 'x')");
            world.Add(duplicate, key);
            await Assert.ThrowsAsync<DuplicateKeyException>(() => world.Care.Database.CommitAsync(duplicate, world.Cancel));
            world.Add(new Batch(), key); // made and never sent
            await world.WriteAsync(1);
        }

        Assert.Empty((await world.VerifyAsync()).Findings);
        await world.Sealer.SealOnceAsync(world.Cancel);
        Assert.Empty((await world.VerifyAsync()).Findings);
    }

    [Theory, EveryStore]
    public async Task A_kill_in_the_middle_leaves_no_false_alarm(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        var (key, _, _) = await world.Care.KeyAsync();
        // A run that handed out numbers which never arrived, then a new run.
        var killed = new JournalWriter(world.Care.World.Platform.Keys);
        await world.WriteAsync(5, killed);
        for (var i = 0; i < 300; i++) world.Add(new Batch(), key, killed);
        await world.WriteAsync(1, killed);

        var report = await world.VerifyAsync();

        Assert.Empty(report.Findings);
        Assert.Equal(2, report.Runs);
    }

    [Theory, EveryStore]
    public async Task Writers_at_once_and_a_sealer_beside_them_leave_a_clean_journal(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.WriteAsync(40)));
        while (!writing.IsCompleted)
        {
            await world.Sealer.SealOnceAsync(world.Cancel);
            Assert.Empty((await world.VerifyAsync()).Findings);
        }
        await writing;
        await world.Sealer.SealOnceAsync(world.Cancel);

        var report = await world.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.Equal(321, report.Sealed);
    }

    [Theory, EveryStore]
    public async Task A_node_seals_nothing_while_another_holds_the_lease(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        await world.WriteAsync(1);
        var other = await new Leases(world.Care.Database, world.Care.World.Clock).TakeAsync("journal-sealer", TimeSpan.FromSeconds(30), world.Cancel);
        Assert.NotNull(other);

        Assert.Equal(0, await world.Sealer.SealOnceAsync(world.Cancel));
        world.Care.World.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(2, await world.Sealer.SealOnceAsync(world.Cancel));
        await world.WriteAsync(1);
        Assert.Equal(1, await world.NewSealer().SealOnceAsync(world.Cancel));
        Assert.True((await world.VerifyAsync()).Clean);
    }

    [Theory, EveryStore]
    public async Task A_batch_under_a_lost_lease_keeps_nothing(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        var (one, other) = (new Leases(world.Care.Database, world.Care.World.Clock), new Leases(world.Care.Database, world.Care.World.Clock));
        var lease = (await one.TakeAsync("job", TimeSpan.FromSeconds(10), world.Cancel))!;
        Assert.Null(await other.TakeAsync("job", TimeSpan.FromSeconds(10), world.Cancel));
        world.Care.World.Clock.Advance(TimeSpan.FromSeconds(10));
        var taken = (await other.TakeAsync("job", TimeSpan.FromSeconds(10), world.Cancel))!;

        var late = lease.Hold(new Batch()).Add("INSERT INTO suppressions (token, since) VALUES (@t, 1)", ("t", new byte[] { 1 }));
        await Assert.ThrowsAsync<SheetChangedException>(() => world.Care.Database.CommitAsync(late, world.Cancel));
        Assert.Empty(await world.QueryAsync(r => r.Long(0), "SELECT since FROM suppressions"));
        await taken.DisposeAsync();
        Assert.NotNull(await one.TakeAsync("job", TimeSpan.FromSeconds(10), world.Cancel));
    }

    [Theory, EveryStore]
    public async Task A_crash_between_commit_and_sink_is_made_good_at_the_next_turn(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        await world.Sealer.SealOnceAsync(world.Cancel);
        var before = await File.ReadAllTextAsync(world.SinkFile, world.Cancel);
        await world.WriteAsync(2);
        await world.Sealer.SealOnceAsync(world.Cancel);
        var after = await File.ReadAllTextAsync(world.SinkFile, world.Cancel);
        // Half a line is what a crash in the middle of appending leaves.
        await File.WriteAllTextAsync(world.SinkFile, after[..(before.Length + 30)], world.Cancel);

        Assert.True((await world.VerifyAsync()).Clean);
        Assert.Equal(0, await world.Sealer.SealOnceAsync(world.Cancel));

        Assert.Equal(after, await File.ReadAllTextAsync(world.SinkFile, world.Cancel));
    }

    [Theory, EveryStore]
    public async Task A_destroyed_body_keeps_its_place_and_is_missed_only_before_its_time(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        await world.WriteAsync(5);
        await world.Sealer.SealOnceAsync(world.Cancel);
        await world.TamperAsync("DELETE FROM journal_bodies WHERE entry_id = (SELECT entry_id FROM journal_seals WHERE seal_index = 3)");

        Assert.Equal([JournalFindingKind.BodyMissing], (await world.VerifyAsync()).Findings.Select(f => f.Kind));
        world.Care.World.Clock.Advance(TimeSpan.FromDays(3 * 366));
        var report = await world.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.Equal(1, report.BodiesErased);
    }

    [Theory, EveryStore]
    public async Task The_acts_of_a_story_leave_a_clean_journal(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        var care = world.Care;
        var report = await care.DocumentAsync(Codes.DataCategory.CareReports, null);
        await care.RedeemAsync(care.Thill, "AAAAAAAA");
        await care.RedeemAsync(care.Thill, (await care.CodeAsync()).Code);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => care.ReadAsync(care.Thill, report)));
        await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.Practice), null, care.Cancel);
        await care.ReadAsync(care.Thill, report);
        while (await world.Sealer.SealOnceAsync(world.Cancel) > 0) { }

        Assert.Empty((await world.VerifyAsync()).Findings);
    }
}
