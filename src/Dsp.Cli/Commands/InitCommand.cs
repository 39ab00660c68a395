using System.CommandLine;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Cli.Commands;

/// <summary>
/// Makes an installation: folders, the first key epoch, the schema, the stamp « real » and the installation's own keys.
/// Repeating it changes nothing.
/// </summary>
internal static class InitCommand
{
    public static Command Make(Surroundings around) =>
        new Command("init", "Makes folders, the first key epoch and the database of a new installation.").With(around, (_, settings, cancel) => RunAsync(around, settings, cancel));

    private static async Task<int> RunAsync(Surroundings around, CliSettings settings, CancellationToken cancel)
    {
        if (Folders.IsBelow(settings.KeyFolder, settings.DataFolder))
            throw new CommandEndsException(ExitCode.Usage, $"The key folder {settings.KeyFolder} lies below the data folder {settings.DataFolder}: a copy of the data would hold the keys. Name another place.");
        var state = await InstallationState.ReadAsync(settings, cancel);
        if (state.Exists && state.Stamp is null) throw new CommandEndsException(ExitCode.Refused, "The database holds tables that are not ours. Name an empty one.");
        if (state.Stamp == "demo") throw new CommandEndsException(ExitCode.Refused, "The database is stamped 'demo'. A real installation needs a database of its own.");
        var hasEpochs = Directory.Exists(settings.KeyFolder) && Directory.EnumerateFiles(settings.KeyFolder, "epoch-*.key").Any();
        if (state.HasKeys && !hasEpochs)
            throw new CommandEndsException(ExitCode.Usage, $"The database is initialised, but {settings.KeyFolder} holds no key epoch. Restore the key folder from its own safe copy; a new epoch would open nothing.");
        if (state is { HasKeys: true, Stamp: "real" } && state.Migration == Migrator.Newest)
        {
            around.Out.WriteLine("The installation is initialised already; nothing was changed.");
            return ExitCode.Fine;
        }
        Folders.MakePrivate(settings.DataFolder);
        KeyFolder.OpenOrCreate(settings.KeyFolder);
        await using var opened = await Installation.OpenCheckedAsync(settings, around, demo: false, writes: true, cancel);
        around.Out.WriteLine($"Data folder   {settings.DataFolder}");
        around.Out.WriteLine($"Key folder    {settings.KeyFolder}  (epoch {opened.Platform.KeyProvider.CurrentEpoch}; copy it to a safe place of its own, never with the data)");
        around.Out.WriteLine($"Database      {opened.Platform.Database.Dialect}, migration {Migrator.Newest}, stamped 'real'");
        around.Out.WriteLine("Next: dsp check-config, then dsp import professionals, institutions, memberships, systems, agents.");
        return ExitCode.Fine;
    }
}
