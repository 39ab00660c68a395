namespace Dsp.Demo.Story;

/// <summary>One act of the story and its instant.</summary>
internal sealed record Moment(DateTimeOffset At, string What, Func<CancellationToken, Task> Act);

/// <summary>Collects what happens, in any order, and plays it in the order of time on the moved clock.</summary>
internal sealed class Timeline(StoryClock clock, DemoDay day)
{
    private readonly List<Moment> moments = [];

    public DemoDay Day => day;

    /// <summary>Something happens on a day counted from D, at a local time.</summary>
    public void On(int offset, int hour, int minute, string what, Func<CancellationToken, Task> act) => At(day.At(offset, hour, minute), what, act);

    public void At(DateTimeOffset at, string what, Func<CancellationToken, Task> act) => moments.Add(new Moment(at, what, act));

    /// <summary>Plays everything; at one instant in the order in which it was told.</summary>
    /// <exception cref="StoryBrokenException">An act did not go as the story has it; the message names act and day.</exception>
    public async Task PlayAsync(CancellationToken cancel)
    {
        var begun = false;
        foreach (var moment in moments.OrderBy(m => m.At))
        {
            // The clock runs on while an act is at work; where it ran past the next instant, it stays there.
            if (!begun || moment.At > clock.GetUtcNow()) clock.MoveTo(moment.At);
            begun = true;
            try
            {
                await moment.Act(cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new StoryBrokenException($"The story stopped at {moment.At:yyyy-MM-dd HH:mm}, {moment.What}. {e.Message}", e);
            }
        }
    }
}
