using System.Text;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Storage;
using Dsp.Tests.Documents;
using Dsp.Tests.Support;
using static Dsp.Tests.Facts.FactWorld;

namespace Dsp.Tests.Facts;

public sealed class SearchTextTests
{
    [Theory, EveryStore]
    public async Task Words_are_found_in_title_text_and_facts_with_accents_and_cases_folded_and_as_beginnings(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var report = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report(), title: "Consultation du Léman");
        var note = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Encoding.UTF8.GetBytes("Der Patient klagt über Kopfschmerzen nach dem Essen. Ärztlicher Rat: Œuf meiden."), title: "Notiz", type: "text/plain");

        foreach (var words in new[] { "leman", "LÉMAN", "hypertension traitee", "arterielle HYPERT", "penicillin", "764146007", "pacemaker" })
            Assert.Equal([report], await IdsAsync(world, world.Thill, words));
        foreach (var words in new[] { "kopfschm", "uber", "arztlicher", "oeuf", "notiz Essen" })
            Assert.Equal([note], await IdsAsync(world, world.Thill, words));
        Assert.Empty(await IdsAsync(world, world.Thill, "kopfschmerzen penicillin"));
        Assert.Empty(await IdsAsync(world, world.Thill, "schmerzen"));
    }

    [Theory, EveryStore]
    public async Task A_hit_shows_the_words_around_the_first_place(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var long_ = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"avant{i}")) + " Dyspnée d'effort " + string.Join(' ', Enumerable.Range(0, 60).Select(i => $"après{i}"));
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Encoding.UTF8.GetBytes(long_), type: "text/plain");

        var snippet = Assert.Single((await SearchAsync(world, world.Thill, "dyspnee")).Hits).Snippet!;

        Assert.StartsWith("… avant", snippet, StringComparison.Ordinal);
        Assert.Contains(" Dyspnée d'effort après0 ", snippet, StringComparison.Ordinal);
        Assert.EndsWith(" …", snippet, StringComparison.Ordinal);
        Assert.InRange(snippet.Length, 100, 210);
    }

    [Theory, EveryStore]
    public async Task What_a_reader_may_not_open_gives_no_hit_no_count_and_no_snippet(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var hidden = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Report(), DataCategory.Syntheses);
        var replaced = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.3", Report());
        var current = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.4", Report(), replaces: "urn:oid:1.2.3.3");
        await world.World.Operation<MaskItem>().RunAsync(world.Holder, world.Record, hidden, MaskFrom.One(ActorRef.Of(world.Pharmacist.Person!.Value)), "vu", world.World.Cancel);

        var found = await SearchAsync(world, world.Pharmacist, "penicillin");

        Assert.Equal([current], found.Hits.Select(h => h.Document.Id));
        Assert.Equal((1, 0), (found.Total, found.Unread));
        Assert.Equal(3, (await SearchAsync(world, world.Holder, "penicillin")).Total);
        Assert.Equal((0, 0), ((await SearchAsync(world, world.Other, "penicillin")).Total, (await SearchAsync(world, world.Other, "penicillin")).Unread));
        Assert.DoesNotContain(replaced, found.Hits.Select(h => h.Document.Id));
    }

    [Theory, EveryStore]
    public async Task The_journal_keeps_the_question_sealed_and_names_what_was_shown(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var report = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());

        await SearchAsync(world, world.Thill, "Hypertension");

        var line = (await world.World.Operation<ReadHistory>().RunAsync(world.Holder, world.Record, new WantedHistory(), world.World.Cancel)).Value.Lines.First(l => l.Entry.Action == "search-text").Entry;
        Assert.Equal("Hypertension", line.Query);
        Assert.Equal([report], line.Documents);
        foreach (var body in await world.World.Platform.Database.QueryAsync(r => r.Bytes(0), "SELECT sealed FROM journal_bodies", world.World.Cancel))
            Assert.DoesNotContain("Hypertension", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task Category_time_author_and_institution_narrow_and_a_question_without_words_is_refused(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());

        async Task<int> CountAsync(TextQuery query) => (await world.World.Operation<SearchText>().RunAsync(world.Thill, world.Patient, query, world.World.Cancel)).Value.Total;
        Assert.Equal(1, await CountAsync(new TextQuery("penicillin") { Categories = [DataCategory.CareReports], Author = "thill", Institution = "cabinet", From = world.World.Clock.GetUtcNow().AddDays(-1) }));
        Assert.Equal(0, await CountAsync(new TextQuery("penicillin") { Categories = [DataCategory.MedicalImaging] }));
        Assert.Equal(0, await CountAsync(new TextQuery("penicillin") { Author = "illaray" }));
        Assert.Equal(0, await CountAsync(new TextQuery("penicillin") { To = world.World.Clock.GetUtcNow().AddDays(-1) }));
        Assert.Equal(Refusals.ParameterInvalid.Id, (await world.World.Operation<SearchText>().RunAsync(world.Thill, world.Patient, new TextQuery(" – ?"), world.World.Cancel)).Refusal!.Id);
    }

    [Theory, EveryStore]
    public async Task Documents_that_older_rules_have_read_are_read_again_by_a_named_operator_and_the_holder_sees_it(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());
        var gone = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Report());
        await world.World.Operation<WithdrawDocument>().RunAsync(world.Thill, null, gone, WithdrawalReason.Author, world.World.Cancel);
        await world.World.Platform.Database.CommitAsync(new Batch().Add("DELETE FROM document_facts"), world.World.Cancel);
        Assert.Equal([id], (await world.FactsAsync(world.Thill)).Unread.Select(d => d.Id));

        var done = await world.World.Operation<ReindexDocuments>().RunAsync("Opératrice Fictive", null, world.World.Cancel);
        var again = await world.World.Operation<ReindexDocuments>().RunAsync("Opératrice Fictive", null, world.World.Cancel);

        Assert.Equal(new Reindexed(1, 1, 0), done);
        Assert.Equal(new Reindexed(0, 0, 0), again);
        Assert.Equal(5, (await world.FactsAsync(world.Thill)).Facts.Count);

        // A closed record is an archive: nothing in it is opened.
        await world.World.Platform.Database.CommitAsync(new Batch().Add("DELETE FROM document_facts"), world.World.Cancel);
        Assert.True((await world.World.Operation<Dsp.Records.CloseRecord>().RunAsync(world.Holder with { FreshAt = world.World.Clock.GetUtcNow() }, world.Patient, world.World.Cancel)).Succeeded);
        Assert.Equal(new Reindexed(0, 0, 0), await world.World.Operation<ReindexDocuments>().RunAsync("Opératrice Fictive", null, world.World.Cancel));
        Assert.Equal([0L], await world.World.Platform.Database.QueryAsync(r => r.Long(0), "SELECT COUNT(*) FROM document_facts", world.World.Cancel));
        var line = Assert.Single((await world.World.Operation<ReadHistory>().RunAsync(world.Holder, world.Record, new WantedHistory(), world.World.Cancel)).Value.Lines, l => l.Entry.Action == "reindex").Entry;
        Assert.Equal(("Opératrice Fictive", "dsp reindex"), (line.PersonName, line.Software));
        Assert.Equal([id], line.Documents);
    }

    private static async Task<TextHits> SearchAsync(DocumentWorld world, Caller by, string words) =>
        (await world.World.Operation<SearchText>().RunAsync(by, world.Patient, new TextQuery(words), world.World.Cancel)).Value;

    private static async Task<IEnumerable<DocumentId>> IdsAsync(DocumentWorld world, Caller by, string words) => (await SearchAsync(world, by, words)).Hits.Select(h => h.Document.Id);
}
