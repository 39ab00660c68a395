using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Resources;
using Dsp.Records;
using Dsp.Tests.Facts;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Resources;

/// <summary>Resources at the door: one's own rights, the two worlds of neutral answers, pages, provenance, the journal.</summary>
public sealed class ResourceRouteTests
{
    public static TheoryData<string> Searched => [.. ResourceRoutes.All.Where(r => r.Parameters.Count > 0).Select(r => r.Type)];

    /// <summary>One of everything, in a document of the laboratory.</summary>
    internal static byte[] Everything { get; } = Document(
        Section("48765-2", "Allergie", Allergy(AllergyTo(Penicillin))),
        Section("11450-4", """<paragraph ID="p1">Hypertension</paragraph>""", Problem("""<value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96" displayName="Essential hypertension"/>""")),
        Section("30954-2", "", Panel(Result("2823-3", "Kalium", """<value xsi:type="PQ" value="4.1" unit="mmol/l"/>"""), Result("4548-4", "HbA1c", """<value xsi:type="PQ" value="7.4" unit="%"/>""", time: "202511010830+0100"))),
        Section("10160-0", "", Medicine("""<code code="C09AA05" codeSystem="2.16.840.1.113883.6.73" displayName="Ramipril"/>"""), Medicine("""<code code="C10AA05" codeSystem="2.16.840.1.113883.6.73" displayName="Atorvastatin"/>""").Replace("moodCode=\"EVN", "moodCode=\"INT", StringComparison.Ordinal)),
        Section("46240-8", "", """<encounter classCode="ENC" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.49"/><code code="AMB" codeSystem="2.16.840.1.113883.5.4" displayName="Ambulatoire"/><statusCode code="completed"/><effectiveTime><low value="20260110"/><high value="20260110"/></effectiveTime></encounter>"""),
        Section("47519-4", "", """<procedure classCode="PROC" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.14"/><code code="80146002" codeSystem="2.16.840.1.113883.6.96" displayName="Appendicectomie"/><statusCode code="completed"/><effectiveTime value="2014"/></procedure>"""));

    [Theory, EveryStore]
    public async System.Threading.Tasks.Task The_treating_doctor_finds_what_documents_say_and_to_a_stranger_there_is_nothing(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var document = await cast.DepositedAsync(Everything);
        await cast.OpenContextAsync();
        foreach (var (type, code) in new[] { ("AllergyIntolerance", "764146007"), ("Condition", "59621000"), ("MedicationStatement", "C09AA05"), ("MedicationRequest", "C10AA05"), ("Encounter", "AMB"), ("Procedure", "80146002"), ("DiagnosticReport", "11502-2") })
        {
            var found = await FindAsync(cast, type, cast.DoctorToken);
            Assert.True(found.Total == 1, $"{type}: {found.Answer.Text}");
            Assert.Contains($"\"{code}\"", found.Answer.Text, StringComparison.Ordinal);
            Assert.Equal($"Patient/{cast.Record}", (found.One.TryGetProperty("subject", out var subject) ? subject : found.One.GetProperty("patient")).GetProperty("reference").GetString());
            Assert.Equal($"{cast.Server.Fhir}/{type}/{found.One.GetProperty("id").GetString()}", found.Entries[0].GetProperty("fullUrl").GetString());
            var read = await cast.Server.GetAsync($"/fhir/{type}/{found.One.GetProperty("id").GetString()}", cast.DoctorToken);
            Assert.Equal(found.One.GetRawText(), read.Json.GetRawText());
        }
        Assert.Equal(2, (await FindAsync(cast, "Observation", cast.DoctorToken)).Total);
        var report = (await FindAsync(cast, "DiagnosticReport", cast.DoctorToken)).One;
        Assert.Equal($"{cast.Server.Fhir}/Binary/{document}", report.GetProperty("presentedForm")[0].GetProperty("url").GetString());
        var results = report.GetProperty("result").EnumerateArray().Select(r => r.GetProperty("reference").GetString()!).ToList();
        Assert.Equal(2, results.Count);
        foreach (var result in results) Assert.Equal(200, (await cast.Server.GetAsync("/fhir/" + result, cast.DoctorToken)).Status);

        foreach (var type in Searched.Select(t => t.Data))
        {
            var stranger = await FindAsync(cast, type, cast.OtherToken);
            Assert.Equal((200, 0), (stranger.Answer.Status, stranger.Total));
            Assert.Equal(Neutral(await cast.Server.GetAsync($"/fhir/{type}?patient={Guid.CreateVersion7()}", cast.OtherToken)), Neutral(stranger.Answer));
        }
        var nowhere = await cast.Server.GetAsync($"/fhir/Observation/{new string('0', 56)}", cast.OtherToken);
        Assert.Equal(404, nowhere.Status);
        Assert.Equal(nowhere.Whole, (await cast.Server.GetAsync("/fhir/" + results[0], cast.OtherToken)).Whole);
        Assert.Equal(nowhere.Whole, (await cast.Server.GetAsync("/fhir/Observation/not-an-id", cast.OtherToken)).Whole);
        // A name of another type is nobody's.
        Assert.Equal(nowhere.Whole, (await cast.Server.GetAsync(("/fhir/" + results[0]).Replace("Observation", "Condition", StringComparison.Ordinal), cast.DoctorToken)).Whole);
    }

    [Theory, EveryStore]
    public async System.Threading.Tasks.Task Masked_replaced_withdrawn_and_blocked_resources_were_never_there_by_search_or_by_name(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.OpenContextAsync();
        var document = await cast.DepositedAsync(Everything);
        await cast.DepositedAsync(FactWorld.Report("Latex"), "Autre");
        var world = cast.Server.World;
        var (before, provenance) = (await FindAsync(cast, "Observation", cast.DoctorToken), await FindAsync(cast, "Observation", cast.DoctorToken, "&code=4548-4&_revinclude=Provenance:target"));
        Assert.Equal((3, 1, 2), (before.Total, provenance.Total, provenance.Entries.Count));
        var (observation, origin) = (provenance.Entries[0].GetProperty("resource"), provenance.Entries[1].GetProperty("resource"));
        string[] addresses = [$"/fhir/Observation/{observation.GetProperty("id").GetString()}", $"/fhir/Provenance/{origin.GetProperty("id").GetString()}"];
        foreach (var address in addresses) Assert.Equal(200, (await cast.Server.GetAsync(address, cast.DoctorToken)).Status);

        var mask = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{document}}","from":"{{cast.Doctor.Person}}"}""");
        Assert.Equal(201, mask.Status);
        Assert.Equal(1, (await FindAsync(cast, "Observation", cast.DoctorToken)).Total);
        Assert.Equal(3, (await FindAsync(cast, "Observation", cast.Holder)).Total);
        foreach (var address in addresses) Assert.Equal(404, (await cast.Server.GetAsync(address, cast.DoctorToken)).Status);
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, mask.Header("Location"), cast.Holder)).Status);
        Assert.Equal(3, (await FindAsync(cast, "Observation", cast.DoctorToken)).Total);

        var block = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Doctor.Person}}"}""");
        Assert.Equal(Neutral(await cast.Server.GetAsync($"/fhir/Observation?patient={Guid.CreateVersion7()}", cast.DoctorToken)), Neutral((await FindAsync(cast, "Observation", cast.DoctorToken)).Answer));
        foreach (var address in addresses) Assert.Equal(404, (await cast.Server.GetAsync(address, cast.DoctorToken)).Status);
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, block.Header("Location"), cast.Holder)).Status);

        Assert.True((await world.Operation<WithdrawDocument>().RunAsync(world.Self(cast.Emma), null, new DocumentId(Guid.Parse(document)), WithdrawalReason.WrongPatient, world.Cancel)).Succeeded);
        foreach (var token in new[] { cast.DoctorToken, cast.Holder })
        {
            Assert.Equal(1, (await FindAsync(cast, "Observation", token)).Total);
            foreach (var address in addresses) Assert.Equal(404, (await cast.Server.GetAsync(address, token)).Status);
        }
    }

    [Fact]
    public async System.Threading.Tasks.Task Provenance_names_the_document_the_author_and_the_policy_and_needs_a_scope_of_its_own()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var document = await cast.DepositedAsync(Everything);
        string Token(params string[] scopes) => cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = scopes });

        var found = await FindAsync(cast, "Condition", cast.Holder, "&_revinclude=Provenance:target");

        var origin = FhirJson.Parse<Provenance>(Encoding.UTF8.GetBytes(found.Entries[1].GetProperty("resource").GetRawText())).Resource!;
        Assert.Equal("include", found.Entries[1].GetProperty("search").GetProperty("mode").GetString());
        Assert.Equal(1, found.Total);
        Assert.Equal($"Condition/{found.One.GetProperty("id").GetString()}", origin.Target[0].Reference);
        Assert.Equal($"DocumentReference/{document}", origin.Entity[0].What.Reference);
        Assert.Equal(["urn:ihe:iti:mxde:2023:document-provenance-policy"], origin.Policy);
        Assert.Equal(["Anna Thillaray", "DSP"], origin.Agent.Select(a => a.Who.Display));
        Assert.Equal(200, (await cast.Server.GetAsync($"/fhir/DocumentReference/{document}", cast.Holder)).Status);

        var narrow = await FindAsync(cast, "Condition", Token("patient/Condition.rs"), "&_revinclude=Provenance:target");
        Assert.Equal((403, "DSP-3002"), (narrow.Answer.Status, IdOf(narrow.Answer)));
        Assert.Equal(200, (await FindAsync(cast, "Condition", Token("patient/Condition.rs"))).Answer.Status);
        Assert.Equal(200, (await FindAsync(cast, "Condition", Token("patient/Condition.rs", "patient/Provenance.r"), "&_revinclude=Provenance:target")).Answer.Status);
        Assert.Equal(403, (await FindAsync(cast, "Observation", Token("patient/Condition.rs"))).Answer.Status);
        Assert.Equal(403, (await cast.Server.GetAsync($"/fhir/Condition/{found.One.GetProperty("id").GetString()}", Token("patient/Condition.s"))).Status);
    }

    [Theory]
    [InlineData("Observation", "code=4548-4", 1)]
    [InlineData("Observation", "code=http://loinc.org|4548-4", 1)]
    [InlineData("Observation", "code=http://snomed.info/sct|4548-4", 0)]
    [InlineData("Observation", "code=4548-4,2823-3", 2)]
    [InlineData("Observation", "category=laboratory", 2)]
    [InlineData("Observation", "category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs", 0)]
    [InlineData("Observation", "date=ge2026-02-14", 1)]
    [InlineData("Observation", "date=lt2026-02-14", 1)]
    [InlineData("Observation", "date=2025-11-01", 1)]
    [InlineData("Observation", "date=gt2025&date=le2026-12", 1)]
    [InlineData("Observation", "date=ge2027", 0)]
    [InlineData("Observation", "status=final", 2)]
    [InlineData("Observation", "status=unknown", 0)]
    [InlineData("DiagnosticReport", "category=LAB", 1)]
    [InlineData("DiagnosticReport", "category=RAD", 0)]
    [InlineData("DiagnosticReport", "code=http://loinc.org|11502-2&status=unknown", 1)]
    [InlineData("Condition", "clinical-status=active", 0)]
    [InlineData("Condition", "category=problem-list-item&code=59621000", 1)]
    [InlineData("AllergyIntolerance", "clinical-status=active", 1)]
    [InlineData("Encounter", "date=2026-01-10&class=AMB&status=finished", 1)]
    [InlineData("Encounter", "date=lt2026", 0)]
    [InlineData("Procedure", "date=2014", 1)]
    [InlineData("MedicationRequest", "intent=order&_include=MedicationRequest:medication", 1)]
    [InlineData("MedicationStatement", "status=active&effective=ge2025-01-10&_include=MedicationStatement:medication", 1)]
    [InlineData("Immunization", "", 0)]
    [InlineData("Observation", "nonsense=1&_sort=-date&_total=accurate", 2)]
    public async System.Threading.Tasks.Task A_parameter_narrows_what_is_found_by_GET_and_by_POST(string type, string query, int total)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(Everything);

        var got = await FindAsync(cast, type, cast.Holder, "&" + query);
        var form = new StringContent($"patient.identifier={Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + cast.Emma.Number)}&{query}", Encoding.UTF8, "application/x-www-form-urlencoded");
        var posted = await cast.Server.SendAsync(HttpMethod.Post, $"/fhir/{type}/_search", cast.Holder, form);

        Assert.True(got.Total == total, got.Answer.Text);
        Assert.True(posted.Status == 200 && posted.Json.GetProperty("total").GetInt32() == total, posted.Text);
    }

    [Fact]
    public async System.Threading.Tasks.Task Pages_follow_each_other_are_bound_to_their_caller_and_move_by_nothing_that_is_added()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        for (var i = 1; i <= 5; i++) await cast.DepositedAsync(Document(Section("30954-2", "", Panel(Result("2823-3", "Kalium", $"""<value xsi:type="PQ" value="{i}" unit="mmol/l"/>""", time: $"2026020{i}0830+0100")))));
        await cast.OpenContextAsync();

        var first = await FindAsync(cast, "Observation", cast.DoctorToken, "&_count=2");
        var next = NextOf(first.Answer)!;
        // Newer, and older than the page: the first is not there, the second in its place.
        foreach (var time in new[] { "202603010830+0100", "202602030700+0100" }) await cast.DepositedAsync(Document(Section("30954-2", "", Panel(Result("2823-3", "Kalium", """<value xsi:type="PQ" value="9" unit="mmol/l"/>""", time: time)))));
        var second = await cast.Server.GetAsync(next, cast.DoctorToken);

        Assert.Equal((5, "5 4"), (first.Total, Values(first.Answer)));
        Assert.Equal("3 9", Values(second));
        Assert.Equal("2 1", Values(await cast.Server.GetAsync(NextOf(second)!, cast.DoctorToken)));
        Assert.Null(NextOf(await cast.Server.GetAsync(NextOf(second)!, cast.DoctorToken)));
        Assert.DoesNotContain(cast.Record, next, StringComparison.Ordinal);
        foreach (var (token, path) in new[] { (cast.Holder, next), (cast.DoctorToken, next.Replace("/Observation?", "/Condition?", StringComparison.Ordinal)), (cast.DoctorToken, next[..^3] + "AAA") })
            Assert.Equal((400, "DSP-1013"), (await cast.Server.GetAsync(path, token)) is var stolen ? (stolen.Status, IdOf(stolen)) : default);
    }

    [Theory]
    [InlineData("GET", "Observation", "", 400, "DSP-1012")]
    [InlineData("GET", "Condition", "code=59621000", 400, "DSP-1012")]
    [InlineData("GET", "Observation", "patient=", 400, "DSP-1012")]
    [InlineData("GET", "Observation", "patient=a,b", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&patient=0195a1b2-0000-7000-8000-000000000001", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient.identifier=1984031299114", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient.name=Emma", 400, "DSP-1012")]
    [InlineData("GET", "Observation", "patient={p}&code:in=x", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&code:not=x", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&date=ne2026", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&date=tomorrow", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&_count=0", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&_count=many", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&_include=Observation:subject", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&_revinclude=Observation:has-member", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&_revinclude:iterate=Provenance:target", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&page=x", 400, "DSP-1013")]
    [InlineData("GET", "Observation", "patient={p}&_format=turtle", 406, "DSP-1014")]
    [InlineData("GET", "Observation/x", "_format=turtle", 406, "DSP-1014")]
    [InlineData("GET", "Provenance/x", "", 404, "DSP-4001")]
    [InlineData("GET", "Observation!", "patient={p}&value-quantity=5", 400, "DSP-1013")]
    [InlineData("GET", "Provenance", "patient={p}", 404, "DSP-1016")]
    [InlineData("GET", "Medication", "patient={p}", 404, "DSP-1016")]
    [InlineData("GET", "Goal", "patient={p}", 404, "DSP-1016")]
    [InlineData("POST", "Observation", "", 405, "DSP-1016")]
    [InlineData("DELETE", "Observation/x", "", 405, "DSP-1016")]
    [InlineData("PUT", "Condition/x", "", 405, "DSP-1016")]
    [InlineData("POST", "Observation/_search", "", 415, "DSP-1015")]
    public async System.Threading.Tasks.Task Everything_else_is_refused_by_name(string method, string path, string query, int status, string id)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var strict = path.EndsWith('!');

        var answer = await cast.Server.SendAsync(new HttpMethod(method), $"/fhir/{path.TrimEnd('!')}?{query.Replace("{p}", cast.Record, StringComparison.Ordinal)}", cast.Holder,
            method is "GET" or "DELETE" ? null : new StringContent("{}", Encoding.UTF8, "application/json"), strict ? [("Prefer", "handling=strict")] : []);

        Assert.True((status, id) == (answer.Status, IdOf(answer)), answer.Whole);
    }

    [Fact]
    public async System.Threading.Tasks.Task The_journal_names_the_documents_of_the_page_and_the_question_and_a_refused_read_names_its_document()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var first = await cast.DepositedAsync(Everything);
        await cast.DepositedAsync(FactWorld.Report(), "Autre");
        await cast.OpenContextAsync();

        var found = await FindAsync(cast, "Encounter", cast.DoctorToken);
        var address = $"/fhir/Encounter/{found.One.GetProperty("id").GetString()}";
        // Lines of one instant have no order: each has its own here.
        var world = cast.Server.World;
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await cast.Server.GetAsync(address, cast.DoctorToken);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await cast.Server.GetAsync(address, cast.OtherToken);

        var lines = (await world.Operation<ReadHistory>().RunAsync(world.Self(cast.Emma), cast.Emma.Record, new WantedHistory(), world.Cancel)).Value.Lines.Where(l => l.Entry.Action == "read-facts").Select(l => l.Entry).ToList();
        Assert.Equal([(cast.Other.Person, false), (cast.Doctor.Person, true), (cast.Doctor.Person, true)], lines.Select(l => (l.Person, l.Permitted)));
        Assert.All(lines, l => Assert.Equal([first], l.Documents.Select(d => d.ToString())));
        Assert.Contains("Encounter?patient=", lines[2].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async System.Threading.Tasks.Task A_laboratory_s_software_finds_what_it_deposited_itself_and_nothing_else()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(Everything);
        await cast.DepositedImageAsync([1]);

        Assert.Equal(2, (await FindAsync(cast, "Observation", cast.Lab)).Total);
        Assert.Equal(1, (await FindAsync(cast, "DiagnosticReport", cast.Lab)).Total);
        Assert.Equal(0, (await FindAsync(cast, "Observation", cast.Hospital)).Total);
        Assert.Equal(2, (await FindAsync(cast, "DiagnosticReport", cast.Holder)).Total);
    }

    internal sealed record Found(Answer Answer, int Total, IReadOnlyList<JsonElement> Entries)
    {
        public JsonElement One => Entries[0].GetProperty("resource");
    }

    internal static async Task<Found> FindAsync(Cast cast, string type, string token, string more = "")
    {
        var answer = await cast.Server.GetAsync($"/fhir/{type}?patient={cast.Record}{more}", token);
        if (answer.Status != 200) return new Found(answer, -1, []);
        return new Found(answer, answer.Json.GetProperty("total").GetInt32(), answer.Json.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray()] : []);
    }

    /// <summary>The answer without what the question itself puts in it: the moment, and the patient in the self link.</summary>
    private static string Neutral(Answer answer) => $"{answer.Status} {string.Join(' ', answer.Headers.Where(h => h.Key is not ("Date" or "Content-Length" or "Transfer-Encoding")).Select(h => $"{h.Key}={h.Value}").Order(StringComparer.Ordinal))} {answer.Json.GetProperty("total")} {answer.Json.TryGetProperty("entry", out _)} {answer.Json.GetProperty("link").GetArrayLength()}";

    private static string? IdOf(Answer answer) => answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString();

    private static string? NextOf(Answer answer) => answer.Json.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()).FirstOrDefault();

    private static string Values(Answer answer) => string.Join(' ', answer.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource").GetProperty("valueQuantity").GetProperty("value").GetRawText()));
}
