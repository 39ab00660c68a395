namespace Dsp.Benchmarks;

/// <summary>What to measure and for how long.</summary>
public sealed record BenchOptions(bool Quick, bool MicroOnly, string? Json, IReadOnlyList<string> Stores, string? Only)
{
    /// <summary>Length of one measured phase; each is run <see cref="Phases"/> times, interleaved with the floor.</summary>
    public TimeSpan Phase => TimeSpan.FromSeconds(Quick ? 2 : 6);
    public int Phases => Quick ? 1 : 3;

    /// <summary>Longest load before an operation's first measured phase; it ends earlier when the cost of one no longer falls.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 12 : 60);

    /// <summary>Documents in the store at which search and retrieve are measured: the growth series.</summary>
    public IReadOnlyList<int> Documents => Quick ? [2_000] : [10_000, 100_000];
    public const int Connections = 16;
    public const int DocumentsPerRecord = 100;
    public const int DocumentBytes = 20 * 1024;

    public static BenchOptions Read(string[] args)
    {
        string[] known = ["--quick", "--micro", "--json", "--store", "--only"];
        if (args.FirstOrDefault(a => a.StartsWith('-') && !known.Contains(a)) is { } unknown)
        {
            Console.Error.WriteLine($"{unknown} is not an option. ./dsp bench [--quick] [--micro] [--store sqlite|postgres] [--only deposit|search|retrieve|mixed|tokens] [--json FILE]");
            Environment.Exit(2);
        }
        var store = After(args, "--store");
        return new BenchOptions(args.Contains("--quick"), args.Contains("--micro"), After(args, "--json"), store is null ? ["sqlite", "postgres"] : [store], After(args, "--only"));
    }

    private static string? After(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
