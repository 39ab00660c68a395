using System.CommandLine;

namespace Dsp.Cli.Commands;

/// <summary>Removes contents that a crash left without a document; the server does the same every hour.</summary>
internal static class SweepCommand
{
    public static Command Make(Surroundings around) =>
        new Command("sweep", "Removes stored contents that no document names and that are older than an hour.").With(around, async (_, settings, cancel) =>
        {
            await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
            var removed = await opened.Platform.Vault.SweepOrphansAsync(cancel);
            around.Out.WriteLine(removed == 1 ? "1 orphan was removed." : $"{removed} orphans were removed.");
            return ExitCode.Fine;
        });
}
