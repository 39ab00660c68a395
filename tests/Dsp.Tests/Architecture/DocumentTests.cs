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
}
