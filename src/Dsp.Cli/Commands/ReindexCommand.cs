using System.CommandLine;
using Dsp.Documents;

namespace Dsp.Cli.Commands;

/// <summary>Has the software read documents again after an update that reads more in them; shows nothing of them to anyone.</summary>
internal static class ReindexCommand
{
    public static Command Make(Surroundings around)
    {
        var name = new Option<string>("--operator") { Description = "Your name, as it will stand in the history of every record that is read.", Required = true };
        var command = new Command("reindex", "Reads the facts, words and text of documents again that older rules have read. Each record's history says so, with the operator's name.").With(around, async (parsed, settings, cancel) =>
        {
            if (parsed.GetValue(name)?.Trim() is not { Length: > 0 and <= 100 } by) throw new CommandEndsException(ExitCode.Usage, "Name the operator in 1 to 100 characters: --operator \"Name\".");
            await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
            var done = await opened.Operation<ReindexDocuments>().RunAsync(by, null, cancel);
            around.Out.WriteLine($"{done.Documents} documents of {done.Records} records were read again.");
            if (done.Failed == 0) return ExitCode.Fine;
            around.Error.WriteLine($"{done.Failed} contents did not open and stay as they were read before; 'dsp verify' and the log name them.");
            return ExitCode.Findings;
        });
        command.Options.Add(name);
        return command;
    }
}
