using System.Buffers;
using System.Globalization;
using System.Text;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Interop.Ips;
using Dsp.Storage;
using Dsp.Tests.Documents;
using Dsp.Tests.Support;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Facts;

/// <summary>
/// No fact, count, point of a trend, snippet, hit or line of a summary crosses a right: every document and every statement has
/// a name of its own, and each output is searched for each name, for each profession group, with nothing hidden, a mask and a
/// block.
/// </summary>
public sealed class CrossingTests
{
    private static readonly DataCategory[] Documents = [DataCategory.CareReports, DataCategory.Syntheses, DataCategory.PrescriptionsTreatments, DataCategory.MedicalAnalyses, DataCategory.AllergiesIntolerances, DataCategory.Prevention];

    /// <summary>A result of its own code for each document, so that each is a series by itself.</summary>
    private static readonly string[] Analytes = ["2823-3", "2160-0", "718-7", "4548-4", "3016-3", "2276-4"];

    /// <summary>A statement that can be told from every other: its document, its own category, the word that names it.</summary>
    private sealed record Told(int Document, DataCategory Category, string Word);

    private static readonly Told[] Statements =
    [
        .. Documents.SelectMany((category, i) => new[]
        {
            new Told(i, DataCategory.AllergiesIntolerances, Word(i, "allergen")),
            new Told(i, DataCategory.HealthHistory, Word(i, "illness")),
            new Told(i, DataCategory.PrescriptionsTreatments, Word(i, "remedy")),
            new Told(i, DataCategory.MedicalAnalyses, Word(i, "analyte")),
            new Told(i, DataCategory.ProsthesesDevices, Word(i, "implant")),
        }),
    ];

    [Theory, EveryStore]
    public async Task No_output_knows_of_a_statement_that_the_reader_may_not_see(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var ids = new List<DocumentId>();
        foreach (var (category, i) in Documents.Select((c, i) => (c, i))) ids.Add(await world.DepositAsync(world.Thill, $"urn:oid:1.2.3.{i + 1}", Speaking(i), category, title: "Document " + i));
        // The categories of the statements are those the rules give them, not those this test thinks of.
        var given = (await world.FactsAsync(world.Holder)).Facts.ToDictionary(f => f.Fact.Name!, f => f.Fact.Category);
        Assert.Equal(Statements.Length, given.Count);
        Assert.All(Statements.Where(s => s.Category != DataCategory.HealthHistory), s => Assert.Equal(s.Category, given[s.Word]));

        foreach (var (group, caller) in world.OfGroup)
        {
            bool Opens(DataCategory category) => AccessMatrix.MayRead(category, group);
            await CheckAsync(world, $"{group}", caller, i => Opens(Documents[i]), s => Opens(given[s.Word]));

            var masked = Array.FindIndex(Documents, Opens);
            if (masked < 0) continue;
            var rights = world.World.Operation<MaskItem>();
            Assert.True((await rights.RunAsync(world.Holder, world.Record, ids[masked], MaskFrom.One(new ActorRef(caller.Person, null)), "vu", world.World.Cancel)).Succeeded);
            // Who wrote it keeps it: a mask hides nothing from the author.
            if (caller.Person != world.Thill.Person) await CheckAsync(world, $"{group}, document {masked} masked", caller, i => i != masked && Opens(Documents[i]), s => Opens(given[s.Word]));

            Assert.True((await world.World.Operation<BlockFromRecord>().RunAsync(world.Holder, world.Record, new ActorRef(caller.Person, null), "vu", world.World.Cancel)).Succeeded);
            await CheckAsync(world, $"{group}, blocked", caller, _ => false, _ => false);
            Assert.Equal(await world.FactsAsync(world.Other), await world.FactsAsync(caller), ReadFactsTests.Same);
        }
    }

    private static async Task CheckAsync(DocumentWorld world, string who, Caller caller, Func<int, bool> document, Func<Told, bool> statement)
    {
        var found = await world.FactsAsync(caller);
        Assert.True(Enumerable.Range(0, Documents.Length).Count(document) == found.Documents.Count, $"{who}: {found.Documents.Count} documents are counted");
        var outputs = new (string Name, string Text)[]
        {
            ("facts", string.Join('\n', found.Facts.Select(f => f.Fact.Name))),
            ("series", string.Join('\n', ResultSeries.Of(found.Facts).Select(s => $"{s.Name} {s.Points.Count}"))),
            ("live summary", Live(found, world.World.Clock.GetUtcNow())),
            ("international summary", Ips(found, world.World.Clock.GetUtcNow())),
        };
        foreach (var told in Statements)
        {
            var may = document(told.Document) && statement(told);
            foreach (var (name, text) in outputs)
            {
                // Measurements are no lines of the live summary's sections, and only they are series.
                var measured = told.Category == DataCategory.MedicalAnalyses;
                var expected = may && (name switch { "series" => measured, "live summary" => !measured, _ => true });
                Assert.True(text.Contains(told.Word, StringComparison.Ordinal) == expected, $"{who}: {name} {(expected ? "lacks" : "tells of")} {told.Word}");
            }
        }
        for (var i = 0; i < Documents.Length; i++)
        {
            var hits = (await world.World.Operation<SearchText>().RunAsync(caller, world.Patient, new TextQuery(Word(i, "narrative")), world.World.Cancel)).Value;
            Assert.True((hits.Total, hits.Hits.Count) == (document(i) ? (1, 1) : (0, 0)), $"{who}: {hits.Total} hits for document {i}");
            if (document(i)) Assert.Contains(Word(i, "narrative"), hits.Hits[0].Snippet, StringComparison.OrdinalIgnoreCase);
        }
        // A word of every document: the total is that of the visible ones.
        var all = (await world.World.Operation<SearchText>().RunAsync(caller, world.Patient, new TextQuery("everywhere"), world.World.Cancel)).Value;
        Assert.True(all.Total == found.Documents.Count && all.Unread == 0, $"{who}: {all.Total} hits in all");
    }

    private static string Live(FoundFacts found, DateTimeOffset now)
    {
        var live = LiveSummary.Of(found, LiveSummary.Whole, now);
        return string.Join('\n', live.Sections.SelectMany(s => s.Lines.Select(l => l.Name).Concat(s.Denials.Concat(s.Silences).Select(d => d.Fact.Name))));
    }

    private static string Ips(FoundFacts found, DateTimeOffset now)
    {
        var holder = new Person(default, found.Record, 1, new PersonDetails { Family = "Weberscheid", Given = "Emma" });
        var bytes = new ArrayBufferWriter<byte>();
        IpsBundle.Write(bytes, PatientSummary.Of(found, holder, Guid.NewGuid(), now), new IpsFacts("https://dsp.example/fhir", "1", IpsTexts.For(CultureInfo.GetCultureInfo("fr-LU"))));
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Word(int document, string what) => $"{what}{(char)('a' + document)}zq";

    private static byte[] Speaking(int i) => Document(
        Section("48765-2", $"everywhere {Word(i, "narrative")}", Allergy(AllergyTo(Penicillin.Replace("Penicillin", Word(i, "allergen"), StringComparison.Ordinal).Replace("764146007", "76414600" + i, StringComparison.Ordinal)))),
        Section("11450-4", "", Problem($"""<value xsi:type="CD" code="5962100{i}" codeSystem="2.16.840.1.113883.6.96" displayName="{Word(i, "illness")}"/>""")),
        Section("30954-2", "", Panel(Result(Analytes[i], Word(i, "analyte"), $"""<value xsi:type="PQ" value="4.{i}" unit="mmol/l"/>"""))),
        Section("10160-0", "", Medicine($"""<code code="C09AA0{i}" codeSystem="2.16.840.1.113883.6.73" displayName="{Word(i, "remedy")}"/>""")),
        Section("46264-8", "", $"""<supply classCode="SPLY" moodCode="EVN"><templateId root="1.3.6.1.4.1.12559.11.10.1.3.1.3.5"/><effectiveTime value="2021"/><participant typeCode="DEV"><participantRole classCode="MANU"><playingDevice><code code="1410600{i}" codeSystem="2.16.840.1.113883.6.96" displayName="{Word(i, "implant")}"/></playingDevice></participantRole></participant></supply>"""));
}
