using System.Security.Cryptography;
using System.Text;
using Dsp.Interop.Fhir;
using Dsp.Server.Fhir;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Dsp.Tests.Server;

/// <summary>Each refusal of the FHIR door, ranges and forms of a Binary, and that it offers what it says.</summary>
public sealed class FhirDoorTests
{
    [Fact]
    public async Task What_the_capability_statement_offers_is_routed_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var said = (await server.GetAsync("/fhir/metadata")).Json.GetProperty("rest")[0].GetProperty("resource").EnumerateArray()
            .SelectMany(r => r.GetProperty("interaction").EnumerateArray().Select(i => $"{r.GetProperty("type").GetString()} {i.GetProperty("code").GetString()}")).Order(StringComparer.Ordinal);
        var routed = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => (Path: e.RoutePattern.RawText!.Trim('/').Split('/'), Methods: e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])).Where(r => r.Path[0] == "fhir" && r.Path.Length > 1 && r.Path[1] is not ("metadata" or ".well-known"))
            .Where(r => !r.Path[^1].StartsWith('$')).Select(r => $"{r.Path[1]} {InteractionOf(r.Path, r.Methods)}").Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(said, routed);
        var operations = FhirRoutes.Resources.SelectMany(r => r.Operations.Select(o => $"{r.Type} ${o.Name}"));
        Assert.Equal(operations, server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!.Trim('/').Split('/')).Where(p => p[0] == "fhir" && p[^1].StartsWith('$') && !p[1].StartsWith('{')).Select(p => $"{p[1]} {p[^1]}").Distinct());
    }

    private static string InteractionOf(string[] path, IReadOnlyList<string> methods) => path switch
    {
        [_, _] => methods.Contains("POST") ? "create" : methods.Contains("PUT") ? "update" : "search-type",
        [_, _, "_search"] => "search-type",
        [_, _, "{id}"] => methods.Contains("PUT") ? "update" : methods.Contains("DELETE") ? "delete" : "read",
        [_, _, "{id}", "_history"] => "history-instance",
        [_, _, "{id}", "_history", _] => "vread",
        _ => "?",
    };

    [Theory]
    [InlineData("GET", "/fhir/CarePlan", "", "", 404)]
    [InlineData("GET", "/fhir/CarePlan?patient=1", "", "", 404)]
    [InlineData("GET", "/fhir/List", "", "", 400)]
    [InlineData("GET", "/fhir/List/not-an-id", "", "", 404)]
    [InlineData("GET", "/fhir/List/not-an-id/_history", "", "", 404)]
    [InlineData("GET", "/fhir/DocumentReference/not-an-id/_history/1", "", "", 404)]
    [InlineData("DELETE", "/fhir/DocumentReference", "", "", 405)]
    [InlineData("PUT", "/fhir/Patient/x", "", "", 405)]
    [InlineData("POST", "/fhir/Patient", "{}", "application/fhir+json", 405)]
    [InlineData("GET", "/fhir", "", "", 405)]
    [InlineData("GET", "/fhir/Binary/not-an-id", "", "", 404)]
    [InlineData("GET", "/fhir/DocumentReference/not-an-id", "", "", 404)]
    [InlineData("GET", "/fhir/Patient/not-an-id", "", "", 404)]
    [InlineData("GET", "/fhir/DocumentReference?status=current", "", "", 400)]
    [InlineData("GET", "/fhir/DocumentReference?patient.identifier=urn:oid:1.3.182.4.4|1984031299114&type:not=x", "", "", 400)]
    [InlineData("GET", "/fhir/DocumentReference?patient.identifier=urn:oid:1.3.182.4.4|1984031299114&page=abc", "", "", 400)]
    [InlineData("GET", "/fhir/DocumentReference?patient.identifier=urn:oid:1.3.182.4.4|1984031299114&_format=turtle", "", "", 406)]
    [InlineData("GET", "/fhir/metadata?_format=turtle", "", "", 406)]
    [InlineData("GET", "/fhir/Patient", "", "", 400)]
    [InlineData("GET", "/fhir/Patient/$ihe-pix", "", "", 400)]
    [InlineData("GET", "/fhir/AuditEvent", "", "", 400)]
    [InlineData("POST", "/fhir", "{}", "text/plain", 415)]
    [InlineData("POST", "/fhir", "{}", "application/fhir+xml", 400)]
    [InlineData("POST", "/fhir", "{", "application/fhir+json", 400)]
    [InlineData("POST", "/fhir", "{\"resourceType\":\"Patient\"}", "application/fhir+json", 400)]
    [InlineData("POST", "/fhir/DocumentReference/_search", "status=current", "application/json", 415)]
    public async Task Every_refusal_is_an_operation_outcome(string method, string path, string body, string type, int status)
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var token = server.AnyToken("user/*.cruds");

        var answer = await server.SendAsync(new HttpMethod(method), path, token, body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type)));

        Assert.True(answer.Status == status, answer.Whole);
        Assert.StartsWith("application/fhir+json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
        Assert.NotEmpty(answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()!);
    }

    [Theory]
    [InlineData("application/fhir+xml", 200)]
    [InlineData("application/fhir+xml; fhirVersion=5.0", 406)]
    [InlineData("text/html", 406)]
    [InlineData("application/fhir+json; fhirVersion=5.0", 406)]
    [InlineData("application/fhir+json;q=0", 406)]
    [InlineData("application/fhir+json; fhirVersion=4.0", 200)]
    [InlineData("text/html, */*;q=0.1", 200)]
    [InlineData("application/json", 200)]
    public async Task The_form_follows_Accept(string accept, int status)
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        Assert.Equal(status, (await server.GetAsync("/fhir/metadata", null, ("Accept", accept))).Status);
        Assert.Equal(200, (await server.GetAsync("/fhir/metadata?_format=json", null, ("Accept", accept))).Status);
    }

    [Fact]
    public async Task Bad_deposits_are_told_why_and_nothing_is_kept()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var number = cast.Emma.Number!;
        var uid = Bundles.Urn();
        Assert.Equal(200, (await cast.DepositAsync(cast.Lab, Bundles.Provide(number, [1], uniqueId: uid))).Status);

        Assert.Equal(422, (await cast.DepositAsync(cast.Lab, Bundles.Provide(number, [1], hash: "AAAAAAAAAAAAAAAAAAAAAAAAAAA="))).Status);
        Assert.Equal(422, (await cast.DepositAsync(cast.Lab, Bundles.Provide(number, [1], size: 7))).Status);
        Assert.Equal(422, (await cast.DepositAsync(cast.Lab, Bundles.Provide(WorldPeople.UnknownNumber, [1]))).Status);
        Assert.Equal(422, (await cast.DepositAsync(cast.Lab, Bundles.Provide(number, [1], confidentiality: "X"))).Status);
        Assert.Equal(409, (await cast.DepositAsync(cast.Lab, Bundles.Provide(number, [2], uniqueId: uid))).Status);
        Assert.Equal(403, (await cast.DepositAsync(cast.Lab, Bundles.Provide(number, [1], category: "CareReports", type: "34133-9"))).Status);
        Assert.Equal(401, (await cast.DepositAsync("nobody", Bundles.Provide(number, [1]))).Status);
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70);
        Assert.Contains("DSP-5002", (await cast.DepositAsync(cast.Lab, deep)).Text, StringComparison.Ordinal);

        var mine = await cast.SearchAsync(cast.Holder, "&_total=accurate");
        Assert.Equal(1, mine.Json.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("bytes=0-3", 206, "bytes 0-3/1000", 4)]
    [InlineData("bytes=990-", 206, "bytes 990-999/1000", 10)]
    [InlineData("bytes=-10", 206, "bytes 990-999/1000", 10)]
    [InlineData("bytes=990-5000", 206, "bytes 990-999/1000", 10)]
    [InlineData("bytes=0-999", 200, "", 1000)]
    [InlineData("bytes=1000-", 416, "", 0)]
    [InlineData("bytes=0-1,5-6", 200, "", 1000)]
    [InlineData("lines=0-1", 200, "", 1000)]
    [InlineData("nonsense", 200, "", 1000)]
    public async Task A_range_is_served_where_it_is_one(string range, int status, string contentRange, int length)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var bytes = RandomNumberGenerator.GetBytes(1000);
        var id = await cast.DepositedAsync(bytes, contentType: "application/octet-stream");

        var answer = await cast.Server.GetAsync($"/fhir/Binary/{id}", cast.Holder, ("Range", range), ("Accept", "*/*"));

        Assert.Equal(status, answer.Status);
        Assert.Equal(contentRange, answer.Header("Content-Range"));
        if (status == 416) return;
        Assert.Equal(length, answer.Bytes.Length);
        Assert.Equal("bytes", answer.Header("Accept-Ranges"));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:", answer.Header("Repr-Digest"));
    }

    [Theory]
    [InlineData("*/*", "text/html")]
    [InlineData("text/html", "text/html")]
    [InlineData("application/fhir+json", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+json, */*;q=0.1", "application/fhir+json; charset=utf-8")]
    [InlineData("text/html, application/fhir+json", "text/html")]
    [InlineData("image/png", "406")]
    public async Task A_Binary_is_raw_unless_FHIR_is_asked_for_by_name_and_never_shown_inline(string accept, string expected)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var bytes = Encoding.UTF8.GetBytes("<script>alert(1)</script>" + new string('x', 70_000));
        var id = await cast.DepositedAsync(bytes, contentType: "text/html");

        var answer = await cast.Server.GetAsync($"/fhir/Binary/{id}", cast.Holder, ("Accept", accept));

        if (expected == "406")
        {
            Assert.Equal(406, answer.Status);
            return;
        }
        Assert.Equal(expected, answer.Header("Content-Type"));
        if (expected == "text/html")
        {
            Assert.Equal(bytes, answer.Bytes);
            Assert.StartsWith("attachment", answer.Header("Content-Disposition"), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Equal(304, (await cast.Server.GetAsync($"/fhir/Binary/{id}", cast.Holder, ("Accept", accept), ("If-None-Match", answer.Header("ETag")))).Status);
            var head = await cast.Server.SendAsync(HttpMethod.Head, $"/fhir/Binary/{id}", cast.Holder);
            Assert.Equal((200, 0), (head.Status, head.Bytes.Length));
        }
        else
        {
            Assert.Equal(bytes, answer.Json.GetProperty("data").GetBytesFromBase64());
        }
    }

    [Fact]
    public async Task Pages_follow_each_other_and_a_link_opens_for_its_caller_only()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        for (var i = 0; i < 5; i++)
        {
            await cast.DepositedAsync([(byte)i], $"n{i}");
            cast.Server.World.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await cast.OpenContextAsync();

        var first = await cast.SearchAsync(cast.Holder, "&_count=2");
        var next = first.Json.GetProperty("link").EnumerateArray().Single(l => l.GetProperty("relation").GetString() == "next").GetProperty("url").GetString()!;
        var second = await cast.Server.GetAsync(next, cast.Holder);
        var stolen = await cast.Server.GetAsync(next, cast.DoctorToken);

        Assert.StartsWith(cast.Server.Fhir, next, StringComparison.Ordinal);
        Assert.DoesNotContain(cast.Emma.Number!, next, StringComparison.Ordinal);
        Assert.Equal(["n4", "n3"], Titles(first));
        Assert.Equal(["n2", "n1"], Titles(second));
        Assert.Equal(400, stolen.Status);
    }

    [Fact]
    public async Task A_posted_search_finds_what_the_address_finds()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync([1], "Bilan");

        var form = new FormUrlEncodedContent([new("patient.identifier", "urn:oid:1.3.182.4.4|" + cast.Emma.Number), new("status", "current"), new("type", "http://loinc.org|11502-2")]);
        var posted = await cast.Server.SendAsync(HttpMethod.Post, "/fhir/DocumentReference/_search", cast.Holder, form);

        Assert.Equal(["Bilan"], Titles(posted));
    }

    [Fact]
    public async Task A_patient_is_read_by_whom_a_relation_is_open_and_is_an_identity_for_others()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var query = $"/fhir/Patient?identifier={Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + cast.Emma.Number)}";

        Assert.DoesNotContain(cast.Record, (await cast.Server.GetAsync(query, cast.DoctorToken)).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}", cast.DoctorToken)).Status);
        await cast.OpenContextAsync();
        var found = await cast.Server.GetAsync(query, cast.DoctorToken);
        Assert.Equal("WEBERSCHEID", found.Json.GetProperty("entry")[0].GetProperty("resource").GetProperty("name")[0].GetProperty("family").GetString());
        Assert.Equal(cast.Record, (await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}", cast.DoctorToken)).Json.GetProperty("id").GetString());
        Assert.Equal(403, (await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}", cast.Lab)).Status);
    }

    [Fact]
    public async Task The_holder_finds_who_looked_as_audit_events()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync([1]);
        await cast.SearchAsync(cast.OtherToken);

        var found = await cast.Server.GetAsync($"/fhir/AuditEvent?patient={cast.Record}&date=ge2026-01-01&date=le2027-12-31", cast.Holder);

        Assert.True(found.Status == 200, found.Text);
        var events = found.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource")).ToList();
        Assert.All(events, e => Assert.Equal("AuditEvent", e.GetProperty("resourceType").GetString()));
        Assert.Contains(events, e => e.GetProperty("outcome").GetString() == "4");
        var stranger = await cast.Server.GetAsync($"/fhir/AuditEvent?patient={cast.Record}&date=ge2026-01-01&date=le2027-12-31", cast.OtherToken);
        Assert.False(stranger.Status == 200 && stranger.Json.TryGetProperty("entry", out _));
    }

    [Fact]
    public async Task A_document_is_shown_as_a_page_that_runs_nothing()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var cda = Encoding.UTF8.GetBytes("""<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Bilan</title><component><structuredBody><component><section><title>Ferritine</title><text>12 <content>ng/ml</content></text></section></component></structuredBody></component></ClinicalDocument>""");
        var id = await cast.DepositedAsync(cda);
        var pdf = await cast.DepositedAsync(Encoding.ASCII.GetBytes("%PDF-1.7"), contentType: "application/pdf");

        var page = await cast.Server.GetAsync($"/api/records/{cast.Record}/documents/{id}/view", cast.Holder);
        var link = await cast.Server.GetAsync($"/api/records/{cast.Record}/documents/{pdf}/view", cast.Holder);
        var stranger = await cast.Server.GetAsync($"/api/records/{cast.Record}/documents/{id}/view", cast.OtherToken);

        Assert.Equal("text/html; charset=utf-8", page.Header("Content-Type"));
        Assert.Contains("Ferritine", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("script", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains($"{cast.Server.Fhir}/Binary/{pdf}", link.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<iframe", link.Text, StringComparison.Ordinal);
        Assert.Equal(404, stranger.Status);
    }

    [Fact]
    public async Task A_browser_gets_stored_bytes_once_and_from_the_content_origin_only()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var id = await cast.DepositedAsync(Encoding.ASCII.GetBytes("%PDF-1.7"), contentType: "application/pdf");
        var html = await cast.DepositedAsync(Encoding.ASCII.GetBytes("<html>"), contentType: "text/html");
        var handles = cast.Server.Get<Dsp.Server.Content.ContentHandles>();
        var holder = cast.Server.World.Self(cast.Emma);
        string Handle(string document) => handles.AddressOf(holder, cast.Emma.Record, new DocumentId(Guid.Parse(document)));

        var address = Handle(id);
        var shown = await cast.Server.GetAsync(address);
        var again = await cast.Server.GetAsync(address);
        var file = await cast.Server.GetAsync(Handle(html));
        var late = Handle(id);
        cast.Server.World.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.StartsWith(cast.Server.ContentBase, address, StringComparison.Ordinal);
        Assert.Equal((200, "inline"), (shown.Status, shown.Header("Content-Disposition")));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", shown.Header("Content-Security-Policy"));
        Assert.Equal(404, again.Status);
        Assert.StartsWith("attachment", file.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal(404, (await cast.Server.GetAsync(late)).Status);
        Assert.Equal(404, (await cast.Server.GetAsync(address[..^4] + "AAAA")).Status);
    }

    private static IEnumerable<string?> Titles(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource").GetProperty("content")[0].GetProperty("attachment").GetProperty("title").GetString());
    }
}
