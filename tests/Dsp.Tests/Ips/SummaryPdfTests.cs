using System.Globalization;
using System.Text.RegularExpressions;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Interop.Ips;
using Dsp.Tests.Workers;
using UglyToad.PdfPig;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Ips;

/// <summary>The summary on paper: nothing of it is lost or said more surely than its sources say it.</summary>
public sealed partial class SummaryPdfTests
{
    private const string Hypertension = """<value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96" displayName="Hypertension artérielle"/>""";
    private const string NoKnown = """<code code="no-known-allergies" codeSystem="2.16.840.1.113883.5.1150.1"/>""";

    public static TheoryData<string> Languages => ["fr", "de", "en", "lb", "pt"];

    [Theory, MemberData(nameof(Languages))]
    public void Each_language_tells_who_when_every_line_with_its_source_and_what_is_not_documented(string language)
    {
        var texts = IpsTexts.For(CultureInfo.GetCultureInfo(language));
        var summary = Sample();

        var text = TextOf(SummaryPdf.Write(summary, language + "-LU"));

        foreach (var expected in new[]
        {
            texts.Title, "Weberscheid Emma", "1984031299114", texts.MayBeIncomplete, texts.Sections["48765-2"], texts.Sections["10160-0"], texts.Sections["11450-4"],
            texts.NotDocumented, texts.Quoted, "Penicillin", "Rapport <1>", texts.What, texts.Source,
            string.Format(CultureInfo.InvariantCulture, texts.Counts, 4, 1, 0, 1),
        })
            Assert.Contains(Plain(expected), text, StringComparison.Ordinal);
        Assert.DoesNotContain(texts.Sections["46264-8"], text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_denial_and_silence_of_the_text_stands_on_the_paper()
    {
        var summary = Sample();
        var wording = new IpsWording(IpsTexts.For(CultureInfo.GetCultureInfo("en")));

        var text = TextOf(SummaryPdf.Write(summary, "en"));

        foreach (var entry in summary.Parts.SelectMany(p => p.Entries))
            foreach (var part in wording.Details(entry).Append(wording.Name(entry.Shown)).Append(wording.Sources(entry)))
                // Cells break their lines beside each other.
                foreach (var word in part.Split(' ')) Assert.Contains(word, text, StringComparison.Ordinal);
        foreach (var denial in summary.Parts.SelectMany(p => p.Denials)) Assert.Contains(Plain(wording.Quotation(denial)), text, StringComparison.Ordinal);
        foreach (var silence in summary.Parts.SelectMany(p => p.Silences)) Assert.Contains(Plain(wording.Silence(silence)), text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_of_nothing_says_so_in_its_three_sections_and_the_same_summary_is_the_same_file()
    {
        var empty = SummaryOf.Facts([]);
        var texts = IpsTexts.For(CultureInfo.GetCultureInfo("fr"));

        var text = TextOf(SummaryPdf.Write(empty, "xx"));

        Assert.Equal(3, text.Split(Plain(texts.NotDocumented)).Length - 1);
        Assert.Equal(SummaryPdf.Write(Sample(), "de"), SummaryPdf.Write(Sample(), "de"));
    }

    [Theory, MemberData(nameof(Languages))]
    public void Qpdf_finds_no_fault_and_pdfinfo_reads_the_structure(string language)
    {
        var file = Path.Combine(Path.GetTempPath(), $"dsp-summary-{Environment.ProcessId}-{language}.pdf");
        File.WriteAllBytes(file, SummaryPdf.Write(Sample(), language));
        try
        {
            var check = Scans.Run("qpdf", "--check", file);
            Assert.Contains("No syntax or stream encoding errors found", check, StringComparison.Ordinal);
            var structure = Scans.Run("pdfinfo", "-struct-text", file);
            var texts = IpsTexts.For(CultureInfo.GetCultureInfo(language));
            foreach (var expected in new[] { texts.Title, texts.Sections["48765-2"], "Penicillin" }) Assert.Contains(expected, structure, StringComparison.Ordinal);
            Assert.Contains("TH", structure, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A problem told twice, an allergy in dispute and denied, an unknown medication, a newer document that was not used.</summary>
    private static PatientSummary Sample()
    {
        var first = Facts(1, Section("11450-4", "", Problem(Hypertension)), Section("48765-2", "", Allergy(AllergyTo(Penicillin))));
        var second = Facts(2, Section("11450-4", "", Problem(Hypertension)), Section("48765-2", "", Allergy(AllergyTo(NoKnown))));
        var third = Facts(3, Section("48765-2", "", Allergy(AllergyTo(Penicillin, """ negationInd="true" """))));
        return SummaryOf.Facts([.. first, .. second, .. third], SummaryOf.Document(DataCategory.CareReports, 9));
    }

    private static IReadOnlyList<RecordedFact> Facts(int day, params string[] sections)
    {
        var source = SummaryOf.Document(DataCategory.CareReports, day);
        return [.. CdaFactSheet.Read(Document(sections), DataCategory.CareReports).Facts.Select(f => new RecordedFact(f, source))];
    }

    private static string TextOf(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return Plain(string.Concat(document.GetPages().Select(p => p.Text)));
    }

    /// <summary>Without spaces, since a page breaks its lines where it must.</summary>
    private static string Plain(string text) => Space().Replace(text, "");

    [GeneratedRegex(@"\s", RegexOptions.None, 1000)]
    private static partial Regex Space();
}
