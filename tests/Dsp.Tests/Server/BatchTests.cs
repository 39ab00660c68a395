using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dsp.Tests.Support;

namespace Dsp.Tests.Server;

/// <summary>A batch is its requests and nothing more: same rights, same answers, same journal.</summary>
public sealed class BatchTests
{
    [Theory, EveryStore]
    public async Task Each_request_of_a_batch_has_the_answer_it_would_have_by_itself(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync([1, 2, 3]);
        var other = Guid.NewGuid();
        string[] addresses = [$"DocumentReference/{id}", $"Binary/{id}", $"Patient/{cast.Record}", $"DocumentReference?patient={cast.Record}&status=current", $"DocumentReference/{other}", $"{cast.Server.Fhir}/List?patient={cast.Record}&status=current", "metadata", "Nothing/1", $"Observation?patient={cast.Record}"];

        var batch = await SendAsync(cast, cast.Holder, Bundle([.. addresses.Select(a => ("GET", a, (string?)null, (string?)null))]));

        Assert.True(batch.Status == 200, batch.Whole);
        var entries = batch.Json.GetProperty("entry").EnumerateArray().ToList();
        Assert.Equal(["200", "200", "200", "200", "404", "200", "200", "404", "200"], entries.Select(e => e.GetProperty("response").GetProperty("status").GetString()));
        for (var i = 0; i < addresses.Length; i++)
        {
            var path = addresses[i].StartsWith("http", StringComparison.Ordinal) ? addresses[i] : "/fhir/" + addresses[i];
            var alone = await cast.Server.GetAsync(path, cast.Holder, ("Accept", "application/fhir+json"));
            var said = alone.Status == 200 ? entries[i].GetProperty("resource") : entries[i].GetProperty("response").GetProperty("outcome");
            Assert.Equal(Timeless(alone.Text), Timeless(said.GetRawText()));
        }
        Assert.Equal("W/\"1\"", entries[0].GetProperty("response").GetProperty("etag").GetString());
    }

    [Theory, EveryStore]
    public async Task Each_request_has_its_own_line_in_the_journal_and_its_own_right(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync([1, 2, 3]);
        var lines = await LinesAsync(cast);

        // A stranger: nothing, twice, and both attempts are told.
        var batch = await SendAsync(cast, cast.OtherToken, Bundle([("GET", $"DocumentReference/{id}", null, null), ("GET", $"Binary/{id}", null, null)]));
        Assert.Equal(["404", "404"], Statuses(batch));
        Assert.Equal(lines + 2, await LinesAsync(cast));

        // A token that may read documents and nothing else.
        var narrow = cast.Server.Token(Dsp.Access.CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/DocumentReference.rs"] });
        Assert.Equal(["200", "403", "403"], Statuses(await SendAsync(cast, narrow, Bundle([("GET", $"DocumentReference/{id}", null, null), ("GET", $"Binary/{id}", null, null), ("POST", "DocumentReference", """{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"title":"x"}}]}""", null)]))));
        // The same token sends no transaction, and nobody sends a batch without one.
        Assert.Equal(403, (await cast.DepositAsync(narrow, Bundles.Provide(cast.Emma.Number!, [7]))).Status);
        Assert.Equal(401, (await SendAsync(cast, null, Bundle([("GET", "metadata", null, null)]))).Status);
    }

    [Fact]
    public async Task Stays_are_told_and_conditions_kept_in_a_batch()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var stay = """{"resourceType":"Encounter","identifier":[{"system":"urn:oid:1.2.3","value":"B-1"}],"status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"identifier":{"system":"urn:oid:1.3.182.4.4","value":"NUMBER"}}}""".Replace("NUMBER", cast.Emma.Number!, StringComparison.Ordinal);

        var batch = await SendAsync(cast, cast.Hospital, Bundle([("PUT", "Encounter?identifier=urn:oid:1.2.3%7CB-1", stay, null), ("PUT", "Encounter?identifier=urn:oid:1.2.3%7CB-1", stay, "W/\"9\""), ("PUT", "Encounter?identifier=urn:oid:1.2.3%7CB-1", stay, "W/\"1\"")]));

        Assert.Equal(["201", "412", "200"], Statuses(batch));
        Assert.Contains("/Encounter/", batch.Json.GetProperty("entry")[0].GetProperty("response").GetProperty("location").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../api/care-contexts")]
    [InlineData("Patient/../../api/care-contexts")]
    [InlineData("Patient/%2e%2e/%2e%2e/api/care-contexts")]
    [InlineData("%2e%2e%2fapi%2fcare-contexts")]
    [InlineData("http://elsewhere.example/fhir/Patient/1")]
    [InlineData("//elsewhere.example/fhir/Patient/1")]
    [InlineData("/")]
    [InlineData("?patient=1")]
    [InlineData("Patient?_format=xml&_id=1")]
    public async Task No_address_of_a_batch_leads_out_of_the_door(string address)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var batch = await SendAsync(cast, cast.DoctorToken, Bundle([("GET", address, null, null), ("GET", "metadata", null, null)]));

        Assert.Equal(["400", "200"], Statuses(batch));
        Assert.Equal(Refusals.ParameterInvalid.Id, batch.Json.GetProperty("entry")[0].GetProperty("response").GetProperty("outcome").GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_batch_has_limits_and_a_form()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        Assert.Equal(413, (await SendAsync(cast, cast.Holder, Bundle([.. Enumerable.Range(0, 51).Select(_ => ("GET", "metadata", (string?)null, (string?)null))]))).Status);
        Assert.Equal(200, (await SendAsync(cast, cast.Holder, Bundle([]))).Status);
        Assert.Equal(400, (await SendAsync(cast, cast.Holder, """{"resourceType":"Bundle","type":"batch","nonsense":1}""")).Status);
        Assert.Equal(400, (await SendAsync(cast, cast.Holder, """{"resourceType":"Bundle","type":"batch","entry":[{"nonsense":1},{"request":{"method":"GET","url":"metadata"}}]}""")).Status);
        Assert.Equal(["422"], Statuses(await SendAsync(cast, cast.Holder, """{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Basic","code":{"text":"x"}}}]}""")));
        // Neither a deposit nor a batch in a batch, and a wrong method like any other.
        Assert.Equal(422, (await SendAsync(cast, cast.Lab, Bundle([("POST", "", Bundles.Provide(cast.Emma.Number!, [1]), null)]))).Status);
        Assert.Equal(["404"], Statuses(await SendAsync(cast, cast.Lab, Bundle([("DELETE", "Observation/1", null, null)]))).Select(s => s is "404" or "405" ? "404" : s));
        // What is too large for a batch is fetched by itself.
        var large = await cast.DepositedAsync(new byte[9 * 1024 * 1024]);
        Assert.Equal(["200", "413", "200"], Statuses(await SendAsync(cast, cast.Holder, Bundle([("GET", $"Binary/{large}", null, null), ("GET", $"Binary/{large}", null, null), ("GET", "metadata", null, null)]))));
        var xml = await cast.Server.SendAsync(HttpMethod.Post, "/fhir", cast.Holder, new StringContent(Bundle([("GET", "metadata", null, null)]), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")), ("Accept", "application/fhir+xml"));
        Assert.Contains("<type value=\"batch-response\"", xml.Text, StringComparison.Ordinal);
    }

    private static Task<Answer> SendAsync(Cast cast, string? token, string bundle) =>
        cast.Server.SendAsync(HttpMethod.Post, "/fhir", token, new StringContent(bundle, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")));

    private static string Bundle(IReadOnlyList<(string Method, string Url, string? Resource, string? IfMatch)> entries) =>
        "{\"resourceType\":\"Bundle\",\"type\":\"batch\"" + (entries.Count == 0 ? "" : ",\"entry\":[" + string.Join(',', entries.Select(e =>
            "{" + (e.Resource is null ? "" : $"\"resource\":{e.Resource},") + $"\"request\":{{\"method\":\"{e.Method}\",\"url\":{JsonSerializer.Serialize(e.Url)}{(e.IfMatch is null ? "" : $",\"ifMatch\":{JsonSerializer.Serialize(e.IfMatch)}")}}}}}")) + "]") + "}";

    private static List<string?> Statuses(Answer batch)
    {
        Assert.True(batch.Status == 200, batch.Whole);
        return [.. batch.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response").GetProperty("status").GetString())];
    }

    private static async Task<int> LinesAsync(Cast cast) => (await cast.Server.GetAsync($"/api/records/{cast.Record}/history", cast.Holder)).Json.GetProperty("entries").EnumerateArray().Count(e => e.GetProperty("action").GetString() != "read-history");

    private static string Timeless(string json) => System.Text.RegularExpressions.Regex.Replace(JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement), "\"(lastUpdated|date)\":\"[^\"]*\"|\"id\":\"[^\"]*\",\"meta\"|page=[^\"&]*", "");
}
