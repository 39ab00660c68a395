using System.CommandLine;
using System.Globalization;
using Dsp.Documents;

namespace Dsp.Cli.Commands;

/// <summary>What sources could do better, in numbers: for talking with a source, without a patient or a document.</summary>
internal static class ReportsCommand
{
    public static Command Make(Surroundings around)
    {
        var days = new Option<int>("--days") { Description = "Deposits of so many days back.", DefaultValueFactory = _ => 30 };
        var command = new Command("reports", "Counts, by source, the documents in which something was found: codes that are missing, parts that could not be read, a possible wrong patient.").With(around, async (parsed, settings, cancel) =>
        {
            if (parsed.GetValue(days) is not (> 0 and <= 36500) and var given) throw new CommandEndsException(ExitCode.Usage, $"{given} is no number of days: give 1 to 36500.");
            await using var opened = await Installation.OpenAsync(settings, around, writes: false, cancel);
            var counted = await opened.Operation<CountDepositReports>().RunAsync(around.Clock.GetUtcNow().AddDays(-parsed.GetValue(days)), cancel);
            foreach (var one in counted) around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Documents,7}  {one.Finding,-24}  {one.Name ?? one.Source.ToString()}"));
            if (counted.Count == 0) around.Out.WriteLine("Nothing was found.");
            return ExitCode.Fine;
        });
        command.Options.Add(days);
        return command;
    }
}
