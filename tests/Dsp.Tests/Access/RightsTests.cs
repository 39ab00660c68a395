using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

public sealed class RightsTests
{
    [Theory, EveryStore]
    public async Task A_masked_result_is_absent_for_that_doctor(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await TreatedByAllAsync(care);
        var (result, missing) = (await care.DocumentAsync(DataCategory.MedicalAnalyses, care.Other.Person), DocumentId.New(care.World.Clock));

        var mask = (await care.Op<MaskItem>().RunAsync(care.Emma, care.Record, result, MaskFrom.One(ActorRef.Of(care.Thill.Person!.Value)), "I know the risk", care.Cancel)).Value;

        Assert.Equal(await care.ReadAsync(care.Thill, missing), await care.ReadAsync(care.Thill, result));
        Assert.Null(await care.ReadAsync(care.Nurse, result));
        Assert.Null(await care.ReadAsync(care.Other, result));
        Assert.Null(await care.ReadAsync(care.Emma, result));
        Assert.Equal(mask, (await care.Op<MaskItem>().RunAsync(care.Emma, care.Record, result, MaskFrom.One(ActorRef.Of(care.Thill.Person!.Value)), null, care.Cancel)).Value);
        await care.Op<Unmask>().RunAsync(care.Emma, care.Record, mask, care.Cancel);
        Assert.Null(await care.ReadAsync(care.Thill, result));
        Assert.Contains((await HistoryAsync(care, care.Emma)).Lines, l => l.Entry.Action == "mask" && l.Entry.Detail!.Contains("I know the risk", StringComparison.Ordinal));
    }

    [Theory, EveryStore]
    public async Task The_three_choices_of_visibility_and_the_author_who_always_sees(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await TreatedByAllAsync(care);
        var report = await care.DocumentAsync(DataCategory.CareReports, care.Other.Person);

        await SetAsync(Visibility.OnlyMe);
        Assert.Equal("--W", await SeenAsync());
        await SetAsync(Visibility.Some, care.Nurse.Person!.Value);
        Assert.Equal("-KW", await SeenAsync());
        await SetAsync(Visibility.MyCarers);
        Assert.Equal("TKW", await SeenAsync());
        Assert.Empty((await care.SheetAsync()).Masks);
        Assert.Equal(MaskItem.FromItsAuthor, (await care.Op<MaskItem>().RunAsync(care.Emma, care.Record, report, MaskFrom.One(ActorRef.Of(care.Other.Person!.Value)), null, care.Cancel)).Refusal);
        Assert.Equal(RefusalKind.Required, (await care.Op<SetVisibility>().RunAsync(care.Emma, care.Record, report, Visibility.Some, [], null, care.Cancel)).Refusal!.Kind);
        Assert.Equal(Refusals.NotFound, (await care.Op<SetVisibility>().RunAsync(care.Emma, care.Record, DocumentId.New(care.World.Clock), Visibility.OnlyMe, [], null, care.Cancel)).Refusal);

        async Task SetAsync(Visibility visibility, params PersonId[] some) =>
            Assert.True((await care.Op<SetVisibility>().RunAsync(care.Emma, care.Record, report, visibility, some, "risk", care.Cancel)).Succeeded);

        // Thill, Klein the nurse, Weber the author.
        async Task<string> SeenAsync() => string.Concat(
            await care.ReadAsync(care.Thill, report) is null ? 'T' : '-', await care.ReadAsync(care.Nurse, report) is null ? 'K' : '-', await care.ReadAsync(care.Other, report) is null ? 'W' : '-');
    }

    [Theory, EveryStore]
    public async Task Asked_about_many_documents_the_rules_answer_as_for_each_and_write_one_line(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await TreatedByAllAsync(care);
        DocumentId[] documents = [await care.DocumentAsync(DataCategory.MedicalAnalyses, null), await care.DocumentAsync(DataCategory.CareReports, care.Other.Person), await care.DocumentAsync(DataCategory.HolderExpression, null)];
        Assert.True((await care.Op<SetVisibility>().RunAsync(care.Emma, care.Record, documents[0], Visibility.OnlyMe, [], "risk", care.Cancel)).Succeeded);

        foreach (var person in new[] { care.Thill, care.Nurse, care.Other }.Select(p => p.Person!.Value))
        {
            var readable = (await care.Op<AskDecision>().RunAsync(care.Emma, care.Record, person, documents, care.Cancel)).Value;
            foreach (var document in documents)
                Assert.Equal((await care.Op<AskDecision>().RunAsync(care.Emma, care.Record, person, AccessAction.Read, document, care.Cancel)).Value.Permitted, readable.Contains(document));
        }

        Assert.Equal(Refusals.RoleMayNot, (await care.Op<AskDecision>().RunAsync(care.Thill, care.Record, care.Other.Person!.Value, documents, care.Cancel)).Refusal);
        Assert.Equal(3 * (1 + documents.Length), (await HistoryAsync(care, care.Emma)).Lines.Count(l => l.Entry.Action == "ask-decision" && l.Entry.Permitted));
    }

    [Theory, EveryStore]
    public async Task A_block_closes_the_record_to_person_or_place_and_its_author_too(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await TreatedByAllAsync(care);
        var report = await care.DocumentAsync(DataCategory.CareReports, care.Other.Person);

        var block = (await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.OtherPractice), null, care.Cancel)).Value;

        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Other, report));
        Assert.Null(await care.ReadAsync(care.Thill, report));
        await care.Op<Unblock>().RunAsync(care.Emma, care.Record, block, care.Cancel);
        Assert.Null(await care.ReadAsync(care.Other, report));
        Assert.Equal(ActorRef.NotListed, (await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(PersonId.New(care.World.Clock)), null, care.Cancel)).Refusal);
        Assert.Equal(Refusals.RoleMayNot, (await care.Op<BlockFromRecord>().RunAsync(care.Thill, care.Record, ActorRef.Of(care.OtherPractice), null, care.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_licence_stopped_for_a_time_ends_access_at_once_and_gives_it_back(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await TreatedByAllAsync(care);
        var report = await care.DocumentAsync(DataCategory.CareReports, null);

        await care.StopLicenceAsync(care.Thill, care.Now, care.Now + TimeSpan.FromDays(7));

        Assert.Equal(Refusals.LicenceStopped, await care.ReadAsync(care.Thill, report));
        care.World.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(Refusals.LicenceStopped, await care.ReadAsync(care.Thill, report));
        care.World.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Null(await care.ReadAsync(care.Thill, report));
    }

    [Theory, EveryStore]
    public async Task Wishes_are_written_down_by_the_holder_or_by_a_professional_with_a_relation(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var imaging = new ObjectionTo { Category = DataCategory.MedicalImaging };

        Assert.Equal(Refusals.NotFound, (await care.Op<ObjectToDeposit>().RunAsync(care.Thill, care.Record, imaging, null, care.Cancel)).Refusal);
        await TreatedByAllAsync(care);
        var objection = (await care.Op<ObjectToDeposit>().RunAsync(care.Thill, care.Record, imaging, null, care.Cancel)).Value;
        Assert.Equal(care.Emma.Person, (await HistoryAsync(care, care.Emma)).Lines.First(l => l.Entry.Action == "object-to-deposit" && l.Entry.Permitted).Entry.OnBehalfOf);
        Assert.Equal(Refusals.NotFound, (await care.Op<WithdrawObjection>().RunAsync(care.Emma, care.Record, Ids.New(care.World.Clock), care.Cancel)).Refusal);
        Assert.True((await care.Op<WithdrawObjection>().RunAsync(care.Emma, care.Record, objection, care.Cancel)).Succeeded);
        Assert.Equal(care.Now + TimeSpan.FromDays(15), (await care.Op<RequestDeposit>().RunAsync(care.Emma, care.Record, care.Thill.Person!.Value, "My scan", care.Cancel)).Value.DueAt);
        Assert.Equal(RefusalKind.Required, (await care.Op<ObjectToDeposit>().RunAsync(care.Emma, care.Record, new ObjectionTo(), null, care.Cancel)).Refusal!.Kind);
    }

    [Theory, EveryStore]
    public async Task Decisions_tell_the_holder_what_another_would_be_answered(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await TreatedByAllAsync(care);
        var report = await care.DocumentAsync(DataCategory.CareReports, null);

        Assert.Equal((true, "11-permit"), await AskAsync(care.Thill, report));
        Assert.Equal((true, "11-permit"), await AskAsync(care.Nurse, report));
        Assert.Equal((false, "7-relation"), await AskAsync(care.Reuter, report, endClinic: true));
        await care.Op<MaskItem>().RunAsync(care.Emma, care.Record, report, MaskFrom.One(ActorRef.Of(care.Thill.Person!.Value)), null, care.Cancel);
        Assert.Equal((false, "9-mask"), await AskAsync(care.Thill, report));
        Assert.Equal((true, "11-permit"), await AskAsync(care.Thill, null));
        Assert.Equal((false, "1-proxy-closed"), await AskAsync(care.Caller(CallerKind.Person, PersonId.New(care.World.Clock)), report));
        await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.Thill.Person!.Value), null, care.Cancel);
        Assert.Equal((false, "5-block"), await AskAsync(care.Thill, null));
        // The holder's question is not an access of the doctor's.
        Assert.DoesNotContain((await HistoryAsync(care, care.Emma)).Lines, l => l.Entry.Person == care.Thill.Person && l.Entry.Action == "read");
        Assert.False((await care.Op<AskDecision>().RunAsync(care.Thill, care.Record, care.Other.Person!.Value, AccessAction.Read, null, care.Cancel)).Succeeded);

        async Task<(bool, string)> AskAsync(Caller other, DocumentId? document, bool endClinic = false)
        {
            if (endClinic) await care.ChangeSheetAsync(s => s with { Contexts = [.. s.Contexts.Where(c => c.Institution != care.Clinic)] });
            var answer = (await care.Op<AskDecision>().RunAsync(care.Emma, care.Record, other.Person!.Value, document is null ? AccessAction.Search : AccessAction.Read, document, care.Cancel)).Value;
            return (answer.Permitted, answer.Rule);
        }
    }

    [Theory, EveryStore]
    public async Task The_holder_sees_every_line_and_the_referring_doctor_only_lines_about_readable_documents(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await TreatedByAllAsync(care);
        var (open, hidden) = (await care.DocumentAsync(DataCategory.CareReports, null), await care.DocumentAsync(DataCategory.CareReports, null));
        await care.ReadAsync(care.Nurse, open);
        await care.ReadAsync(care.Nurse, hidden);
        await care.ReadAsync(care.Reuter, DocumentId.New(care.World.Clock));
        await care.Op<MaskItem>().RunAsync(care.Emma, care.Record, hidden, MaskFrom.One(ActorRef.Of(care.Thill.Person!.Value)), null, care.Cancel);
        Assert.Equal(Refusals.NotFound, (await care.Op<ReadHistory>().RunAsync(care.Thill, care.Record, new WantedHistory(), care.Cancel)).Refusal);
        await care.Op<SetReferringDoctor>().RunAsync(care.Authority, new RecordRef.ById(care.Record), care.Thill.Person, care.Now, null, care.Cancel);

        var seen = Assert.Single((await HistoryAsync(care, care.Thill)).Lines);
        Assert.Equal((care.Nurse.Person, "read", null), (seen.Entry.Person, seen.Entry.Action, seen.Number));
        Assert.Equal([open], seen.Entry.Documents);
        Assert.Empty((await care.Op<ReadHistory>().RunAsync(care.Thill, care.Record, new WantedHistory { Document = hidden }, care.Cancel)).Value.Lines);

        var all = (await HistoryAsync(care, care.Emma)).Lines;
        Assert.Contains(all, l => l.Entry is { Action: "read", Permitted: false } && l.Entry.Person == care.Reuter.Person);
        Assert.Contains(all, l => l.Entry.Action == "mask");
        Assert.Contains(all, l => l.Entry is { Action: "read-history", Permitted: false });
        Assert.All(all, l => Assert.Null(l.Number));
        await new Dsp.Journal.JournalSealer(care.Database, care.World.Platform.Keys, care.World.Platform.Sink, care.World.Clock).SealOnceAsync(care.Cancel);
        Assert.Equal(2, (await care.Op<ReadHistory>().RunAsync(care.Emma, care.Record, new WantedHistory { Person = care.Nurse.Person }, care.Cancel)).Value.Lines.Count(l => l.Number > 0));
    }

    [Theory, EveryStore]
    public async Task The_history_pages_without_losing_or_repeating_a_line(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        for (var i = 0; i < 25; i++)
        {
            care.World.Clock.Advance(TimeSpan.FromMinutes(1));
            await care.EnterAsync(care.Thill, AccessAction.Search);
        }
        var (seen, after) = (new List<Guid>(), (Guid?)null);
        do
        {
            var page = (await care.Op<ReadHistory>().RunAsync(care.Emma, care.Record, new WantedHistory { Person = care.Thill.Person, Count = 7, After = after }, care.Cancel)).Value;
            seen.AddRange(page.Lines.Select(l => l.Entry.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal(25, seen.Count);
        var last = (await care.Op<ReadHistory>().RunAsync(care.Emma, care.Record, new WantedHistory { Person = care.Thill.Person, From = care.Now - TimeSpan.FromMinutes(4), To = care.Now }, care.Cancel)).Value;
        Assert.Equal(4, last.Lines.Count);
    }

    [Theory, EveryStore]
    public async Task The_agency_sets_and_ends_a_representation_and_the_mother_sees_no_confidential_item(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var mother = care.Caller(CallerKind.Person, PersonId.New(care.World.Clock));
        var plain = await care.DocumentAsync(DataCategory.CareReports, null);
        var confidential = await care.DocumentAsync(DataCategory.CareReports, null, new CodedValue(HandlingLabels.System, HandlingLabels.MinorConfidential));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(mother, plain));

        var link = (await care.Op<SetRepresentation>().RunAsync(care.Agent, care.Record, mother.Person!.Value, RepresentationKind.Parent, "MULLER Anne", null, null, "birth certificate", care.Cancel)).Value;

        Assert.Null(await care.ReadAsync(mother, plain));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(mother, confidential));
        Assert.DoesNotContain((await HistoryAsync(care, mother)).Lines, l => l.Entry.Documents.Contains(confidential));
        await care.Op<EndRepresentation>().RunAsync(care.Agent, care.Record, link, care.Cancel);
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(mother, plain));
        Assert.Equal(Refusals.RoleMayNot, (await care.Op<SetRepresentation>().RunAsync(care.Emma, care.Record, mother.Person!.Value, RepresentationKind.Parent, "x", null, null, "x", care.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_refusal_leaves_one_entry_whether_the_record_is_there_or_not(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        foreach (var record in new[] { care.Record, RecordId.New(care.World.Clock) })
        {
            var before = await CountAsync();
            await care.World.Platform.Gate.EnterAsync(new AccessRequest(care.Thill, new RecordRef.ById(record), AccessAction.Search, "search"), care.Cancel);
            Assert.Equal(before + 1, await CountAsync());
        }

        async Task<long> CountAsync() => (await care.Database.QueryAsync(r => r.Long(0), "SELECT COUNT(*) FROM journal_bodies", care.Cancel))[0];
    }

    /// <summary>Thill and Weber by the circle, the clinic by an admission.</summary>
    internal static async Task TreatedByAllAsync(CareWorld care)
    {
        foreach (var doctor in new[] { care.Thill, care.Other })
            Assert.True((await care.Op<AddToCircle>().RunAsync(care.Emma, care.Record, ActorRef.Of(doctor.Person!.Value), null, care.Cancel)).Succeeded);
        Assert.True((await care.Op<OpenCareContext>().RunAsync(care.Hospital, new WantedCareContext(new RecordRef.ById(care.Record), CareContextKind.Institution) { Admission = "A" }, care.Cancel)).Succeeded);
    }

    private static async Task<History> HistoryAsync(CareWorld care, Caller caller) =>
        (await care.Op<ReadHistory>().RunAsync(caller, care.Record, new WantedHistory { Count = 200 }, care.Cancel)).Value;
}
