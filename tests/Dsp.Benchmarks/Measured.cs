using System.Diagnostics;

namespace Dsp.Benchmarks;

/// <summary>What one phase of load gave.</summary>
public sealed record Measured(int Operations, int Errors, double Seconds, double P50Ms, double P99Ms, double ServerCpuMs, double DatabaseCpuMs)
{
    public double Rate => Operations / Seconds;

    /// <summary>Runs an operation from so many callers for a time.</summary>
    /// <param name="operation">Gets the caller's number and the operation's; answers whether it went well.</param>
    public static async Task<Measured> RunAsync(int callers, TimeSpan time, Func<int, long, Task<bool>> operation, int? server, int? database)
    {
        var serverBefore = server is { } s0 ? Cpu.Seconds(s0) : 0;
        var databaseBefore = database is { } d0 ? Cpu.SecondsOfTree(d0) : 0;
        var watch = Stopwatch.StartNew();
        var lists = await Task.WhenAll(Enumerable.Range(0, callers).Select(c => Task.Run(() => CallAsync(c))));
        var seconds = watch.Elapsed.TotalSeconds;
        var operations = lists.Sum(l => l.Times.Count);
        var all = lists.SelectMany(l => l.Times).Order().ToArray();
        var serverCpu = server is { } s1 ? Cpu.Seconds(s1) - serverBefore : 0;
        var databaseCpu = database is { } d1 ? Cpu.SecondsOfTree(d1) - databaseBefore : 0;
        return new Measured(operations, lists.Sum(l => l.Errors), seconds, At(all, 0.5), At(all, 0.99), 1000 * serverCpu / operations, 1000 * databaseCpu / operations);

        async Task<(List<double> Times, int Errors)> CallAsync(int caller)
        {
            var times = new List<double>();
            var errors = 0;
            for (var i = 0L; watch.Elapsed < time; i++)
            {
                var start = Stopwatch.GetTimestamp();
                if (!await operation(caller, i)) errors++;
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            return (times, errors);
        }
    }

    /// <summary>The phase in the middle of several, by rate.</summary>
    public static Measured Median(IEnumerable<Measured> phases)
    {
        var sorted = phases.OrderBy(p => p.Rate).ToList();
        return sorted[sorted.Count / 2] with { Errors = sorted.Sum(p => p.Errors) };
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
}
