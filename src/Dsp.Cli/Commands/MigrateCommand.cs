using System.CommandLine;
using System.Globalization;
using Dsp.Storage;

namespace Dsp.Cli.Commands;

/// <summary>Brings the schema forward to this version's; each migration runs whole or not at all.</summary>
internal static class MigrateCommand
{
    public static Command Make(Surroundings around) =>
        new Command("migrate", "Brings the database's schema to this version. Make a backup first; there is no way back.").With(around, (_, settings, cancel) => RunAsync(around, settings, cancel));

    private static async Task<int> RunAsync(Surroundings around, CliSettings settings, CancellationToken cancel)
    {
        var before = await InstallationState.ReadAsync(settings, cancel);
        if (before.Stamp is null) throw new CommandEndsException(ExitCode.Usage, "There is no installation here yet. Run 'dsp init'.");
        if (before.Migration == Migrator.Newest)
        {
            around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The database is at migration {before.Migration} already."));
            return ExitCode.Fine;
        }
        await using var opened = await Installation.OpenCheckedAsync(settings, around, before.Stamp == "demo", writes: true, cancel);
        around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Migrated from {before.Migration} to {Migrator.Newest}."));
        return ExitCode.Fine;
    }
}
