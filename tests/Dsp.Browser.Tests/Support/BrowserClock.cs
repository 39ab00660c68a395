namespace Dsp.Browser.Tests.Support;

/// <summary>The real time, moved by tests: cookies and handles age with it.</summary>
public sealed class BrowserClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
