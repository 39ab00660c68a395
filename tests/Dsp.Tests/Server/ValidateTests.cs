using System.Text.Json;
using Dsp.Interop.Fhir;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Tests.Server;

/// <summary>A software asks whether its message would be read, and learns every rule it breaks; nobody learns anything else.</summary>
public sealed class ValidateTests
{
    [Theory, EveryStore]
    public async Task A_good_message_is_told_so_and_nothing_is_kept(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var bundle = Bundles.Provide(cast.Emma.Number!, [1]);

        var answer = await AskAsync(cast, "Bundle", bundle);
        var unknown = await AskAsync(cast, "Bundle", Bundles.Provide(WorldPeople.UnknownNumber, [1]));

        Assert.Equal(200, answer.Status);
        Assert.Equal(["information"], Issues(answer).Select(i => i.GetProperty("severity").GetString()));
        // Somebody who is not known here is told nothing else.
        Assert.Equal(answer.Text, unknown.Text);
        Assert.Equal(0, await cast.Server.World.CountAsync("documents"));
        Assert.Equal(200, (await cast.DepositAsync(cast.Lab, bundle)).Status);
    }

    [Fact]
    public async Task A_bad_message_is_told_what_its_deposit_is_refused_for_each_with_its_rule()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var bundle = Bundles.Provide(cast.Emma.Number!, [1], hash: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", size: 7, confidentiality: "X");

        var said = Issues(await AskAsync(cast, "Bundle", bundle)).Where(i => i.GetProperty("severity").GetString() == "error").Select(Told).Order(StringComparer.Ordinal).ToList();
        var refused = Issues(await cast.DepositAsync(cast.Lab, bundle)).Select(Told).Order(StringComparer.Ordinal).ToList();

        Assert.True(said.Count >= 3, string.Join('\n', said));
        Assert.Equal(refused, said);
        Assert.All(said, s => Assert.Matches(@"\([^)]+\)\.$", s));

        static string Told(JsonElement issue) =>
            $"{issue.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()} {issue.GetProperty("expression")[0].GetString()} {issue.GetProperty("details").GetProperty("text").GetString()}";
    }

    [Fact]
    public async Task A_single_document_is_read_as_a_simplified_publish()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await AskAsync(cast, "DocumentReference", """{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"text/plain","data":"AQ=="}}]}""");

        Assert.Contains("ITI-105", Issues(answer)[^1].GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
        Assert.Contains(Issues(answer), i => i.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString() == "DSP-1002");
    }

    public static TheoryData<string, string, int, string> Bad => new()
    {
        { "Nothing", """{"resourceType":"Nothing"}""", 400, "DSP-1001" },
        { "Element", """{"resourceType":"Element"}""", 400, "DSP-1001" },
        { "Bundle", "[]", 400, "DSP-1001" },
        { "Bundle", "{", 400, "DSP-1001" },
        { "Bundle", """{"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"create"}]}""", 422, "DSP-1002" },
        { "Bundle", """{"resourceType":"Patient"}""", 200, "DSP-1001" },
        { "Patient", """{"resourceType":"Patient","birthDate":"yesterday"}""", 200, "DSP-1003" },
        { "Patient", """{"resourceType":"Patient","name":[{"famly":"x"}]}""", 200, "DSP-1001" },
        { "Observation", """{"resourceType":"Observation","status":"final"}""", 200, "DSP-1002" },
        { "Observation", """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Observation","status":"final"}}]}""", 200, "DSP-1002" },
        { "Patient", """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"}}""", 200, "DSP-1017" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task What_is_wrong_is_named(string type, string body, int status, string id)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await AskAsync(cast, type, body);

        Assert.True(answer.Status == status, answer.Whole);
        var issue = Issues(answer)[0];
        Assert.Equal(("error", id), (issue.GetProperty("severity").GetString(), issue.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Only_who_may_deposit_asks_and_the_answer_has_the_format_that_is_wanted()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var patient = new StringContent("""{"resourceType":"Patient","active":true}""", System.Text.Encoding.UTF8, System.Net.Http.Headers.MediaTypeHeaderValue.Parse("application/fhir+json"));

        Assert.Equal(401, (await cast.Server.PostJsonAsync("/fhir/Patient/$validate", null, "{}", "application/fhir+json")).Status);
        Assert.Equal(403, (await cast.Server.PostJsonAsync("/fhir/Patient/$validate", cast.Server.AnyToken("patient/*.rs"), "{}", "application/fhir+json")).Status);
        Assert.Equal(415, (await cast.Server.PostJsonAsync("/fhir/Patient/$validate", cast.Lab, "{}", "text/plain")).Status);
        var xml = await cast.Server.SendAsync(HttpMethod.Post, "/fhir/Patient/$validate", cast.Lab, patient, ("Accept", "application/fhir+xml"));
        Assert.Equal("information", Assert.IsType<OperationOutcome>(FhirXml.Parse(xml.Bytes, 64).Resource).Issue[0].Severity.ToString()!.ToLowerInvariant());
    }

    private static Task<Answer> AskAsync(Cast cast, string type, string body) => cast.Server.PostJsonAsync($"/fhir/{type}/$validate", cast.Lab, body, "application/fhir+json");

    private static List<JsonElement> Issues(Answer answer) => [.. answer.Json.GetProperty("issue").EnumerateArray()];
}
