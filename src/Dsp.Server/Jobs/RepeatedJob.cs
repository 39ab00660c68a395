using Dsp.Access;
using Dsp.Server.Wire;

namespace Dsp.Server.Jobs;

/// <summary>
/// Does one thing again and again until the process stops. What is done is safe to be done by every node at once: it holds a
/// lease, or repeats its preconditions. A failure is logged and tried again, later each time up to a minute.
/// </summary>
internal sealed class RepeatedJob(string name, TimeSpan pause, Func<CancellationToken, Task<long>> run, Alarms alarms, TimeProvider clock, ILogger log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first turn must not hold up the start.
        await Task.Yield();
        var wait = pause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var did = await run(stoppingToken);
                if (did > 0 && pause >= LongestWait) log.JobDid(name, did);
                wait = pause;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A job that fails must not take the process with it.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                log.JobFailed(name, fault.GetType().Name);
                alarms.Raise("job-failed", name, clock.GetUtcNow());
                wait = wait * 2 < LongestWait ? wait * 2 : pause > LongestWait ? pause : LongestWait;
            }
            try
            {
                await Task.Delay(wait, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
