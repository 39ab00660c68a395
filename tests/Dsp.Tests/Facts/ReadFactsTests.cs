using System.Text;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Tests.Documents;
using Dsp.Tests.Support;
using static Dsp.Tests.Facts.FactWorld;

namespace Dsp.Tests.Facts;

/// <summary>A fact is there only where its document and its own category are readable.</summary>
public sealed class ReadFactsTests
{
    private const string All = "Penicillin, Essential hypertension, Ramipril, Kalium, Pacemaker";

    [Theory, EveryStore]
    public async Task The_treating_doctor_and_the_holder_see_the_facts_of_a_deposited_document_and_a_stranger_none(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());

        Assert.Equal(All, await world.NamesAsync(world.Thill));
        Assert.Equal(All, await world.NamesAsync(world.Holder));
        Assert.Equal(new FoundFacts(RecordId.None, [], [], []), await world.FactsAsync(world.Other), Same);
        var one = Assert.Single((await world.FactsAsync(world.Thill, FactKind.Allergy)).Facts);
        Assert.Equal((id, "Penicillin", "1/e1/1"), (one.Source.Id, one.Fact.Name, one.Fact.Place.Path));
    }

    [Theory, EveryStore]
    public async Task A_pharmacist_sees_of_a_readable_report_only_the_facts_of_readable_categories(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());

        // Prostheses are closed to pharmacists (RGD 6.12.2019 annex 1); the report is open to them.
        Assert.Equal("Penicillin, Essential hypertension, Ramipril, Kalium", await world.NamesAsync(world.Pharmacist));
    }

    [Theory, EveryStore]
    public async Task For_every_profession_group_a_fact_is_there_exactly_where_the_matrix_opens_its_document_and_itself(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        DataCategory[] documents = [DataCategory.CareReports, DataCategory.Syntheses, DataCategory.PrescriptionsTreatments, DataCategory.AllergiesIntolerances];
        foreach (var (category, number) in documents.Select((c, i) => (c, i))) await world.DepositAsync(world.Thill, $"urn:oid:1.2.3.{number}", Report(), category, title: category.ToString());
        var all = (await world.FactsAsync(world.Holder)).Facts;
        Assert.Equal(5 * documents.Length, all.Count);

        foreach (var (group, caller) in world.OfGroup)
        {
            bool Opens(DataCategory category) => AccessMatrix.MayRead(category, group);
            var expected = all.Where(f => Opens(f.Source.Entry.Facts.Category) && Opens(f.Fact.Category)).Select(f => (Id: f.Source.Id.ToString(), f.Fact.Name)).Order().ToList();
            var found = await world.FactsAsync(caller);
            Assert.Equal(expected, found.Facts.Select(f => (Id: f.Source.Id.ToString(), f.Fact.Name)).Order());
            // Neither counts, nor a series, nor a summary, nor a search knows of more.
            Assert.Equal(documents.Count(Opens), found.Documents.Count);
            Assert.Equal(expected.Count(e => e.Name == "Kalium"), ResultSeries.Of(found.Facts).SelectMany(s => s.Points).SelectMany(p => p.Sources).Count());
            Assert.Equal(expected.Count(e => e.Name == "Pacemaker"), LiveSummary.Of(found, LiveSummary.Whole, world.World.Clock.GetUtcNow())[FactKind.Device].Lines.SelectMany(l => l.Statements).Count());
            Assert.Equal(documents.Count(Opens), (await world.World.Operation<SearchText>().RunAsync(caller, world.Patient, new TextQuery("hypertension"), world.World.Cancel)).Value.Total);
        }
    }

    [Theory, EveryStore]
    public async Task Facts_of_open_categories_in_a_closed_document_stay_closed(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report(), DataCategory.Syntheses);

        Assert.Equal(All, await world.NamesAsync(world.Thill));
        var found = await world.FactsAsync(world.Pharmacist);
        Assert.Empty(found.Facts);
        Assert.Empty(found.Documents);
    }

    [Theory, EveryStore]
    public async Task A_masked_document_s_facts_are_masked_with_it(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Report("Latex"), title: "Autre");

        var mask = await world.World.Operation<MaskItem>().RunAsync(world.Holder, world.Record, id, MaskFrom.One(new ActorRef(world.Pharmacist.Person, null)), "vu", world.World.Cancel);

        Assert.True(mask.Succeeded);
        var found = await world.FactsAsync(world.Pharmacist);
        Assert.Equal(["Latex"], found.Facts.Where(f => f.Fact.Kind == FactKind.Allergy).Select(f => f.Fact.Name));
        Assert.DoesNotContain(found.Documents, d => d.Id == id);
        Assert.Equal(10, (await world.FactsAsync(world.Thill)).Facts.Count);
    }

    [Theory, EveryStore]
    public async Task A_replaced_document_s_facts_give_way_to_those_of_the_new_one(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Report("Latex"), replaces: "urn:oid:1.2.3.1");

        Assert.Equal(All.Replace("Penicillin", "Latex", StringComparison.Ordinal), await world.NamesAsync(world.Thill));
    }

    [Theory, EveryStore]
    public async Task A_withdrawn_document_s_facts_are_gone_and_nothing_of_them_is_kept(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());

        Assert.True((await world.World.Operation<WithdrawDocument>().RunAsync(world.Thill, null, id, WithdrawalReason.Author, world.World.Cancel)).Succeeded);

        foreach (var reader in new[] { world.Thill, world.Holder }) Assert.Empty((await world.FactsAsync(reader)).Facts);
        Assert.Equal([0L], await world.World.Platform.Database.QueryAsync(r => r.Long(0), "SELECT COUNT(*) FROM document_facts", world.World.Cancel));
    }

    [Theory, EveryStore]
    public async Task A_document_of_the_wrong_patient_loses_its_facts_for_everyone_at_once(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());

        Assert.True((await world.World.Operation<WithdrawDocument>().RunAsync(world.Holder, null, id, WithdrawalReason.WrongPatient, world.World.Cancel)).Succeeded);

        foreach (var reader in new[] { world.Thill, world.Holder, world.Pharmacist }) Assert.Empty((await world.FactsAsync(reader)).Facts);
        Assert.Equal([0L], await world.World.Platform.Database.QueryAsync(r => r.Long(0), "SELECT COUNT(*) FROM document_facts", world.World.Cancel));
    }

    [Theory, EveryStore]
    public async Task To_a_blocked_doctor_the_record_is_as_absent_as_to_a_stranger_even_for_what_he_wrote(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());

        Assert.True((await world.World.Operation<BlockFromRecord>().RunAsync(world.Holder, world.Record, new ActorRef(world.Thill.Person, null), "vu", world.World.Cancel)).Succeeded);

        Assert.Equal(await world.FactsAsync(world.Other), await world.FactsAsync(world.Thill), Same);
        Assert.Equal(All, await world.NamesAsync(world.Holder));
    }

    [Theory, EveryStore]
    public async Task A_laboratory_s_system_sees_the_facts_of_its_own_deposits_only(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());
        await world.DepositAsync(world.Laboratory, "urn:oid:1.2.3.2", Report("Latex"), DataCategory.MedicalAnalyses);

        Assert.Equal(["Latex"], (await world.FactsAsync(world.Laboratory)).Facts.Where(f => f.Fact.Kind == FactKind.Allergy).Select(f => f.Fact.Name));
    }

    [Theory, EveryStore]
    public async Task The_journal_names_every_document_whose_facts_were_shown_and_no_other(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var shown = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Encoding.UTF8.GetBytes("ohne Fakten"), type: "text/plain");

        await world.FactsAsync(world.Pharmacist, FactKind.Allergy);

        var line = (await world.World.Operation<ReadHistory>().RunAsync(world.Holder, world.Record, new WantedHistory(), world.World.Cancel)).Value.Lines.First(l => l.Entry.Action == "read-facts");
        Assert.Equal((world.Pharmacist.Person, true), (line.Entry.Person, line.Entry.Permitted));
        Assert.Equal([shown], line.Entry.Documents);
    }

    [Theory, EveryStore]
    public async Task A_document_that_cannot_be_read_is_deposited_whole_and_named_as_unread(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var bomb = Encoding.UTF8.GetBytes("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><ClinicalDocument xmlns=\"urn:hl7-org:v3\">&c;</ClinicalDocument>");

        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", bomb);

        Assert.Equal(bomb, await world.ReadAsync(world.Thill, id));
        var found = await world.FactsAsync(world.Thill);
        Assert.Empty(found.Facts);
        Assert.Equal([id], found.Unread.Select(d => d.Id));
    }

    [Theory, EveryStore]
    public async Task At_rest_the_rows_say_nothing_and_open_nowhere_else(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());
        var second = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Report("Latex"));
        var database = world.World.Platform.Database;

        var rows = await database.QueryAsync(r => Encoding.Latin1.GetString([.. r.Bytes(0), .. r.Bytes(1), .. r.Bytes(2)]), "SELECT sealed_terms, sealed_facts, sealed_text FROM document_facts", world.World.Cancel);
        Assert.Equal(2, rows.Count);
        Assert.All(rows, r => Assert.DoesNotContain("Penicillin", r, StringComparison.OrdinalIgnoreCase));
        Assert.All(rows, r => Assert.DoesNotContain("hypertension", r, StringComparison.OrdinalIgnoreCase));

        // Another document's facts in this one's row: not opened, told, and never read as "no facts".
        await database.CommitAsync(new Batch().Add("UPDATE document_facts SET sealed_facts = (SELECT f.sealed_facts FROM document_facts f WHERE f.document_id <> @document) WHERE document_id = @document", ("document", second)), world.World.Cancel);
        var found = await world.FactsAsync(world.Thill);
        Assert.Equal([second], found.Unread.Select(d => d.Id));
        Assert.Equal(5, found.Facts.Count);
        Assert.Contains(world.World.Platform.Alarms.Recent, a => a.Kind == "facts-do-not-open");
    }

    internal static bool Same(FoundFacts one, FoundFacts other) =>
        one.Record == other.Record && one.Facts.Count == other.Facts.Count && one.Documents.Count == other.Documents.Count && one.Unread.Count == other.Unread.Count;
}
