using System.Text.Json;
using Dsp.Access;
using Dsp.Interop.CdsHooks;
using Dsp.Records;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.CdsHooks;

/// <summary>The CDS Hooks service: the public examples, rights, the neutral answer, every refusal.</summary>
public sealed class CdsHooksTests
{
    private const string Service = "/cds-services/existing-exams";

    [Fact]
    public async Task The_description_names_both_hooks_and_what_is_prefetched()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var answer = await server.GetAsync("/cds-services", null, ("Accept-Language", "de"));

        Assert.Equal((200, "application/json; charset=utf-8"), (answer.Status, answer.Header("Content-Type")));
        var services = answer.Json.GetProperty("services").EnumerateArray().ToList();
        Assert.Equal(["order-select", "order-sign"], services.Select(s => s.GetProperty("hook").GetString()));
        Assert.All(services, s => Assert.Equal(("existing-exams", "Patient/{{context.patientId}}"), (s.GetProperty("id").GetString(), s.GetProperty("prefetch").GetProperty("patient").GetString())));
        Assert.Equal("Diese Untersuchung gibt es schon", services[0].GetProperty("title").GetString());
    }

    [Theory, EveryStore]
    public async Task The_public_radiology_example_finds_the_imaging_of_the_record_and_leads_to_its_page(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var image = await DepositImageAsync(cast, "IRM du genou droit");
        await DepositImageAsync(cast, "IRM de l'épaule");
        await cast.OpenContextAsync();

        var answer = await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Radiology(cast.Emma.Number!, "MRI Knee Right"));

        var card = Assert.Single(Cards(answer));
        Assert.Matches("^MRI Knee Right : existe déjà \\(", card.GetProperty("summary").GetString());
        Assert.InRange(card.GetProperty("summary").GetString()!.Length, 10, 139);
        Assert.Equal("info", card.GetProperty("indicator").GetString());
        Assert.True(Guid.TryParse(card.GetProperty("uuid").GetString(), out _));
        Assert.Equal(("Dossier de soins partagé", cast.Server.Base), (card.GetProperty("source").GetProperty("label").GetString(), card.GetProperty("source").GetProperty("url").GetString()));
        var link = Assert.Single(card.GetProperty("links").EnumerateArray());
        Assert.Equal(("absolute", $"{cast.Server.Base}/fr/pro/dossiers/{cast.Record}/documents/{image}"), (link.GetProperty("type").GetString(), link.GetProperty("url").GetString()));
        Assert.Contains("IRM du genou droit", card.GetProperty("detail").GetString(), StringComparison.Ordinal);
        // The other knee, another hook, and the example as it stands: vessels of the knee are not in this record.
        Assert.Empty(Cards(await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Radiology(cast.Emma.Number!, "MRI Knee Left"))));
        Assert.Single(Cards(await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Radiology(cast.Emma.Number!, "MRI Knee Right", hook: "order-sign"))));
        Assert.Empty(Cards(await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Radiology(cast.Emma.Number!, "MRA Thorax Vessels"))));
    }

    [Theory, EveryStore]
    public async Task Of_the_hook_s_own_example_only_the_selected_analysis_has_a_card(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var document = await cast.DepositedAsync(Report("4548-4"));
        await cast.OpenContextAsync();

        Assert.Empty(Cards(await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Select(cast.Record))));
        Assert.Empty(Cards(await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Select(cast.Record, HookExamples.HbA1c))));
        var card = Assert.Single(Cards(await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Select(cast.Record, HookExamples.HbA1c, ", \"ServiceRequest/a1c\""))));
        Assert.Contains("7.4 %", card.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.EndsWith($"/documents/{document}", card.GetProperty("links")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
        // The holder sees the own page; an order that is not to be done, or is over, is none.
        Assert.Equal($"{cast.Server.Base}/fr/documents/{document}", Assert.Single(Cards(await cast.Server.PostJsonAsync(Service, cast.Holder, HookExamples.Select(cast.Record, HookExamples.HbA1c, ", \"a1c\"")))).GetProperty("links")[0].GetProperty("url").GetString());
        foreach (var not in new[] { "\"doNotPerform\": true", "\"status\": \"revoked\"" })
            Assert.Empty(Cards(await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Select(cast.Record, HookExamples.HbA1c.Replace("\"status\": \"draft\"", not, StringComparison.Ordinal), ", \"ServiceRequest/a1c\""))));
    }

    [Theory, EveryStore]
    public async Task Unknown_without_relation_masked_and_blocked_are_one_empty_answer_to_the_byte(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var document = await cast.DepositedAsync(Report("4548-4"));
        Task<Answer> AskAsync(string token, string? patient = null) => cast.Server.PostJsonAsync(Service, token, HookExamples.Select(patient ?? cast.Record, HookExamples.HbA1c, ", \"ServiceRequest/a1c\""));
        var nowhere = (await AskAsync(cast.OtherToken, Guid.CreateVersion7().ToString())).Whole;
        Assert.EndsWith("{\"cards\":[]}", nowhere, StringComparison.Ordinal);

        Assert.Equal(nowhere, (await AskAsync(cast.OtherToken)).Whole);
        Assert.Equal(nowhere, (await AskAsync(cast.DoctorToken)).Whole);
        Assert.Equal(nowhere, (await AskAsync(cast.DoctorToken, "1288992")).Whole);
        Assert.Equal(nowhere, (await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Radiology("1999113088803", "MRI Knee Right"))).Whole);
        await cast.OpenContextAsync();
        Assert.Single(Cards(await AskAsync(cast.DoctorToken)));
        var mask = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{document}}","from":"{{cast.Doctor.Person}}"}""");
        Assert.Equal(nowhere, (await AskAsync(cast.DoctorToken)).Whole);
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, mask.Header("Location"), cast.Holder)).Status);
        Assert.Equal(201, (await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Doctor.Person}}"}""")).Status);
        Assert.Equal(nowhere, (await AskAsync(cast.DoctorToken)).Whole);
    }

    [Fact]
    public async Task A_software_that_calls_for_itself_has_its_own_deposits_and_with_its_user_s_token_the_user_s_rights()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(Report("4548-4"));
        await cast.OpenContextAsync();
        string Body(string token) => HookExamples.Select(cast.Record, HookExamples.HbA1c, ", \"ServiceRequest/a1c\"").Replace("\"context\": {", $"\"fhirAuthorization\": {{ \"access_token\": \"{token}\", \"token_type\": \"Bearer\", \"expires_in\": 300, \"scope\": \"user/*.rs\", \"subject\": \"cds\" }}, \"context\": {{", StringComparison.Ordinal);
        async Task<int> CountAsync(string header, string body) => Cards(await cast.Server.PostJsonAsync(Service, header, body)).Count;
        string Doctor(string client, params string[] scopes) => cast.Server.Token(CallerKind.Professional, cast.Doctor.Person!.Value.Value, r => r with { Institution = cast.Doctor.Institution, Program = cast.Doctor.Institution, ClientId = client, Scopes = scopes.Length > 0 ? scopes : r.Scopes });

        Assert.Equal(0, await CountAsync(cast.Hospital, Body("an-opaque-token-of-the-client-s-own-server")));
        Assert.Equal(1, await CountAsync(cast.Hospital, Body(Doctor("dsp-demo"))));
        Assert.Equal(0, await CountAsync(cast.Hospital, Body(Doctor("another-software"))));
        Assert.Equal(0, await CountAsync(cast.Hospital, Body(cast.Lab)));
        Assert.Equal(1, await CountAsync(cast.Lab, Body("x")));
        // A person's token in the header decides, whatever else is sent.
        Assert.Equal(0, await CountAsync(cast.OtherToken, Body(Doctor("dsp-demo"))));
        Assert.Equal(403, (await cast.Server.PostJsonAsync(Service, cast.Hospital, Body(Doctor("dsp-demo", "user/Observation.rs")))).Status);
        // A software has no pages to be led to.
        Assert.False(Cards(await cast.Server.PostJsonAsync(Service, cast.Lab, Body("x")))[0].TryGetProperty("links", out _));
    }

    [Fact]
    public async Task What_a_source_wrote_is_shown_and_does_nothing()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(Report("4548-4"), "<img src=x> [frei](javascript:alert(1)) https://evil.example **" + new string('x', 400));

        var answer = await cast.Server.PostJsonAsync(Service, cast.Holder, HookExamples.Select(cast.Record, HookExamples.HbA1c.Replace("HbA1c", new string('y', 290), StringComparison.Ordinal), ", \"ServiceRequest/a1c\""));

        var card = Assert.Single(Cards(answer));
        Assert.Equal(139, card.GetProperty("summary").GetString()!.Length);
        var detail = card.GetProperty("detail").GetString()!;
        Assert.DoesNotContain("<", detail, StringComparison.Ordinal);
        Assert.Contains("\\[frei\\]\\(javascript\\:alert", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", detail, StringComparison.Ordinal);
        Assert.True(card.GetProperty("links")[0].GetProperty("label").GetString()!.Length <= 139);
    }

    [Fact]
    public async Task The_journal_names_the_document_shown_and_one_line_holds_all_orders()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var shown = await cast.DepositedAsync(Report("4548-4"));
        await cast.DepositedAsync(Report("3016-3"), "Autre");
        await cast.OpenContextAsync();

        await cast.Server.PostJsonAsync(Service, cast.DoctorToken, HookExamples.Select(cast.Record, HookExamples.HbA1c + HookExamples.HbA1c.Replace("59261-8", "1742-6", StringComparison.Ordinal), ", \"ServiceRequest/a1c\""));

        var world = cast.Server.World;
        var line = Assert.Single((await world.Operation<ReadHistory>().RunAsync(world.Self(cast.Emma), cast.Emma.Record, new WantedHistory(), world.Cancel)).Value.Lines, l => l.Entry.Action == "read-facts").Entry;
        Assert.Equal((cast.Doctor.Person, true, shown), (line.Person, line.Permitted, Assert.Single(line.Documents).ToString()));
        Assert.Contains("59261-8", line.Query, StringComparison.Ordinal);
        Assert.Contains("1742-6", line.Query, StringComparison.Ordinal);
    }

    public static readonly TheoryData<string, string, string, int, string> Refused = new()
    {
        { "another service", "/cds-services/none", "{}", 404, "DSP-4001" },
        { "not JSON", Service, "{", 400, "DSP-1001" },
        { "a list", Service, "[]", 400, "DSP-1024" },
        { "no hook", Service, "{}", 400, "DSP-1024" },
        { "another hook", Service, "-\"order-select\"+\"patient-view\"", 400, "DSP-1024" },
        { "no instance", Service, "-\"hookInstance\"+\"other\"", 400, "DSP-1024" },
        { "an instance that is none", Service, "-d1577c69-dfbe-44ad-ba6d-3e05e953b2ea+17", 400, "DSP-1024" },
        { "no context", Service, "-\"context\"+\"other\"", 400, "DSP-1024" },
        { "no user", Service, "-\"userId\"+\"other\"", 400, "DSP-1024" },
        { "no patient", Service, "-\"patientId\"+\"other\"", 400, "DSP-1024" },
        { "no orders", Service, "-\"draftOrders\"+\"other\"", 400, "DSP-1024" },
        { "orders that are no Bundle", Service, "-\"Bundle\"+\"Parameters\"", 400, "DSP-1024" },
        { "no selections", Service, "-\"selections\"+\"other\"", 400, "DSP-1024" },
        { "selections that are no references", Service, "-[ \"ServiceRequest/example-MRI-59879846\" ]+[ 1 ]", 400, "DSP-1024" },
        { "another patient prefetched", Service, "-\"id\": \"MRI-59879846\", \"identifier\"+\"id\": \"other\", \"identifier\"", 400, "DSP-1024" },
        { "an authorization without a token", Service, "-\"context\": {+\"fhirAuthorization\": {}, \"context\": {", 400, "DSP-1024" },
        { "a patient of another server without an identifier", Service, "-urn:oid:1.3.182.4.4+urn:oid:2.999", 412, "DSP-1025" },
        { "too many orders", Service, "many", 400, "DSP-1024" },
        { "too large", Service, "large", 413, "DSP-5001" },
        { "too deep", Service, "deep", 400, "DSP-5002" },
        { "feedback without answers", Service + "/feedback", "{}", 400, "DSP-1024" },
        { "feedback without a card", Service + "/feedback", """{"feedback":[{"outcome":"accepted","outcomeTimestamp":"2026-11-23T10:05:31Z"}]}""", 400, "DSP-1024" },
        { "feedback without an outcome", Service + "/feedback", """{"feedback":[{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcomeTimestamp":"2026-11-23T10:05:31Z"}]}""", 400, "DSP-1024" },
        { "feedback without a time", Service + "/feedback", """{"feedback":[{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"accepted"}]}""", 400, "DSP-1024" },
        { "feedback of another service", "/cds-services/none/feedback", "{}", 404, "DSP-4001" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task Every_refusal_has_a_name_and_says_nothing_of_the_record(string what, string path, string body, int status, string id)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var example = HookExamples.Radiology(cast.Emma.Number!);
        var sent = body switch
        {
            "many" => example.Replace("\"entry\": [", "\"entry\": [" + string.Concat(Enumerable.Repeat("{},", HookRequestReader.MostEntries)), StringComparison.Ordinal),
            "large" => example.Replace("MRA Knee", new string('x', 1024 * 1024), StringComparison.Ordinal),
            "deep" => string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200)),
            ['-', ..] => Exchange(example, body),
            _ => body,
        };

        var answer = await cast.Server.PostJsonAsync(path, cast.DoctorToken, sent);

        Assert.True(status == answer.Status, $"{what}: {answer.Whole}");
        Assert.Equal(("application/problem+json; charset=utf-8", id), (answer.Header("Content-Type"), answer.Json.GetProperty("id").GetString()));
        Assert.DoesNotContain(cast.Emma.Number!, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_media_types_methods_and_tokens_are_refused()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var example = HookExamples.Radiology(cast.Emma.Number!);

        Assert.Equal(415, (await cast.Server.PostJsonAsync(Service, cast.DoctorToken, example, "text/plain")).Status);
        Assert.Equal(405, (await cast.Server.GetAsync(Service, cast.DoctorToken)).Status);
        foreach (var path in new[] { Service, Service + "/feedback" })
        {
            Assert.Equal(401, (await cast.Server.PostJsonAsync(path, null, example)).Status);
            // A token that the calling software signed itself proves nothing here.
            Assert.Equal(401, (await cast.Server.PostJsonAsync(path, "eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2ZoaXItZWhyLmV4YW1wbGUuY29tLyJ9.AAAA", example)).Status);
            Assert.Equal(403, (await cast.Server.PostJsonAsync(path, cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/Observation.rs"] }), example)).Status);
        }
    }

    [Fact]
    public async Task Feedback_is_counted_and_forgotten()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await cast.Server.PostJsonAsync(Service + "/feedback", cast.DoctorToken,
            """{"feedback":[{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"overridden","outcomeTimestamp":"2026-11-23T10:05:31Z","overrideReason":{"reason":{"code":"x","system":"urn:x"},"userComment":"Madame W. a changé d'avis"}},{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"accepted","outcomeTimestamp":"2026-11-23T10:06:31Z"}]}""");

        Assert.Equal((200, ""), (answer.Status, answer.Text));
        Assert.Contains(cast.Server.Log, l => l.StartsWith("1013 ", StringComparison.Ordinal) && l.Contains("1 accepted, 1 overridden", StringComparison.Ordinal));
        Assert.DoesNotContain(cast.Server.Log, l => l.Contains("Madame", StringComparison.Ordinal));
    }

    /// <summary>The example with one part exchanged: <c>-part+other</c>.</summary>
    private static string Exchange(string example, string change)
    {
        var at = change.LastIndexOf('+');
        Assert.Contains(change[1..at], example, StringComparison.Ordinal);
        return example.Replace(change[1..at], change[(at + 1)..], StringComparison.Ordinal);
    }

    private static byte[] Report(string loinc) => Document(Section("30954-2", "", Panel(Result(loinc, "HbA1c", """<value xsi:type="PQ" value="7.4" unit="%"/>""", time: "202611010830+0100"))));

    private static async Task<string> DepositImageAsync(Cast cast, string title)
    {
        var world = cast.Server.World;
        var house = await world.InstitutionAsync("Centre d’imagerie (fictif)", Dsp.Identity.InstitutionKind.Collective);
        var radiologist = await world.ProfessionalAsync(house, "Radelange", "Marc", "médecin radiologue");
        var system = await world.SystemAsync(house, radiologist.Person, name: "imaging");
        var answer = await cast.DepositAsync(cast.Server.Token(CallerKind.System, system.System!.Value.Value, r => r with { Program = house }), Bundles.Provide(cast.Emma.Number!, [1], title, "application/pdf", "18748-4", "MedicalImaging"));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
    }

    private static List<JsonElement> Cards(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Whole);
        return [.. answer.Json.GetProperty("cards").EnumerateArray()];
    }
}
