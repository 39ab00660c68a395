using Dsp.Access;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Tests.Support;

namespace Dsp.Tests.Records;

public sealed class AffiliationFeedTests
{
    private const string EmmaLine = """{"id":"e-1","type":"affiliation","number":"1984031299114","family":"WEBERSCHEID","given":"Emma","birthDate":"1984-03-12","gender":"F","language":"fr","city":"Esch-sur-Alzette"}""";
    private const string NoahLine = """{"id":"n-1","type":"affiliation","number":"2018051799127","family":"WEBERSCHEID QUINTELHO","given":"Noah","gender":"M","language":"fr"}""";

    [Theory, EveryStore]
    public async Task An_affiliation_makes_a_person_and_one_record_that_waits_for_its_letter(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var answer = await world.FeedAsync(await world.AuthorityAsync(), EmmaLine, NoahLine);

        Assert.Equal((2, 2, 0), (answer.Received, answer.Created, answer.Quarantined));
        var emma = await world.HolderAsync(WorldPeople.Emma);
        var view = await world.StateAsync(emma);
        Assert.Equal(RecordState.Created, view.State);
        Assert.Equal(2, await world.CountAsync("records"));
        var person = await world.Platform.People.FindAsync(world.Platform.Database, (await world.HolderAsync(WorldPeople.Noah)).Person, world.Cancel);
        Assert.Equal("2018-05-17", person!.Details.BirthDate.ToString());
    }

    [Theory, EveryStore]
    public async Task A_replayed_feed_answers_as_the_first_time_and_makes_nothing(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var authority = await world.AuthorityAsync();
        string[] lines = [EmmaLine, NoahLine, "not json", """{"id":"x-1","type":"death","number":"1999113088803","date":"2026-01-02"}"""];
        var first = await world.FeedAsync(authority, lines);
        var journal = await world.CountAsync("journal_entries", "record_id <> '00000000-0000-0000-0000-000000000000'");

        var second = await world.FeedAsync(authority, lines);

        Assert.Equal((4, 2, 2, 0), (first.Received, first.Created, first.Quarantined, first.Replayed));
        Assert.Equal((4, 2, 2, 4), (second.Received, second.Created, second.Quarantined, second.Replayed));
        Assert.Equal(first.Rejected, second.Rejected);
        Assert.Equal(2, await world.CountAsync("records"));
        Assert.Equal(journal, await world.CountAsync("journal_entries", "record_id <> '00000000-0000-0000-0000-000000000000'"));
    }

    [Theory, EveryStore]
    public async Task The_same_person_announced_again_keeps_the_one_record(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var authority = await world.AuthorityAsync();
        await world.FeedAsync(authority, EmmaLine);

        var answer = await world.FeedAsync(authority, EmmaLine.Replace("e-1", "e-2", StringComparison.Ordinal),
            EmmaLine.Replace("e-1", "e-3", StringComparison.Ordinal).Replace("WEBERSCHEID", "WEBERSCHEID-BIS", StringComparison.Ordinal));

        Assert.Equal((1, 1, 0), (answer.Known, answer.Changed, answer.Created));
        Assert.Equal(1, await world.CountAsync("records"));
        Assert.Equal(1, await world.CountAsync("persons"));
    }

    [Theory, EveryStore]
    public async Task Feeds_sent_twice_at_once_make_one_record_per_person(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var one = await world.AuthorityAsync();
        var other = await world.AuthorityAsync();
        // Opposite orders, and ids of their own: neither is a replay of the other.
        string[] People(string source) => [.. Enumerable.Range(0, 450).Select(i => Line($"{source}-{i}", i))];

        var answers = await Task.WhenAll(world.FeedAsync(one, People("a")), world.FeedAsync(other, [.. People("b").Reverse()]), world.FeedAsync(one, People("c")));

        Assert.Equal(450, answers.Sum(a => a.Created));
        Assert.All(answers, a => Assert.Equal((450, 0), (a.Received, a.Quarantined)));
        Assert.Equal(450, await world.CountAsync("records"));
        Assert.Equal(450, await world.CountAsync("persons"));
        Assert.Equal(450, await world.CountAsync("persons", "record_id IS NOT NULL"));
        Assert.Equal(0, await world.CountAsync("records r", "NOT EXISTS (SELECT 1 FROM persons p WHERE p.record_id = r.record_id AND p.person_id = r.person_id)"));
    }

    [Theory, EveryStore]
    public async Task A_line_that_cannot_be_applied_is_kept_aside_with_its_reason(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var answer = await world.FeedAsync(await world.AuthorityAsync(),
            EmmaLine,
            """{"id":"q-1","type":"affiliation","number":"1984031299114","family":"WEBERSCHEID","given":"Emma","birthDate":"1984-03-21"}""",
            """{"id":"q-2","type":"death","number":"1999113088803","date":"2026-01-02"}""",
            """{"id":"q-3","type":"affiliation","number":"1984031299115","family":"A","given":"B"}""",
            """{"id":"q-4","type":"birthday","number":"1984031299114"}""",
            """{"type":"affiliation","number":"1984031299114"}""",
            """{"id":"q-6","type":"affiliation","number":"2018051799127","family":"X"}""",
            """{"id":"q-7","type":"death","number":"1984031299114","date":"2031-01-02"}""",
            """{"id":"q-8","type":"affiliation","number":"1984031299114","unknown":"1"}""",
            """{"id":"q-9","type":"referring-doctor","number":"1984031299114","doctor":"nobody"}""",
            "{\"id\":\"q-10\",\"family\":\"" + new string('x', 20_000) + "\"}");

        Assert.Equal((1, 10), (answer.Created, answer.Quarantined));
        Assert.Equal(
            ["birth-date-differs", "unknown-person", "number-invalid", "unknown-type", "no-id", "names-missing", "date-invalid", "malformed", "too-long", "unknown-doctor"],
            answer.Rejected.Select(r => r.Reason.Split(':')[0]).OrderBy(r => Array.IndexOf(Order, r)));
        Assert.Equal(RecordState.Created, (await world.StateAsync(await world.HolderAsync(WorldPeople.Emma))).State);
        Assert.Equal(10, await world.CountAsync("feed_events", "sealed IS NOT NULL"));
    }

    private static readonly string[] Order =
        ["birth-date-differs", "unknown-person", "number-invalid", "unknown-type", "no-id", "names-missing", "date-invalid", "malformed", "too-long", "unknown-doctor"];

    [Theory, EveryStore]
    public async Task A_used_correlation_id_with_another_event_is_told_and_not_swallowed(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var authority = await world.AuthorityAsync();
        await world.FeedAsync(authority, EmmaLine);
        var answer = await world.FeedAsync(authority, NoahLine.Replace("n-1", "e-1", StringComparison.Ordinal));
        Assert.Equal((0, 1), (answer.Created, answer.Quarantined));
        Assert.StartsWith("id-reused", answer.Rejected.Single().Reason, StringComparison.Ordinal);
        // Another source counts its own ids.
        Assert.Equal(1, (await world.FeedAsync(await world.AuthorityAsync(), NoahLine.Replace("n-1", "e-1", StringComparison.Ordinal))).Created);
    }

    [Theory, EveryStore]
    public async Task A_replaced_number_leads_to_the_same_record_as_the_new_one(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var authority = await world.AuthorityAsync();
        await world.FeedAsync(authority, EmmaLine);
        var before = await world.HolderAsync(WorldPeople.Emma);

        var answer = await world.FeedAsync(authority, """{"id":"r-1","type":"renumbering","number":"1984031299114","newNumber":"1984032199100"}""");

        Assert.Equal(1, answer.Changed);
        var byOld = await world.HolderAsync(WorldPeople.Emma);
        var byNew = await world.HolderAsync(WorldPeople.Emma2);
        Assert.Equal(before.Record, byOld.Record);
        Assert.Equal((byOld.Record, WorldPeople.Emma2), (byNew.Record, byNew.Number));
        Assert.StartsWith("new-number-taken", (await world.FeedAsync(authority, NoahLine, """{"id":"r-2","type":"renumbering","number":"2018051799127","newNumber":"1984031299114"}""")).Rejected.Single().Reason, StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task A_death_in_the_feed_closes_the_record_with_its_source(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var answer = await world.FeedAsync(await world.AuthorityAsync(), """{"id":"d-1","type":"death","number":"1984031299114","date":"2026-11-20"}""");
        Assert.Equal(1, answer.Changed);
        var view = (await world.Operation<ReadRecordState>().RunAsync(await world.AgentAsync(), emma.Ref, world.Cancel)).Value;
        Assert.Equal((RecordState.Closed, ClosureReason.Death), (view.State, view.ClosedFor));
        Assert.False((await world.Operation<ReopenRecord>().RunAsync(await world.AgentAsync("2033"), emma.Ref, world.Cancel)).Succeeded);
    }

    [Theory, EveryStore]
    public async Task The_referring_doctor_of_the_feed_reads_from_the_first_of_the_next_month(Store store)
    {
        await using var world = await World.CreateAsync(store);
        await world.ActiveAsync();
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync(), registerId: "thill");
        var answer = await world.FeedAsync(await world.AuthorityAsync(), """{"id":"m-1","type":"referring-doctor","number":"1984031299114","doctor":"thill"}""");
        Assert.Equal(1, answer.Changed);
        var emma = await world.HolderAsync(WorldPeople.Emma);

        async Task<bool> MayReadAsync()
        {
            var entered = await world.Platform.Gate.EnterAsync(new AccessRequest(doctor, emma.Ref, AccessAction.Search, "search"), world.Cancel);
            if (entered.Permit is not { } permit) return false;
            using (permit) await permit.SpendAsync(new Dsp.Storage.Batch(), world.Cancel);
            return true;
        }

        world.Clock.Set(Deadlines.StartOf(new DateOnly(2026, 12, 1)) - TimeSpan.FromMicroseconds(1));
        Assert.False(await MayReadAsync());
        world.Clock.Set(Deadlines.StartOf(new DateOnly(2026, 12, 1)));
        Assert.True(await MayReadAsync());
        Assert.Equal(1, (await world.FeedAsync(await world.AuthorityAsync(), """{"id":"m-2","type":"referring-doctor-end","number":"1984031299114","doctor":"thill"}""")).Changed);
        Assert.False(await MayReadAsync());
    }

    [Theory, EveryStore]
    public async Task The_same_events_come_as_csv(Store store)
    {
        await using var world = await World.CreateAsync(store);
        using var reader = new StringReader("id,type,number,family,given,city\r\ne-1,affiliation,1984031299114,\"WEBERSCHEID, dite \"\"W\"\"\",Emma,Esch\r\nbad,affiliation,1\r\n");
        var answer = (await world.Operation<ReceiveAffiliations>().RunAsync(await world.AuthorityAsync(), FeedFormat.Csv, reader, world.Cancel)).Value;
        Assert.Equal((2, 1, 1), (answer.Received, answer.Created, answer.Quarantined));
        var emma = await world.HolderAsync(WorldPeople.Emma);
        Assert.Equal("WEBERSCHEID, dite \"W\"", (await world.Platform.People.FindAsync(world.Platform.Database, emma.Person, world.Cancel))!.Details.Family);
    }

    [Theory, EveryStore]
    public async Task Only_the_affiliation_authority_feeds(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var laboratory = await world.SystemAsync(await world.InstitutionAsync());
        using var reader = new StringReader(EmmaLine);
        var outcome = await world.Operation<ReceiveAffiliations>().RunAsync(laboratory, FeedFormat.Ndjson, reader, world.Cancel);
        Assert.Equal(Refusals.SystemMayNot, outcome.Refusal);
        Assert.Equal(0, await world.CountAsync("persons"));
        Assert.Equal(1, await world.CountAsync("journal_entries"));
    }

    /// <summary>Composed people: orders that no register assigned.</summary>
    internal static string Line(string id, int i)
    {
        var born = new DateOnly(1930, 1, 1).AddDays(i % 34_000);
        var number = NationalId.Complete($"{born:yyyyMMdd}{900 + (i / 34_000):D3}").Value;
        return $$"""{"id":"{{id}}","type":"affiliation","number":"{{number}}","family":"MUSTERHOLZ","given":"Nummer {{i}}","gender":"U","language":"de"}""";
    }
}
