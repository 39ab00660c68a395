namespace Dsp.Demo.Story;

/// <summary>
/// The clock the story is played on: it is set to past instants, only ever forward, and runs on from them while an
/// operation works; <see cref="Release"/> makes it the machine's clock for good.
/// </summary>
public sealed class StoryClock : TimeProvider
{
    private long behindTicks;

    /// <summary>Real time until the story sets another.</summary>
    public override DateTimeOffset GetUtcNow()
    {
        var real = System.GetUtcNow();
        return real - new TimeSpan(Interlocked.Read(ref behindTicks));
    }

    /// <summary>Goes to an instant of the story.</summary>
    /// <exception cref="InvalidOperationException">The instant lies before what the clock shows, or after the machine's time.</exception>
    public void MoveTo(DateTimeOffset instant)
    {
        var real = System.GetUtcNow();
        if (instant > real) throw new InvalidOperationException($"The story cannot be played ahead of time: {instant:u} has not come yet.");
        if (Interlocked.Read(ref behindTicks) != 0 && instant < GetUtcNow()) throw new InvalidOperationException($"The story goes forward only: {instant:u} is past.");
        Interlocked.Exchange(ref behindTicks, (real - instant).Ticks);
    }

    /// <summary>From now on the machine's time.</summary>
    public void Release() => Interlocked.Exchange(ref behindTicks, 0);
}
