using Dsp.Access;
using Dsp.Documents;
using Dsp.Server.Audit;
using Dsp.Interop.Workers;
using Dsp.Journal;
using Dsp.Server.Wire;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Subscriptions;
using Dsp.Vault;

namespace Dsp.Server.Jobs;

/// <summary>What the process does by itself. Every node runs every job; leases and preconditions let one do each thing.</summary>
internal static class JobHosting
{
    private static readonly TimeSpan SweepLease = TimeSpan.FromMinutes(10);

    public static void AddJobs(this IServiceCollection services)
    {
        services.AddHostedService<FirstSummary>();
        // A journal entry is sealed within two seconds.
        services.AddJob("seal-journal", TimeSpan.FromSeconds(1), s =>
        {
            var sealer = ActivatorUtilities.CreateInstance<JournalSealer>(s);
            return async cancel => await sealer.SealOnceAsync(cancel);
        });
        services.AddJob("sweep-orphans", TimeSpan.FromMinutes(10), s => Sweep(s.GetRequiredService<Leases>(), s.GetRequiredService<ContentVault>()));
        services.AddJob("send-letters", TimeSpan.FromMinutes(1), s => Count(s.GetRequiredService<SendDueLetters>().RunAsync));
        // A letter deposited as PDF is found by its words some seconds later.
        services.AddJob("read-waiting", TimeSpan.FromSeconds(2), s => ReadText(s.GetRequiredService<ReadWaiting>(), s.GetRequiredService<ILoggerFactory>().CreateLogger("Dsp.Jobs")));
        services.AddJob("collect-notifications", TimeSpan.FromSeconds(5), s => s.GetRequiredService<CollectNotifications>().RunAsync);
        services.AddJob("send-notifications", TimeSpan.FromSeconds(5), s => cancel => s.GetRequiredService<SendNotifications>().RunAsync(s.GetRequiredService<SubscriberHooks>(), cancel));
        services.AddJob("send-audit", TimeSpan.FromSeconds(2), s => s.GetRequiredService<AuditSender>().RunAsync);
        services.AddJob("forget", TimeSpan.FromHours(1), s => Forget(s.GetRequiredService<ForgetSpent>()));
        services.AddJob("close-inactive", TimeSpan.FromHours(1), s => Count(s.GetRequiredService<CloseInactive>().RunAsync));
        services.AddJob("destroy-expired", TimeSpan.FromHours(1), s => async cancel => (await s.GetRequiredService<DestroyExpired>().RunAsync(cancel)).Count);
    }

    /// <summary>Each node's own clock: not a job that one of them does for all.</summary>
    public static void AddClockCheck(this IServiceCollection services) => services.AddJob("check-clock", TimeSpan.FromMinutes(5), s => s.GetRequiredService<ClockCheck>().RunAsync);

    private static Func<CancellationToken, Task<long>> Count(Func<CancellationToken, Task<int>> run) => async cancel => await run(cancel);

    private static Func<CancellationToken, Task<long>> ReadText(ReadWaiting read, ILogger log)
    {
        var told = false;
        return async cancel =>
        {
            // Once, where the operator looks: without the sandbox no scan is read.
            if (!told && (told = true) && (await Sandbox.StateAsync(cancel)).Missing is { } missing) log.ScansNotRead(missing);
            return await read.RunAsync(cancel);
        };
    }

    private static Func<CancellationToken, Task<long>> Forget(ForgetSpent forget) => async cancel =>
    {
        await forget.RunAsync(cancel);
        return 0;
    };

    private static Func<CancellationToken, Task<long>> Sweep(Leases leases, ContentVault vault) => async cancel =>
    {
        await using var lease = await leases.TakeAsync("sweep-orphans", SweepLease, cancel);
        return lease is null ? 0 : await vault.SweepOrphansAsync(cancel);
    };

    private static void AddJob(this IServiceCollection services, string name, TimeSpan pause, Func<IServiceProvider, Func<CancellationToken, Task<long>>> run) =>
        services.AddSingleton<IHostedService>(s => new RepeatedJob(
            name, pause, run(s), s.GetRequiredService<Alarms>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>().CreateLogger("Dsp.Jobs")));
}
