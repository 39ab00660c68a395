namespace Dsp.Journal;

/// <summary>What one entry says about its place in its run (see <see cref="RunNumbers"/>).</summary>
internal sealed record NumberedEntry(Guid Entry, Guid Record, long At, Guid Run, long Number, long SettledBelow, IReadOnlyList<long> Abandoned);

/// <summary>A number below what was settled, neither there nor told as abandoned, with the times of its neighbours.</summary>
internal sealed record MissingNumber(Guid Run, long Number, long After, long Before);

/// <summary>The numbers of every run, as the bodies tell them.</summary>
internal sealed class RunBook
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Run> runs = [];

    public int Runs => runs.Count;

    public void Add(IEnumerable<NumberedEntry> entries)
    {
        lock (gate)
        {
            foreach (var entry in entries)
            {
                if (!runs.TryGetValue(entry.Run, out var run)) runs.Add(entry.Run, run = new Run());
                run.Entries.Add((entry.Number, entry.At));
                run.SettledBelow = Math.Max(run.SettledBelow, entry.SettledBelow);
                foreach (var number in entry.Abandoned) run.Abandoned.Add(number);
            }
        }
    }

    public bool Knows(Guid run, long number) => runs.TryGetValue(run, out var book) && (book.Abandoned.Contains(number) || book.Numbers.Contains(number));

    public IEnumerable<(Guid Run, long Number)> Twice =>
        runs.SelectMany(r => r.Value.Entries.GroupBy(e => e.Number).Where(g => g.Skip(1).Any()).Select(g => (r.Key, g.Key)));

    /// <summary>At most 10,000 per run: whoever deletes more is found all the same.</summary>
    public IReadOnlyList<MissingNumber> Missing() => [.. runs.SelectMany(r => MissingOf(r.Key, r.Value).Take(10_000))];

    private static IEnumerable<MissingNumber> MissingOf(Guid id, Run run)
    {
        run.Entries.Sort();
        var (expected, before) = (1L, long.MinValue / 2);
        foreach (var (number, at) in run.Entries)
        {
            for (; expected < number && expected < run.SettledBelow; expected++)
                if (!run.Abandoned.Contains(expected)) yield return new MissingNumber(id, expected, before, at);
            (expected, before) = (Math.Max(expected, number + 1), at);
        }
    }

    private sealed class Run
    {
        private HashSet<long>? numbers;
        public List<(long Number, long At)> Entries { get; } = [];
        public HashSet<long> Abandoned { get; } = [];
        public long SettledBelow { get; set; }
        public HashSet<long> Numbers => numbers ??= [.. Entries.Select(e => e.Number)];
    }
}
