using System.CommandLine;
using Dsp.Interop.Workers;

namespace Dsp.Cli.Commands;

/// <summary>Tries the worker on this machine: what it reads, behind which walls, in which languages.</summary>
internal static class WorkerCommand
{
    public static Command Make(Surroundings around)
    {
        var command = new Command("worker", "Tries whether PDF and scans can be read on this machine, and says what is missing. Needs no installation.");
        command.SetAction((_, cancel) => TryAsync(around, cancel));
        return command;
    }

    private static async Task<int> TryAsync(Surroundings around, CancellationToken cancel)
    {
        var state = await Sandbox.StateAsync(cancel);
        around.Out.WriteLine("Sandbox: " + (state.Isolated ? "bubblewrap starts" : "none"));
        around.Out.WriteLine("Text of PDF: " + (state.Isolated ? "read in the sandbox" : "read in a process of its own, without walls"));
        around.Out.WriteLine("Scans: " + (state.ReadsScans ? "read in " + string.Join(", ", state.Languages) : "not read"));
        around.Out.WriteLine("Scanned pages of PDF: " + (state is { ReadsScans: true, Pages: true } ? "read" : "not read"));
        if (state.Missing is { } missing) around.Out.WriteLine(missing);
        return state.Missing is null ? ExitCode.Fine : ExitCode.Findings;
    }
}
