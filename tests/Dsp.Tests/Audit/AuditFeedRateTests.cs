using System.Diagnostics;
using Dsp.Journal;
using Dsp.Storage;
using Dsp.Tests.Journal;
using Dsp.Tests.Support;

namespace Dsp.Tests.Audit;

[Trait("Tier", "Long")]
public sealed class AuditFeedRateTests
{
    /// <summary>What the row to be sent costs a journal entry: own processor time and the commit, with and without, by turns.</summary>
    [Theory, EveryStore]
    public async Task What_the_feed_costs_an_entry_is_told(Store store)
    {
        await using var world = await JournalWorld.CreateAsync(store);
        var keys = world.Care.World.Platform.Keys;
        var (without, with) = (new JournalWriter(keys), new JournalWriter(keys, feed: true));
        var told = new Dictionary<bool, List<(double Cpu, double Wall)>> { [false] = [], [true] = [] };
        for (var turn = 0; turn < 5; turn++)
        {
            foreach (var fed in new[] { false, true })
            {
                var (cpu, wall) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
                await world.WriteAsync(1_000, fed ? with : without);
                if (turn > 0) told[fed].Add(((Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds, wall.Elapsed.TotalMilliseconds));
            }
        }
        var bytes = (await world.QueryAsync(r => r.Long(0), "SELECT SUM(LENGTH(sealed)) / COUNT(*) FROM audit_feed"))[0];
        string Of(bool fed) => $"{told[fed].Order().ElementAt(2).Cpu:F0} µs of processor, {told[fed].OrderBy(t => t.Wall).ElementAt(2).Wall:F0} µs in all";

        TestContext.Current.TestOutputHelper!.WriteLine($"{store}: an entry without feed {Of(false)}; with feed {Of(true)}; {bytes} bytes a row");
        Assert.Equal(5_000, await world.Care.World.CountAsync("audit_feed"));
    }
}
