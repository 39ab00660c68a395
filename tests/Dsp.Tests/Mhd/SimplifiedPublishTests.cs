using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dsp.Access;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Mhd;

/// <summary>ITI-105: one DocumentReference with its bytes; every refusal, and that it is the same deposit as ITI-65.</summary>
public sealed class SimplifiedPublishTests
{
    private sealed record Row(string Name, Action<JsonObject> Break, int Status, params string[] Problems);

    private static readonly Row[] Rows =
    [
        new("no status", d => d.Remove("status"), 422, "DSP-1002 DocumentReference.status"),
        new("no master identifier", d => d.Remove("masterIdentifier"), 422, "DSP-1002 DocumentReference.masterIdentifier"),
        new("a master identifier that is no URI", d => d["masterIdentifier"]!["value"] = "42", 422, "DSP-1003 DocumentReference.masterIdentifier.value"),
        new("no patient", d => d.Remove("subject"), 422, "DSP-1002 DocumentReference.subject"),
        new("a patient of another server", d => d["subject"] = JsonNode.Parse("""{ "reference": "https://other.example/fhir/Patient/1" }"""), 422, "DSP-2001 DocumentReference.subject"),
        new("no bytes", d => d.Without("data"), 422, "DSP-1007 DocumentReference.content[0].attachment.data"),
        new("bytes that are no base64", d => d.Attached()["data"] = "é", 400, "DSP-1001 DocumentReference.content[0].attachment.data"),
        new("an address beside the bytes", d => d.Attached()["url"] = "https://example.org/1", 422, "DSP-1003 DocumentReference.content[0].attachment.url"),
        new("no content type", d => d.Without("contentType"), 422, "DSP-1002 DocumentReference.content[0].attachment.contentType"),
        new("a hash of other bytes", d => d.Attached()["hash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", 422, "DSP-1005 DocumentReference.content[0].attachment.hash"),
        new("a size of other bytes", d => d.Attached()["size"] = 7, 422, "DSP-1006 DocumentReference.content[0].attachment.size"),
        new("a replacement", d => d["relatesTo"] = JsonNode.Parse("""[{ "code": "replaces", "target": { "reference": "DocumentReference/0195a1b2-0000-7000-8000-00000000000a" } }]"""), 422, "DSP-1003 DocumentReference.relatesTo[0].code"),
        new("a relation to nowhere", d => d["relatesTo"] = JsonNode.Parse("""[{ "code": "appends", "target": { "reference": "DocumentReference/x" } }]"""), 422, "DSP-1010 DocumentReference.relatesTo[0].target"),
        new("two contents", d => d["content"]!.AsArray().Add(d["content"]![0]!.DeepClone()), 422, "DSP-1003 DocumentReference.content"),
        new("a superseded document", d => d["status"] = "superseded", 422, "DSP-1003 DocumentReference.status"),
        new("a docStatus", d => d["docStatus"] = "final", 422, "DSP-1003 DocumentReference.docStatus"),
        new("neither class nor type", d => { d.Remove("type"); d.Remove("category"); }, 422, "DSP-1004 DocumentReference.category"),
        new("a type outside the domain", d => d["type"]!["coding"]![0]!["system"] = "urn:oid:1.2.3", 422, "DSP-1004 DocumentReference.type"),
        new("an author who is not in the message", d => d["author"] = JsonNode.Parse("""[{ "reference": "Practitioner/1" }]"""), 422, "DSP-1010 DocumentReference.author[0]"),
        new("an unknown element", d => d["folder"] = "List/1", 400, "DSP-1001 DocumentReference.folder"),
        new("another resource", d => d["resourceType"] = "Patient", 400),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_break_is_told_with_its_place(string name)
    {
        var row = Rows.Single(r => r.Name == name);
        var document = Good();
        row.Break(document);

        var outcome = SimplifiedPublishReader.Read(Encoding.UTF8.GetBytes(document.ToJsonString()), ProvideExample.Settings, "urn:uuid:1", ProvideExample.Clock);

        Assert.False(outcome.Succeeded);
        Assert.Equal(row.Status, FhirRefusals.StatusOf(outcome.Refusal));
        var told = outcome.Refusal.Others.Prepend(outcome.Refusal).Select(p => $"{p.Id} {p.Expression}").ToList();
        Assert.All(row.Problems, p => Assert.Contains(p, told));
        Assert.All(told, p => Assert.DoesNotContain("Bundle", p, StringComparison.Ordinal));
    }

    [Fact]
    public void Content_that_is_not_a_list_is_told_and_nothing_throws()
    {
        foreach (var text in new[] { "", "[]", "{}", "null", """{"resourceType":"DocumentReference","content":{}}""", """{"resourceType":"DocumentReference","content":[{"attachment":[{"data":"AA=="}]}]}""" })
            Assert.False(SimplifiedPublishReader.Read(Encoding.UTF8.GetBytes(text), ProvideExample.Settings, "urn:uuid:1", ProvideExample.Clock).Succeeded, text);
    }

    [Theory, EveryStore]
    public async Task A_published_document_is_found_read_and_answered_as_preferred(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var document = Good(cast.Emma.Number!);

        var made = await PublishAsync(cast, cast.Lab, document);

        Assert.True(made.Status == 201, made.Text);
        var id = made.Json.GetProperty("id").GetString()!;
        Assert.Equal($"{cast.Server.Fhir}/DocumentReference/{id}/_history/1", made.Header("Location"));
        Assert.Equal("W/\"1\"", made.Header("ETag"));
        Assert.False(made.Json.GetProperty("content")[0].GetProperty("attachment").TryGetProperty("data", out _));
        var found = Assert.Single((await cast.SearchAsync(cast.Holder)).Json.GetProperty("entry").EnumerateArray());
        Assert.Equal(id, found.GetProperty("resource").GetProperty("id").GetString());
        var bytes = await cast.Server.GetAsync($"/fhir/Binary/{id}", cast.Holder);
        Assert.Equal(ProvideExample.Content, bytes.Bytes);

        // The same again gets the first answer, in the form that is preferred; other bytes under the id are refused.
        var again = await PublishAsync(cast, cast.Lab, document, "return=representation");
        Assert.Equal((201, made.Header("Location"), id), (again.Status, again.Header("Location"), again.Json.GetProperty("id").GetString()));
        var minimal = await PublishAsync(cast, cast.Lab, document, "return=minimal");
        Assert.Equal((201, made.Header("Location"), ""), (minimal.Status, minimal.Header("Location"), minimal.Text));
        var outcome = await PublishAsync(cast, cast.Lab, document, "return=OperationOutcome");
        Assert.Equal("OperationOutcome", outcome.Json.GetProperty("resourceType").GetString());
        document.Attached()["data"] = Convert.ToBase64String("other"u8);
        document.Without("hash");
        document.Without("size");
        var other = await PublishAsync(cast, cast.Lab, document);
        Assert.Equal((409, "XDSNonIdenticalHash"), (other.Status, Xds(other)));
        Assert.Single((await cast.SearchAsync(cast.Holder)).Json.GetProperty("entry").EnumerateArray());
    }

    [Fact]
    public async Task Who_may_not_deposit_may_not_publish_and_is_told_what_a_deposit_tells()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var reader = cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/*.rs"] });

        Assert.Equal(401, (await PublishAsync(cast, "nobody", Good(cast.Emma.Number!))).Status);
        Assert.Equal(403, (await PublishAsync(cast, reader, Good(cast.Emma.Number!))).Status);
        var unknown = await PublishAsync(cast, cast.Lab, Good(WorldPeople.UnknownNumber));
        Assert.Equal((422, "XDSUnknownPatientId"), (unknown.Status, Xds(unknown)));
        var reports = Good(cast.Emma.Number!);
        reports["category"]![0]!["coding"]![0]!["code"] = "CareReports";
        reports["type"]!["coding"]![0]!["code"] = "34133-9";
        Assert.Equal((403, "LocalPolicyRestrictionError"), await Refused(PublishAsync(cast, cast.Lab, reports)));
        var form = await cast.Server.SendAsync(HttpMethod.Post, "/fhir/DocumentReference", cast.Lab, new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal(415, form.Status);
        Assert.Empty((await cast.SearchAsync(cast.Holder)).Resources("DocumentReference"));
    }

    private static async Task<(int, string?)> Refused(Task<Answer> asked) => await asked is var answer ? (answer.Status, Xds(answer)) : default;

    private static string? Xds(Answer answer) => answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding").EnumerateArray().Skip(1).FirstOrDefault() is { ValueKind: JsonValueKind.Object } c ? c.GetProperty("code").GetString() : null;

    private static Task<Answer> PublishAsync(Cast cast, string token, JsonObject document, string? prefer = null) =>
        cast.Server.SendAsync(HttpMethod.Post, "/fhir/DocumentReference", token, new StringContent(document.ToJsonString(), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")), prefer is null ? [] : [("Prefer", prefer)]);

    /// <summary>A good one, made of the entry of a good bundle.</summary>
    internal static JsonObject Good(string number = ProvideExample.NationalNumber)
    {
        var document = JsonNode.Parse(ProvideExample.Good().Document().ToJsonString().Replace(ProvideExample.NationalNumber, number, StringComparison.Ordinal))!.AsObject();
        document.Remove("identifier");
        document.Attached().Remove("url");
        document.Attached()["data"] = Convert.ToBase64String(ProvideExample.Content);
        return document;
    }
}

file static class Parts
{
    public static JsonObject Attached(this JsonObject document) => document["content"]![0]!["attachment"]!.AsObject();

    public static void Without(this JsonObject document, string element) => document.Attached().Remove(element);
}
