using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dsp.Tests.Support;

namespace Dsp.Tests.Ips;

/// <summary>FHIR documents of the corpus: the document instances of the guides, and Synthea's patients as documents.</summary>
internal static class IpsDocuments
{
    private static readonly Dictionary<string, (string Section, string[] Types)> Sections = new()
    {
        ["48765-2"] = ("Allergies", ["AllergyIntolerance"]),
        ["11450-4"] = ("Problems", ["Condition"]),
        ["10160-0"] = ("Medication", ["MedicationRequest", "MedicationStatement"]),
        ["11369-6"] = ("Immunizations", ["Immunization"]),
        ["47519-4"] = ("Procedures", ["Procedure"]),
        ["30954-2"] = ("Results", ["Observation", "DiagnosticReport"]),
    };

    public static IEnumerable<(string Name, byte[] Bytes)> All() => Guides().Concat(Synthea());

    /// <summary>Synthea sends transactions; the same resources under a Composition are a document.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Synthea()
    {
        foreach (var file in Directory.EnumerateFiles(Shared.Require("corpora", "synthea-r4"), "*.json").Order(StringComparer.Ordinal))
        {
            var bundle = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
            var entries = bundle["entry"]!.AsArray().Select(e => e!.AsObject()).ToList();
            foreach (var entry in entries) entry.Remove("request");
            string Url(JsonObject entry) => (string)entry["fullUrl"]!;
            var patient = Url(entries.First(e => (string)e["resource"]!["resourceType"]! == "Patient"));
            var composition = new JsonObject
            {
                ["resourceType"] = "Composition",
                ["status"] = "final",
                ["type"] = Loinc("60591-5"),
                ["subject"] = new JsonObject { ["reference"] = patient },
                ["date"] = "2026-11-20",
                ["author"] = new JsonArray(new JsonObject { ["display"] = "Synthea" }),
                ["title"] = "Synthetic record",
                ["section"] = new JsonArray([.. Sections.Select(s => new JsonObject
                {
                    ["title"] = s.Value.Section,
                    ["code"] = Loinc(s.Key),
                    ["entry"] = new JsonArray([.. entries.Where(e => s.Value.Types.Contains((string)e["resource"]!["resourceType"]!)).Select(e => new JsonObject { ["reference"] = Url(e) })]),
                })]),
            };
            bundle["type"] = "document";
            bundle["identifier"] = new JsonObject { ["system"] = "urn:ietf:rfc:3986", ["value"] = "urn:uuid:" + Guid.NewGuid() };
            bundle["timestamp"] = "2026-11-20T10:00:00Z";
            bundle["entry"]!.AsArray().Insert(0, new JsonObject { ["fullUrl"] = "urn:uuid:" + Guid.NewGuid(), ["resource"] = composition });
            yield return (Path.GetFileName(file), Encoding.UTF8.GetBytes(bundle.ToJsonString()));
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Guides()
    {
        foreach (var file in Directory.EnumerateFiles(Shared.Require("corpora", "fhir-ig-instances"), "Bundle-*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.TryGetProperty("type", out var type) && type.GetString() == "document") yield return (Path.GetFileName(file), bytes);
        }
    }

    private static JsonObject Loinc(string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = code }) };
}
