using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Dsp.Demo.Content;
using Dsp.Interop.Cda;
using Dsp.Tests.Cda;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using UglyToad.PdfPig;
using Xunit;

namespace Dsp.Tests.DemoContent;

public sealed class DemoDocumentsTests
{
    private static readonly DateOnly Day = DemoPeople.StoryDay;
    private static readonly IReadOnlyList<DemoDocument> Documents = DemoDocuments.All(Day);
    private static readonly XNamespace V3 = "urn:hl7-org:v3";

    [Fact]
    public void Each_of_the_43_numbers_is_there_and_only_the_confused_twins_report_twice()
    {
        Assert.Equal(Enumerable.Range(1, 43), Documents.Select(d => d.Number).Distinct());
        Assert.Equal([42], Documents.GroupBy(d => d.Number).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Equal(["mia", "lia"], Documents.Where(d => d.Number == 42).Select(d => d.HolderKey));
    }

    [Fact]
    public void All_are_distinct()
    {
        Assert.Equal(Documents.Count, Documents.Select(d => d.Key).Distinct().Count());
        Assert.Equal(Documents.Count, Documents.Select(d => d.UniqueId).Distinct().Count());
        Assert.Equal(Documents.Count, Documents.Select(d => Convert.ToBase64String(d.Bytes)).Distinct().Count());
    }

    [Fact]
    public void The_same_day_gives_the_same_bytes_and_another_day_other_ids()
    {
        var again = DemoDocuments.All(Day);
        Assert.All(Documents.Zip(again), pair => Assert.Equal(pair.First.Bytes, pair.Second.Bytes));

        var later = DemoDocuments.All(Day.AddDays(200));
        Assert.All(Documents.Zip(later), pair => Assert.NotEqual(pair.First.UniqueId, pair.Second.UniqueId));
    }

    [Fact]
    public void Every_document_lies_on_its_day_and_none_in_the_future_of_the_demo()
    {
        Assert.All(Documents, d => Assert.Equal(Day.AddDays(d.DayOffset), DateOnly.FromDateTime(d.Created.DateTime)));
        Assert.All(Documents, d => Assert.InRange(d.DayOffset, -4000, 0));
        Assert.Equal(new TimeOnly(4, 40), Documents.Single(d => d.Key == "10").TimeOfDay);
        Assert.Equal(TimeSpan.FromHours(1), Documents.Single(d => d.Key == "10").Created.Offset);
    }

    [Fact]
    public void People_bear_the_numbers_of_the_story()
    {
        var holders = DemoPeople.Holders(Day);
        Dictionary<string, string?> story = new()
        {
            ["emma"] = "1984031299114",
            ["noah"] = "2018051799127",
            ["jil"] = "2010060899109",
            ["marie-josee"] = "1940090499187",
            ["sabine"] = "1979071499127",
            ["pedro"] = "1975012399118",
            ["claude"] = "1961101899131",
            ["mia"] = "2026100299201",
            ["lia"] = "2026100299382",
            ["aoife"] = null,
            ["emma2"] = "1984032199100",
            ["tiago"] = "1981092699124",
            ["martine"] = "1978021999211",
            ["monique"] = "1965113099386",
        };

        Assert.Equal(story, holders.ToDictionary(h => h.Key, h => h.Value.NationalId));
    }

    [Fact]
    public void Minors_keep_their_age_whatever_the_day_of_the_demo()
    {
        var later = DemoPeople.Holders(Day.AddDays(400));

        Assert.Equal(new DateOnly(2018, 5, 17).AddDays(400), later["noah"].BirthDate);
        Assert.StartsWith("20190621991", later["noah"].NationalId, StringComparison.Ordinal);
        Assert.Equal(Day.AddDays(400 - 52), later["mia"].BirthDate);
        Assert.Equal("1984031299114", later["emma"].NationalId);
    }

    [Fact]
    public void Every_cda_document_shows_its_sections_and_tables_and_belongs_to_its_holder()
    {
        var holders = DemoPeople.Holders(Day);
        var cda = Documents.Where(d => d.MimeType == "text/xml").ToList();
        Assert.Equal(25, cda.Count);
        foreach (var item in cda)
        {
            Assert.True(CdaReader.TryRead(item.Bytes, out var document, out var problem), $"{item.Key}: {problem?.Detail}");
            var html = CdaHtml.Page(document, CdaRendering.In(CultureInfo.GetCultureInfo("fr-LU")), "/dsp.css");

            Assert.Null(ActiveHtml.In(html));
            Assert.Equal(item.Title, document.Header.Title);
            Assert.Equal(item.Type.Code, document.Header.Type?.Code);
            Assert.Equal(item.Language, document.Header.Language);
            Assert.Equal(item.Confidentiality, document.Header.Confidentiality?.Code);
            Assert.Equal(holders[item.HolderKey].NationalId, document.Header.Patient?.Identifiers.Single(i => i.Root == "1.3.182.4.4").Extension);
            Assert.Equal(DemoPeople.Professionals[item.AuthorKey].FullName, document.Header.LegalAuthenticator?.Name);
            Assert.All(document.Sections, s => Assert.NotNull(s.Title));
            var text = System.Net.WebUtility.HtmlDecode(html);
            var cells = XDocument.Parse(Encoding.UTF8.GetString(item.Bytes)).Descendants(V3 + "td").Concat(XDocument.Parse(Encoding.UTF8.GetString(item.Bytes)).Descendants(V3 + "title")).ToList();
            Assert.NotEmpty(cells);
            Assert.All(cells, c => Assert.Contains(c.Value, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_reference_of_a_coded_entry_leads_to_a_cell_of_the_narrative()
    {
        foreach (var item in Documents.Where(d => d.MimeType == "text/xml"))
        {
            var xml = XDocument.Parse(Encoding.UTF8.GetString(item.Bytes));
            var ids = xml.Descendants().Attributes("ID").Select(a => "#" + a.Value).ToHashSet(StringComparer.Ordinal);
            Assert.All(xml.Descendants(V3 + "reference").Attributes("value"), r => Assert.Contains(r.Value, ids));
        }
    }

    [Theory]
    [InlineData("3", "4548-4", "6.0", "%", "H")]
    [InlineData("6", "59261-8", "51", "mmol/mol", "H")]
    [InlineData("6", "14682-9", "71", "umol/L", "N")]
    [InlineData("8", "4548-4", "7.4", "%", "H")]
    [InlineData("8", "2276-4", "12", "ug/L", "L")]
    [InlineData("8", "2160-0", "0.84", "mg/dL", "N")]
    [InlineData("9", "67151-1", "6", "ng/L", "N")]
    [InlineData("9", "2345-7", "148", "mg/dL", "H")]
    [InlineData("29", "14682-9", "92", "umol/L", "N")]
    [InlineData("30", "98979-8", "34", "mL/min/{1.73_m2}", "L")]
    [InlineData("30", "2823-3", "5.3", "mmol/L", "H")]
    public void A_laboratory_value_is_coded_as_the_story_tells_it(string key, string loinc, string value, string unit, string flag)
    {
        var xml = XDocument.Parse(Encoding.UTF8.GetString(Documents.Single(d => d.Key == key).Bytes));
        var observation = xml.Descendants(V3 + "observation").Single(o => o.Element(V3 + "code")?.Attribute("code")?.Value == loinc);

        Assert.Equal(value, observation.Element(V3 + "value")?.Attribute("value")?.Value);
        Assert.Equal(unit, observation.Element(V3 + "value")?.Attribute("unit")?.Value);
        Assert.Equal(flag, observation.Element(V3 + "interpretationCode")?.Attribute("code")?.Value);
        Assert.NotNull(observation.Element(V3 + "referenceRange"));
    }

    [Fact]
    public async System.Threading.Tasks.Task The_implantation_report_is_a_scan_whose_words_are_recognised()
    {
        var scan = Documents.Single(d => d.Number == 31);
        using var pdf = PdfDocument.Open(scan.Bytes);
        Assert.Equal(scan.Title, pdf.Information.Title);
        Assert.Empty(pdf.GetPage(1).Letters);

        await Workers.WorkerTests.NeedRecognitionAsync();
        var read = await Dsp.Interop.Workers.ReaderProcess.ReadAsync("pdf", scan.Bytes, "de-LU", new Dsp.Interop.Workers.WorkerLimits(), scans: true, TestContext.Current.CancellationToken);
        foreach (var word in new[] { "pacemaker", "herzschrittmacher", "elektroden", "schrittmacherausweis" }) Assert.Contains(word, read.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_pdf_has_its_title_and_its_holder_in_the_text()
    {
        var holders = DemoPeople.Holders(Day);
        var pdfs = Documents.Where(d => d.MimeType == "application/pdf" && d.Number != 31).ToList();
        Assert.Equal(15, pdfs.Count);
        foreach (var item in pdfs)
        {
            using var pdf = PdfDocument.Open(item.Bytes);
            var text = string.Concat(pdf.GetPages().Select(p => p.Text)).Replace(" ", "", StringComparison.Ordinal);

            Assert.Equal(item.Title, pdf.Information.Title);
            Assert.Contains(item.Title.Replace(" ", "", StringComparison.Ordinal), text, StringComparison.Ordinal);
            Assert.Contains(holders[item.HolderKey].Family.Replace(" ", "", StringComparison.Ordinal), text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_fhir_document_is_read_strictly_and_starts_with_its_composition()
    {
        var strict = new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector).UsingMode(DeserializationMode.Strict);
        var fhir = Documents.Where(d => d.MimeType == "application/fhir+json").ToList();
        Assert.Equal([14, 15, 28], fhir.Select(d => d.Number));
        foreach (var item in fhir)
        {
            var bundle = JsonSerializer.Deserialize<Bundle>(item.Bytes, strict)!;

            Assert.Equal(Bundle.BundleType.Document, bundle.Type);
            var composition = Assert.IsType<Composition>(bundle.Entry[0].Resource);
            Assert.Equal(item.Title, composition.Title);
            Assert.Equal(item.Type.Code, composition.Type!.Coding[0].Code);
            Assert.Equal(item.UniqueId, bundle.Identifier!.Value);
            var urls = bundle.Entry.Select(e => e.FullUrl).ToHashSet(StringComparer.Ordinal);
            Assert.All(composition.Section.SelectMany(s => s.Entry), r => Assert.Contains(r.Reference, urls));
            Assert.Contains(composition.Subject!.Reference, urls);
        }
    }

    [Fact]
    public void The_second_summary_and_the_corrected_pathology_replace_the_first()
    {
        Assert.Equal([("2", "1"), ("37", "36")], Documents.Where(d => d.Replaces is not null).Select(d => (d.Key, d.Replaces!)));
        var second = XDocument.Parse(Encoding.UTF8.GetString(Documents.Single(d => d.Key == "2").Bytes));
        Assert.Equal(
            Documents.Single(d => d.Key == "1").UniqueId,
            "urn:oid:" + second.Descendants(V3 + "parentDocument").Single().Element(V3 + "id")!.Attribute("root")!.Value);
    }

    [Fact]
    public void What_the_story_hides_is_marked()
    {
        Assert.Equal(["24", "25"], Documents.Where(d => d.Labels.Contains(DemoLabels.MinorConfidential)).Select(d => d.Key));
        Assert.Equal(["dr-psy", "dr-thill"], Documents.Single(d => d.Key == "16").MaskedFromAllBut);
        Assert.Empty(Documents.Single(d => d.Key == "19").MaskedFromAllBut!);
        Assert.Equal(["16", "19"], Documents.Where(d => d.MaskedFromAllBut is not null).Select(d => d.Key));
    }

    [Fact]
    public void Every_author_and_place_is_known_and_every_category_is_the_matrixs()
    {
        var matrix = File.ReadLines(Path.Combine(Repository(), "src", "Dsp", "Codes", "access-matrix.csv")).Skip(1).Select(l => l.Split(',')[0]).ToList();
        Assert.All(Documents, d => Assert.True(DemoPeople.Professionals.ContainsKey(d.AuthorKey) || d.AuthorKey == d.HolderKey, d.Key));
        Assert.All(DemoPeople.Professionals.Values, p => Assert.True(DemoPeople.Institutions.ContainsKey(p.InstitutionKey), p.Key));
        Assert.All(DemoPeople.Institutions.Values, i => Assert.EndsWith("(fictif)", i.Name, StringComparison.Ordinal));
        Assert.All(Documents, d => Assert.Contains(d.Category, matrix));
    }

    [Fact]
    public void Every_author_may_write_the_category_by_the_matrix()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository(), "src", "Dsp", "Codes", "access-matrix.csv"));
        var groups = lines[0].Split(',');
        var rights = lines.Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[0]);
        foreach (var item in Documents.Where(d => d.AuthorKey != d.HolderKey))
        {
            var group = DemoPeople.Professionals[item.AuthorKey].Group;
            Assert.True(rights[item.Category][Array.IndexOf(groups, group)] == "W", $"{item.Key}: {group} may not write {item.Category}");
        }
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dsp.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository's root was not found.");
        }

        return folder.FullName;
    }
}
