namespace Dsp.Benchmarks;

/// <summary>What to measure and for how long.</summary>
public sealed record BenchOptions(bool Quick, bool MicroOnly, string? Json, IReadOnlyList<string> Stores)
{
    /// <summary>Length of one measured phase; each is run <see cref="Phases"/> times, interleaved with the floor.</summary>
    public TimeSpan Phase => TimeSpan.FromSeconds(Quick ? 2 : 6);
    public int Phases => Quick ? 1 : 3;

    /// <summary>Load before the first measured phase: a server that has run for less is still being compiled while it is measured.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 10 : 30);

    /// <summary>Documents in the store at which search and retrieve are measured: the growth series.</summary>
    public IReadOnlyList<int> Documents => Quick ? [2_000] : [10_000, 100_000];
    public const int Connections = 16;
    public const int DocumentsPerRecord = 100;
    public const int DocumentBytes = 20 * 1024;

    public static BenchOptions Read(string[] args)
    {
        string[] known = ["--quick", "--micro", "--json", "--store"];
        if (args.FirstOrDefault(a => a.StartsWith('-') && !known.Contains(a)) is { } unknown)
        {
            Console.Error.WriteLine($"{unknown} is not an option. ./dsp bench [--quick] [--micro] [--store sqlite|postgres] [--json FILE]");
            Environment.Exit(2);
        }
        var store = After(args, "--store");
        return new BenchOptions(args.Contains("--quick"), args.Contains("--micro"), After(args, "--json"), store is null ? ["sqlite", "postgres"] : [store]);
    }

    private static string? After(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
