using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Demo.Content;
using Dsp.Documents;
using Dsp.Interop.Facts;

namespace Dsp.Tests.Facts;

/// <summary>What the rules read in the documents of the demo: the product's own producers are held to the same traps.</summary>
public sealed class DemoFactsTests
{
    [Fact]
    public void Emma_s_coded_documents_give_her_allergies_problems_medicines_and_results()
    {
        var reader = new ContentReader();
        var sheets = DemoDocuments.All(DemoPeople.StoryDay).Where(d => d.HolderKey == "emma")
            .Select(d => (d.Key, Sheet: FactSheet.FromBytes(reader.Read(new DocumentMetadata { UniqueId = d.UniqueId, Category = DataCategory.CareReports, MimeType = d.MimeType, Title = d.Title }, d.Bytes).Facts)))
            .ToList();
        var facts = sheets.SelectMany(s => s.Sheet.Facts).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', sheets.Select(s => $"{s.Key}: {s.Sheet.Report.Problem} {string.Join(", ", s.Sheet.Facts.Select(f => $"{f.Kind} {f.Statement} {f.Name}"))}")));

        Assert.All(sheets, s => Assert.Null(s.Sheet.Report.Problem));
        foreach (var kind in new[] { FactKind.Allergy, FactKind.Problem, FactKind.Medicine, FactKind.Result }) Assert.Contains(facts, f => f.Kind == kind && f.Statement == FactStatement.Asserted);
        Assert.DoesNotContain(facts, f => f.Kind == FactKind.Other);
    }
}
