using System.Diagnostics;
using Dsp.Records;
using Dsp.Tests.Support;

namespace Dsp.Tests.Records;

/// <summary>Figures, not verdicts: run by name with <c>-explicit only</c> on a Release build.</summary>
public sealed class FeedRateTests
{
    [Theory(Explicit = true), EveryStore]
    public async Task Affiliations_per_second(Store store)
    {
        const int warm = 2_000, people = 40_000;
        await using var world = await World.CreateAsync(store);
        var authority = await world.AuthorityAsync();
        await FeedAsync(world, authority, 0, warm);
        var process = Process.GetCurrentProcess();
        var (cpu, clock, before) = (process.TotalProcessorTime, Stopwatch.StartNew(), GC.GetTotalMemory(forceFullCollection: true));
        await FeedAsync(world, authority, warm, people);
        process.Refresh();
        TestContext.Current.SendDiagnosticMessage("{0}: {1:F0} persons/s, own CPU {2:F3} ms each, managed memory {3:F1} MB more",
            store, people / clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalMilliseconds / people, (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6);
        Assert.Equal(warm + people, await world.CountAsync("records"));
    }

    private static async Task FeedAsync(World world, Dsp.Access.Caller authority, int from, int count)
    {
        using var reader = new StringReader(string.Join('\n', Enumerable.Range(from, count).Select(i => AffiliationFeedTests.Line($"l-{i}", i))));
        Assert.Equal(count, (await world.Operation<ReceiveAffiliations>().RunAsync(authority, FeedFormat.Ndjson, reader, world.Cancel)).Value.Created);
    }
}
