namespace Dsp.Demo.Story;

/// <summary>
/// D, the day of the demo, and the story's instants counted from it in Luxembourg's time. A demo started before the story's
/// last hour is over takes yesterday as its day: nothing of the story lies ahead.
/// </summary>
internal sealed record DemoDay(DateOnly Day)
{
    private static readonly TimeZoneInfo Luxembourg = TimeZoneInfo.FindSystemTimeZoneById("Europe/Luxembourg");

    /// <summary>The last thing of the story happens at D 05:10.</summary>
    private static readonly TimeOnly StoryIsOver = new(5, 30);

    public static DemoDay Of(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, Luxembourg);
        var day = DateOnly.FromDateTime(local.DateTime);
        return new DemoDay(TimeOnly.FromDateTime(local.DateTime) < StoryIsOver ? day.AddDays(-1) : day);
    }

    /// <summary>An instant of the story: days from D (zero or negative) and local time.</summary>
    public DateTimeOffset At(int offset, int hour, int minute = 0)
    {
        var local = Day.AddDays(offset).ToDateTime(new TimeOnly(hour, minute));
        return new DateTimeOffset(local, Luxembourg.GetUtcOffset(local)).ToUniversalTime();
    }
}
