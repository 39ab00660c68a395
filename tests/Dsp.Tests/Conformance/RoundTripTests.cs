using System.Text;
using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;
using Dsp.Identity;
using Dsp.Tests.Mhd;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Tests.Conformance;

/// <summary>
/// Every example instance of the guides: what an option of ours covers goes in over a socket and comes back with the same content;
/// of what is not covered the golden list tells the reason.
/// </summary>
public sealed class RoundTripTests
{
    private const string Ward = "urn:oid:1.3.182.3.1.1.77.34.3";
    private const string Number = "urn:oid:1.3.182.4.4";

    [Fact, Golden]
    public async Task What_an_option_covers_goes_in_and_comes_back_and_the_rest_is_named_with_its_reason()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var import = await cast.Server.World.Operation<ImportDirectory>().RunAsync(DirectoryKind.Domains, new StringReader($"domain,system\n{Ward},hospital\n"), cast.Server.World.Cancel);
        Assert.Empty(import.Rejected);
        await cast.OpenContextAsync();
        var cases = GuideCases.Cases.Select(c => GuideCases.Mapped(c.Data)).ToDictionary(c => c.Instance, c => c.Message);
        var list = new StringBuilder("# Example | how it goes in, or why not | what came back\n");
        var back = 0;
        var folder = Shared.Require("corpora", "fhir-ig-instances");
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file);
            if (name.Contains("/files/", StringComparison.Ordinal)) continue;
            var node = JsonNode.Parse(File.ReadAllBytes(file))!;
            var (way, result) = await TripAsync(cast, cases.GetValueOrDefault(name) ?? node, cases.ContainsKey(name));
            if (result is "the same") back++;
            list.Append(name).Append(" | ").Append(way).Append(result is null ? "" : " | " + result).Append('\n');
        }
        Golden.Check("conformance/round-trips.txt", list.Append(System.Globalization.CultureInfo.InvariantCulture, $"{back} came back the same\n").ToString());
    }

    /// <summary>The way an instance takes, and what came of it; null where it takes none.</summary>
    private static async Task<(string Way, string? Result)> TripAsync(Cast cast, JsonNode node, bool mapped) => ((string?)node["resourceType"], (string?)node["type"]?.ToString()) switch
    {
        ("Bundle", "transaction") when mapped => ("ITI-65, patient, codes and targets mapped", await ProvidedAsync(node)),
        ("Bundle", "transaction") when node["entry"]!.AsArray().Any(e => (string?)e!["resource"]!["resourceType"] is "DiagnosticReport" or "Organization") => ("no transaction of ours: a feed of a directory (ITI-130) or of reports (RAD-141)", null),
        ("Bundle", "transaction") => ("a publish of DSUBm (ITI-111), which is for brokers", null),
        ("Bundle", "document") => ("ITI-65 FHIR Documents Publish, and as a Binary", await DocumentAsync(cast, node)),
        ("Bundle", "collection") => ("as a Binary: a collection is no document", await BinaryAsync(cast, node)),
        ("Bundle", "transaction-response" or "searchset") => ("an answer; ours are held against its profile (AnswerTests)", null),
        ("DocumentReference", _) => (mapped ? "ITI-105, patient and category mapped" : "ITI-105, with bytes, patient and codes of this domain", await PublishedAsync(cast, node, mapped)),
        ("Patient", _) => ("ITI-104, under a number of the feeding hospital", await FedAsync(cast, node)),
        ("Parameters", _) when node["parameter"]!.AsArray().Any(p => (string?)p!["name"] == "resource") => ("ITI-119", await MatchedAsync(cast, node)),
        ("Parameters", _) => ("ITI-106, and a patch beside a document: parts of other calls", null),
        ("AuditEvent", _) => ("an answer: nobody writes this journal but the server", null),
        ("Organization" or "Location" or "Practitioner" or "PractitionerRole" or "HealthcareService" or "Endpoint" or "OrganizationAffiliation", _) => ("an answer: the registers are the nation's, not fed over FHIR", null),
        ("List", _) => ("inside ITI-65 only", null),
        ("Consent", _) => ("PCF, of its own tests", null),
        ("OperationOutcome", _) => ("an answer", null),
        ("SubscriptionTopic" or "StructureDefinition", _) => ("a definition", null),
        _ => ("inside documents only", null),
    };

    /// <summary>The mapped patient and target become ours; every entry is read again. In a record of its own: the guide's bundles share their ids.</summary>
    private static async Task<string> ProvidedAsync(JsonNode node)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var target = await cast.DepositedAsync(Guid.NewGuid().ToByteArray());
        // What the laboratory may deposit; the categories of the guides' are those of other nations.
        foreach (var entry in node["entry"]!.AsArray().Where(e => (string?)e!["resource"]!["resourceType"] == "DocumentReference")) entry!["resource"]!["category"] = Sameness.Analyses();
        var text = Ours(cast, node.ToJsonString()).Replace("0195a1b2-0000-7000-8000-00000000000a", target, StringComparison.Ordinal);
        // A folder that is to be filled is there.
        foreach (var folder in JsonNode.Parse(text)!["entry"]!.AsArray().Where(e => (string?)e!["request"]!["method"] == "PUT" && (string?)e["request"]!["url"] == "List"))
            await cast.KeptAsync(cast.Bundle("Avant").InFolder((string)folder!["resource"]!["identifier"]![0]!["value"]!));
        var (answer, token) = await DepositAsync(cast, text);
        if (answer.Status != 200) return Refused(answer);
        var sent = JsonNode.Parse(text)!["entry"]!.AsArray();
        foreach (var (entry, at) in answer.Json.GetProperty("entry").EnumerateArray().Select((e, i) => (e, i)))
        {
            // Authors beside a document become part of it and have no address.
            if (sent[at]!["resource"] is not { } resource || (string?)sent[at]!["request"]!["method"] != "POST" || !entry.GetProperty("response").TryGetProperty("location", out var said)) continue;
            var location = said.GetString()!.Split("/_history")[0];
            var got = await cast.Server.GetAsync("/fhir/" + location, token, ("Accept", location.StartsWith("Binary", StringComparison.Ordinal) ? "*/*" : "application/fhir+json"));
            if (got.Status != 200) return $"{location.Split('/')[0]}: {got.Status}";
            if ((string?)resource["resourceType"] == "Binary" && !got.Bytes.AsSpan().SequenceEqual(Convert.FromBase64String((string)resource["data"]!))) return "other bytes";
            if ((string?)resource["resourceType"] is "DocumentReference" or "List" && Sameness.Lost(resource, JsonNode.Parse(got.Bytes)!) is { Count: > 0 } lost) return $"{resource["resourceType"]} without {string.Join(", ", lost)}";
        }
        return "the same";
    }

    private static async Task<string> DocumentAsync(Cast cast, JsonNode document)
    {
        var bundle = JsonNode.Parse(Bundles.Provide(cast.Emma.Number!, [1], "Document", "application/fhir+json"))!;
        var attachment = bundle["entry"]![1]!["resource"]!["content"]![0]!["attachment"]!.AsObject();
        attachment.Remove("hash");
        attachment.Remove("size");
        bundle["entry"]![2]!["resource"] = document.DeepClone();
        bundle["entry"]![2]!["request"]!["url"] = "Bundle";
        var (answer, token) = await DepositAsync(cast, bundle.ToJsonString());
        if (answer.Status != 200) return Refused(answer);
        var id = answer.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
        var url = (await cast.Server.GetAsync($"/fhir/DocumentReference/{id}", token)).Json.GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString()!;
        var got = await cast.Server.GetAsync(url, token, ("Accept", "application/fhir+json"));
        if (got.Status != 200 || (string?)JsonNode.Parse(got.Bytes)!["resourceType"] != "Bundle") return $"{got.Status}, not the native Bundle";
        return JsonNode.DeepEquals(JsonNode.Parse(got.Bytes), document) ? await BinaryAsync(cast, document) : "another Bundle";
    }

    private static async Task<string> BinaryAsync(Cast cast, JsonNode content)
    {
        var bytes = Encoding.UTF8.GetBytes(content.ToJsonString());
        var id = await cast.DepositedAsync(bytes, contentType: "application/fhir+json");
        var got = await cast.Server.GetAsync($"/fhir/Binary/{id}", cast.Holder, ("Accept", "*/*"));
        return got.Bytes.AsSpan().SequenceEqual(bytes) ? "the same" : $"{got.Status}, other bytes";
    }

    private static async Task<string> PublishedAsync(Cast cast, JsonNode node, bool mapped)
    {
        var document = JsonNode.Parse(Ours(cast, node.ToJsonString()))!.AsObject();
        if (!mapped) Sameness.OfThisDomain(document, cast.Emma.Number!);
        Answer answer = default!;
        foreach (var token in new[] { cast.Lab, cast.DoctorToken, cast.Holder })
        {
            answer = await cast.Server.PostJsonAsync("/fhir/DocumentReference", token, document.ToJsonString(), "application/fhir+json");
            if (answer.Status != 403) break;
        }
        if (answer.Status != 201) return Refused(answer);
        var got = await cast.Server.GetAsync($"/fhir/DocumentReference/{answer.Json.GetProperty("id").GetString()}", cast.Holder);
        if (Sameness.Lost(document, JsonNode.Parse(got.Bytes)!) is { Count: > 0 } lost) return "without " + string.Join(", ", lost);
        var bytes = await cast.Server.GetAsync(got.Json.GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString()!, cast.Holder, ("Accept", "*/*"));
        return bytes.Bytes.AsSpan().SequenceEqual(Convert.FromBase64String((string)document["content"]![0]!["attachment"]!["data"]!)) ? "the same" : "other bytes";
    }

    private static async Task<string> FedAsync(Cast cast, JsonNode node)
    {
        var patient = node.DeepClone().AsObject();
        var value = Guid.NewGuid().ToString("N");
        patient["identifier"] = new JsonArray(new JsonObject { ["system"] = Ward, ["value"] = value });
        foreach (var name in new[] { "id", "meta", "text", "managingOrganization", "link", "generalPractitioner", "contained" }) patient.Remove(name);
        var answer = await cast.Server.SendAsync(HttpMethod.Put, $"/fhir/Patient?identifier={Uri.EscapeDataString($"{Ward}|{value}")}", cast.Hospital, new StringContent(patient.ToJsonString(), Encoding.UTF8, System.Net.Http.Headers.MediaTypeHeaderValue.Parse("application/fhir+json")));
        if (answer.Status != 201) return Refused(answer);
        var got = JsonNode.Parse(answer.Bytes)!;
        // The official name is kept, its given names as one; no gender is an unknown one.
        var sent = patient["name"]!.AsArray().FirstOrDefault(n => (string?)n!["use"] == "official") ?? patient["name"]![0]!;
        var (was, now) = (string.Join(' ', sent["given"]!.AsArray()), string.Join(' ', got["name"]![0]!["given"]!.AsArray()));
        return was == now && (string?)sent["family"] == (string?)got["name"]![0]!["family"] && (string?)patient["birthDate"] == (string?)got["birthDate"] && ((string?)patient["gender"] ?? "unknown") == ((string?)got["gender"] ?? "unknown") ? "the same" : $"{got["name"]} {got["birthDate"]} {got["gender"]}";
    }

    private static async Task<string> MatchedAsync(Cast cast, JsonNode asked)
    {
        var answer = await cast.Server.PostJsonAsync("/fhir/Patient/$match", cast.DoctorToken, asked.ToJsonString(), "application/fhir+json");
        return answer.Status == 200 && ProfileCheck.Problems(FhirJson.Own(answer.Bytes), Guide.Pdqm + "MatchParametersOut").Count == 0 ? "answered" : $"{answer.Status} {answer.Text}";
    }

    private static string Refused(Answer answer) => $"{answer.Status} {answer.Told().Id} {answer.Json.GetProperty("issue")[0].GetProperty("diagnostics").GetString()} {(answer.Json.GetProperty("issue")[0].TryGetProperty("expression", out var at) ? at[0].GetString() : "")}".Trim();

    private static string Ours(Cast cast, string text) =>
        text.Replace(ProvideExample.NationalNumber, cast.Emma.Number!, StringComparison.Ordinal).Replace("Patient/0195a1b2-0000-7000-8000-000000000001", $"Patient/{cast.Record}", StringComparison.Ordinal);

    /// <summary>By whom the law lets deposit this category: laboratory, doctor or holder.</summary>
    private static async Task<(Answer Answer, string Token)> DepositAsync(Cast cast, string bundle)
    {
        Answer answer = default!;
        foreach (var token in new[] { cast.Lab, cast.DoctorToken, cast.Holder })
        {
            answer = await cast.DepositAsync(token, bundle);
            if (answer.Status != 403) return (answer, cast.Holder);
        }
        return (answer, cast.Holder);
    }
}
