using Dsp.Access;
using Dsp.Codes;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

public sealed class CareContextTests
{
    [Theory, EveryStore]
    public async Task A_doctor_with_the_patients_code_reads_for_the_days_the_patient_gave(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var report = await care.DocumentAsync(DataCategory.CareReports, null);
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Thill, report));

        var code = await care.CodeAsync(days: 3);
        var opened = await care.RedeemAsync(care.Thill, code.Code.ToLowerInvariant().Insert(4, " "));

        Assert.Equal((care.Record, CareContextKind.Individual, care.Now + TimeSpan.FromDays(3)), (opened.Value.Record, opened.Value.Kind, opened.Value.EndsAt));
        Assert.Null(await care.ReadAsync(care.Thill, report));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Other, report));
        care.World.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMicroseconds(1));
        Assert.Null(await care.ReadAsync(care.Thill, report));
        care.World.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Thill, report));
    }

    [Theory, EveryStore]
    public async Task A_code_opens_once_within_ten_minutes_and_for_its_own_patient_only(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var neighbour = await care.NewRecordAsync(PersonId.New(care.World.Clock), RecordState.Active);
        var code = await care.CodeAsync();

        Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Thill, code.Code, neighbour)).Refusal);
        Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Thill, code.Code, RecordId.New(care.World.Clock))).Refusal);
        Assert.True((await care.RedeemAsync(care.Thill, code.QrToken)).Succeeded);
        Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Other, code.Code)).Refusal);

        var late = await care.CodeAsync();
        care.World.Clock.Advance(Deadlines.PresenceCodeLife);
        Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Other, late.Code)).Refusal);
        await care.CodeAsync();
        Assert.Single((await care.SheetAsync()).Codes);
    }

    [Theory, EveryStore]
    public async Task Whatever_is_wrong_with_a_code_the_answer_is_one(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var code = await care.CodeAsync();
        await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.Thill.Person!.Value), null, care.Cancel);

        Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Thill, code.Code)).Refusal);
        await care.ChangeSheetAsync(s => s with { State = RecordState.Closed, Closure = new Closure(care.Now, ClosureReason.Holder, RecordState.Active, null, null) });
        Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Other, code.Code)).Refusal);

        var lines = (await care.Op<ReadHistory>().RunAsync(care.Emma, care.Record, new WantedHistory(), care.Cancel)).Value.Lines;
        Assert.Equal(["1-open", "5-block"], lines.Where(l => l.Entry.Action == "redeem-code").Select(l => l.Entry.Rule).Order(StringComparer.Ordinal));
    }

    [Theory, EveryStore]
    public async Task Five_failed_codes_in_an_hour_and_the_redeemer_waits(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        for (var i = 0; i < 5; i++) Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Thill, "AAAAAAAA")).Refusal);

        var code = await care.CodeAsync();
        Assert.Equal(Refusals.TooManyAttempts, (await care.RedeemAsync(care.Thill, code.Code)).Refusal);
        Assert.True((await care.RedeemAsync(care.Other, code.Code)).Succeeded);

        for (var hour = 0; hour < 3; hour++)
        {
            care.World.Clock.Advance(TimeSpan.FromHours(1));
            for (var i = 0; i < 5; i++) Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Thill, "AAAAAAAA")).Refusal);
        }
        care.World.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Refusals.TooManyAttempts, (await care.RedeemAsync(care.Thill, "AAAAAAAA")).Refusal);
        care.World.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(Refusals.CodeRefused, (await care.RedeemAsync(care.Thill, "AAAAAAAA")).Refusal);
    }

    [Theory, EveryStore]
    public async Task However_many_codes_are_tried_at_once_no_more_than_the_limit_are_compared(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => care.RedeemAsync(care.Thill, "AAAAAAAA")));

        Assert.True(answers.Count(a => a.Refusal == Refusals.CodeRefused) <= 5);
        Assert.All(answers, a => Assert.True(a.Refusal == Refusals.CodeRefused || a.Refusal == Refusals.TooManyAttempts));
    }

    [Fact]
    public async Task A_code_gives_one_to_fifteen_days()
    {
        await using var care = await CareWorld.CreateAsync(Store.Sqlite);

        Assert.Equal(RefusalKind.Invalid, (await care.Op<CreatePresenceCode>().RunAsync(care.Emma, null, 16, null, care.Cancel)).Refusal!.Kind);
        Assert.Equal(RefusalKind.Invalid, (await care.Op<CreatePresenceCode>().RunAsync(care.Emma, null, 0, null, care.Cancel)).Refusal!.Kind);
        Assert.Equal(15, (await care.CodeAsync()).Days);
        Assert.Equal(Refusals.RoleMayNot, (await care.Op<CreatePresenceCode>().RunAsync(care.Thill, care.Record, 1, null, care.Cancel)).Refusal);
        Assert.Equal(Refusals.SystemMayNot, (await care.RedeemAsync(care.Hospital, "AAAAAAAA")).Refusal);
        Assert.Equal(Refusals.RoleMayNot, (await care.RedeemAsync(care.Emma, "AAAAAAAA")).Refusal);
    }

    [Fact]
    public async Task A_code_narrowed_to_some_categories_opens_no_other()
    {
        await using var care = await CareWorld.CreateAsync(Store.Sqlite);
        var (report, analysis) = (await care.DocumentAsync(DataCategory.CareReports, null), await care.DocumentAsync(DataCategory.MedicalAnalyses, null));

        await care.RedeemAsync(care.Thill, (await care.CodeAsync(1, [DataCategory.MedicalAnalyses])).Code);

        Assert.Null(await care.ReadAsync(care.Thill, analysis));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Thill, report));
    }

    [Theory, EveryStore]
    public async Task An_admission_opens_the_record_for_the_institutions_members_45_days_and_30_more_if_renewed(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var report = await care.DocumentAsync(DataCategory.CareReports, null);
        var admission = new WantedCareContext(new RecordRef.ById(care.Record), CareContextKind.Institution) { Admission = "A1" };

        var opened = (await care.Op<OpenCareContext>().RunAsync(care.Hospital, admission, care.Cancel)).Value;

        Assert.Equal(care.Now + TimeSpan.FromDays(45), opened.EndsAt);
        Assert.Equal(opened.Id, (await care.Op<OpenCareContext>().RunAsync(care.Nurse, admission, care.Cancel)).Value.Id);
        Assert.Null(await care.ReadAsync(care.Nurse, report));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Thill, report));
        Assert.Equal(opened.EndsAt + TimeSpan.FromDays(30), (await care.Op<RenewCareContext>().RunAsync(care.Hospital, opened.Id, care.Cancel)).Value.EndsAt);
        Assert.Equal(Refusals.StateForbids.Id, (await care.Op<RenewCareContext>().RunAsync(care.Hospital, opened.Id, care.Cancel)).Refusal!.Id);
        Assert.Equal(Refusals.NotFound, (await care.Op<RenewCareContext>().RunAsync(care.Thill, opened.Id, care.Cancel)).Refusal);
        care.World.Clock.Advance(TimeSpan.FromDays(75) - TimeSpan.FromSeconds(1));
        Assert.Null(await care.ReadAsync(care.Nurse, report));
        care.World.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Nurse, report));
    }

    [Theory, EveryStore]
    public async Task A_practice_admits_nobody(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var wanted = new WantedCareContext(new RecordRef.ById(care.Record), CareContextKind.Institution);

        Assert.Equal(Refusals.RoleMayNot, (await care.Op<OpenCareContext>().RunAsync(care.Thill, wanted, care.Cancel)).Refusal);
        Assert.Equal(Refusals.RoleMayNot, (await care.Op<OpenCareContext>().RunAsync(care.Thill, wanted with { Patient = new RecordRef.Nobody() }, care.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task The_emergency_departments_system_opens_24_hours_and_15_days_and_the_holder_is_told(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var report = await care.DocumentAsync(DataCategory.CareReports, null);

        var opened = (await care.Op<OpenCareContext>().RunAsync(care.Hospital, Emergency(care), care.Cancel)).Value;

        Assert.Equal(care.Now + TimeSpan.FromDays(16), opened.EndsAt);
        Assert.Null(await care.ReadAsync(care.Reuter, report));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Nurse, report));
        Assert.Equal(1, await CountAsync(care, "SELECT COUNT(*) FROM outbox"));
        Assert.Equal(1, await CountAsync(care, "SELECT COUNT(*) FROM notices"));
        care.World.Clock.Advance(TimeSpan.FromDays(16));
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Reuter, report));
    }

    [Theory, EveryStore]
    public async Task A_member_of_the_department_opens_24_hours_with_a_reason_and_a_review(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);

        Assert.Equal(RefusalKind.Required, (await care.Op<OpenCareContext>().RunAsync(care.Reuter, Emergency(care), care.Cancel)).Refusal!.Kind);
        var opened = (await care.Op<OpenCareContext>().RunAsync(care.Reuter, Emergency(care) with { Reason = "unconscious" }, care.Cancel)).Value;

        Assert.Equal(care.Now + TimeSpan.FromHours(24), opened.EndsAt);
        Assert.True((await care.SheetAsync()).Contexts[0].SelfOpened);
        Assert.Equal(2, await CountAsync(care, "SELECT COUNT(*) FROM outbox"));
    }

    [Theory, EveryStore]
    public async Task Only_an_emergency_department_registers_emergencies_and_it_learns_nothing_of_absent_records(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var asked = Emergency(care) with { Reason = "r" };
        foreach (var caller in new[] { care.Thill, care.Nurse, care.Laboratory })
        {
            Assert.Equal(Refusals.NotAnEmergencyDepartment, (await care.Op<OpenCareContext>().RunAsync(caller, asked, care.Cancel)).Refusal);
            Assert.Equal(Refusals.NotAnEmergencyDepartment, (await care.Op<OpenCareContext>().RunAsync(caller, asked with { Patient = new RecordRef.Nobody() }, care.Cancel)).Refusal);
        }
        await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.Clinic), "I know the risk", care.Cancel);
        foreach (var caller in new[] { care.Reuter, care.Hospital })
        {
            Assert.Equal(Refusals.NotFound, (await care.Op<OpenCareContext>().RunAsync(caller, asked, care.Cancel)).Refusal);
            Assert.Equal(Refusals.NotFound, (await care.Op<OpenCareContext>().RunAsync(caller, asked with { Patient = new RecordRef.Nobody() }, care.Cancel)).Refusal);
        }
    }

    [Theory, EveryStore]
    public async Task The_registered_end_of_care_leaves_deposits_for_15_days_and_a_revocation_nothing(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var report = await care.DocumentAsync(DataCategory.CareReports, null);
        var first = (await care.RedeemAsync(care.Thill, (await care.CodeAsync()).Code)).Value;

        Assert.True((await care.Op<EndCareContext>().RunAsync(care.Thill, first.Id, care.Cancel)).Succeeded);

        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Thill, report));
        Assert.Null(await care.EnterAsync(care.Thill, AccessAction.Deposit));
        care.World.Clock.Advance(TimeSpan.FromDays(15));
        Assert.Equal(Refusals.UnknownPatient, await care.EnterAsync(care.Thill, AccessAction.Deposit));

        var second = (await care.RedeemAsync(care.Thill, (await care.CodeAsync()).Code)).Value;
        Assert.Null(await care.ReadAsync(care.Thill, report));
        Assert.True((await care.Op<EndCareContext>().RunAsync(care.Emma, second.Id, care.Cancel)).Succeeded);
        Assert.Equal(Refusals.NotFound, await care.ReadAsync(care.Thill, report));
        Assert.Equal(Refusals.UnknownPatient, await care.EnterAsync(care.Thill, AccessAction.Deposit));
        Assert.Equal(Refusals.NotFound, (await care.Op<EndCareContext>().RunAsync(care.Other, second.Id, care.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_list_shows_what_is_open_now_and_nothing_that_was_taken_back(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var context = (await care.RedeemAsync(care.Thill, (await care.CodeAsync()).Code)).Value;
        var member = (await care.Op<AddToCircle>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.Thill.Person!.Value), null, care.Cancel)).Value;
        Assert.True((await care.Op<SetReferringDoctor>().RunAsync(care.Authority, new RecordRef.ById(care.Record), care.Thill.Person, care.Now, null, care.Cancel)).Succeeded);

        Assert.Equal(["circle", "individual", "referring"], await RelationsAsync(care, care.Thill));
        Assert.Empty(await RelationsAsync(care, care.Other));
        await care.Op<EndCareContext>().RunAsync(care.Emma, context.Id, care.Cancel);
        await care.Op<RemoveFromCircle>().RunAsync(care.Emma, care.Record, member, care.Cancel);
        Assert.Equal(["referring"], await RelationsAsync(care, care.Thill));
        var block = (await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.Practice), null, care.Cancel)).Value;
        Assert.Empty(await RelationsAsync(care, care.Thill));
        await care.Op<Unblock>().RunAsync(care.Emma, care.Record, block, care.Cancel);
        Assert.Equal(["referring"], await RelationsAsync(care, care.Thill));
        await care.Op<SetReferringDoctor>().RunAsync(care.Authority, new RecordRef.ById(care.Record), null, null, null, care.Cancel);
        Assert.Empty(await RelationsAsync(care, care.Thill));
    }

    private static WantedCareContext Emergency(CareWorld care) => new(new RecordRef.ById(care.Record), CareContextKind.Emergency) { Admission = "E1" };

    private static async Task<IEnumerable<string>> RelationsAsync(CareWorld care, Caller caller) =>
        (await care.Op<ListCareContexts>().RunAsync(caller, care.Cancel)).Value.Select(c => c.Relation).Order(StringComparer.Ordinal);

    private static async Task<long> CountAsync(CareWorld care, string sql) => (await care.Database.QueryAsync(r => r.Long(0), sql, care.Cancel))[0];
}
