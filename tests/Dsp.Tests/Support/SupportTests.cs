using Xunit;

namespace Dsp.Tests.Support;

public sealed class SupportTests
{
    [Fact]
    public void The_first_line_that_differs_is_shown_with_its_column()
    {
        var difference = Golden.Difference("DOC W\nPHA N\nINF R", "DOC W\nPHA R\nINF R");

        Assert.Contains("in line 2", difference, StringComparison.Ordinal);
        Assert.Contains("expected: PHA N", difference, StringComparison.Ordinal);
        Assert.Contains("made: PHA R", difference, StringComparison.Ordinal);
        Assert.Contains("^ column 5", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_only_grew_differs_at_its_end() =>
        Assert.Contains("expected: (end of text)", Golden.Difference("one", "one\ntwo"), StringComparison.Ordinal);

    [Fact]
    public void Equal_texts_have_no_difference() => Assert.Null(Golden.Difference("one\ntwo", "one\ntwo"));

    [Fact]
    public void A_case_file_is_cut_at_its_dashed_line()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "POST /fhir\n\n-- not a cut\n----------\n422\nwhy\n");

            var read = CaseFile.Read(file);

            Assert.Equal("POST /fhir\n\n-- not a cut", read.Input);
            Assert.Equal("422\nwhy", read.Output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_case_file_without_a_dashed_line_is_a_fault()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "only input");

            Assert.Throws<FormatException>(() => CaseFile.Read(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_repository_is_found_from_the_build_output() => Assert.True(File.Exists(Repository.PathOf("Dsp.slnx")));
}
