using Dsp.Interop.Ips;

namespace Dsp.Server.Jobs;

/// <summary>Practises once, beside the start: the first doctor after a restart waits no longer than the second.</summary>
internal sealed class FirstSummary(TimeProvider clock) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => IpsPractice.Run(clock.GetUtcNow()), stoppingToken);
}
