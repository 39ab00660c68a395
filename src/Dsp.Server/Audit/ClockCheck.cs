using System.Diagnostics.Metrics;
using System.Globalization;
using Dsp.Access;
using Dsp.Server.Jobs;
using Dsp.Server.Wire;

namespace Dsp.Server.Audit;

/// <summary>
/// Compares this machine's clock with a time server's (ITI-1, CT): more than a second apart is an alarm, a line in the journal and in
/// the health answer, once when it begins and once when it ends. It sets nothing: that is the machine's own time service.
/// </summary>
internal sealed class ClockCheck : IDisposable
{
    /// <summary>More is an alarm (standards 8).</summary>
    public static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1);

    /// <summary>So many times nobody answered, and it is said.</summary>
    private const int Unanswered = 3;

    private readonly AuditSettings settings;
    private readonly CallJournal journal;
    private readonly Alarms alarms;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Meter meter = new("Dsp");
    private TimeSpan? offset;
    private bool off;
    private int silent;

    public ClockCheck(AuditSettings settings, CallJournal journal, Alarms alarms, TimeProvider clock, ILoggerFactory logs)
    {
        (this.settings, this.journal, this.alarms, this.clock) = (settings, journal, alarms, clock);
        log = logs.CreateLogger("Dsp.Clock");
        meter.CreateObservableGauge("dsp.clock.offset", () => offset is { } o ? [new Measurement<double>(o.TotalSeconds)] : Array.Empty<Measurement<double>>(), "s", "How far this machine's clock is behind the time server's.");
    }

    /// <summary>For the operator's watch.</summary>
    public string State =>
        settings.TimeServer is null ? "not compared"
        : silent >= Unanswered ? "time server does not answer"
        : offset is not { } o ? "not compared yet"
        : o.Duration() <= Allowed ? "right" : string.Create(CultureInfo.InvariantCulture, $"off by {o.TotalSeconds:F1} s");

    /// <summary>One comparison.</summary>
    /// <returns>1 where the clock is off, else 0.</returns>
    public async Task<long> RunAsync(CancellationToken cancel)
    {
        if (settings.TimeServer is not { } server) return 0;
        if (await Sntp.OffsetAsync(server.Host, server.Port, clock, cancel) is not { } found)
        {
            if (++silent == Unanswered) log.TimeServerSilent();
            return 0;
        }
        (offset, silent) = (found, 0);
        var wrong = found.Duration() > Allowed;
        if (wrong != off)
        {
            // The line first: where it cannot be kept, the next turn tells it again.
            await journal.WriteAsync(ServiceJournal.Entry(clock, string.Create(CultureInfo.InvariantCulture, $"clock off by {found.TotalSeconds:F3} s at {Environment.MachineName}"), wrong ? "clock-drift" : "clock-right", good: !wrong));
            if (wrong) alarms.Raise("clock-drift", string.Create(CultureInfo.InvariantCulture, $"{found.TotalSeconds:F1} s"), clock.GetUtcNow());
            else log.ClockRight();
        }
        off = wrong;
        return wrong ? 1 : 0;
    }

    public void Dispose() => meter.Dispose();
}
