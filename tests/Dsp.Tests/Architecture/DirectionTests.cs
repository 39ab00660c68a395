using System.Reflection;
using System.Text.RegularExpressions;

using Dsp.Tests.Support;

using Xunit;

namespace Dsp.Tests.Architecture;

/// <summary>Which part may know which: between the projects, and inside the platform between its folders.</summary>
public sealed class DirectionTests
{
    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Dsp"] = [],
        ["Dsp.Worker"] = [],
        ["Dsp.Interop"] = ["Dsp", "Dsp.Worker"],
        ["Dsp.Ui"] = ["Dsp"],
        ["Dsp.Server"] = ["Dsp", "Dsp.Interop", "Dsp.Ui"],
        ["Dsp.Cli"] = ["Dsp", "Dsp.Interop", "Dsp.Ui"],
        ["Dsp.Demo"] = ["Dsp", "Dsp.Interop", "Dsp.Ui", "Dsp.Server"],
    };

    [Fact]
    public void Projects_reference_only_what_lies_below_them()
    {
        var wrong =
            from project in Projects.OfTheProduct
            from reference in Projects.DirectReferences(project)
            where !(MayReference.TryGetValue(project, out var allowed) && allowed.Contains(reference))
            select $"{project} references {reference}";

        Findings.None(wrong);
    }

    [Fact]
    public void Every_project_of_the_product_has_its_place_in_the_order() =>
        Assert.Equal(MayReference.Keys.Order(StringComparer.Ordinal), Projects.OfTheProduct.Order(StringComparer.Ordinal));

    [Fact]
    public void The_published_server_does_not_contain_the_demo()
    {
        Assert.DoesNotContain("Dsp.Demo", Projects.PublishedWith("Dsp.Server"));
        Assert.DoesNotContain("Dsp.Demo", Projects.PublishedWith("Dsp.Cli"));
        Findings.None(FilesWith(@"\bDsp\.Demo\b", ["src", "Dsp.Server"], ["src", "Dsp.Cli"]));
    }

    [Fact]
    public void The_platform_needs_the_base_library_and_the_database_drivers_only()
    {
        string[] drivers = ["Microsoft.Data.Sqlite", "Npgsql"];

        Assert.Empty(Projects.Items("Dsp", "PackageReference").Except(drivers, StringComparer.Ordinal));
        Assert.Empty(Projects.Items("Dsp", "FrameworkReference"));
    }

    [Fact]
    public void The_platform_knows_neither_http_nor_a_wire_format()
    {
        string[] outside = ["Microsoft.AspNetCore", "System.Net.Http", "Hl7.Fhir", "Microsoft.IdentityModel"];
        var referenced = Platform.GetReferencedAssemblies().Select(name => name.Name ?? "");

        Assert.DoesNotContain(referenced, name => outside.Any(part => name.StartsWith(part, StringComparison.Ordinal)));
        Findings.None(FilesWith(@"\b(Microsoft\.AspNetCore|System\.Net\.Http|HttpContext|HttpRequest|HttpResponse|HttpStatusCode|Hl7\.Fhir)\b", ["src", "Dsp"]));
    }

    [Fact]
    public void The_formats_know_neither_store_nor_server() =>
        Findings.None(FilesWith(@"\b(Dsp\.Storage|Dsp\.Vault|System\.Data|Npgsql|Microsoft\.AspNetCore)\b", ["src", "Dsp.Interop"]));

    [Fact]
    public void Inside_the_platform_a_folder_uses_only_the_folders_above_it()
    {
        var types = FolderOrder.Folders.ToDictionary(folder => folder, folder => FolderOrder.TypesOf(Platform, folder), StringComparer.Ordinal);
        var wrong =
            from file in Repository.CSharpFiles("src", "Dsp")
            let folder = Path.GetFileName(file) == "Platform.cs" ? FolderOrder.Folders[^1] : FolderOf(file)
            from use in FolderOrder.UsesAgainstOrder(folder, SourceText.CodeOf(file), used => types[used])
            select $"{Repository.Relative(file)}:{use.Line} uses {use.Folder}";

        Findings.None(wrong);
    }

    [Fact]
    public void A_part_of_the_platform_does_not_know_the_platform() =>
        Findings.None(FilesWith(@"\b(Platform|PlatformSettings)\b", [.. FolderOrder.PartsOfThePlatform.Select(folder => new[] { "src", "Dsp", folder })]));

    [Fact]
    public void A_file_of_the_platform_lies_in_a_known_folder_and_carries_its_namespace()
    {
        var wrong =
            from file in Repository.CSharpFiles("src", "Dsp")
            let folder = FolderOf(file)
            let expected = folder.Length == 0 ? @"namespace Dsp;" : $@"namespace Dsp\.{folder}(\.\w+)*;"
            where (folder.Length > 0 && !FolderOrder.Folders.Contains(folder)) || !OneNamespace(SourceText.CodeOf(file), expected)
            select Repository.Relative(file);

        Findings.None(wrong);
    }

    [Theory]
    [InlineData("Codes", "using Dsp.Access;", "Access")]
    [InlineData("Access", "using static Dsp.Vault.Chunks;", "Vault")]
    [InlineData("Journal", "var one = new Documents.Deposit();", "Documents")]
    [InlineData("", "global::Dsp.Codes.Category category;", "Codes")]
    [InlineData("Vault", "using Dsp.Access;", null)]
    [InlineData("Access", "bundle.Documents.Deposit(); Documents.Count();", null)]
    [InlineData("Access", "// using Dsp.Vault;\nvar text = \"Dsp.Vault.Chunks\";", null)]
    public void The_scan_finds_a_use_against_the_order(string folder, string source, string? found)
    {
        var uses = FolderOrder.UsesAgainstOrder(folder, SourceText.WithoutCommentsAndStrings(source), used => used == "Documents" ? new HashSet<string> { "Deposit" } : new HashSet<string>());

        Assert.Equal(found, uses.Select(use => use.Folder).SingleOrDefault());
    }

    private static Assembly Platform { get; } = Assembly.Load("Dsp");

    private static string FolderOf(string file)
    {
        var parts = Repository.Relative(file).Split('/');
        return parts.Length > 3 ? parts[2] : "";
    }

    private static bool OneNamespace(string code, string pattern) =>
        !code.Contains("namespace", StringComparison.Ordinal) || Matches(pattern).IsMatch(code);

    private static IEnumerable<string> FilesWith(string pattern, params string[][] folders) =>
        from folder in folders
        from file in Repository.CSharpFiles(folder)
        where Matches(pattern).IsMatch(SourceText.CodeOf(file))
        select Repository.Relative(file);

    private static Regex Matches(string pattern) => new(pattern, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
