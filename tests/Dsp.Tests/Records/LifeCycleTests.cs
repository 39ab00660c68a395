using Dsp.Access;
using Dsp.Identity;
using Dsp.Notices;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Records;

public sealed class LifeCycleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory, EveryStore]
    public async Task A_record_opens_to_professionals_after_thirty_days_and_not_a_minute_before(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.InWindowAsync();
        var sent = world.Clock.Now();
        var authority = await world.AuthorityAsync();
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync(), registerId: "thill");
        await world.FeedAsync(authority, """{"id":"m-1","type":"referring-doctor","number":"1984031299114","doctor":"thill","date":"2026-11-01"}""");

        world.Clock.Set(sent + TimeSpan.FromDays(30) - Minute);
        Assert.Equal(RecordState.PendingWindow, (await world.StateAsync(emma)).State);
        Assert.Equal(Refusals.NotFound, await AskAsync(world, doctor, emma));

        world.Clock.Set(sent + TimeSpan.FromDays(30));
        Assert.Equal(RecordState.OpenToProfessionals, (await world.StateAsync(emma)).State);
        Assert.Null(await AskAsync(world, doctor, emma));
    }

    [Theory, EveryStore]
    public async Task The_letter_has_its_seven_items_and_its_date_starts_the_window(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.AffiliatedAsync();
        var outcome = await world.Operation<SendLetter>().RunAsync(await world.AgentAsync(), emma.Ref, world.Cancel);

        Assert.Equal((RecordState.PendingWindow, world.Clock.Now(), world.Clock.Now() + TimeSpan.FromDays(30)), (outcome.Value.State, outcome.Value.LetterSentAt, outcome.Value.OpensAt));
        var letter = Assert.Single((await world.Operation<ReadNotices>().RunAsync(world.Self(emma), emma.Record, world.Cancel)).Value);
        Assert.Equal(Enum.GetValues<LetterPart>(), letter.Items.Select(i => i.Part));
        Assert.Contains(emma.EHealthId, letter.Items.Single(i => i.Part == LetterPart.LoginIdentifiers).Text, StringComparison.Ordinal);
        Assert.Contains("23/12/2026", letter.Items.Single(i => i.Part == LetterPart.RightToOppose).Text, StringComparison.Ordinal);
        var post = Assert.Single(await world.Platform.Outbox.DueAsync(world.Clock.Now(), 10, world.Cancel));
        Assert.Equal((OutboxChannel.Post, emma.Person, letter.Id), (post.Channel, post.To, post.Notice));
        Assert.Equal(Refusals.StateForbids, (await world.Operation<SendLetter>().RunAsync(await world.AgentAsync("2033"), emma.Ref, world.Cancel)).Refusal);
        Assert.Equal(0, await world.Operation<SendDueLetters>().RunAsync(world.Cancel));
    }

    [Theory, EveryStore]
    public async Task Activation_opens_the_record_before_the_window_ends(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        Assert.Equal((RecordState.Active, world.Clock.Now()), ((await world.StateAsync(emma)).State, (await world.StateAsync(emma)).ActivatedAt));
        Assert.Equal(Refusals.StateForbids, (await world.Operation<ActivateRecord>().RunAsync(world.Self(emma), emma.Record, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task An_objection_in_the_window_deletes_the_record_and_affiliation_does_not_bring_it_back(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.InWindowAsync();
        world.Clock.Advance(TimeSpan.FromDays(30) - Minute);

        Assert.Equal(ObjectionEffect.Deleted, (await world.Operation<ObjectToRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel)).Value);

        foreach (var table in new[] { "records", "notices", "documents", "contents", "relations_by_actor", "openings" }) Assert.Equal(0, await world.CountAsync(table));
        Assert.Equal(0, await world.CountAsync("journal_bodies b", $"b.record_id <> {Nil}"));
        var again = await world.FeedAsync(await world.AuthorityAsync(), """{"id":"again","type":"affiliation","number":"1984031299114","family":"WEBERSCHEID","given":"Emma"}""");
        Assert.Equal((0, 1), (again.Created, again.Suppressed));
        Assert.Equal(0, await world.CountAsync("records"));
        // Under a new number the objection goes on.
        var moved = await world.FeedAsync(await world.AuthorityAsync(),
            """{"id":"moved","type":"renumbering","number":"1984031299114","newNumber":"1984032199100"}""",
            """{"id":"again-2","type":"affiliation","number":"1984032199100","family":"WEBERSCHEID","given":"Emma"}""");
        Assert.Equal((1, 1), (moved.Changed, moved.Suppressed));
    }

    [Theory, EveryStore]
    public async Task Who_objected_is_found_by_a_search_like_anybody(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.InWindowAsync();
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync());
        var search = new PersonSearch.ByIdentifier(Identifiers.NationalNumber, WorldPeople.Emma);
        var before = (await world.Operation<FindPerson>().RunAsync(doctor, search, world.Cancel)).Value.Hits.Single();
        await world.Operation<ObjectToRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel);
        var after = (await world.Operation<FindPerson>().RunAsync(doctor, search, world.Cancel)).Value.Hits.Single();
        Assert.Equal((before.Person, before.Family, before.BirthDate), (after.Person, after.Family, after.BirthDate));
    }

    [Theory, EveryStore]
    public async Task An_objection_after_opening_closes_the_record(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.InWindowAsync();
        world.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(ObjectionEffect.Closed, (await world.Operation<ObjectToRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel)).Value);
        Assert.Equal((RecordState.Closed, ClosureReason.Holder), ((await world.StateAsync(emma)).State, (await world.StateAsync(emma)).ClosedFor));
    }

    [Theory, EveryStore]
    public async Task A_closed_record_is_nothing_to_professionals_and_reopens_as_it_was(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync(), registerId: "thill");
        await world.FeedAsync(await world.AuthorityAsync(), """{"id":"m-1","type":"referring-doctor","number":"1984031299114","doctor":"thill","date":"2026-11-01"}""");
        Assert.Null(await AskAsync(world, doctor, emma));

        var closed = (await world.Operation<CloseRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel)).Value;
        Assert.Equal((RecordState.Closed, Deadlines.AddYears(world.Clock.Now(), 10)), (closed.State, closed.DestroyFrom));
        Assert.Equal(Refusals.NotFound, await AskAsync(world, doctor, emma));
        Assert.Equal(Refusals.RecordClosed, (await world.Operation<CloseRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel)).Refusal);
        // The referring function ends on the first of the month; patient, doctor and health fund are told.
        var told = await world.Platform.Outbox.DueAsync(world.Clock.Now(), 20, world.Cancel);
        Assert.Equal([OutboxChannel.HealthFund, OutboxChannel.Neutral, OutboxChannel.Neutral], told.Where(m => m.Kind == NoticeKind.ReferringDoctorEnded).Select(m => m.Channel).OrderByDescending(c => c));

        Assert.Equal(RecordState.Active, (await world.Operation<ReopenRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel)).Value.State);
        Assert.Null(await AskAsync(world, doctor, emma));
    }

    [Theory, EveryStore]
    public async Task Reopening_is_possible_until_ten_years_less_a_minute(Store store)
    {
        await using var world = await World.CreateAsync(store, new DateTimeOffset(2024, 2, 29, 11, 0, 0, TimeSpan.Zero));
        var emma = await world.ActiveAsync();
        await world.Operation<CloseRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel);
        // 29 February and ten years is 28 February.
        var end = new DateTimeOffset(2034, 2, 28, 11, 0, 0, TimeSpan.Zero);
        Assert.Equal(end, (await world.StateAsync(emma)).DestroyFrom);

        world.Clock.Set(end);
        Assert.Equal(Refusals.StateForbids, (await world.Operation<ReopenRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel)).Refusal);
        world.Clock.Set(end - Minute);
        Assert.Equal(RecordState.Active, (await world.Operation<ReopenRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel)).Value.State);
    }

    [Theory, EveryStore]
    public async Task After_ten_years_data_and_logs_go_and_the_key_with_them(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var agent = await world.AgentAsync();
        await world.Operation<CloseRecord>().RunAsync(agent, emma.Ref, world.Cancel, "form 17");
        var end = Deadlines.AddYears(world.Clock.Now(), 10);

        world.Clock.Set(end - Minute);
        Assert.Empty(await world.Operation<DestroyExpired>().RunAsync(world.Cancel));
        world.Clock.Set(end);
        var destroyed = Assert.Single(await world.Operation<DestroyExpired>().RunAsync(world.Cancel));

        Assert.Equal((emma.Record, true), (destroyed.Record, destroyed.Complete));
        Assert.Equal(0, await world.CountAsync("records"));
        Assert.Equal(0, await world.CountAsync("notices"));
        Assert.Equal(0, await world.CountAsync("journal_bodies", $"record_id <> {Nil}"));
        Assert.True(await world.CountAsync("journal_entries", $"record_id <> {Nil}") > 0);
        Assert.Equal(1, await world.CountAsync("persons", "record_id IS NULL"));
    }

    [Theory, EveryStore]
    public async Task Younger_log_lines_keep_the_key_until_three_years_are_over(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        await world.Operation<CloseRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel);
        var end = Deadlines.AddYears(world.Clock.Now(), 10);
        world.Clock.Set(end - TimeSpan.FromDays(365));
        await world.StateAsync(emma);
        var looked = world.Clock.Now();

        world.Clock.Set(end);
        Assert.False(Assert.Single(await world.Operation<DestroyExpired>().RunAsync(world.Cancel)).Complete);
        Assert.Empty(await world.Operation<DestroyExpired>().RunAsync(world.Cancel));
        Assert.Equal(1, await world.CountAsync("journal_bodies", $"record_id <> {Nil}"));

        world.Clock.Set(Deadlines.AddYears(looked, 3));
        Assert.True(Assert.Single(await world.Operation<DestroyExpired>().RunAsync(world.Cancel)).Complete);
        Assert.Equal(0, await world.CountAsync("records"));
    }

    [Theory, EveryStore]
    public async Task Ten_years_without_use_close_a_record(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        world.Clock.Advance(TimeSpan.FromDays(1000));
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync());
        await AskAsync(world, doctor, emma);
        var used = world.Clock.Now();

        world.Clock.Set(Deadlines.AddYears(used, 10) - Minute);
        Assert.Equal(0, await world.Operation<CloseInactive>().RunAsync(world.Cancel));
        world.Clock.Set(Deadlines.AddYears(used, 10));
        Assert.Equal(1, await world.Operation<CloseInactive>().RunAsync(world.Cancel));
        Assert.Equal(0, await world.Operation<CloseInactive>().RunAsync(world.Cancel));
        Assert.Equal((RecordState.Closed, ClosureReason.Inactivity), ((await world.StateAsync(emma)).State, (await world.StateAsync(emma)).ClosedFor));
    }

    [Theory, EveryStore]
    public async Task Death_closes_for_good_and_a_holders_own_closing_keeps_its_date(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var claude = await world.ActiveAsync(WorldPeople.Claude, "FRIDEMONTEL", "Claude");
        var closedAt = world.Clock.Now();
        await world.Operation<CloseRecord>().RunAsync(world.Self(claude), claude.Ref, world.Cancel);
        world.Clock.Advance(TimeSpan.FromDays(10));
        var agent = await world.AgentAsync();

        var view = (await world.Operation<RecordDeath>().RunAsync(agent, claude.Ref, new PartialDate(2026, 11, 30), "certificate 4711", world.Cancel)).Value;

        Assert.Equal((ClosureReason.Holder, closedAt), (view.ClosedFor, view.ClosedAt));
        Assert.Equal(Refusals.StateForbids, (await world.Operation<ReopenRecord>().RunAsync(agent, claude.Ref, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task The_first_professional_access_to_a_record_nobody_activated_is_told_once(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.InWindowAsync();
        world.Clock.Advance(TimeSpan.FromDays(31));
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync(), registerId: "thill");
        await world.FeedAsync(await world.AuthorityAsync(), """{"id":"m-1","type":"referring-doctor","number":"1984031299114","doctor":"thill","date":"2026-11-01"}""");

        for (var i = 0; i < 3; i++) Assert.Null(await AskAsync(world, doctor, emma, RecordNotices.FirstAccess));

        var told = (await world.Platform.Outbox.DueAsync(world.Clock.Now(), 20, world.Cancel)).Where(m => m.Kind == NoticeKind.FirstProfessionalAccess);
        Assert.Equal((OutboxChannel.Neutral, emma.Person), (Assert.Single(told).Channel, told.First().To));
        var notice = (await world.Operation<ReadNotices>().RunAsync(world.Self(emma), emma.Record, world.Cancel)).Value[0];
        Assert.Equal("THILLARAY Armel", notice.Values["person"]);
    }

    [Theory, EveryStore]
    public async Task Only_one_of_an_objection_and_a_closing_at_once_takes_effect(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.InWindowAsync();
        var self = world.Self(emma);
        var closing = Enumerable.Range(0, 6).Select(_ => world.Operation<CloseRecord>().RunAsync(self, emma.Ref, world.Cancel)).ToList();
        var objecting = world.Operation<ObjectToRecord>().RunAsync(self, emma.Ref, world.Cancel);
        await Task.WhenAll(closing);
        var objected = await objecting;
        var closed = (await Task.WhenAll(closing)).Count(c => c.Succeeded);
        // Deleted after a closing it cannot be; closed after a deletion there is nothing.
        Assert.Equal(1, closed + (objected is { Succeeded: true, Value: ObjectionEffect.Deleted } ? 1 : 0));
    }

    [Theory, EveryStore]
    public async Task Agents_acts_need_a_listed_agent(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var unlisted = new Caller { Kind = CallerKind.Agent, Person = PersonId.New(world.Clock), Strong = true, LongLived = true };
        var outcome = await world.Operation<RegisterPerson>().RunAsync(unlisted, new Registration("A", "B", new PartialDate(1980, 1, 1), Gender.Unknown), true, world.Cancel);
        Assert.Equal(Refusals.NotListed, outcome.Refusal);
    }

    /// <summary>Searches in the record as a professional; null where it is let in.</summary>
    private static async Task<Refusal?> AskAsync(World world, Caller doctor, TestHolder holder, Action<Permit, Batch, Dsp.Sealing.ServiceKeys>? with = null)
    {
        var entered = await world.Platform.Gate.EnterAsync(new AccessRequest(doctor, holder.Ref, AccessAction.Search, "search"), world.Cancel);
        if (entered.Permit is not { } permit) return entered.Refusal;
        using (permit)
        {
            var batch = new Batch();
            with?.Invoke(permit, batch, world.Platform.Keys);
            await permit.SpendAsync(batch, world.Cancel);
        }
        return null;
    }

    private const string Nil = "'00000000-0000-0000-0000-000000000000'";
}
