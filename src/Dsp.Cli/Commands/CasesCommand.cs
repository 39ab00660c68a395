using System.CommandLine;
using System.Globalization;
using Dsp.Access;

namespace Dsp.Cli.Commands;

/// <summary>What waits for a reviewer: accesses that their holder does not recognise, and self-opened emergencies; ids only.</summary>
internal static class CasesCommand
{
    public static Command Make(Surroundings around)
    {
        var command = new Command("cases", "Lists the open review cases: accesses that a holder does not recognise, self-opened emergencies. By ids, without content.").With(around, (_, settings, cancel) => ListAsync(around, settings, cancel));
        var number = new Argument<string>("number") { Description = "The case's number, as listed." };
        var settle = new Command("settle", "Takes an answered case off the list.") { number }.With(around, (parsed, settings, cancel) => SettleAsync(around, settings, parsed.GetValue(number)!, cancel));
        command.Subcommands.Add(settle);
        return command;
    }

    private static async Task<int> ListAsync(Surroundings around, CliSettings settings, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: false, cancel);
        var cases = await opened.Operation<ListReviewCases>().RunAsync(cancel);
        foreach (var one in cases)
        {
            around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Number}  {one.Kind}  {one.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC  record {one.Record}"));
            foreach (var (name, value) in one.Values.Where(v => v.Value.Length > 0)) around.Out.WriteLine($"           {name,-12} {value}");
        }
        around.Out.WriteLine(cases.Count == 1 ? "1 case is open." : $"{cases.Count} cases are open.");
        return ExitCode.Fine;
    }

    private static async Task<int> SettleAsync(Surroundings around, CliSettings settings, string number, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
        if ((await opened.Operation<SettleReviewCase>().RunAsync(number, cancel)).Refusal is not null) throw new CommandEndsException(ExitCode.Usage, $"No open case has the number {number}. 'dsp cases' lists them.");
        around.Out.WriteLine($"The case {number.ToUpperInvariant()} is off the list.");
        return ExitCode.Fine;
    }
}
