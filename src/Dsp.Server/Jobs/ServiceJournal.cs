using Dsp.Journal;
using Dsp.Server.Wire;

namespace Dsp.Server.Jobs;

/// <summary>The journal's lines about the process itself: it began, and it ended in order. One that was killed has no second line.</summary>
internal sealed class ServiceJournal(CallJournal calls, TimeProvider clock) : IHostedService
{
    private static readonly string Version = typeof(ServiceJournal).Assembly.GetName().Version?.ToString(3) ?? "0";

    public Task StartAsync(CancellationToken cancellationToken) => calls.WriteAsync(Entry(clock, $"start {Version} at {Environment.MachineName}", "0-operator"));

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await calls.WriteAsync(Entry(clock, $"stop at {Environment.MachineName}", "0-operator"));
        }
        catch (Storage.StorageUnavailableException)
        {
            // The store went first; that the process stopped is told by the next start.
        }
    }

    /// <summary>A line about the service.</summary>
    internal static JournalEntry Entry(TimeProvider clock, string detail, string rule, bool good = true) => new()
    {
        Id = Ids.New(clock), Record = RecordId.None, At = clock.Now(), Action = JournalActions.Operate, Software = "dsp", Automatic = true, Permitted = good, Rule = rule, Detail = detail,
    };
}
