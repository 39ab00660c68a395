using System.Security.Cryptography;
using System.Text;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Documents;

public sealed class DocumentTests
{
    private static readonly byte[] Hello = Encoding.UTF8.GetBytes("HbA1c 7,4 %");

    [Theory, EveryStore]
    public async Task The_laboratory_deposits_and_the_treating_doctor_finds_and_reads_it(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);

        var deposited = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Hello))).Value;

        var found = Assert.Single(await world.FindAsync(world.Thill));
        Assert.Equal(("Bilan", deposited.Documents[0].Id), (found.Metadata.Title, found.Id));
        Assert.Equal(world.Biologist, found.Entry.DepositedBy);
        Assert.Equal(Hello, await world.ReadAsync(world.Thill, found.Id));
        Assert.Equal(Hello, await world.ReadAsync(world.Holder, found.Id));
        Assert.Equal(Hello, await world.ReadAsync(world.Laboratory, found.Id));
    }

    [Theory, EveryStore]
    public async Task A_doctor_without_relation_finds_and_reads_nothing(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Hello))).Value.Documents[0].Id;

        Assert.Empty(await world.FindAsync(world.Other));
        Assert.Null(await world.ReadAsync(world.Other, id));
    }

    [Theory, EveryStore]
    public async Task The_same_submission_again_gets_the_first_answer(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var submission = DocumentWorld.Submission("urn:oid:1.2.3.1", Hello);

        var first = (await world.DepositAsync(world.Laboratory, submission)).Value;
        var second = (await world.DepositAsync(world.Laboratory, submission)).Value;

        Assert.True(second.Repeated);
        Assert.Equal(first.Documents, second.Documents);
        Assert.Single(await world.FindAsync(world.Thill));
    }

    [Theory, EveryStore]
    public async Task The_same_unique_id_with_other_bytes_is_a_conflict_and_keeps_nothing(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Hello));

        var again = await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", [1, 2, 3], submissionId: "urn:oid:1.2.4"));

        Assert.Equal(Refusals.UniqueIdTaken.Id, again.Refusal!.Id);
        Assert.Single(await world.FindAsync(world.Thill));
    }

    [Theory, EveryStore]
    public async Task When_the_second_document_may_not_go_in_nothing_of_the_submission_is_kept(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var good = DocumentWorld.Submission("urn:oid:1.2.3.1", Hello);
        var bad = DocumentWorld.Submission("urn:oid:1.2.3.2", Hello, DataCategory.CareReports);

        var answer = await world.DepositAsync(world.Laboratory, good with { Documents = [good.Documents[0], bad.Documents[0]] });

        Assert.Equal(Refusals.CategoryNotWritable.Id, answer.Refusal!.Id);
        Assert.Empty(await world.FindAsync(world.Thill));
        Assert.Equal([0L], await world.World.Platform.Database.QueryAsync(r => r.Long(0), "SELECT COUNT(*) FROM documents", world.World.Cancel));
    }

    [Theory, EveryStore]
    public async Task A_replaced_document_gives_way_to_the_new_one_and_stays_readable(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var old = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Hello))).Value.Documents[0].Id;
        var replacement = DocumentWorld.Submission("urn:oid:1.2.3.2", [9], title: "Résultat corrigé", relations: [(RelationKind.Replaces, "urn:oid:1.2.3.1")]);

        Assert.True((await world.DepositAsync(world.Laboratory, replacement)).Succeeded);

        Assert.Equal("Résultat corrigé", Assert.Single(await world.FindAsync(world.Thill)).Metadata.Title);
        Assert.Equal(old, Assert.Single(await world.FindAsync(world.Thill, new DocumentSearch { Statuses = [DocumentStatus.Superseded] })).Id);
        Assert.Equal(Hello, await world.ReadAsync(world.Thill, old));
        var third = await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.3", [8], relations: [(RelationKind.Replaces, "urn:oid:1.2.3.1")]));
        Assert.Equal(Refusals.TargetNotCurrent.Id, third.Refusal!.Id);
    }

    [Theory, EveryStore]
    public async Task What_its_author_withdrew_is_told_as_withdrawn_to_author_and_holder_and_is_absent_for_everyone_else(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Hello))).Value.Documents[0].Id;
        Assert.Equal(Hello, await world.ReadAsync(world.Thill, id));

        Assert.True((await world.World.Operation<WithdrawDocument>().RunAsync(world.Laboratory, null, id, WithdrawalReason.Author, world.World.Cancel)).Succeeded);

        foreach (var (reader, told) in new[] { (world.Thill, Refusals.NotFound), (world.Holder, Refusals.Withdrawn), (world.Laboratory, Refusals.Withdrawn) })
        {
            Assert.Empty(await world.FindAsync(reader));
            Assert.Empty(await world.FindAsync(reader, new DocumentSearch { Statuses = [DocumentStatus.Withdrawn] }));
            Assert.Equal(told, (await world.World.Operation<RetrieveDocument>().RunAsync(reader, null, id, null, world.World.Cancel)).Refusal);
            Assert.Equal(told, (await world.World.Operation<ReadDocumentEntry>().RunAsync(reader, null, id, world.World.Cancel)).Refusal);
        }
    }

    [Theory, EveryStore]
    public async Task A_document_of_the_wrong_patient_is_absent_for_everyone_at_once(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Hello))).Value.Documents[0].Id;

        Assert.True((await world.World.Operation<WithdrawDocument>().RunAsync(world.Laboratory, null, id, WithdrawalReason.WrongPatient, world.World.Cancel)).Succeeded);

        foreach (var reader in new[] { world.Thill, world.Holder, world.Laboratory })
        {
            Assert.Empty(await world.FindAsync(reader));
            // Not withdrawn: nothing was ever there.
            Assert.Equal(Refusals.NotFound, (await world.World.Operation<RetrieveDocument>().RunAsync(reader, null, id, null, world.World.Cancel)).Refusal);
            Assert.Equal(Refusals.NotFound, (await world.World.Operation<ReadDocumentEntry>().RunAsync(reader, null, id, world.World.Cancel)).Refusal);
        }
    }

    [Theory, EveryStore]
    public async Task A_large_document_reads_back_whole_and_in_ranges(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var bytes = RandomNumberGenerator.GetBytes(300_001);
        var id = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", bytes))).Value.Documents[0].Id;

        Assert.Equal(bytes, await world.ReadAsync(world.Thill, id));
        Assert.Equal(bytes[65_000..140_000], await world.ReadAsync(world.Thill, id, _ => (65_000, 75_000)));
        Assert.Equal(bytes[^1..], await world.ReadAsync(world.Thill, id, length => (length - 1, 1)));
        Assert.Equal([0L], await world.World.Platform.Database.QueryAsync(r => r.Long(0), "SELECT COUNT(*) FROM content_intents", world.World.Cancel));
    }

    [Theory, EveryStore]
    public async Task Pages_walk_every_document_once_newest_first(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        for (var i = 0; i < 25; i++)
        {
            await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3." + (100 + i), [(byte)i], title: "T" + i));
            if (i % 3 == 0) world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var seen = new List<(string? Title, DateTimeOffset At)>();
        (DateTimeOffset, DocumentId)? after = null;
        while (true)
        {
            var page = (await world.World.Operation<FindDocuments>().RunAsync(world.Thill, world.Patient, new DocumentSearch { Count = 10, After = after }, world.World.Cancel)).Value;
            seen.AddRange(page.Documents.Select(d => (d.Metadata.Title, d.AddedAt)));
            if (!page.More) break;
            after = (page.Documents[^1].AddedAt, page.Documents[^1].Id);
        }

        Assert.Equal(25, seen.Count);
        Assert.Equal(25, seen.Select(s => s.Title).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(seen.Select(s => s.At).OrderDescending(), seen.Select(s => s.At));
    }

    [Theory, EveryStore]
    public async Task Every_access_leaves_its_journal_entry_and_a_read_names_the_document(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Hello))).Value.Documents[0].Id;
        await world.FindAsync(world.Thill);
        await world.ReadAsync(world.Thill, id);
        await world.ReadAsync(world.Other, id);

        var entries = await world.World.Platform.Database.QueryAsync(r => r.Guid(0), "SELECT entry_id FROM journal_entries WHERE record_id = @r", world.World.Cancel, ("r", world.Record));
        Assert.Equal(5, entries.Count);
    }

    [Theory, EveryStore]
    public async Task A_flipped_category_column_hides_the_row_and_raises_an_alarm(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Hello))).Value.Documents[0].Id;
        Assert.Empty((await world.FindAsync(world.Other)));

        await world.World.Platform.Database.CommitAsync(new Batch().Add("UPDATE documents SET category = 'PrescriptionsTreatments' WHERE document_id = @d", ("d", id)), world.World.Cancel);

        Assert.Empty(await world.FindAsync(world.Pharmacist));
        Assert.Null(await world.ReadAsync(world.Thill, id));
        Assert.Contains(world.World.Platform.Alarms.Recent, a => a.Kind == "document-row-does-not-open");
    }
}
