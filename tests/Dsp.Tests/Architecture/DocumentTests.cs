using System.Text.RegularExpressions;

using Dsp.Tests.Support;

using Xunit;

namespace Dsp.Tests.Architecture;

/// <summary>The documents stay true where a machine can see it.</summary>
public sealed class DocumentTests
{
    private const RegexOptions Plain = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private static readonly IReadOnlyList<string> Documents =
        [.. Directory.EnumerateFiles(Repository.Root, "*.md"), .. Repository.FilesBelow(Repository.PathOf("docs"), "*.md")];

    [Fact]
    public void Every_link_leads_to_a_file()
    {
        var broken =
            from document in Documents
            from Match link in Regex.Matches(File.ReadAllText(document), @"\]\((?<to>[^)#\s]+)", Plain)
            let target = link.Groups["to"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            let path = Path.Combine(Path.GetDirectoryName(document)!, target)
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{Repository.Relative(document)} links to {target}";

        Findings.None(broken);
    }

    [Fact]
    public void Every_table_is_explained()
    {
        var explained = File.ReadAllText(Repository.PathOf("docs", "implementation", "storage.md"));
        var missing =
            from file in Repository.FilesBelow(Repository.PathOf("src", "Dsp", "Storage", "Migrations"), "*.sql")
            from Match table in Regex.Matches(File.ReadAllText(file), @"CREATE TABLE (?<name>\w+)", Plain)
            where !explained.Contains($"`{table.Groups["name"].Value}`", StringComparison.Ordinal)
            select $"docs/implementation/storage.md does not explain {table.Groups["name"].Value}";

        Findings.None(missing);
    }

    [Fact]
    public void Every_run_time_package_has_its_line_in_the_decision()
    {
        var decided = File.ReadAllText(Repository.PathOf("docs", "decisions", "0003-packages.md"));
        var missing =
            from project in Projects.OfTheProduct
            from package in Projects.Items(project, "PackageReference")
            where !decided.Contains($"| {package} |", StringComparison.Ordinal)
            select $"{project} uses {package}: docs/decisions/0003-packages.md has no line for it";

        Findings.None(missing);
    }

    [Fact]
    public void Every_decision_stands_in_the_list()
    {
        var list = File.ReadAllText(Repository.PathOf("docs", "decisions", "README.md"));
        var missing =
            from file in Repository.FilesBelow(Repository.PathOf("docs", "decisions"), "0*.md")
            where !list.Contains(Path.GetFileName(file), StringComparison.Ordinal)
            select $"{Path.GetFileName(file)} is not in docs/decisions/README.md";

        Findings.None(missing);
    }

    [Fact]
    public void Every_requirement_has_its_row()
    {
        var rows = File.ReadAllText(Repository.PathOf("docs", "conformance", "requirements.md"));

        Findings.None(Enumerable.Range(1, 66).Where(number => !rows.Contains($"| R{number} |", StringComparison.Ordinal)).Select(number => $"R{number}"));
    }

    [Fact]
    public void The_counts_below_the_requirements_are_those_of_the_rows()
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "conformance", "requirements.md"));
        int Of(string state) => Regex.Count(text, $@"^\| R\d+ \|[^|]*\| {state} \|", Plain | RegexOptions.Multiline);

        Assert.Contains($"{Of("this release")} in this release, {Of("in part")} in part, {Of("later")} later.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_test_that_a_conformance_table_names_exists()
    {
        var tests = Repository.FilesBelow(Repository.PathOf("tests"), "*Tests.cs").Select(f => Repository.Relative(f)).ToList();
        var named = (
            from table in Repository.FilesBelow(Repository.PathOf("docs", "conformance"), "*.md")
            from Match cell in Regex.Matches(File.ReadAllText(table), @"\| (?<tests>[\w/]+Tests(, [\w/]+Tests)*) \|\r?$", Plain | RegexOptions.Multiline)
            from name in cell.Groups["tests"].Value.Split(", ")
            select (Table: Repository.Relative(table), Name: name)).ToList();

        Assert.True(named.Count > 60, $"Only {named.Count} tests are named: the pattern no longer fits the tables.");
        Findings.None(named.Where(n => !tests.Exists(t => t.EndsWith($"/{n.Name}.cs", StringComparison.Ordinal))).Select(n => $"{n.Table} names {n.Name}, which no test file is called"));
    }

    [Fact]
    public void Every_requirement_of_this_release_names_a_test()
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "conformance", "requirements.md"));

        Findings.None(Regex.Matches(text, @"^\| (?<number>R\d+) \|[^|]*\| this release \|[^|]*\| –", Plain | RegexOptions.Multiline).Select(row => row.Groups["number"].Value + " names no test"));
    }

    [Fact]
    public void Every_setting_stands_in_the_instructions()
    {
        var instructions = File.ReadAllText(Repository.PathOf("docs", "operations", "install.md"));
        var settings = (
            from file in new[] { "ServerSettings.cs", "SessionLimits.cs" }
            from Match read in Regex.Matches(File.ReadAllText(Repository.PathOf("src", "Dsp.Server", file)), @"(Find|Need|Within)\(nameof\((\w+\.)?(?<name>\w+)\)", Plain)
            select read.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(settings.Count > 15, $"Only {settings.Count} settings found: the pattern no longer fits the code.");
        Findings.None(settings.Where(name => !instructions.Contains($"| `{name}` |", StringComparison.Ordinal)).Select(name => $"docs/operations/install.md does not explain {name}"));
    }

    [Fact]
    public void Every_command_stands_in_the_instructions()
    {
        var instructions = File.ReadAllText(Repository.PathOf("docs", "operations", "run.md"));
        var commands =
            from file in Repository.FilesBelow(Repository.PathOf("src", "Dsp.Cli", "Commands"), "*Command.cs")
            let name = Regex.Match(File.ReadAllText(file), @"new Command\(""(?<name>[\w-]+)""", Plain).Groups["name"].Value
            where !instructions.Contains($"`dsp {name}`", StringComparison.Ordinal)
            select $"docs/operations/run.md does not explain dsp {name}";

        Findings.None(commands);
    }
}
