using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Demo.Content;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Tests.Ips;

namespace Dsp.Tests.Exams;

/// <summary>What an order finds in the demo's first record, whose reports are of three houses, in two languages, as CDA, FHIR and PDF.</summary>
public sealed class DemoExamsTests
{
    private static readonly DateTimeOffset Now = Deadlines.StartOf(DemoPeople.StoryDay).AddHours(18);
    private static readonly Lazy<FoundFacts> Emma = new(Read);

    [Theory]
    [InlineData("http://loinc.org|4548-4|HbA1c", "8 SameCode 7.4, 7 SameCode 6.9")]
    [InlineData("http://loinc.org|59261-8|HbA1c", "8 Equivalent 7.4, 7 Equivalent 6.9")]
    [InlineData("local|GLYHB|Hémoglobine glyquée", "8 Equivalent 7.4, 7 Equivalent 6.9")]
    [InlineData("http://loinc.org|2823-3|Potassium", "9 SameCode 4.1, 8 SameCode 4.3")]
    [InlineData("||Blutbild", "")]
    [InlineData("||Scanner cérébral", "11 Imaging")]
    [InlineData("||Radiographie du thorax", "12 Imaging")]
    [InlineData("http://loinc.org|36643-5|XR Chest 2 Views", "12 Imaging")]
    [InlineData("||Scanner du thorax", "")]
    [InlineData("||IRM cérébrale", "")]
    [InlineData("http://loinc.org|3016-3|TSH", "")]
    public void An_order_finds_what_the_record_holds(string order, string expected)
    {
        var parts = order.Split('|');
        var concept = new Concept(parts[0].Length > 0 ? [new CodedValue(parts[0], parts[1])] : null, parts[2]);

        var rows = ExamMatching.Of(Emma.Value, new ExamOrder(concept), Now);

        Assert.Equal(expected, string.Join(", ", rows.Select(r => $"{r.Title!.Split(' ')[0]} {r.Match} {r.Value?.Number}".Trim())));
    }

    /// <summary>Each document under its number in the story, which stands before its title.</summary>
    private static FoundFacts Read()
    {
        var reader = new ContentReader();
        var read = DemoDocuments.All(DemoPeople.StoryDay).Where(d => d.HolderKey == "emma").Select(d =>
        {
            var category = Enum.Parse<DataCategory>(d.Category);
            var metadata = new DocumentMetadata { UniqueId = d.UniqueId, Category = category, MimeType = d.MimeType, Title = $"{d.Number} {d.Title}" };
            var source = SummaryOf.Document(category);
            source = source with { Entry = source.Entry with { Facts = source.Entry.Facts with { At = d.Created } }, MetadataFrom = new Lazy<DocumentMetadata>(() => metadata) };
            return (Source: source, FactSheet.FromBytes(reader.Read(metadata, d.Bytes).Facts).Facts);
        }).ToList();
        return new FoundFacts(default, [.. read.SelectMany(r => r.Facts.Select(f => new RecordedFact(f, r.Source)))], [.. read.Select(r => r.Source)], []);
    }
}
