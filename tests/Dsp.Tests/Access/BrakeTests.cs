using Dsp.Access;
using Dsp.Notices;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

/// <summary>Mass opening and reading trip the brake (security 2): by person and by software, and the security officer is told.</summary>
public sealed class BrakeTests
{
    [Theory, EveryStore]
    public async Task Above_twenty_new_records_in_an_hour_a_factor_is_asked_for_and_ten_times_as_many_stop_access(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var doctor = care.Thill with { LongLived = false, AuthenticatedAt = care.Now - TimeSpan.FromMinutes(6) };
        var patients = await care.PatientsOfAsync(doctor, 24);
        for (var i = 0; i < 20; i++) Assert.Null(await care.SearchAsync(doctor, patients[i]));

        // What was opened is nothing new; what does not exist is answered like what does.
        Assert.Equal(Refusals.FreshFactorNeeded, await care.SearchAsync(doctor, patients[20]));
        Assert.Equal(Refusals.FreshFactorNeeded, await care.SearchAsync(doctor, RecordId.New(care.World.Clock)));
        Assert.Null(await care.SearchAsync(doctor, patients[3]));
        Assert.Null(await care.SearchAsync(doctor with { FreshAt = care.Now }, patients[20]));
        var told = Assert.Single(await care.CasesAsync());
        Assert.Equal((NoticeKind.ManyRecordsOpened, doctor.Person.ToString(), "20"), (told.Kind, told.Values["actor"], told.Values["opened"]));

        await care.OpenedAsync(doctor, 179);
        Assert.Equal(Refusals.AccessStopped, await care.SearchAsync(doctor with { FreshAt = care.Now }, patients[21]));
        // Stopped is stopped: known patients too, and when the hour is over.
        care.World.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(Refusals.AccessStopped, await care.SearchAsync(doctor with { FreshAt = care.Now }, patients[3]));
        Assert.Contains(await care.CasesAsync(), c => c.Kind == NoticeKind.AccessStopped);
        Assert.Null(await care.SearchAsync(care.Emma, care.Record));

        var stopped = Assert.Single(await care.Op<ListStopped>().RunAsync(care.Cancel));
        Assert.Equal(doctor.Person!.Value.Value, stopped.Actor);
        Assert.Equal(Refusals.RoleMayNot, (await care.Op<LiftBrake>().RunAsync(doctor, stopped.Actor, care.Cancel)).Refusal);
        Assert.True((await care.Op<LiftBrake>().RunAsync(care.Agent, stopped.Actor, care.Cancel)).Succeeded);
        Assert.Equal(Refusals.NotFound, (await care.Op<LiftBrake>().RunAsync(care.Agent, stopped.Actor, care.Cancel)).Refusal);
        Assert.Null(await care.SearchAsync(doctor with { FreshAt = care.Now, AuthenticatedAt = care.Now }, patients[22]));
    }

    [Theory, EveryStore]
    public async Task A_thousand_emergency_openings_come_to_a_crawl(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var records = await care.PatientsOfAsync(null, 30);
        var (opened, refused) = (0, new List<string>());
        // Every record there is, again and again, one attempt every two seconds.
        for (var attempt = 0; attempt < 1000 && opened < records.Count; attempt++)
        {
            care.World.Clock.Advance(TimeSpan.FromSeconds(2));
            var outcome = await care.Op<RegisterEmergency>().RunAsync(care.Reuter, new RecordRef.ById(records[opened]), null, "Perte de connaissance", care.Cancel);
            if (outcome.Succeeded) opened++;
            else refused.Add(outcome.Refusal.Id);
        }

        Assert.Equal(30, opened);
        // Twenty at once, then one a minute: what takes a thousand attempts is told long before.
        Assert.InRange(refused.Count, 280, 310);
        Assert.Equal([Refusals.OneAtATime.Id], refused.Distinct());
        Assert.Contains(await care.CasesAsync(), c => c.Kind == NoticeKind.ManyRecordsOpened);
    }

    [Fact]
    public async Task The_hospitals_system_is_braked_like_a_person_and_stopped()
    {
        await using var care = await CareWorld.CreateAsync(Store.Sqlite);
        var records = await care.PatientsOfAsync(null, 23);
        async Task<Refusal?> AdmitAsync(int i) => (await care.Op<RegisterEmergency>().RunAsync(care.Hospital, new RecordRef.ById(records[i]), "A" + i, null, care.Cancel)).Refusal;
        for (var i = 0; i < 20; i++) Assert.Null(await AdmitAsync(i));

        care.World.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(await AdmitAsync(20));
        Assert.Equal(Refusals.OneAtATime, await AdmitAsync(21));
        await care.OpenedAsync(care.Hospital, 180);
        Assert.Equal(Refusals.AccessStopped, await AdmitAsync(22));
    }

    [Fact]
    public async Task Who_usually_opens_many_is_not_asked()
    {
        await using var care = await CareWorld.CreateAsync(Store.Sqlite);
        var doctor = care.Thill with { LongLived = false, AuthenticatedAt = care.Now - TimeSpan.FromMinutes(6) };
        for (var day = 0; day < 3; day++)
        {
            await care.OpenedAsync(doctor, 10);
            care.World.Clock.Advance(TimeSpan.FromDays(1));
        }
        doctor = doctor with { AuthenticatedAt = care.Now - TimeSpan.FromMinutes(6) };
        var patients = await care.PatientsOfAsync(doctor, 51);

        // Ten an hour are usual: five times as many are still within the limit.
        for (var i = 0; i < 50; i++) Assert.Null(await care.SearchAsync(doctor, patients[i]));
        Assert.Equal(Refusals.FreshFactorNeeded, await care.SearchAsync(doctor, patients[50]));
    }

    [Fact]
    public async Task A_lift_that_nobody_signed_lifts_nothing()
    {
        await using var care = await CareWorld.CreateAsync(Store.Sqlite);
        var doctor = care.Thill;
        var patient = (await care.PatientsOfAsync(doctor, 1))[0];
        await care.OpenedAsync(doctor, 200);
        Assert.Equal(Refusals.AccessStopped, await care.SearchAsync(doctor, patient));

        care.World.Clock.Advance(TimeSpan.FromHours(2));
        await care.Database.CommitAsync(new Batch().Add("UPDATE brakes SET lifted_at = @now, lifted_by = '2041'", ("now", care.Now)), care.Cancel);

        Assert.Equal(Refusals.AccessStopped, await care.SearchAsync(doctor, patient));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(20, 1, 1, 1)]
    [InlineData(20, 4, 4, 4)]
    [InlineData(25, 5, 5, 5)]
    [InlineData(50, 2, 10, 30)]
    public void The_limit_is_five_times_the_own_median_and_at_least_twenty(int limit, params int[] perHour)
    {
        var now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        var past = perHour.SelectMany((count, hour) => Enumerable.Range(0, count).Select(i => now.AddHours(-3 - (2 * hour)).AddSeconds(i)));
        Assert.Equal(limit, BrakeFacts.LimitOf(past, now.AddHours(-1)));
    }
}

internal static class BrakeWorld
{
    extension(CareWorld care)
    {
        /// <summary>Records of as many people; with a doctor, in that doctor's care.</summary>
        public async Task<IReadOnlyList<RecordId>> PatientsOfAsync(Caller? doctor, int count)
        {
            var records = new List<RecordId>();
            for (var i = 0; i < count; i++)
                records.Add(await care.NewRecordAsync(PersonId.New(care.World.Clock), RecordState.Active, s => doctor is null ? s : s with
                {
                    Contexts = [new CareContext(Ids.New(care.World.Clock), CareContextKind.Individual, doctor.Person, doctor.Institution, care.Now, care.Now + TimeSpan.FromDays(10))],
                }));
            return records;
        }

        public async Task<Refusal?> SearchAsync(Caller caller, RecordId record)
        {
            var entered = await care.World.Platform.Gate.EnterAsync(new AccessRequest(caller, new RecordRef.ById(record), AccessAction.Search, "search"), care.Cancel);
            if (entered.Permit is not { } permit) return entered.Refusal;
            using (permit) await permit.SpendAsync(new Batch(), care.Cancel);
            return null;
        }

        /// <summary>So many more records were opened just now.</summary>
        public async Task OpenedAsync(Caller caller, int count)
        {
            var batch = new Batch();
            for (var i = 0; i < count; i++)
                batch.Add("INSERT INTO openings (actor_id, record_id, opened_at) VALUES (@a, @r, @at)", ("a", caller.System?.Value ?? caller.Person!.Value.Value), ("r", RecordId.New(care.World.Clock)), ("at", care.Now));
            await care.Database.CommitAsync(batch, care.Cancel);
        }

        public async Task<IReadOnlyList<ReviewCase>> CasesAsync() =>
            [.. (await care.Op<ListReviewCases>().RunAsync(care.Cancel)).Where(c => c.Kind is NoticeKind.ManyRecordsOpened or NoticeKind.AccessStopped)];
    }
}
