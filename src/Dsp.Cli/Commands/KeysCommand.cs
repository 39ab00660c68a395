using System.CommandLine;
using System.Globalization;
using Dsp.Sealing;

namespace Dsp.Cli.Commands;

/// <summary>The key epochs: what stands under each, a new one, and the end of a retired one (security §1).</summary>
internal static class KeysCommand
{
    /// <summary>How long backups made under a retired epoch may still be needed.</summary>
    private static readonly TimeSpan BackupHorizon = TimeSpan.FromDays(35);

    private static readonly Argument<int> Epoch = new("EPOCH") { Description = "The number of a retired epoch." };
    private static readonly Option<bool> Early = new("--before-horizon") { Description = "Destroy although backups of the last 35 days would become unreadable." };

    public static Command Make(Surroundings around)
    {
        var keys = new Command("keys", "Shows, rotates and destroys key epochs.");
        keys.Subcommands.Add(new Command("list", "Shows the epochs and what stands under each.").With(around, (_, settings, cancel) => ListAsync(around, settings, cancel)));
        keys.Subcommands.Add(new Command("rotate", "Begins a new epoch and rewraps every record's key and the installation's own under it.")
            .With(around, (_, settings, cancel) => RotateAsync(around, settings, cancel)));
        var destroy = new Command("destroy", "Destroys a retired epoch: what is still wrapped under it, in any backup, is unreadable for ever.");
        destroy.Arguments.Add(Epoch);
        destroy.Options.Add(Early);
        keys.Subcommands.Add(destroy.With(around, (parsed, settings, cancel) => DestroyAsync(around, settings, parsed.GetValue(Epoch), parsed.GetValue(Early), cancel)));
        return keys;
    }

    private static async Task<int> ListAsync(Surroundings around, CliSettings settings, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: false, cancel);
        around.Out.WriteLine("Epoch  Records     Own keys  State");
        foreach (var use in await RotateKeys.UsesAsync(opened.Platform.Database, Folder(opened), cancel))
            around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{use.Epoch,5}  {use.Records,-10}  {use.ServiceKeys,-8}  {StateOf(use)}"));
        return ExitCode.Fine;
    }

    private static async Task<int> RotateAsync(Surroundings around, CliSettings settings, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
        var folder = Folder(opened);
        var uses = await RotateKeys.UsesAsync(opened.Platform.Database, folder, cancel);
        // An interrupted rotation is finished before another epoch begins.
        var unfinished = folder.Epochs.Count > 1 && uses.Any(u => !u.Current && (u.Records > 0 || u.ServiceKeys > 0));
        if (unfinished) around.Out.WriteLine($"An earlier rotation to epoch {folder.CurrentEpoch} was not finished: going on with it.");
        else around.Out.WriteLine($"Epoch {folder.BeginEpoch()} has begun.");
        var end = await opened.Operation<RotateKeys>().RunAsync(
            p => around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {p.Rewrapped} records rewrapped, {p.Left} left")), cancel)
            ?? throw new CommandEndsException(ExitCode.Busy, "Another process rotates the keys. Nothing was rewrapped by this one.");
        around.Out.WriteLine($"Everything stands under epoch {end.Epoch} ({end.Rewrapped} records rewrapped now). Copy the key folder to its safe place.");
        around.Out.WriteLine($"Former epochs may be destroyed after the backup horizon of {BackupHorizon.TotalDays:0} days: dsp keys destroy EPOCH.");
        return ExitCode.Fine;
    }

    private static async Task<int> DestroyAsync(Surroundings around, CliSettings settings, int epoch, bool early, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
        var folder = Folder(opened);
        var use = (await RotateKeys.UsesAsync(opened.Platform.Database, folder, cancel)).FirstOrDefault(u => u.Epoch == epoch);
        if (use is null || !folder.Epochs.Contains(epoch)) throw new CommandEndsException(ExitCode.Usage, $"Epoch {epoch} is not in the key folder. See 'dsp keys list'.");
        if (use.Current) throw new CommandEndsException(ExitCode.Refused, $"Epoch {epoch} is the current one. Run 'dsp keys rotate' first.");
        if (use.Records > 0 || use.ServiceKeys > 0)
            throw new CommandEndsException(ExitCode.Refused, $"{use.Records} records and {use.ServiceKeys} own keys still stand under epoch {epoch}. Run 'dsp keys rotate' to its end first.");
        if (!early && use.RetiredAt is { } retired && around.Clock.GetUtcNow() < retired + BackupHorizon)
            throw new CommandEndsException(ExitCode.Refused, string.Create(CultureInfo.InvariantCulture,
                $"Epoch {epoch} was retired on {retired:yyyy-MM-dd}; backups older than that still need it until {retired + BackupHorizon:yyyy-MM-dd}. To destroy it now and give them up, add --before-horizon."));
        folder.DestroyEpoch(epoch);
        around.Out.WriteLine($"Epoch {epoch} is destroyed. Destroy its safe copies too: until then this is not final.");
        return ExitCode.Fine;
    }

    private static KeyFolder Folder(Installation opened) => (KeyFolder)opened.Platform.KeyProvider;

    private static string StateOf(EpochUse use) => use switch
    {
        { Current: true } => "current",
        { RetiredAt: null } => "destroyed, still named: what stands under it is unreadable",
        { Records: > 0 } or { ServiceKeys: > 0 } => "retired, rotation not finished",
        _ => string.Create(CultureInfo.InvariantCulture, $"retired since {use.RetiredAt:yyyy-MM-dd}, may be destroyed from {use.RetiredAt + BackupHorizon:yyyy-MM-dd}"),
    };
}
