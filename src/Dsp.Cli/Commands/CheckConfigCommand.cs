using System.CommandLine;
using Dsp.Cli.Checks;

namespace Dsp.Cli.Commands;

/// <summary>Looks at settings, folders, database and clock, changes nothing, and explains every finding.</summary>
internal static class CheckConfigCommand
{
    public static Command Make(Surroundings around) =>
        new Command("check-config", "Checks settings, folders, residency, database and clock; changes nothing.").With(around, (_, settings, cancel) => RunAsync(around, settings, cancel));

    private static async Task<int> RunAsync(Surroundings around, CliSettings settings, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        findings.AddRange(FolderChecks.Run(settings));
        findings.AddRange(ResidencyChecks.Run(settings, around));
        findings.AddRange(await DatabaseChecks.RunAsync(settings, around, cancel));
        findings.AddRange(await WorkerChecks.RunAsync(cancel));
        foreach (var finding in findings) around.Out.WriteLine($"{Word(finding.Weight),-8} {finding.What}\n         {finding.Why}\n         Do: {finding.Do}");
        var wrong = findings.Count(f => f.Weight == Weight.Wrong);
        around.Out.WriteLine(findings.Count == 0 ? "Nothing was found." : $"{wrong} wrong, {findings.Count - wrong} to consider.");
        return wrong > 0 ? ExitCode.Findings : ExitCode.Fine;
    }

    private static string Word(Weight weight) => weight == Weight.Wrong ? "WRONG" : "CONSIDER";
}
