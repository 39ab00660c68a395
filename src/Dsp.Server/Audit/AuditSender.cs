using Dsp.Access;
using Dsp.Interop.Balp;
using Dsp.Journal;
using Dsp.Server.Wire;
using Dsp.Storage;

namespace Dsp.Server.Audit;

/// <summary>
/// Sends what waits to the collector (ITI-20), oldest first, by one node at a time. A portion is in memory, no more; it is removed once the
/// collector's end has answered, and sent again where it has not: at least once, nothing lost. A slow or absent collector
/// makes rows wait in the database, never a request.
/// </summary>
internal sealed class AuditSender(AuditFeed feed, Leases leases, AuditSettings settings, Addresses addresses, Alarms alarms, TimeProvider clock, ILoggerFactory logs)
{
    /// <summary>Events on one connection: some 1 MiB.</summary>
    private const int Portion = 500;

    private static readonly TimeSpan LeaseLife = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly AuditCollector collector = new(settings);
    private readonly ILogger log = logs.CreateLogger("Dsp.Audit");
    private readonly string host = System.Net.Dns.GetHostName();
    private int failures;
    private long triedAt;
    private bool behind;

    /// <summary>For the operator's watch: <c>off</c>, <c>sent</c>, or <c>waiting since …</c>.</summary>
    public async Task<string> StateAsync(CancellationToken cancel) =>
        settings.Collector is null ? "off" : await feed.OldestAsync(cancel) is not { } oldest || clock.Now() - oldest < TimeSpan.FromMinutes(1) ? "sent" : "waiting since " + Instants.Text(oldest);

    /// <summary>Sends until nothing waits, or the collector does not answer.</summary>
    /// <returns>How many were sent.</returns>
    public async Task<long> RunAsync(CancellationToken cancel)
    {
        if (settings.Collector is null || IsTooEarly()) return 0;
        // Where nothing waits this is one look and no write.
        var oldest = await feed.OldestAsync(cancel);
        TellBehind(oldest);
        if (oldest is null) return 0;
        if (await leases.TakeAsync("audit-feed", LeaseLife, cancel) is not { } lease) return 0;
        await using (lease)
        {
            var sent = 0L;
            try
            {
                while (await feed.NextAsync(Portion, cancel) is { Count: > 0 } waiting)
                {
                    if (!await SendAsync(waiting, cancel)) break;
                    await feed.SentAsync(lease, [.. waiting.Select(w => w.Id)], cancel);
                    sent += waiting.Count;
                }
            }
            catch (SheetChangedException)
            {
                // The lease went to another node, which sends them again.
            }
            return sent;
        }
    }

    private async Task<bool> SendAsync(IReadOnlyList<WaitingAudit> waiting, CancellationToken cancel)
    {
        var reporter = new AuditReporter(settings.SourceId, new Uri(addresses.Base).Host, addresses.Fhir);
        var frames = new List<byte[]>(waiting.Count);
        foreach (var one in waiting)
        {
            // What was tampered with cannot be sent, and must not hold up the rest: the journal still has the entry.
            if (one.Entry is not { } entry) alarms.Raise("audit-feed-broken", one.Id, clock.GetUtcNow());
            else frames.Add(SyslogFrame.Of(DicomAuditWriter.Bytes(entry, reporter), entry.At, host, Environment.ProcessId));
        }
        if (frames.Count == 0 || await collector.SendAsync(frames, cancel) is not { } why)
        {
            if (failures > 0) log.CollectorBack();
            failures = 0;
            return true;
        }
        failures++;
        triedAt = clock.GetTimestamp();
        log.CollectorAway(why, failures);
        return false;
    }

    /// <summary>An absent collector is asked less and less often, each minute at the least.</summary>
    private bool IsTooEarly() => failures > 0 && clock.GetElapsedTime(triedAt) < (failures > 5 ? LongestWait : TimeSpan.FromSeconds(1 << failures));

    private void TellBehind(DateTimeOffset? oldest)
    {
        var now = clock.Now();
        var late = now - oldest > settings.Behind;
        if (late && !behind) alarms.Raise("audit-feed-behind", settings.SourceId, now);
        behind = late;
    }
}
