using System.CommandLine;
using Dsp.Cli.Commands;
using Dsp.Storage;

namespace Dsp.Cli;

/// <summary>Every command, and how each ends.</summary>
internal static class CommandTree
{
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] words, Surroundings around, CancellationToken cancel)
    {
        var root = new RootCommand("Operates an installation of the DSP. Settings come from options, DSP_* or appsettings.json.");
        root.Options.Add(CliSettings.DataFolderOption);
        root.Options.Add(CliSettings.KeyFolderOption);
        root.Options.Add(CliSettings.DatabaseOption);
        foreach (var command in new[]
        {
            InitCommand.Make(around), MigrateCommand.Make(around), ImportCommand.Make(around), ClientCommand.Make(around), TokenCommand.Make(around), VerifyCommand.Make(around),
            KeysCommand.Make(around), SweepCommand.Make(around), ReindexCommand.Make(around), ReportsCommand.Make(around), WorkerCommand.Make(around), SelfTestCommand.Make(around), CasesCommand.Make(around), StoppedCommand.Make(around), CheckConfigCommand.Make(around),
        })
            root.Subcommands.Add(command);
        var parsed = root.Parse(words);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) around.Error.WriteLine(error.Message);
            around.Error.WriteLine("Run the command with --help for its options.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = around.Out, Error = around.Error, EnableDefaultExceptionHandler = false }, cancel);
        }
        catch (CommandEndsException e)
        {
            around.Error.WriteLine(e.Message);
            return e.Code;
        }
        catch (StorageUnavailableException e)
        {
            around.Error.WriteLine("The database is not available: " + (e.InnerException?.Message ?? e.Message) + " Nothing that was reported as done is lost; run this again.");
            return ExitCode.Busy;
        }
        catch (OperationCanceledException)
        {
            around.Error.WriteLine("Stopped. What was reported as done stays done; run this again to go on.");
            return ExitCode.Busy;
        }
    }

    /// <summary>A command whose action gets its settings.</summary>
    public static Command With(this Command command, Surroundings around, Func<ParseResult, CliSettings, CancellationToken, Task<int>> action)
    {
        command.SetAction((parsed, cancel) => action(parsed, CliSettings.Of(parsed, around), cancel));
        return command;
    }
}
