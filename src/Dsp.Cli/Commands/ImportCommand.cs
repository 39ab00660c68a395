using System.CommandLine;
using System.Globalization;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Records;

namespace Dsp.Cli.Commands;

/// <summary>
/// Imports the registers and the affiliation feed from files. A line is taken whole or told with its reason; the same file
/// again changes nothing.
/// </summary>
internal static class ImportCommand
{
    private static readonly Dictionary<string, DirectoryKind> Kinds = new(StringComparer.Ordinal)
    {
        ["institutions"] = DirectoryKind.Institutions,
        ["professionals"] = DirectoryKind.Professionals,
        ["memberships"] = DirectoryKind.Memberships,
        ["systems"] = DirectoryKind.Systems,
        ["agents"] = DirectoryKind.Agents,
        ["clients"] = DirectoryKind.Clients,
        ["domains"] = DirectoryKind.Domains,
    };

    private static readonly Option<string?> Authority = new("--system") { Description = "The registered authority whose feed it is, by name; needed where there is more than one." };

    public static Command Make(Surroundings around)
    {
        var import = new Command("import", "Imports a register (CSV) or the affiliation feed (CSV or NDJSON).");
        foreach (var (name, kind) in Kinds)
        {
            var file = FileArgument();
            var command = new Command(name, $"Imports the {name} of a CSV file whose first line names the columns, or of a JSON array.");
            command.Arguments.Add(file);
            import.Subcommands.Add(command.With(around, (parsed, settings, cancel) => DirectoryAsync(around, settings, kind, parsed.GetValue(file)!, cancel)));
        }
        var feed = FileArgument();
        var affiliations = new Command("affiliations", "Takes an affiliation feed; a name ending in .csv is CSV, any other NDJSON.");
        affiliations.Arguments.Add(feed);
        affiliations.Options.Add(Authority);
        import.Subcommands.Add(affiliations.With(around, (parsed, settings, cancel) => AffiliationsAsync(around, settings, parsed.GetValue(feed)!, parsed.GetValue(Authority), cancel)));
        return import;
    }

    private static Argument<string> FileArgument() => new("FILE") { Description = "The file; - reads standard input." };

    private static async Task<int> DirectoryAsync(Surroundings around, CliSettings settings, DirectoryKind kind, string file, CancellationToken cancel)
    {
        using var csv = Open(file);
        await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
        var import = await opened.Operation<ImportDirectory>().RunAsync(kind, csv, cancel);
        around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {import.Added} added, {import.Changed} changed, {import.Unchanged} unchanged, {import.Rejected.Count} not taken."));
        foreach (var line in import.Rejected) around.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {line.Line}: {line.Reason}"));
        return import.Rejected.Count > 0 ? ExitCode.Findings : ExitCode.Fine;
    }

    private static async Task<int> AffiliationsAsync(Surroundings around, CliSettings settings, string file, string? name, CancellationToken cancel)
    {
        using var feed = Open(file);
        await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
        var authority = await AuthorityAsync(opened, name, cancel);
        var caller = new Caller { Kind = CallerKind.System, System = authority.Id, Institution = authority.Institution, Software = authority.Name };
        var format = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? FeedFormat.Csv : FeedFormat.Ndjson;
        var outcome = await opened.Operation<ReceiveAffiliations>().RunAsync(caller, format, feed, cancel);
        if (outcome.Refusal is { } refusal) throw new CommandEndsException(ExitCode.Refused, $"{refusal.Id}: {refusal.Text}");
        var answer = outcome.Value;
        around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{answer.Received} lines: {answer.Created} records created, {answer.Changed} changed, {answer.Known} known, {answer.Suppressed} objected to before, {answer.Quarantined} kept aside, {answer.Replayed} of them sent before."));
        foreach (var line in answer.Rejected) around.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {line.Line}, id {line.Id ?? "-"}: {line.Reason}"));
        return answer.Quarantined > 0 ? ExitCode.Findings : ExitCode.Fine;
    }

    private static async Task<SystemRow> AuthorityAsync(Installation opened, string? name, CancellationToken cancel)
    {
        var authorities = (await opened.Platform.Directories.SystemsAsync(cancel)).Where(s => s.Role == "authority" && (name is null || s.Name == name)).ToList();
        return authorities switch
        {
            [var one] => one,
            [] => throw new CommandEndsException(ExitCode.Usage, name is null ? "No authority is registered. Import it with the systems, role 'authority'." : $"No authority is registered under the name {name}."),
            _ => throw new CommandEndsException(ExitCode.Usage, "More than one authority is registered: say which with --system."),
        };
    }

    private static TextReader Open(string file)
    {
        if (file == "-") return Console.In;
        if (!File.Exists(file)) throw new CommandEndsException(ExitCode.Usage, $"There is no file {file}.");
        return new StreamReader(file);
    }
}
