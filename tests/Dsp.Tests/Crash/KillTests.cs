using System.Security.Cryptography;
using Dsp.Tests.Support;

namespace Dsp.Tests.Crash;

/// <summary>
/// <c>kill -9</c> in a storm of deposits, at a random moment, again and again on the same data: what was acknowledged is there,
/// nothing is half done, and the normal start is the recovery.
/// </summary>
public sealed class KillTests
{
    private static int Rounds => Tiers.Current switch { Tier.Long => 20, Tier.Normal => 3, _ => 1 };

    [Theory, EveryStore]
    public async Task A_killed_server_keeps_every_acknowledged_document_and_leaves_nothing_half_done(Store store)
    {
        await using var world = await KillWorld.CreateAsync(store);
        var swept = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            var before = world.Acknowledged.Count;
            using (var server = await ChildServer.StartAsync(world.World))
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                var storm = world.StormAsync(server.Http, 8, stop.Token);
                await world.WaitForAsync(before + 20);
                await Task.Delay(RandomNumberGenerator.GetInt32(1500), TestContext.Current.CancellationToken);
                server.KillAtOnce();
                await stop.CancelAsync();
                await storm;
            }
            using (var again = await ChildServer.StartAsync(world.World)) await world.AssertAllReadBackAsync(again.Http);
            swept += await world.AssertCleanAsync();
        }
        TestContext.Current.SendDiagnosticMessage($"{store}: {Rounds} rounds, {world.Acknowledged.Count} acknowledged, {swept} orphans swept");
        Assert.NotEmpty(world.Acknowledged);
    }
}
