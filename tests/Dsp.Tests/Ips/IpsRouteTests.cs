using System.Text;
using Dsp.Access;
using Dsp.Documents;
using Dsp.Records;
using Dsp.Interop.Ips;
using Dsp.Tests.Facts;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Ips;

/// <summary><c>Patient/$summary</c> at the door: one's own rights, the two worlds of neutral answers, the journal.</summary>
public sealed class IpsRouteTests
{
    [Theory, EveryStore]
    public async Task The_treating_doctor_gets_a_summary_and_to_a_stranger_the_patient_does_not_exist(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync(FactWorld.Report());
        Assert.Equal(404, (await AskAsync(cast, cast.DoctorToken)).Status);
        await cast.OpenContextAsync();

        var answer = await AskAsync(cast, cast.DoctorToken);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(("application/fhir+json; charset=utf-8", "fr"), (answer.Header("Content-Type"), answer.Header("Content-Language")));
        foreach (var said in new[] { "764146007", "59621000", "C09AA05", "14106009", "2823-3", $"/Binary/{id}" }) Assert.Contains(said, answer.Text, StringComparison.Ordinal);
        Assert.Contains("WEBERSCHEID", answer.Text, StringComparison.Ordinal);
        var nowhere = await cast.Server.GetAsync($"/fhir/Patient/{Guid.CreateVersion7()}/$summary", cast.OtherToken);
        Assert.Equal(404, nowhere.Status);
        Assert.Equal(nowhere.Whole, (await AskAsync(cast, cast.OtherToken)).Whole);
        Assert.Equal(nowhere.Whole, (await cast.Server.GetAsync("/fhir/Patient/not-an-id/$summary", cast.OtherToken)).Whole);
        Assert.Equal(401, (await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}/$summary")).Status);

        var line = (await cast.Server.World.Operation<ReadHistory>().RunAsync(cast.Server.World.Self(cast.Emma), cast.Emma.Record, new WantedHistory(), cast.Server.World.Cancel)).Value.Lines
            .First(l => l.Entry is { Action: "read-facts", Permitted: true });
        Assert.Equal((cast.Doctor.Person, id), (line.Entry.Person, Assert.Single(line.Entry.Documents).ToString()));
    }

    [Theory, EveryStore]
    public async Task A_masked_and_a_withdrawn_document_were_never_there(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.DepositedAsync(FactWorld.Report());
        await cast.OpenContextAsync();
        // Of two tellings of the same the later document's is shown.
        cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var before = await SeenAsync(cast, cast.DoctorToken);
        var second = await cast.DepositedAsync(FactWorld.Report("Latex"));
        Assert.Contains("Latex", await SeenAsync(cast, cast.DoctorToken), StringComparison.Ordinal);

        var mask = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{second}}","from":"{{cast.Doctor.Person}}"}""");
        Assert.Equal(201, mask.Status);
        Assert.Equal(before, await SeenAsync(cast, cast.DoctorToken));
        Assert.Contains("Latex", await SeenAsync(cast, cast.Holder), StringComparison.Ordinal);

        var world = cast.Server.World;
        Assert.True((await world.Operation<WithdrawDocument>().RunAsync(world.Self(cast.Emma), null, new DocumentId(Guid.Parse(second)), WithdrawalReason.WrongPatient, world.Cancel)).Succeeded);
        Assert.DoesNotContain("Latex", await SeenAsync(cast, cast.Holder), StringComparison.Ordinal);
        Assert.Equal(before, await SeenAsync(cast, cast.DoctorToken));
    }

    [Theory, EveryStore]
    public async Task Blocked_and_closed_the_record_is_as_absent_as_one_that_never_was(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.DepositedAsync(FactWorld.Report());
        await cast.OpenContextAsync();
        var nowhere = (await cast.Server.GetAsync($"/fhir/Patient/{Guid.CreateVersion7()}/$summary", cast.DoctorToken)).Whole;

        var block = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Doctor.Person}}"}""");
        Assert.Equal(201, block.Status);
        Assert.Equal(nowhere, (await AskAsync(cast, cast.DoctorToken)).Whole);

        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, block.Header("Location"), cast.Holder)).Status);
        Assert.Equal(200, (await AskAsync(cast, cast.DoctorToken)).Status);
        Assert.Equal(201, (await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/closure", cast.Holder, "{}")).Status);
        Assert.Equal(nowhere, (await AskAsync(cast, cast.DoctorToken)).Whole);
    }

    [Theory, EveryStore]
    public async Task What_a_profession_may_not_read_is_not_documented_for_it(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.DepositedAsync(FactWorld.Report());
        var (_, pharmacist) = await cast.PharmacistAsync();
        await cast.OpenContextAsync(pharmacist);

        var seen = await AskAsync(cast, pharmacist);

        // A laboratory report is closed to pharmacists, and so is everything it says (RGD 6.12.2019 annex 1).
        Assert.True(seen.Status == 200, seen.Text);
        Assert.DoesNotContain("14106009", seen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("46264-8", seen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_takes_the_right_to_read_every_type_and_a_person()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(FactWorld.Report());
        string Token(params string[] scopes) => cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = scopes });

        Assert.Equal(200, (await AskAsync(cast, Token("patient/*.rs"))).Status);
        Assert.Equal(200, (await AskAsync(cast, Token("patient/*.r"))).Status);
        foreach (var narrow in new[] { "patient/Patient.rs", "patient/DocumentReference.rs", "ITI-78", "ITI-68", "patient/*.s" }) Assert.Equal(403, (await AskAsync(cast, Token(narrow))).Status);
        Assert.Equal(403, (await AskAsync(cast, cast.Lab)).Status);
    }

    [Fact]
    public async Task It_is_asked_by_id_or_identifier_by_GET_or_POST_in_the_caller_s_language()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(FactWorld.Report());
        var number = "urn:oid:1.3.182.4.4|" + cast.Emma.Number;
        Task<Answer> PostAsync(string path, string body, string type = "application/fhir+json") => cast.Server.PostJsonAsync(path, cast.Holder, body, type);

        var named = await cast.Server.GetAsync($"/fhir/Patient/$summary?identifier={Uri.EscapeDataString(number)}&profile={Uri.EscapeDataString(IpsBundle.CompositionProfile + "|2.0.0")}", cast.Holder, ("Accept-Language", "pt-PT, de;q=0.5"));
        Assert.True(named.Status == 200, named.Text);
        Assert.Contains("Resumo do doente", named.Text, StringComparison.Ordinal);
        Assert.Equal("pt", named.Header("Content-Language"));
        Assert.Equal(200, (await PostAsync($"/fhir/Patient/{cast.Record}/$summary", "")).Status);
        Assert.Equal(200, (await PostAsync("/fhir/Patient/$summary", $$"""{"resourceType":"Parameters","parameter":[{"name":"identifier","valueString":"{{number}}"}]}""")).Status);
        Assert.Equal(200, (await PostAsync("/fhir/Patient/$summary", $$$"""{"resourceType":"Parameters","parameter":[{"name":"identifier","valueIdentifier":{"system":"urn:oid:1.3.182.4.4","value":"{{{cast.Emma.Number}}}"}}]}""")).Status);

        Assert.Equal(400, (await cast.Server.GetAsync("/fhir/Patient/$summary", cast.Holder)).Status);
        Assert.Equal(400, (await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}/$summary?profile=http://example.org/other", cast.Holder)).Status);
        Assert.Equal(406, (await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}/$summary?_format=turtle", cast.Holder)).Status);
        Assert.Equal(415, (await PostAsync($"/fhir/Patient/{cast.Record}/$summary", "{}", "text/plain")).Status);
        foreach (var body in new[] { "{", "[]", "{}", """{"resourceType":"Patient"}""", """{"resourceType":"Parameters","parameter":{}}""", """{"resourceType":"Parameters","parameter":[1]}""" })
            Assert.Equal(400, (await PostAsync($"/fhir/Patient/{cast.Record}/$summary", body)).Status);
        Assert.Equal(404, (await PostAsync("/fhir/Patient/$summary", """{"resourceType":"Parameters","parameter":[{"name":"identifier","valueString":"urn:oid:1.3.182.4.4|1999113088803"}]}""")).Status);
    }

    private static Task<Answer> AskAsync(Cast cast, string token) => cast.Server.GetAsync($"/fhir/Patient/{cast.Record}/$summary", token);

    /// <summary>The summary without what differs by itself: its own id.</summary>
    private static async Task<string> SeenAsync(Cast cast, string token)
    {
        var answer = await AskAsync(cast, token);
        Assert.True(answer.Status == 200, answer.Text);
        var text = Encoding.UTF8.GetString(answer.Bytes);
        return text.Replace(answer.Json.GetProperty("id").GetString()!, "this summary", StringComparison.Ordinal);
    }
}
