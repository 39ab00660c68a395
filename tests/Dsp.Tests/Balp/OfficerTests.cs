using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Tests.Server;
using Dsp.Tests.SignIn;
using Dsp.Tests.Support;

namespace Dsp.Tests.Balp;

/// <summary>ITI-81 for the security officer: what concerns no record, and no way to a record's own journal.</summary>
public sealed class OfficerTests
{
    private const string Year = "date=ge2026-01-01&date=le2027-01-01";

    [Theory, EveryStore]
    public async Task The_officer_reads_what_concerns_no_record_and_the_reading_is_told(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var officer = await OfficerAsync(cast);
        await cast.Server.GetAsync("/fhir/DocumentReference", null);
        await cast.Server.GetAsync("/fhir/Patient?family=Weberscheid&birthdate=1984-03-12", cast.DoctorToken);

        var all = Found(await cast.Server.GetAsync("/fhir/AuditEvent?_count=200&" + Year, officer));

        Assert.Contains(all, e => Subtypes(e).Contains("110126"));
        Assert.Contains(all, e => Subtypes(e).Contains("ITI-78"));
        Assert.DoesNotContain(all, e => e.GetRawText().Contains("Patient/" + cast.Record, StringComparison.Ordinal));
        var own = Assert.Single(await CallAuditTests.EntriesAsync(cast), e => e.Action == JournalActions.ReadHistory);
        Assert.Equal((RecordId.None, true, "ITI-81"), (own.Record, own.Permitted, own.Call!.Transaction));
        // The second reading shows the first.
        Assert.Contains(Found(await cast.Server.GetAsync("/fhir/AuditEvent?type=110101&" + Year, officer)), e => e.GetProperty("id").GetString() == Ids.Text(own.Id));
    }

    [Theory, EveryStore]
    public async Task A_records_own_journal_stays_closed_to_the_officer_and_the_installations_to_everybody_else(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var officer = await OfficerAsync(cast);
        var agent = await AgentAsync(cast, "agent");

        var ofRecord = await cast.Server.GetAsync($"/fhir/AuditEvent?patient={cast.Record}&{Year}", officer);
        Assert.Equal("403 DSP-", $"{ofRecord.Status} {Code(ofRecord)[..4]}");
        Assert.Equal(403, (await cast.Server.GetAsync("/fhir/AuditEvent?" + Year, agent)).Status);
        var refused = (await CallAuditTests.EntriesAsync(cast))[^1];
        Assert.Equal((JournalActions.ReadHistory, false, Refusals.RoleMayNot.Id), (refused.Action, refused.Permitted, refused.Rule));
        foreach (var token in new[] { cast.Holder, cast.DoctorToken }) Assert.Equal("DSP-1012", Code(await cast.Server.GetAsync("/fhir/AuditEvent?" + Year, token)));
        Assert.Equal("DSP-1013", Code(await cast.Server.GetAsync("/fhir/AuditEvent?type=110114", officer)));
    }

    [Theory]
    [InlineData("subtype=urn:ihe:event-type-code|ITI-90", true)]
    [InlineData("subtype=ITI-68", false)]
    [InlineData("type=http://terminology.hl7.org/CodeSystem/audit-event-type|rest&subtype=ITI-90", true)]
    [InlineData("type=110107", false)]
    [InlineData("entity-type=http://terminology.hl7.org/CodeSystem/audit-entity-type|2&entity-role=24&subtype=ITI-90", true)]
    [InlineData("entity-role=3", false)]
    [InlineData("address=BASE&subtype=ITI-90", true)]
    [InlineData("address=nowhere", false)]
    [InlineData("outcome=0&subtype=ITI-90", true)]
    [InlineData("outcome=4&subtype=ITI-90", false)]
    [InlineData("source.identifier=BASE&subtype=ITI-90", true)]
    [InlineData("source.identifier=elsewhere", false)]
    [InlineData("agent.identifier=DOCTOR&subtype=ITI-90", true)]
    [InlineData("agent.identifier=urn:dsp:demo|DOCTOR&subtype=ITI-90", true)]
    [InlineData("agent.identifier=urn:uuid:00000000-0000-7000-8000-000000000001", false)]
    [InlineData("_lastUpdated=lt2026-01-02", false)]
    [InlineData("_lastUpdated=ge2026-01-02&subtype=ITI-90", true)]
    public async Task Each_parameter_selects(string query, bool found)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var officer = await OfficerAsync(cast);
        var asked = await cast.Server.GetAsync("/fhir/Practitioner?name=x", cast.DoctorToken);
        Assert.Equal(200, asked.Status);

        var answer = await cast.Server.GetAsync($"/fhir/AuditEvent?{query.Replace("DOCTOR", cast.Doctor.Person.ToString(), StringComparison.Ordinal).Replace("BASE", Uri.EscapeDataString(cast.Server.Fhir), StringComparison.Ordinal)}&{Year}", officer, ("Prefer", "handling=strict"));

        Assert.Equal(found, Found(answer).Count > 0);
        if (found) Assert.All(Found(answer), e => Assert.Contains("ITI-90", Subtypes(e)));
    }

    [Theory, EveryStore]
    public async Task Pages_hold_while_new_entries_come_and_open_for_their_caller_alone(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var officer = await OfficerAsync(cast);
        var another = await OfficerAsync(cast, "2043");
        for (var i = 0; i < 7; i++) await cast.Server.GetAsync($"/fhir/Practitioner?name={i}", cast.DoctorToken);

        var seen = new List<string>();
        string? next = $"/fhir/AuditEvent?subtype=ITI-90&_count=3&{Year}";
        while (next is not null)
        {
            var page = await cast.Server.GetAsync(next, officer);
            seen.AddRange(Found(page).Select(e => e.GetProperty("id").GetString()!));
            next = Next(page);
            if (next is not null) Assert.Equal("DSP-1013", Code(await cast.Server.GetAsync(next, another)));
            // Within a millisecond ids have no order.
            cast.Server.World.Clock.Advance(TimeSpan.FromSeconds(1));
            await cast.Server.GetAsync("/fhir/Practitioner?name=later", cast.DoctorToken);
        }

        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
    }

    [Fact]
    public async Task The_holder_turns_the_pages_of_the_own_journal_too()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.OpenContextAsync();
        for (var i = 0; i < 5; i++) await cast.SearchAsync(cast.DoctorToken);

        var first = await cast.Server.GetAsync($"/fhir/AuditEvent?patient={cast.Record}&subtype=ITI-67&_count=3&{Year}", cast.Holder);
        var second = await cast.Server.GetAsync(Next(first)!, cast.Holder);

        Assert.Equal((3, 2, null), (Found(first).Count, Found(second).Count, Next(second)));
        Assert.Equal(5, Found(first).Concat(Found(second)).DistinctBy(e => e.GetProperty("id").GetString()).Count());
    }

    [Theory, EveryStore]
    public async Task A_token_given_and_a_token_refused_are_told_before_they_are_answered(Store store)
    {
        await using var world = await SoftwareWorld.StartAsync(store);
        var lab = await world.RegisterAsync("lab-nord", "system/DocumentReference.cruds ITI-65");

        var issued = await lab.AskAsync("ITI-65");
        Assert.Equal(200, issued.Status);
        var told = (await CallAuditTests.EntriesAsync(world.Cast))[^1];
        Assert.Equal((JournalActions.SignIn, true, "ITI-71", "lab-nord"), (told.Action, told.Permitted, told.Call!.Transaction, told.Software));
        Assert.Contains("scope=ITI-65", told.Query, StringComparison.Ordinal);
        Assert.DoesNotContain("assertion", told.Query, StringComparison.Ordinal);
        var token = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(issued.Json.GetProperty("access_token").GetString());
        Assert.Equal(token.Id, told.Call.TokenId);
        Assert.Empty(AuditProfiles.Instance.Problems(Dsp.Interop.Balp.AuditEventWriter.Bytes(told, new Dsp.Interop.Balp.AuditFacts(world.Server.Fhir))));

        Assert.NotEqual(200, (await lab.AskAsync("system/*.cruds")).Status);
        var refused = (await CallAuditTests.EntriesAsync(world.Cast))[^1];
        Assert.Equal((JournalActions.SignIn, false, "invalid_scope"), (refused.Action, refused.Permitted, refused.Rule));
    }

    private static Task<string> OfficerAsync(Cast cast, string number = "2042") => AgentAsync(cast, AgentRow.SecurityOfficer, number);

    private static async Task<string> AgentAsync(Cast cast, string role, string number = "2041")
    {
        var world = cast.Server.World;
        var row = new AgentRow(PersonId.New(world.Clock), number, role, null);
        await world.RunAsync(new Dsp.Storage.Batch().Put(row, world.Platform.Keys));
        return cast.Server.Token(CallerKind.Agent, row.Person.Value);
    }

    private static List<JsonElement> Found(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray().Select(e => e.GetProperty("resource"))] : [];
    }

    private static IEnumerable<string?> Subtypes(JsonElement audit) => audit.GetProperty("subtype").EnumerateArray().Select(s => s.GetProperty("code").GetString());

    private static string? Next(Answer answer) =>
        answer.Json.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()).FirstOrDefault();

    private static string Code(Answer answer) => answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()!;
}
