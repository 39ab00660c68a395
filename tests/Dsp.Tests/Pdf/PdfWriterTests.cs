using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Dsp.Interop.Pdf;
using UglyToad.PdfPig.Tokens;
using Xunit;

namespace Dsp.Tests.Pdf;

public sealed class PdfWriterTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 23, 4, 40, 0, TimeSpan.FromHours(1));

    [Fact]
    public void Text_comes_back_with_its_accents()
    {
        using var pdf = PdfDocumentOf(new PdfHeading(1, "Compte rendu"), new PdfParagraph("é ç œ ß Ž ș – « déjà vu » Ëmweltgesondheet ção µmol/l"));

        Assert.Equal("Compte rendué ç œ ß Ž ș – « déjà vu » Ëmweltgesondheet ção µmol/l", Content(pdf.GetPage(1).Text));
    }

    [Fact]
    public void A_decomposed_accent_is_written_as_one_character()
    {
        using var pdf = PdfDocumentOf(new PdfParagraph("e\u0301te\u0301"));

        Assert.Contains("été", pdf.GetPage(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_character_that_the_font_cannot_draw_still_comes_back_as_text()
    {
        using var pdf = PdfDocumentOf(new PdfParagraph("漢字 et 😀"));

        Assert.Contains("漢字 et 😀", pdf.GetPage(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sign_that_changes_a_meaning_is_never_drawn_as_an_empty_box()
    {
        using var pdf = PdfDocumentOf(new PdfParagraph("DFG ≥ 60, K ≤ 5, −1,6 kg"));

        Assert.Contains("DFG >= 60, K <= 5, –1,6 kg", pdf.GetPage(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Title_language_and_date_are_the_callers()
    {
        using var pdf = PdfDocumentOf(new PdfParagraph("x"));

        Assert.Equal("Titre é", pdf.Information.Title);
        Assert.Equal("D:20261123034000Z", pdf.Information.CreationDate);
        Assert.True(pdf.Structure.Catalog.CatalogDictionary.TryGet(NameToken.Lang, out var language));
        Assert.Equal("fr-LU", ((HexToken)language).Data);
        Assert.True(pdf.TryGetXmpMetadata(out var xmp));
        var metadata = Encoding.UTF8.GetString(xmp.GetXmlBytes().ToArray());
        Assert.Contains("Titre é", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain("pdfaid", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain("pdfuaid", metadata, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_text_flows_over_pages_with_numbers_that_know_the_last_one()
    {
        var text = string.Join(' ', Enumerable.Range(1, 3000).Select(i => "mot" + i.ToString(CultureInfo.InvariantCulture)));
        using var pdf = UglyToad.PdfPig.PdfDocument.Open(PdfWriter.Write(Document(new PdfParagraph(text)) with { Header = "En-tête", Footer = "Pied", PageNumber = (p, n) => $"page {p} sur {n}" }));

        Assert.True(pdf.NumberOfPages > 3);
        foreach (var page in pdf.GetPages())
        {
            Assert.Contains("En-tête", page.Text, StringComparison.Ordinal);
            Assert.Contains("Pied", page.Text, StringComparison.Ordinal);
            Assert.Contains($"page {page.Number} sur {pdf.NumberOfPages}", page.Text, StringComparison.Ordinal);
            Assert.All(page.Letters, l => Assert.InRange(l.BoundingBox.Right, 0, 595.28 - 50));
        }

        var all = string.Concat(pdf.GetPages().Select(p => p.Text));
        Assert.All(Enumerable.Range(1, 3000), i => Assert.Contains("mot" + i.ToString(CultureInfo.InvariantCulture), all, StringComparison.Ordinal));
    }

    [Fact]
    public void A_word_wider_than_the_line_is_cut_and_nothing_is_lost()
    {
        var word = string.Concat(Enumerable.Repeat("anticonstitutionnellement", 12));
        using var pdf = PdfDocumentOf(new PdfParagraph(word));

        Assert.Contains(word, pdf.GetPage(1).Text, StringComparison.Ordinal);
        Assert.All(pdf.GetPage(1).Letters, l => Assert.InRange(l.BoundingBox.Right, 0, 595.28 - 50));
    }

    [Fact]
    public void A_table_repeats_its_head_on_every_page_and_keeps_every_cell()
    {
        var rows = Enumerable.Range(1, 120).Select(i => (IReadOnlyList<string>)[$"Analyse {i}", $"{i},5", "mg/dl"]).ToList();
        using var pdf = PdfDocumentOf(new PdfTable(["Examen", "Valeur", "Unité"], rows));

        Assert.True(pdf.NumberOfPages > 1);
        Assert.All(pdf.GetPages(), p => Assert.Contains("Examen", p.Text, StringComparison.Ordinal));
        var all = string.Concat(pdf.GetPages().Select(p => p.Text));
        Assert.All(rows, r => Assert.Contains(r[0], all, StringComparison.Ordinal));
    }

    [Fact]
    public void A_narrow_column_beside_long_texts_keeps_its_words_whole()
    {
        var text = string.Join(' ', Enumerable.Repeat("texte assez long", 12));
        using var pdf = PdfDocumentOf(new PdfTable(["Zone", "Signes", "Que faire"], [["Orange", text, text]]));

        var word = pdf.GetPage(1).Letters.SkipWhile(l => l.Value != "O").Take(6).ToList();
        Assert.Equal("Orange", string.Concat(word.Select(l => l.Value)));
        Assert.Single(word.Select(l => Math.Round(l.StartBaseLine.Y)).Distinct());
    }

    [Fact]
    public void A_row_taller_than_a_page_breaks_between_its_lines()
    {
        var tall = string.Join(' ', Enumerable.Range(1, 1500).Select(i => "w" + i.ToString(CultureInfo.InvariantCulture)));
        using var pdf = PdfDocumentOf(new PdfTable(["A", "B"], [["x", tall]]));

        var all = string.Concat(pdf.GetPages().Select(p => p.Text));
        Assert.Contains("w1500", all, StringComparison.Ordinal);
        Assert.All(pdf.GetPages(), p => Assert.All(p.Letters, l => Assert.InRange(l.StartBaseLine.Y, 30, 842)));
    }

    [Fact]
    public void The_structure_names_headings_paragraphs_lists_and_cells()
    {
        var bytes = PdfWriter.Write(Sample());
        var text = Encoding.Latin1.GetString(bytes);

        foreach (var role in (string[])["Document", "H1", "H2", "P", "L", "LI", "LBody", "Table", "TR", "TH", "TD"])
        {
            Assert.Contains($"/S /{role} ", text, StringComparison.Ordinal);
        }

        Assert.Contains("/Scope /Column", text, StringComparison.Ordinal);
        Assert.Contains("/Scope /Row", text, StringComparison.Ordinal);
        Assert.Contains("/MarkInfo << /Marked true >>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_documents_give_equal_bytes_and_other_dates_other_files()
    {
        Assert.Equal(PdfWriter.Write(Sample()), PdfWriter.Write(Sample()));
        Assert.NotEqual(PdfWriter.Write(Sample()), PdfWriter.Write(Sample() with { Created = Day.AddSeconds(1) }));
    }

    [Fact]
    public void The_fonts_are_subsets()
    {
        var bytes = PdfWriter.Write(Sample());

        Assert.InRange(bytes.Length, 5_000, 40_000);
    }

    [Fact]
    public void Any_text_can_be_written()
    {
        Gen.String.Array[0, 4].Sample(texts =>
        {
            using var pdf = PdfDocumentOf([.. texts.Select(t => new PdfParagraph(t)), new PdfTable(texts, [texts]), new PdfList(texts)]);
            Assert.True(pdf.NumberOfPages >= 1);
        }, iter: 40, threads: 1);
    }

    [Fact]
    public void Qpdf_finds_no_fault()
    {
        var (exit, output) = Run("qpdf", "--check");

        Assert.True(exit == 0, output);
        Assert.DoesNotContain("WARNING", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Pdftotext_reads_the_text_and_pdfinfo_the_structure()
    {
        var (_, text) = Run("pdftotext", "-layout", "-");
        Assert.Contains("HbA1c", text, StringComparison.Ordinal);
        Assert.Contains("Élément", text, StringComparison.Ordinal);

        var (_, structure) = Run("pdfinfo", "-struct-text");
        Assert.Contains("TH", structure, StringComparison.Ordinal);
        Assert.Contains("\"Résumé\"", structure, StringComparison.Ordinal);
    }

    private static UglyToad.PdfPig.PdfDocument PdfDocumentOf(params PdfBlock[] blocks) => UglyToad.PdfPig.PdfDocument.Open(PdfWriter.Write(Document(blocks)));

    private static Interop.Pdf.PdfDocument Document(params PdfBlock[] blocks) => new("Titre é", "fr-LU", Day, blocks);

    private static Interop.Pdf.PdfDocument Sample() => Document(
        new PdfHeading(1, "Résumé"),
        new PdfFields([("Patient", "WEBERSCHEID Emma"), ("Né(e) le", "12/03/1984")]),
        new PdfHeading(2, "Analyses"),
        new PdfParagraph("Un paragraphe.", Bold: true),
        new PdfTable(["Analyse", "Valeur"], [["HbA1c", "7,4 %"]]),
        new PdfList(["Élément un", "Élément deux"])) with
    { Author = "Dr Armel Thillaray", Header = "Cabinet (fictif)" };

    /// <summary>The page's text without the page number, which is written last.</summary>
    private static string Content(string page) => page.Replace("1 / 1", "", StringComparison.Ordinal);

    private static (int Exit, string Output) Run(string tool, params string[] arguments)
    {
        var file = Path.Combine(Path.GetTempPath(), $"dsp-pdf-{Environment.ProcessId}-{tool}.pdf");
        File.WriteAllBytes(file, PdfWriter.Write(Sample()));
        try
        {
            var start = new ProcessStartInfo(tool) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
            foreach (var argument in arguments.Where(a => a != "-"))
            {
                start.ArgumentList.Add(argument);
            }

            start.ArgumentList.Add(file);
            foreach (var argument in arguments.Where(a => a == "-"))
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{tool} is not installed: the file was not checked with it.");
            throw;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
