using System.CommandLine;
using System.Net;
using System.Text.Json;
using Dsp.Cli.SelfTest;

namespace Dsp.Cli.Commands;

/// <summary>The first phase of conformity, at a vendor's own desk: the software works against the demo, and each rule is told as held, broken or not shown.</summary>
internal static class SelfTestCommand
{
    public static Command Make(Surroundings around)
    {
        var demo = new Option<string>("--demo") { Description = "The demo's demo.json.", DefaultValueFactory = _ => Path.Combine("data", "demo", "demo.json") };
        var port = new Option<int>("--port") { Description = "Where the software under test sends its calls, on loopback.", DefaultValueFactory = _ => 8090 };
        var role = new Option<string>("--role") { Description = "deposit, read or both.", DefaultValueFactory = _ => "both" };
        role.AcceptOnlyFromAmong("deposit", "read", "both");
        var report = new Option<string?>("--report") { Description = "A file for the findings as JSON." };
        var command = new Command("selftest", "Stands before a running demo, notes what your software does, and says on Ctrl-C which rules of connecting software it kept. Needs no installation.") { demo, port, role, report };
        command.SetAction((parsed, cancel) => RunAsync(around, parsed.GetValue(demo)!, parsed.GetValue(port), parsed.GetValue(role)!, parsed.GetValue(report), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings around, string demoFile, int port, string role, string? report, CancellationToken cancel)
    {
        var demo = BaseOf(demoFile);
        var own = $"http://127.0.0.1:{port.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        using var proxy = Open(demo, own);
        around.Out.WriteLine($"Let your software call {own}/fhir in place of {demo}/fhir, with a token of {demoFile}. End with Ctrl-C.");
        await proxy.ServeAsync(cancel);
        var findings = SelfTestRules.Judge(proxy.Run, role);
        foreach (var (rule, held, why) in findings)
            around.Out.WriteLine($"{(held switch { true => "held     ", false => "BROKEN   ", _ => "not shown" })}  {rule.Id,-9} {rule.Sentence} ({rule.Source}){(why is null ? "" : $": {why}")}");
        around.Out.WriteLine($"{findings.Count(f => f.Held == true)} of {findings.Count} rules held in {proxy.Run.Count} calls.");
        if (report is not null)
            await File.WriteAllTextAsync(report, JsonSerializer.Serialize(findings.Select(f => new { id = f.Rule.Id, sentence = f.Rule.Sentence, source = f.Rule.Source, held = f.Held, why = f.Why }), Indented), CancellationToken.None);
        return findings.All(f => f.Held == true) ? ExitCode.Fine : ExitCode.Findings;
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static SelfTestProxy Open(string demo, string own)
    {
        try
        {
            return new SelfTestProxy(demo, own);
        }
        catch (HttpListenerException)
        {
            throw new CommandEndsException(ExitCode.Usage, $"{own} is taken. Name another port with --port.");
        }
    }

    private static string BaseOf(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var found = json.RootElement.GetProperty("base").GetString()!.TrimEnd('/');
            return Uri.TryCreate(found, UriKind.Absolute, out var demo) && demo.IsLoopback ? found : throw new JsonException("Not a demo");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandEndsException(ExitCode.Usage, $"{file} is no file of a running demo. Start one with ./dsp demo, or name its file with --demo.");
        }
    }
}
