using System.Diagnostics;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Journal;

[Trait("Tier", "Long")]
public sealed class JournalRateTests
{
    [Theory, EveryStore]
    public async Task A_hundred_thousand_entries_are_sealed_and_proved_and_the_rates_are_told(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        var (key, _, _) = await world.Care.KeyAsync();
        for (var i = 0; i < 100; i++)
        {
            var batch = new Batch();
            for (var j = 0; j < 1000; j++) world.Add(batch, key);
            await world.Care.Database.CommitAsync(batch, world.Cancel);
        }
        var watch = Stopwatch.StartNew();
        long count = 0;
        for (int sealedNow; (sealedNow = await world.Sealer.SealOnceAsync(world.Cancel)) > 0;) count += sealedNow;
        var sealing = count / watch.Elapsed.TotalSeconds;

        var report = await world.VerifyAsync();

        Assert.Empty(report.Findings);
        Assert.Equal(100_001, report.Sealed);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{store}: sealing {sealing:F0}/s; chain and commitments {count / report.ChainTime.TotalSeconds:F0}/s; bodies {report.Bodies / report.BodyTime.TotalSeconds:F0}/s");
    }
}
