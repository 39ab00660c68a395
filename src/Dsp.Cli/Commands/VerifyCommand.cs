using System.CommandLine;
using System.Globalization;
using Dsp.Journal;

namespace Dsp.Cli.Commands;

/// <summary>Walks and proves the journal, beside a working server or without one; ends with 1 where something was found.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string?> Sink = new("--sink") { Description = "The sink to compare with, for example a copy kept elsewhere (usual: DSP_SINKFILE)." };

    public static Command Make(Surroundings around)
    {
        var command = new Command("verify", "Proves the journal: chain, signatures, sink, entries, bodies and the numbers of every run.");
        command.Options.Add(Sink);
        command.SetAction((parsed, cancel) => RunAsync(around, CliSettings.Of(parsed, around, parsed.GetValue(Sink)), parsed.GetValue(Sink), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings around, CliSettings settings, string? sink, CancellationToken cancel)
    {
        if (sink is not null && !File.Exists(sink)) throw new CommandEndsException(ExitCode.Usage, $"There is no sink at {sink}.");
        await using var opened = await Installation.OpenAsync(settings, around, writes: false, cancel);
        var report = await opened.Operation<VerifyJournal>().RunAsync(cancel);
        var lines = new (string Name, long Figure)[]
        {
            ("Entries", report.Entries), ("Sealed", report.Sealed), ("Waiting to be sealed", report.Waiting), ("Signed heads", report.Heads), ("Heads in the sink", report.SinkHeads),
            ("Bodies opened", report.Bodies), ("Bodies erased in their time", report.BodiesErased), ("Bodies whose key is gone", report.KeysGone), ("Runs of the process", report.Runs),
        };
        foreach (var (name, figure) in lines) around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {figure,12}"));
        around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"Chain and entries",-28} {report.ChainTime.TotalSeconds,12:0.00} s"));
        around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"Bodies and signatures",-28} {report.BodyTime.TotalSeconds,12:0.00} s"));
        if (report.Sealed > 0 && report.SinkHeads == 0) around.Out.WriteLine($"No head of the sink was compared: there is none at {settings.SinkFile}.");
        foreach (var finding in report.Findings) around.Out.WriteLine(Told(finding));
        if (report.FindingCount > report.Findings.Count) around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"... and {report.FindingCount - report.Findings.Count} more."));
        around.Out.WriteLine(report.Clean
            ? "Clean: order and inclusion hold."
            : string.Create(CultureInfo.InvariantCulture, $"{report.FindingCount} findings: somebody wrote past the product, or a part is missing. Keep database and sink as they are."));
        return report.Clean ? ExitCode.Fine : ExitCode.Findings;
    }

    private static string Told(JournalFinding finding) => string.Join(' ', new[]
    {
        $"FOUND {finding.Kind}: {finding.Text}.",
        finding.Index is { } index ? string.Create(CultureInfo.InvariantCulture, $"index {index}") : null,
        finding.Entry is { } entry ? "entry " + Ids.Text(entry) : null,
        finding.Record is { } record ? $"record {record}" : null,
    }.OfType<string>());
}
