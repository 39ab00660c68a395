using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Cli.Checks;

/// <summary>The database answers, is ours, is up to date, opens with these keys, and its clock agrees with this machine's.</summary>
internal static class DatabaseChecks
{
    /// <summary>More than this between two machines makes logs and tokens disagree.</summary>
    private static readonly TimeSpan LargestDrift = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<Finding>> RunAsync(CliSettings settings, Surroundings around, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        InstallationState state;
        try
        {
            state = await InstallationState.ReadAsync(settings, cancel);
        }
        catch (CommandEndsException e)
        {
            return [new Finding(Weight.Wrong, e.Message, "Nothing works without it.", "Correct DSP_DATABASE, or start the database.")];
        }
        if (state.Stamp is null)
            return [new Finding(Weight.Wrong, state.Exists ? "The database holds tables that are not ours." : "The database is not initialised.", "There is no installation in it.", "Run 'dsp init', or correct DSP_DATABASE.")];
        if (state.Stamp == "demo")
            findings.Add(new Finding(Weight.Consider, "The database is stamped 'demo'.", "A server refuses it, and its tokens are not for real data.", "Use it for showing and trying only."));
        if (state.Migration < Migrator.Newest)
            findings.Add(new Finding(Weight.Wrong, $"The database is at migration {state.Migration}, this version needs {Migrator.Newest}.", "The server would migrate it at its next start.", "Make a backup, then run 'dsp migrate'."));
        if (state.Migration > Migrator.Newest)
            findings.Add(new Finding(Weight.Wrong, $"The database is at migration {state.Migration}, newer than this version's {Migrator.Newest}.", "An older version must not write to it.", "Run the newer version."));
        findings.AddRange(await KeysAsync(settings, cancel));
        if (settings.Embedded && !await IsLocalAsync(settings)) findings.Add(new Finding(Weight.Consider, "The embedded database cannot be locked.", "Another process is at work on it, for example the server.", "Nothing, where a server is meant to run."));
        if (!settings.Embedded) findings.AddRange(await ClockAsync(settings, around, cancel));
        return findings;
    }

    private static async Task<IReadOnlyList<Finding>> KeysAsync(CliSettings settings, CancellationToken cancel)
    {
        try
        {
            var folder = KeyFolder.Open(settings.KeyFolder);
            await using var database = Database.Open(settings.Database);
            using var keys = await ServiceKeys.OpenAsync(database, folder, cancel);
            return
            [
                .. (await RotateKeys.UsesAsync(database, folder, cancel)).Where(u => !u.Current && (u.Records > 0 || u.ServiceKeys > 0)).Select(u => u.RetiredAt is null
                    ? new Finding(Weight.Wrong, $"{u.Records} records and {u.ServiceKeys} own keys stand under epoch {u.Epoch}, which is not in the key folder.", "They cannot be opened.", "Restore the epoch's file from the key folder's safe copy.")
                    : new Finding(Weight.Consider, $"{u.Records} records and {u.ServiceKeys} own keys stand under the retired epoch {u.Epoch}.", "A rotation was interrupted.", "Run 'dsp keys rotate' again: it goes on.")),
            ];
        }
        catch (SealBrokenException)
        {
            return [new Finding(Weight.Wrong, $"The keys in {settings.KeyFolder} do not open this database.", "They belong to another installation, or an epoch is missing.", "Name the right key folder, or restore it from its own safe copy.")];
        }
        catch (InvalidOperationException)
        {
            // No key at all: the folder's own finding says so.
            return [];
        }
    }

    private static async Task<bool> IsLocalAsync(CliSettings settings)
    {
        using var held = await SqliteLock.TakeAsync(settings.Database, TimeSpan.Zero, CancellationToken.None);
        return held is not null;
    }

    private static async Task<IReadOnlyList<Finding>> ClockAsync(CliSettings settings, Surroundings around, CancellationToken cancel)
    {
        await using var database = Database.Open(settings.Database);
        // The only question to a database's clock: it decides nothing, it is compared.
        var there = (await database.QueryAsync(row => row.Instant(0), "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint)", cancel))[0];
        var drift = (there - around.Clock.GetUtcNow()).Duration();
        return drift <= LargestDrift ? [] :
        [
            new Finding(Weight.Wrong, $"The clocks of this machine and of the database's differ by {drift.TotalSeconds:0} s.", "Legal periods, tokens and leases are counted by this machine's clock.", "Synchronise both machines (NTP)."),
        ];
    }
}
