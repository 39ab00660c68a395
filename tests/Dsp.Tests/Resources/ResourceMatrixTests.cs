using System.Text.Json;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.CdsHooks;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Interop.Resources;
using Dsp.Tests.Documents;
using Dsp.Tests.Facts;
using Dsp.Tests.Ips;
using Dsp.Tests.Support;

namespace Dsp.Tests.Resources;

/// <summary>
/// No resource, total, page, report, name, provenance, document list or card crosses a right: for each of the eleven groups of the
/// matrix, with every category a doctor deposits, with a masked document, and for a person who is blocked.
/// </summary>
public sealed class ResourceMatrixTests
{
    private static readonly StatementIds Ids = new(new byte[32]);
    private static readonly ResourceFacts Facts = new("https://dsp.example.lu/fhir", Ids, SummaryOf.In("fr").Texts, new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private static readonly string[] Types = [.. ResourceRoutes.All.Where(r => r.Parameters.Count > 0).Select(r => r.Type)];
    private static readonly DataCategory[] Written = [.. Enum.GetValues<DataCategory>().Where(c => AccessMatrix.Right(c, MatrixGroup.DOC) == MatrixRight.Write)];

    /// <summary>Orders that everything deposited could answer.</summary>
    private static readonly ExamOrder[] Orders =
    [
        new(new Concept([new CodedValue("http://loinc.org", "2823-3")])), new(new Concept([new CodedValue("http://loinc.org", "4548-4")])), new(new Concept([new CodedValue("http://loinc.org", "24627-2")])),
    ];

    [Theory, EveryStore]
    public async Task Nothing_crosses_a_right_for_any_group_with_a_mask_and_with_a_block(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var documents = new List<DocumentId>();
        // Results of a week ago, so that they answer orders.
        var report = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(ResourceRouteTests.Everything).Replace("202602140830+0100", "202611200830+0100", StringComparison.Ordinal).Replace("202511010830+0100", "202611200830+0100", StringComparison.Ordinal));
        foreach (var (category, i) in Written.Select((c, i) => (c, i))) documents.Add(await world.DepositAsync(world.Thill, $"urn:oid:1.2.3.{i}", report, category, title: $"CT Thorax {category}"));
        Assert.True((await world.World.Operation<SetReferringDoctor>().RunAsync(await world.World.AuthorityAsync(), world.Patient, world.Other.Person!.Value, world.World.Clock.Now(), null, world.World.Cancel)).Succeeded);
        var groups = world.OfGroup.Append(KeyValuePair.Create(MatrixGroup.REF, world.Other)).ToList();
        Assert.Equal(11, groups.Select(g => g.Key).Distinct().Count());
        var all = (await world.FactsAsync(world.Holder)).Facts;
        Assert.Equal(Written.Length * 8, all.Count);

        foreach (var (group, caller) in groups) await CheckAsync(world, caller, all, c => AccessMatrix.MayRead(c, group));

        // A document that every group but one or two may read is masked from each of them in turn.
        var masked = documents[Array.IndexOf(Written, DataCategory.CareReports)];
        foreach (var (group, caller) in groups)
        {
            Assert.True((await world.World.Operation<MaskItem>().RunAsync(world.Holder, world.Record, masked, MaskFrom.One(new ActorRef(caller.Person, null)), "vu", world.World.Cancel)).Succeeded);
            await CheckAsync(world, caller, all, c => AccessMatrix.MayRead(c, group), masked);
        }

        foreach (var (_, caller) in groups)
        {
            Assert.True((await world.World.Operation<BlockFromRecord>().RunAsync(world.Holder, world.Record, new ActorRef(caller.Person, null), "vu", world.World.Cancel)).Succeeded);
            await CheckAsync(world, caller, all, _ => false);
        }
    }

    /// <summary>Everything this caller can ask for, against what the holder's facts and the matrix say.</summary>
    private static async Task CheckAsync(DocumentWorld world, Caller caller, IReadOnlyList<RecordedFact> all, Func<DataCategory, bool> opens, DocumentId? masked = null)
    {
        bool Opens(StoredDocument document) => document.Id != masked && opens(document.Entry.Facts.Category);
        var documents = all.Select(f => f.Source).DistinctBy(d => d.Id).ToList();
        var read = world.World.Operation<ReadFacts>();
        var visible = all.Where(f => Opens(f.Source) && opens(f.Fact.Category)).ToList();
        var sources = documents.Where(Opens).ToList();
        var expected = new FoundFacts(world.Record, visible, sources, []);
        foreach (var type in Types)
        {
            var names = Served.Of(type, expected).Select(s => s.Name(Facts)).Order().ToList();
            // Whole, then page by page: the same, and the total of every page is that of the caller.
            foreach (var size in new[] { 200, 3 })
            {
                var (seen, after) = (new List<string>(), (ResourcePosition?)null);
                while (true)
                {
                    var search = Search(type, size, after);
                    var page = (await read.RunAsync(caller, world.Patient, search.Query(Facts), f => new Shown<ResourcePage>(ResourcePage.Of(f, search, Facts), []), world.World.Cancel)).Value;
                    Assert.Equal(names.Count, page.Total);
                    seen.AddRange(page.Items.Select(i => i.Name(Facts)));
                    foreach (var item in page.Items) CheckResource(item, names, expected);
                    if (!page.More) break;
                    after = ResourcePosition.Of(page.Items[^1]);
                }
                Assert.Equal(names, seen.Order());
            }
            // By name: of everything there is, exactly what is in the list.
            var statement = world.World.Operation<ReadStatement>();
            foreach (var one in Served.Of(type, new FoundFacts(world.Record, all, documents, [])))
            {
                var found = await statement.RunAsync(caller, one.Source.Id, StatementTypes.KindsOf(type), f => Served.Find(type, one.Name(Facts), f, Facts), world.World.Cancel);
                Assert.Equal(names.Contains(one.Name(Facts)), found.Succeeded);
                if (!found.Succeeded) Assert.Equal(Refusals.NotFound, found.Refusal);
            }
        }

        var listed = (await world.World.Operation<FindDocuments>().RunAsync(caller, world.Patient, DocRefReader.Read([KeyValuePair.Create("patient", world.Record.ToString())], false, new SearchSettings(Facts.BaseUrl, new byte[32]), "x").Value.Query!.Search, world.World.Cancel)).Value;
        var open = sources.Select(s => s.Id).ToHashSet();
        Assert.Equal((open.Count, true), (listed.Total, listed.Documents.Select(d => d.Id).ToHashSet().SetEquals(open)));

        var exams = (await world.World.Operation<FindExistingExams>().RunAsync(caller, world.Patient, Orders, world.World.Cancel)).Value;
        Assert.Equal(Orders.SelectMany(o => ExamMatching.Of(expected, o, Facts.Now)).Select(Row), exams.SelectMany(e => e.Exams).Select(Row));
        var cards = CardsOf(exams);
        foreach (var document in documents.Where(d => !open.Contains(d.Id))) Assert.DoesNotContain(document.Id.ToString(), cards, StringComparison.Ordinal);
        if (sources.Count == 0) Assert.Equal("""{"cards":[]}""", cards);
    }

    /// <summary>A resource refers to nothing its reader may not see.</summary>
    private static void CheckResource(Served item, List<string> names, FoundFacts expected)
    {
        Assert.Contains(item.Name(Facts), names);
        Assert.Contains(expected.Documents, d => item.Origin(Facts).Entity[0].What.Reference == $"DocumentReference/{d.Id}");
        if (item.Make(Facts) is not Hl7.Fhir.Model.DiagnosticReport report) return;
        var results = Served.Of("Observation", expected).Where(s => s.Source.Id == item.Source.Id).Select(s => "Observation/" + s.Name(Facts)).ToHashSet();
        Assert.True(results.SetEquals(report.Result.Select(r => r.Reference!)));
    }

    private static ResourceSearch Search(string type, int count, ResourcePosition? after) =>
        ResourceSearchReader.Read(type, [KeyValuePair.Create("patient", Guid.CreateVersion7().ToString()), KeyValuePair.Create("_count", count.ToString(System.Globalization.CultureInfo.InvariantCulture))], true, new SearchSettings(Facts.BaseUrl, new byte[32]), "x").Value with { After = after };

    private static (DocumentId, DateTimeOffset, ExamMatch, string?) Row(ExistingExam exam) => (exam.Document, exam.At, exam.Match, exam.Value?.Number);

    private static string CardsOf(IReadOnlyList<ExistingExams> exams)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) HookWriter.Cards(json, exams, new CardFacts("https://dsp.example.lu", (r, d) => $"/fr/pro/dossiers/{r}/documents/{d}", Facts.Texts, () => Guid.Empty));
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
