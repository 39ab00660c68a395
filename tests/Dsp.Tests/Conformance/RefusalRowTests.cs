using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dsp.Access;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Tests.Mhd;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Conformance;

/// <summary>One row for each refusal that the standards name (FHIR base, MHD, the common error table, PDQm and PIXm, tokens), asked for over a socket; docs/conformance/refusals.md lists them.</summary>
public sealed partial class RefusalRowTests
{
    private const string Number = "urn:oid:1.3.182.4.4";
    private const string Ward = "urn:oid:1.3.182.3.1.1.77.34.3";

    private sealed record Row(string Name, Func<Cast, Task<Answer>> Ask, int Status, string Id, string Code, string? Xds = null);

    private static readonly Row[] Rows =
    [
        // Every endpoint.
        new("a form that is not offered", c => c.Server.GetAsync("/fhir/metadata?_format=turtle"), 406, "DSP-1014", "not-supported"),
        new("a form named in Accept that is not offered", c => c.Server.GetAsync($"/fhir/Patient/{c.Record}", c.Holder, ("Accept", "text/html")), 406, "DSP-1014", "not-supported"),
        new("a body of another type", c => PostAsync(c, "/fhir", "{}", c.Lab, "text/plain"), 415, "DSP-1015", "not-supported"),
        new("a posted search of another type", c => PostAsync(c, "/fhir/DocumentReference/_search", "{}", c.Holder, "application/json"), 415, "DSP-1015", "not-supported"),
        new("an unknown parameter under handling=strict", c => c.Server.GetAsync($"/fhir/DocumentReference?patient={c.Record}&shoe=42", c.Holder, ("Prefer", "handling=strict")), 400, "DSP-1013", "invalid", "XDSStoredQueryParamNumber"),
        new("a modifier that is not offered", c => c.Server.GetAsync($"/fhir/DocumentReference?patient={c.Record}&type:not=x", c.Holder), 400, "DSP-1013", "invalid", "XDSStoredQueryParamNumber"),
        new("an unknown id", c => c.Server.GetAsync($"/fhir/DocumentReference/{Guid.CreateVersion7()}", c.Holder), 404, "DSP-4001", "not-found", "XDSDocumentUniqueIdError"),
        new("an id that can be none", c => c.Server.GetAsync("/fhir/DocumentReference/not-an-id", c.Holder), 404, "DSP-4001", "not-found", "XDSDocumentUniqueIdError"),
        new("a version that never was", async c => await c.Server.GetAsync($"/fhir/DocumentReference/{await c.DepositedAsync([1])}/_history/7", c.Holder), 404, "DSP-4001", "not-found", "XDSDocumentUniqueIdError"),
        new("a withdrawn document, for its holder", async c => await c.Server.GetAsync($"/fhir/Binary/{await WithdrawnAsync(c)}", c.Holder), 410, "DSP-4007", "deleted"),
        new("a withdrawn document's entry, for its holder", async c => await c.Server.GetAsync($"/fhir/DocumentReference/{await WithdrawnAsync(c)}", c.Holder), 410, "DSP-4007", "deleted"),
        new("a type that is not served", c => c.Server.GetAsync("/fhir/CarePlan?patient=1", c.Holder), 404, "DSP-1016", "not-supported"),
        new("an interaction that is not offered", c => c.Server.SendAsync(HttpMethod.Delete, "/fhir/DocumentReference", c.Holder), 405, "DSP-1016", "not-supported"),
        new("a page of somebody else", async c => await c.Server.GetAsync(await NextAsync(c), c.DoctorToken), 400, "DSP-1013", "invalid", "XDSStoredQueryParamNumber"),
        new("a range beyond the end", async c => await c.Server.GetAsync($"/fhir/Binary/{await c.DepositedAsync([1])}", c.Holder, ("Range", "bytes=9-"), ("Accept", "*/*")), 416, "DSP-4010", "invalid"),
        // ITI-65.
        new("ITI-65 without a token", c => c.DepositAsync("nobody", Good(c)), 401, "DSP-3001", "login"),
        new("ITI-65 with a scope for something else", c => c.DepositAsync(c.Server.Token(CallerKind.System, SystemOf(c), r => r with { Scopes = ["system/Patient.rs"] }), Good(c)), 403, "DSP-3002", "forbidden"),
        new("ITI-65 that is no JSON", c => c.DepositAsync(c.Lab, "{"), 400, "DSP-1001", "structure", "XDSRepositoryMetadataError"),
        new("ITI-65 with an element FHIR does not know", c => Changed(c, b => b.Document()["colour"] = "red"), 400, "DSP-1001", "structure", "XDSRepositoryMetadataError"),
        new("ITI-65 without a required element", c => Changed(c, b => b.Document().Remove("masterIdentifier")), 422, "DSP-1002", "required", "XDSRepositoryMetadataError"),
        new("ITI-65 with a rule broken", c => Changed(c, b => b.Document()["docStatus"] = "final"), 422, "DSP-1003", "invalid", "XDSRepositoryMetadataError"),
        new("ITI-65 with bytes inside the entry", c => Changed(c, b => b.Attachment()["data"] = "AAAA"), 422, "DSP-1003", "invalid", "XDSRepositoryMetadataError"),
        new("ITI-65 with a code outside the domain", c => Changed(c, b => b.Document()["type"]!["coding"]![0]!["system"] = "urn:oid:1.2.3"), 422, "DSP-1004", "code-invalid", "XDSRegistryMetadataError"),
        new("ITI-65 with a hash of other bytes", c => c.DepositAsync(c.Lab, Bundles.Provide(c.Emma.Number!, [1], hash: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")), 422, "DSP-1005", "conflict", "XDSNonIdenticalHash"),
        new("ITI-65 with a size of other bytes", c => c.DepositAsync(c.Lab, Bundles.Provide(c.Emma.Number!, [1], size: 7)), 422, "DSP-1006", "conflict", "XDSNonIdenticalSize"),
        new("ITI-65 with an entry without bytes", c => Changed(c, b => b["entry"]!.AsArray().RemoveAt(2)), 422, "DSP-1007", "required", "XDSMissingDocument"),
        new("ITI-65 with bytes without an entry", c => Changed(c, b => b["entry"]!.AsArray().Add(new JsonObject { ["fullUrl"] = Bundles.Urn(), ["resource"] = b.Binary().DeepClone(), ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Binary" } })), 422, "DSP-1008", "required", "XDSMissingDocumentMetadata"),
        new("ITI-65 with an id twice", c => Changed(c, b => b.And(JsonNode.Parse(Bundles.Provide(c.Emma.Number!, [2], uniqueId: (string)b.Document()["masterIdentifier"]!["value"]!))!.AsObject())), 422, "DSP-1009", "duplicate", "XDSRepositoryDuplicateUniqueIdInMessage"),
        new("ITI-65 with a reference to nothing", c => Changed(c, b => b.RelatedTo("appends", Guid.CreateVersion7().ToString())), 422, "DSP-1010", "not-found", "UnresolvedReferenceException"),
        new("ITI-65 with two patients", c => Changed(c, b => b.List()["subject"]!["identifier"]!["value"] = "1999113088803"), 422, "DSP-1011", "business-rule", "XDSPatientIdDoesNotMatch"),
        new("ITI-65 for an unknown patient", c => c.DepositAsync(c.Lab, Bundles.Provide(WorldPeople.UnknownNumber, [1])), 422, "DSP-2001", "not-found", "XDSUnknownPatientId"),
        new("ITI-65 of a category the sender may not write", c => c.DepositAsync(c.Lab, Bundles.Provide(c.Emma.Number!, [1], category: "CareReports", type: "34133-9")), 403, "DSP-4002", "forbidden", "LocalPolicyRestrictionError"),
        new("ITI-65 with a known id and other bytes", async c => await c.DepositAsync(c.Lab, Bundles.Provide(c.Emma.Number!, [2], uniqueId: await KnownIdAsync(c))), 409, "DSP-4004", "conflict", "XDSNonIdenticalHash"),
        new("ITI-65 with a known submission set and something else", KnownSubmissionAsync, 409, "DSP-4005", "duplicate", "XDSDuplicateUniqueIdInRegistry"),
        new("ITI-65 that replaces what is superseded", SupersededAsync, 409, "DSP-4006", "conflict", "XDSRegistryDeprecatedDocumentError"),
        new("ITI-65 that updates an old version", async c => { var id = await c.DepositedAsync([1]); return await c.SendAsync(c.Bundle("B").RelatedTo("replaces", id).Updating(id, "W/\"9\"")); }, 412, "DSP-4011", "conflict", "XDSMetadataVersionError"),
        new("ITI-65 nested too deep", c => c.DepositAsync(c.Lab, string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70)), 400, "DSP-5002", "too-long"),
        new("ITI-65 with a script in its narrative", c => Changed(c, b => b.Document()["text"] = new JsonObject { ["status"] = "generated", ["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>1</script></div>" }), 422, "DSP-1017", "invalid", "XDSRepositoryMetadataError"),
        // ITI-66, ITI-67, ITI-68, ITI-105.
        new("ITI-66 without a patient", c => c.Server.GetAsync("/fhir/List?status=current", c.Holder), 400, "DSP-1012", "required", "XDSStoredQueryMissingParam"),
        new("ITI-66 with a bad date", c => c.Server.GetAsync($"/fhir/List?patient={c.Record}&date=soon", c.Holder), 400, "DSP-1013", "invalid", "XDSStoredQueryParamNumber"),
        new("ITI-67 without a patient", c => c.Server.GetAsync("/fhir/DocumentReference?status=current", c.Holder), 400, "DSP-1012", "required", "XDSStoredQueryMissingParam"),
        new("ITI-67 with a bad date", c => c.Server.GetAsync($"/fhir/DocumentReference?patient={c.Record}&date=soon", c.Holder), 400, "DSP-1013", "invalid", "XDSStoredQueryParamNumber"),
        new("ITI-68 of an unknown document", c => c.Server.GetAsync($"/fhir/Binary/{Guid.CreateVersion7()}", c.Holder), 404, "DSP-4001", "not-found", "XDSDocumentUniqueIdError"),
        new("ITI-68 in a form it does not have", async c => await c.Server.GetAsync($"/fhir/Binary/{await c.DepositedAsync([1], contentType: "text/html")}", c.Holder, ("Accept", "image/png")), 406, "DSP-1014", "not-supported"),
        new("ITI-68 with a scope for something else", c => c.Server.GetAsync($"/fhir/Binary/{Guid.CreateVersion7()}", c.Server.AnyToken("patient/Condition.rs")), 403, "DSP-3002", "forbidden"),
        new("ITI-105 that replaces", c => Published(c, d => d["relatesTo"] = JsonNode.Parse("""[{ "code": "replaces", "target": { "reference": "DocumentReference/0195a1b2-0000-7000-8000-00000000000a" } }]""")), 422, "DSP-1003", "invalid", "XDSRepositoryMetadataError"),
        new("ITI-105 without bytes", c => Published(c, d => d["content"]![0]!["attachment"]!.AsObject().Remove("data")), 422, "DSP-1007", "required", "XDSMissingDocument"),
        new("ITI-105 with a folder's element", c => Published(c, d => d["folder"] = "List/1"), 400, "DSP-1001", "structure", "XDSRepositoryMetadataError"),
        new("ITI-106", c => PostAsync(c, "/fhir/DocumentReference/$generate-metadata", "{}", c.Lab, "application/fhir+json"), 405, "DSP-1016", "not-supported"),
        // PDQm and PIXm.
        new("ITI-78 without anything", c => c.Server.GetAsync("/fhir/Patient", c.DoctorToken), 403, "DSP-5051", "too-costly", "XDSTooManyResults"),
        new("ITI-78 by family name alone", c => c.Server.GetAsync("/fhir/Patient?family=weberscheid", c.DoctorToken), 403, "DSP-5051", "too-costly", "XDSTooManyResults"),
        new("ITI-78 in an unknown domain", c => c.Server.GetAsync("/fhir/Patient?family=weberscheid&birthdate=1984-03-12&identifier=urn:oid:2.9.9%7C", c.DoctorToken), 404, "DSP-1053", "not-found"),
        new("ITI-78 with a modifier that is not offered", c => c.Server.GetAsync("/fhir/Patient?family:contains=eber&birthdate=1984-03-12", c.DoctorToken), 400, "DSP-1013", "invalid", "XDSStoredQueryParamNumber"),
        new("a patient that is unknown", c => c.Server.GetAsync($"/fhir/Patient/{Guid.CreateVersion7()}", c.DoctorToken), 404, "DSP-4001", "not-found", "XDSDocumentUniqueIdError"),
        new("ITI-119 by a software without a person", c => PostAsync(c, "/fhir/Patient/$match", """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient","name":[{"family":"A","given":["B"]}],"birthDate":"1984-03-12"}}]}""", c.Lab, "application/fhir+json"), 403, "DSP-3002", "forbidden"),
        new("ITI-119 without a patient", c => PostAsync(c, "/fhir/Patient/$match", """{"resourceType":"Parameters","parameter":[{"name":"count","valueInteger":1}]}""", c.DoctorToken, "application/fhir+json"), 400, "DSP-1012", "required", "XDSStoredQueryMissingParam"),
        new("ITI-83 from an unknown domain", c => c.Server.GetAsync("/fhir/Patient/$ihe-pix?sourceIdentifier=urn:oid:2.9.9%7C1", c.DoctorToken), 400, "DSP-1051", "code-invalid"),
        new("ITI-83 to an unknown domain", c => c.Server.GetAsync($"/fhir/Patient/$ihe-pix?sourceIdentifier={Number}%7C{c.Emma.Number}&targetSystem=urn:oid:2.9.9", c.DoctorToken), 403, "DSP-1052", "code-invalid"),
        new("ITI-83 of an unknown identifier", c => c.Server.GetAsync($"/fhir/Patient/$ihe-pix?sourceIdentifier={Number}%7C{WorldPeople.UnknownNumber}", c.DoctorToken), 404, "DSP-1054", "not-found"),
        new("ITI-104 in the domain of another", c => FedAsync(c, c.Lab), 403, "DSP-3051", "forbidden"),
        new("ITI-104 that removes", c => c.Server.SendAsync(HttpMethod.Delete, $"/fhir/Patient?identifier={Ward}%7C1", c.Hospital), 403, "DSP-3052", "not-supported"),
        new("ITI-104 of a person without a birth date", c => FedAsync(c, c.Hospital), 422, "DSP-1019", "required"),
        // Tokens.
        new("no token", c => c.Server.GetAsync($"/fhir/DocumentReference?patient={c.Record}"), 401, "DSP-3001", "login"),
        new("a token that is none", c => c.Server.GetAsync($"/fhir/DocumentReference?patient={c.Record}", "x.y.z"), 401, "DSP-3001", "login"),
        new("a scope of another type", c => c.Server.GetAsync($"/fhir/DocumentReference?patient={c.Record}", c.Server.AnyToken("patient/Condition.rs")), 403, "DSP-3002", "forbidden"),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_refusal_has_its_status_its_id_and_its_codes_and_keeps_nothing(string name)
    {
        var row = Rows.Single(r => r.Name == name);
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        Assert.Empty((await cast.Server.World.Operation<ImportDirectory>().RunAsync(DirectoryKind.Domains, new StringReader($"domain,system\n{Ward},hospital\n"), cast.Server.World.Cancel)).Rejected);
        await cast.OpenContextAsync();

        var answer = await row.Ask(cast);

        var codes = answer.Status < 400 ? [] : answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding").EnumerateArray().Select(c => c.GetProperty("code").GetString()).ToList();
        Assert.True(answer.Status == row.Status && codes[0] == row.Id, answer.Whole);
        Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
        Assert.Equal(row.Code, answer.Json.GetProperty("issue")[0].GetProperty("code").GetString());
        Assert.Equal(row.Xds, codes.ElementAtOrDefault(1));
        if (row.Status == 401) Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        // What the row itself put there for its question was put there by a message that was taken.
        Assert.Equal(await cast.Server.World.CountAsync("documents"), Stored(await cast.Server.GetAsync($"/fhir/DocumentReference?patient={cast.Record}&status=current,superseded&_count=200", cast.Holder)) + (name.StartsWith("a withdrawn", StringComparison.Ordinal) ? 1 : 0));
    }

    [Fact]
    public void The_list_of_refusals_names_every_row_and_only_tests_that_exist()
    {
        var document = File.ReadAllText(Repository.PathOf("docs", "conformance", "refusals.md"));
        foreach (var row in Rows) Assert.Contains($"| {row.Name} | {row.Status} | {row.Id} {row.Code}{(row.Xds is null ? "" : ", " + row.Xds)} |", document, StringComparison.Ordinal);

        var tests = typeof(RefusalRowTests).Assembly.GetTypes().SelectMany(t => t.GetMethods().Select(m => $"{t.Name}.{m.Name}").Prepend(t.Name)).ToHashSet();
        Assert.DoesNotContain(TestName().Matches(document).Select(m => m.Groups["name"].Value), n => !tests.Contains(n));
    }

    private static int Stored(Answer answer) => answer.Resources("DocumentReference").Count;

    private static string Good(Cast cast) => Bundles.Provide(cast.Emma.Number!, [1]);

    private static Guid SystemOf(Cast cast) => Guid.Parse(System.Text.Json.JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(cast.Lab.Split('.')[1])).RootElement.GetProperty("sub").GetString()!);

    private static Task<Answer> PostAsync(Cast cast, string path, string body, string token, string type) =>
        cast.Server.SendAsync(HttpMethod.Post, path, token, new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)));

    private static Task<Answer> Changed(Cast cast, Action<JsonObject> change)
    {
        var bundle = cast.Bundle();
        change(bundle);
        return cast.SendAsync(bundle);
    }

    private static Task<Answer> Published(Cast cast, Action<JsonObject> change)
    {
        var document = SimplifiedPublishTests.Good(cast.Emma.Number!);
        change(document);
        return PostAsync(cast, "/fhir/DocumentReference", document.ToJsonString(), cast.Lab, "application/fhir+json");
    }

    private static Task<Answer> FedAsync(Cast cast, string token) =>
        cast.Server.SendAsync(HttpMethod.Put, $"/fhir/Patient?identifier={Ward}%7C1", token, new StringContent($$"""{"resourceType":"Patient","identifier":[{"system":"{{Ward}}","value":"1"}],"name":[{"family":"A","given":["B"]}]}""", Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")));

    private static async Task<string> WithdrawnAsync(Cast cast)
    {
        var made = await cast.DepositAsync(cast.DoctorToken, Bundles.Provide(cast.Emma.Number!, [1], category: "CareReports", type: "34133-9"));
        Assert.True(made.Status == 200, made.Text);
        var id = made.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
        var world = cast.Server.World;
        var gone = await world.Operation<WithdrawDocument>().RunAsync(cast.Doctor, null, new DocumentId(Guid.Parse(id)), WithdrawalReason.Author, world.Cancel);
        Assert.True(gone.Succeeded, gone.Refusal?.Id);
        return id;
    }

    private static async Task<string> NextAsync(Cast cast)
    {
        await cast.DepositedAsync([1]);
        await cast.DepositedAsync([2]);
        return (await cast.SearchAsync(cast.Holder, "&_count=1")).Json.GetProperty("link").EnumerateArray().Single(l => l.GetProperty("relation").GetString() == "next").GetProperty("url").GetString()!;
    }

    private static async Task<string> KnownIdAsync(Cast cast)
    {
        var id = Bundles.Urn();
        Assert.Equal(200, (await cast.DepositAsync(cast.Lab, Bundles.Provide(cast.Emma.Number!, [1], uniqueId: id))).Status);
        return id;
    }

    private static async Task<Answer> KnownSubmissionAsync(Cast cast)
    {
        var set = Bundles.Oid();
        Assert.Equal(200, (await cast.DepositAsync(cast.Lab, Bundles.Provide(cast.Emma.Number!, [1], submission: set))).Status);
        return await cast.DepositAsync(cast.Lab, Bundles.Provide(cast.Emma.Number!, [2], submission: set));
    }

    private static async Task<Answer> SupersededAsync(Cast cast)
    {
        var id = await cast.DepositedAsync([1]);
        Assert.Equal(200, (await cast.SendAsync(cast.Bundle("B").RelatedTo("replaces", id))).Status);
        return await cast.SendAsync(cast.Bundle("C").RelatedTo("replaces", id));
    }

    [GeneratedRegex(@"`(?<name>[A-Z][A-Za-z0-9]+Tests(\.[A-Za-z0-9_]+)?)`")]
    private static partial Regex TestName();
}
