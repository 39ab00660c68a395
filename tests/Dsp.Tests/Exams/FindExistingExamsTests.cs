using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Records;
using Dsp.Tests.Documents;
using Dsp.Tests.Facts;
using Dsp.Tests.Support;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Exams;

/// <summary>"This exam exists already" as somebody asks it: rights, journal, the neutral answer.</summary>
public sealed class FindExistingExamsTests
{
    private static readonly ExamOrder HbA1c = new(new Concept([new CodedValue("http://loinc.org", "4548-4")]));
    private static readonly ExamOrder Chest = new(new Concept(Text: "Scanner du thorax"));

    [Theory, EveryStore]
    public async Task Who_may_read_the_results_is_shown_them_and_for_everybody_else_there_are_none(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var laboratory = await world.DepositAsync(world.Laboratory, "urn:oid:1.2.3.1", Report("17856-6"), DataCategory.MedicalAnalyses, "Bilan sanguin");
        var image = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", [1], DataCategory.MedicalImaging, "CT Thorax", type: "application/pdf");

        var rows = await AskAsync(world, world.Thill, HbA1c, Chest);
        Assert.Equal((laboratory, ExamMatch.Equivalent, "7.4", "Bilan sanguin", "Laboratoire du Nord (fictif)", 90), (rows[0].Document, rows[0].Match, rows[0].Value!.Number, rows[0].Title, rows[0].Institution, rows[0].Days));
        Assert.Equal((image, ExamMatch.Imaging), (rows[1].Document, rows[1].Match));
        // Imaging is closed to pharmacists (RGD 6.12.2019 annex 1), laboratory results are open.
        Assert.Equal([laboratory], (await AskAsync(world, world.Pharmacist, HbA1c, Chest)).Select(r => r.Document));
        Assert.Equal(2, (await AskAsync(world, world.Holder, HbA1c, Chest)).Count);
        Assert.Empty(await AskAsync(world, world.Other, HbA1c, Chest));
        Assert.Equal([laboratory], (await AskAsync(world, world.Laboratory, HbA1c, Chest)).Select(r => r.Document));

        Assert.True((await world.World.Operation<MaskItem>().RunAsync(world.Holder, world.Record, laboratory, MaskFrom.One(new ActorRef(world.Thill.Person, null)), "vu", world.World.Cancel)).Succeeded);
        Assert.Equal([image], (await AskAsync(world, world.Thill, HbA1c, Chest)).Select(r => r.Document));
        Assert.True((await world.World.Operation<BlockFromRecord>().RunAsync(world.Holder, world.Record, new ActorRef(world.Thill.Person, null), "vu", world.World.Cancel)).Succeeded);
        Assert.Empty(await AskAsync(world, world.Thill, HbA1c, Chest));
    }

    [Theory, EveryStore]
    public async Task The_journal_keeps_the_order_and_names_the_documents_shown_and_no_other(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var shown = await world.DepositAsync(world.Laboratory, "urn:oid:1.2.3.1", Report("4548-4"), DataCategory.MedicalAnalyses);
        await world.DepositAsync(world.Laboratory, "urn:oid:1.2.3.2", Report("3016-3"), DataCategory.MedicalAnalyses);

        await AskAsync(world, world.Thill, HbA1c);

        var line = (await world.World.Operation<ReadHistory>().RunAsync(world.Holder, world.Record, new WantedHistory(), world.World.Cancel)).Value.Lines.First(l => l.Entry.Action == "read-facts").Entry;
        Assert.Equal((world.Thill.Person, true, "http://loinc.org|4548-4"), (line.Person, line.Permitted, line.Query));
        Assert.Equal([shown], line.Documents);
    }

    [Fact]
    public async Task A_result_is_shown_until_its_interval_is_over()
    {
        await using var world = await DocumentWorld.CreateAsync(Store.Sqlite);
        await world.DepositAsync(world.Laboratory, "urn:oid:1.2.3.1", Report("4548-4"), DataCategory.MedicalAnalyses);
        // Drawn on 20 November 2026; the world begins three days later.
        world.World.Clock.Advance(TimeSpan.FromDays(86));
        Assert.Single(await AskAsync(world, world.Holder with { AuthenticatedAt = world.World.Clock.Now() }, HbA1c));
        world.World.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Empty(await AskAsync(world, world.Holder with { AuthenticatedAt = world.World.Clock.Now() }, HbA1c));
    }

    private static byte[] Report(string loinc) => Document(Section("30954-2", "", Panel(Result(loinc, "Analyse", """<value xsi:type="PQ" value="7.4" unit="%"/>""", time: "202611200830+0100"))));

    private static async Task<IReadOnlyList<ExistingExam>> AskAsync(DocumentWorld world, Caller caller, params ExamOrder[] orders)
    {
        var found = await world.World.Operation<FindExistingExams>().RunAsync(caller, world.Patient, orders, world.World.Cancel);
        Assert.True(found.Succeeded, found.Refusal?.Id);
        Assert.Equal(orders.Length, found.Value.Count);
        return [.. found.Value.SelectMany(o => o.Exams)];
    }
}
