using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dsp.Interop.Cda;
using Xunit;

namespace Dsp.Tests.Cda;

public sealed partial class CdaCorpusTests
{
    private static readonly CdaRendering French = CdaRendering.In(CultureInfo.GetCultureInfo("fr-LU"));

    [Fact]
    public void Every_sample_document_shows_its_section_titles_and_cells_and_nothing_active()
    {
        var files = CdaCorpus.Files();
        var wrong = new List<string>();
        foreach (var (name, bytes) in files)
        {
            var page = CdaReader.TryRead(bytes, out var document, out var problem)
                ? CdaHtml.Page(document, French, "/dsp.css")
                : CdaHtml.Page(problem, French, "/dsp.css");
            var source = Encoding.UTF8.GetString(bytes);
            var text = Visible(page);
            var titles = Titles().Matches(source).Select(m => Visible(m.Groups["t"].Value)).Where(t => t.Length > 0).ToList();
            var cells = Cells().Matches(source).Select(m => Visible(m.Groups["t"].Value)).Where(t => t.Length > 1).ToList();
            var lostTitles = titles.Where(t => !text.Contains(t, StringComparison.Ordinal)).ToList();
            var lostCells = cells.Where(t => !text.Contains(t, StringComparison.Ordinal)).ToList();
            if (lostTitles.Count > 0 || lostCells.Count > cells.Count * 0.01)
            {
                wrong.Add($"{name}: titles {string.Join(" / ", lostTitles.Take(2))}; {lostCells.Count} of {cells.Count} cells {string.Join(" / ", lostCells.Take(3))}");
            }

            if (ActiveHtml.In(page) is { } active)
            {
                wrong.Add($"{name}: {active}");
            }
        }

        Assert.Equal(173, files.Count);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_the_file_that_holds_no_clinical_document_is_refused()
    {
        var refused = CdaCorpus.Files()
            .Where(f => !CdaReader.TryRead(f.Bytes, out _, out _))
            .Select(f => Path.GetFileName(f.Name));

        Assert.Equal(["EADC_resources__config__config.xml"], refused);
    }

    [Fact]
    public void Every_sample_document_has_its_cells_in_the_plain_text_too()
    {
        var wrong = new List<string>();
        foreach (var (name, bytes) in CdaCorpus.Files())
        {
            if (!CdaReader.TryRead(bytes, out var document, out _))
            {
                continue;
            }

            var text = Fold(CdaText.Render(document, CdaLabels.French));
            var cells = Cells().Matches(Encoding.UTF8.GetString(bytes)).Select(m => Visible(m.Groups["t"].Value)).Where(t => t.Length > 1).ToList();
            var lost = cells.Count(t => !text.Contains(t, StringComparison.Ordinal));
            if (lost > cells.Count * 0.01)
            {
                wrong.Add($"{name}: {lost} of {cells.Count}");
            }
        }

        Assert.Empty(wrong);
    }

    private static string Visible(string html) => Fold(System.Net.WebUtility.HtmlDecode(Tags().Replace(html, " ")));

    private static string Fold(string text) => Space().Replace(text, " ").Trim();

    [GeneratedRegex("<[^>]+>", RegexOptions.None, 5000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\u00a0]+", RegexOptions.None, 5000)]
    private static partial Regex Space();

    [GeneratedRegex(@"<(?:\w+:)?section\b[\s\S]*?<(?:\w+:)?title[^>]*>(?<t>[\s\S]*?)</(?:\w+:)?title>", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Titles();

    [GeneratedRegex(@"<(?:\w+:)?t[dh]\b[^>]*>(?<t>[^<]{2,60})</", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Cells();
}
