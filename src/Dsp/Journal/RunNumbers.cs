namespace Dsp.Journal;

/// <summary>
/// The numbers of one run of the process. Numbers are handed out before anybody knows whether their batch will be kept, so
/// a failed batch leaves a gap that nobody made. Therefore every entry says two things: below which number all is settled,
/// and which numbers were abandoned. A number is settled once its entry is kept, or once a kept entry tells that it was
/// abandoned. Hence the verifier's rule: below the highest <c>SettledBelow</c> of a run, a number that is neither there nor
/// told as abandoned was deleted. What a crash leaves open lies above, and raises no alarm.
/// </summary>
internal sealed class RunNumbers
{
    /// <summary>A batch that was made and never sent does not settle; it counts as abandoned once this many numbers came after it.</summary>
    private const int LongestOpen = 10_000;

    /// <summary>So that an entry stays small after a storm of failures; the rest follows with the next entries.</summary>
    private const int MostTold = 200;

    private readonly Lock gate = new();
    private readonly HashSet<long> settled = [];
    private readonly List<long> toTell = [];
    private long next = 1;
    private long settledBelow = 1;

    public sealed record Numbered(long Number, long SettledBelow, IReadOnlyList<long> Abandoned);

    public Numbered Take()
    {
        lock (gate)
        {
            if (next - settledBelow > LongestOpen && !toTell.Contains(settledBelow)) toTell.Add(settledBelow);
            var told = toTell.Take(MostTold).ToArray();
            toTell.RemoveRange(0, told.Length);
            return new Numbered(next++, settledBelow, told);
        }
    }

    public void Settle(Numbered numbered, bool kept)
    {
        lock (gate)
        {
            if (!kept)
            {
                // What this entry was to tell is told again by a later one.
                toTell.Add(numbered.Number);
                toTell.AddRange(numbered.Abandoned);
                return;
            }
            Close(numbered.Number);
            foreach (var number in numbered.Abandoned) Close(number);
        }
    }

    private void Close(long number)
    {
        if (number >= settledBelow) settled.Add(number);
        while (settled.Remove(settledBelow)) settledBelow++;
    }
}
