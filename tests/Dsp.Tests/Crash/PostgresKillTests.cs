using System.Security.Cryptography;
using Dsp.Tests.Support;

namespace Dsp.Tests.Crash;

/// <summary>
/// <c>kill -9</c> of the database server in a storm of deposits, again and again on the same files, while our process stays up: what was
/// acknowledged is there, nothing is half done, and nobody restarts anything but the database.
/// </summary>
[Trait("Tier", "Long"), Trait("Store", "PostgreSql")]
public sealed class PostgresKillTests
{
    private static int Rounds => Tiers.Current == Tier.Long ? 8 : 3;

    [Fact]
    public async Task A_killed_PostgreSQL_keeps_every_acknowledged_document_and_our_process_goes_on()
    {
        using var postgres = World.NewPostgresServer();
        await using var world = await KillWorld.CreateAsync(Store.Postgres, postgres.CreateDatabase());
        var swept = 0;
        using (var server = await ChildServer.StartAsync(world.World))
        {
            for (var round = 1; round <= Rounds; round++)
            {
                var before = world.Acknowledged.Count;
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                var storm = world.StormAsync(server.Http, 8, stop.Token);
                await world.WaitForAsync(before + 20);
                await Task.Delay(RandomNumberGenerator.GetInt32(1500), TestContext.Current.CancellationToken);
                postgres.KillAtOnce();
                await Task.Delay(200, TestContext.Current.CancellationToken);
                postgres.StartAgain();
                // The storm never stopped asking: the process serves again by itself.
                await world.WaitForAsync(world.Acknowledged.Count + 20);
                await stop.CancelAsync();
                await storm;
                await world.LetGoAsync();
                await world.AssertAllReadBackAsync(server.Http);
            }
        }
        swept += await world.AssertCleanAsync();
        TestContext.Current.SendDiagnosticMessage($"{Rounds} rounds, {world.Acknowledged.Count} acknowledged, {world.Unavailable} answers were DSP-5004, {swept} orphans swept");
        Assert.True(world.Unavailable > 0, "The storm never met the fault.");
    }
}
