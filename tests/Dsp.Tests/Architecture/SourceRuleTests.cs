using Dsp.Tests.Support;

using Xunit;

namespace Dsp.Tests.Architecture;

/// <summary>Rules on the text of the product's files.</summary>
public sealed class SourceRuleTests
{
    private const int Usual = 300;
    private const int Most = 500;

    [Fact]
    public void Stored_text_is_never_written_as_raw_markup()
    {
        var raw =
            from file in ProductFiles("*.cs").Concat(ProductFiles("*.cshtml"))
            let text = file.EndsWith(".cs", StringComparison.Ordinal) ? SourceText.CodeOf(file) : File.ReadAllText(file)
            where text.Contains("Html.Raw", StringComparison.Ordinal)
            select Repository.Relative(file);

        Findings.None(raw);
    }

    [Fact]
    public void No_file_is_too_long_to_be_read_at_once()
    {
        var tooLong =
            from file in ProductFiles("*.cs").Concat(ProductFiles("*.cshtml"))
            let lines = File.ReadLines(file).Count()
            where lines > Most
            select $"{Repository.Relative(file)} has {lines} lines, more than {Most}";

        Findings.None(tooLong);
    }

    [Fact]
    public void Nine_files_in_ten_are_under_three_hundred_lines()
    {
        var files = ProductFiles("*.cs").Select(file => (file, Lines: File.ReadLines(file).Count())).ToList();
        var longer = files.Where(entry => entry.Lines >= Usual).Select(entry => $"{Repository.Relative(entry.file)}: {entry.Lines}").ToList();

        Assert.True(longer.Count <= Math.Max(1, files.Count / 10), $"{longer.Count} of {files.Count} files have {Usual} lines or more:\n{string.Join('\n', longer)}");
    }

    [Fact]
    public void Nothing_is_left_to_do_later()
    {
        string[] marks = ["TODO", "FIXME", "HACK", "NotImplementedException"];
        var left =
            from file in ProductFiles("*.cs").Concat(ProductFiles("*.cshtml")).Concat(ProductFiles("*.sql"))
            let text = File.ReadAllText(file)
            from mark in marks
            where text.Contains(mark, StringComparison.Ordinal)
            select $"{Repository.Relative(file)}: {mark}";

        Findings.None(left);
    }

    private static IReadOnlyList<string> ProductFiles(string pattern) => Repository.FilesBelow(Repository.PathOf("src"), pattern);
}
