using System.Collections.Concurrent;

namespace Dsp.Access;

/// <summary>
/// Tells the operator that stored bytes are not what was sealed. Names the kind and an id, never content.
/// The server logs each; the last hundred are kept for the health page.
/// </summary>
public sealed class Alarms
{
    private readonly ConcurrentQueue<(DateTimeOffset At, string Kind, string Subject)> recent = new();

    /// <summary>Called for each alarm, on the caller's thread; must not throw.</summary>
    public Action<string, string>? Listener { get; set; }

    public IReadOnlyCollection<(DateTimeOffset At, string Kind, string Subject)> Recent => recent;

    public void Raise(string kind, object subject, DateTimeOffset at)
    {
        recent.Enqueue((at, kind, subject.ToString() ?? ""));
        while (recent.Count > 100) recent.TryDequeue(out _);
        Listener?.Invoke(kind, subject.ToString() ?? "");
    }
}
