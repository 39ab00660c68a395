using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Facts;
using Dsp.Tests.Support;

namespace Dsp.Tests.Facts;

/// <summary>The document Bundles of the guides and of the FHIR test cases, counted with JsonNode beside the reader under test.</summary>
public sealed class FhirFactCorpusTests
{
    private static readonly string[] Clinical =
    [
        "AllergyIntolerance", "Condition", "MedicationStatement", "MedicationRequest", "MedicationDispense", "MedicationAdministration", "Immunization", "Observation",
        "Procedure", "DeviceUseStatement", "Flag", "FamilyMemberHistory", "ServiceRequest", "CarePlan",
    ];

    [Fact]
    public void Every_clinical_resource_of_a_document_becomes_a_fact_and_what_it_denies_stays_denied()
    {
        var (documents, counted, wrong) = (0, 0, new List<string>());
        var table = new StringBuilder("document | clinical resources | facts | negated | unknown or no information\n");
        foreach (var (name, bundle, bytes) in Documents())
        {
            documents++;
            var sheet = FhirFactSheet.ReadJson(bytes, DataCategory.Syntheses);
            Assert.Null(sheet.Report.Problem);
            var resources = Entries(bundle).Where(r => Clinical.Contains((string?)r["resourceType"])).ToList();
            foreach (var resource in resources)
            {
                if (IsInError(resource)) continue;
                counted++;
                var path = resource["id"] is { } id ? $"{resource["resourceType"]}/{id}" : resource.Parent!["fullUrl"]!.ToString();
                var facts = sheet.Facts.Where(f => f.Place.Path == path || f.Place.Path.StartsWith(path + "/", StringComparison.Ordinal)).ToList();
                var isGroup = resource["component"] is not null || resource["hasMember"] is not null;
                if (facts.Count == 0 && !(isGroup && resource["component"] is null)) wrong.Add($"{name} {path}: no fact");
                if (facts.Count == 0) continue;
                var codes = Codes(resource);
                if (codes.Count > 0 && !isGroup && !facts.Any(f => f.Code?.Codes?.Any(c => codes.Contains(c.Code)) == true || resource["resourceType"]!.ToString() is "DeviceUseStatement" or "FamilyMemberHistory" or "CarePlan")) wrong.Add($"{name} {path}: {string.Join(' ', codes)} is not in {facts[0].Name}");
                if (IsDenied(resource) && facts.Any(f => f.Statement != FactStatement.Negated)) wrong.Add($"{name} {path}: denied in the source, {facts[0].Statement} here");
                if (!IsDenied(resource) && facts.Any(f => f.Statement == FactStatement.Negated)) wrong.Add($"{name} {path}: not denied in the source, negated here");
                if (codes.Any(c => c.StartsWith("no-", StringComparison.Ordinal) && c.EndsWith("-info", StringComparison.Ordinal)) && facts.Any(f => f.Statement != FactStatement.NoInformation)) wrong.Add($"{name} {path}: no information in the source, {facts[0].Statement} here");
            }
            table.AppendLine(CultureInfo.InvariantCulture, $"{name} | {resources.Count} | {sheet.Facts.Count} | {sheet.Facts.Count(f => f.Statement == FactStatement.Negated)} | {sheet.Facts.Count(f => f.Statement is FactStatement.Unknown or FactStatement.NoInformation)}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(table.ToString());
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(30)));
        Assert.True(documents >= 15 && counted > 170, $"{documents} documents, {counted} resources");
    }

    [Fact]
    public void A_section_that_is_empty_because_none_is_known_differs_from_one_that_is_not_available()
    {
        var facts = Documents().SelectMany(d => FhirFactSheet.ReadJson(d.Bytes, DataCategory.Syntheses).Facts).Where(f => f.Place.Path == "Composition").ToList();

        Assert.Contains(facts, f => f is { Code.Absent: "nilknown", Statement: FactStatement.Negated, Kind: FactKind.Allergy });
        Assert.Contains(facts, f => f is { Code.Absent: "unavailable", Statement: FactStatement.NoInformation, Kind: FactKind.Allergy });
        Assert.DoesNotContain(facts, f => f.Code?.Absent == "unavailable" && f.Statement == FactStatement.Negated);
    }

    [Fact]
    public void The_same_document_in_xml_has_the_same_facts()
    {
        var (_, bundle, bytes) = Documents().Single(d => d.Name.EndsWith("Bundle-bundle-ips-all-sections.json", StringComparison.Ordinal));
        var xml = Encoding.UTF8.GetBytes(Resource(bundle).ToString());
        var reader = new ContentReader();

        var (json, same) = (Sheet(reader.Read(Metadata("application/fhir+json"), bytes).Facts), Sheet(reader.Read(Metadata("application/fhir+xml"), xml).Facts));

        Assert.Null(same.Report.Problem);
        Assert.Equal(json.Facts.Select(Line), same.Facts.Select(Line));
    }

    private static XElement Resource(JsonNode resource) =>
        new(Fhir + resource["resourceType"]!.ToString(), resource.AsObject().Where(p => p.Key != "resourceType").SelectMany(p => Elements(p.Key, p.Value)));

    /// <summary>A property of FHIR JSON as the elements it is in FHIR XML.</summary>
    private static IEnumerable<object> Elements(string name, JsonNode? value) => value switch
    {
        JsonArray many => many.SelectMany(v => Elements(name, v)),
        JsonObject resource when resource["resourceType"] is not null => [new XElement(Fhir + name, Resource(resource))],
        JsonObject element => [new XElement(Fhir + name.TrimStart('_'), element.SelectMany(p => p.Key is "url" or "id" ? [new XAttribute(p.Key, p.Value!.ToString())] : Elements(p.Key, p.Value)))],
        JsonValue div when name == "div" => [XElement.Parse(div.ToString())],
        JsonValue primitive => [new XElement(Fhir + name, new XAttribute("value", primitive.GetValueKind() == JsonValueKind.String ? primitive.ToString() : primitive.ToJsonString()))],
        _ => [],
    };

    private static readonly XNamespace Fhir = "http://hl7.org/fhir";

    private static string Line(Fact f) => JsonSerializer.Serialize(f with { Text = null, Note = null });

    private static FactSheet Sheet(byte[] bytes) => FactSheet.FromBytes(bytes);

    private static Dsp.Documents.DocumentMetadata Metadata(string type) => new() { UniqueId = "urn:oid:1.2.3", Category = DataCategory.Syntheses, MimeType = type };

    private static IEnumerable<(string Name, JsonNode Bundle, byte[] Bytes)> Documents()
    {
        foreach (var folder in new[] { "fhir-ig-instances", "fhir-test-cases" })
        {
            foreach (var file in Directory.EnumerateFiles(Shared.Require("corpora", folder), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var bytes = File.ReadAllBytes(file);
                JsonNode? node;
                try
                {
                    node = JsonNode.Parse(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes);
                }
                catch (JsonException)
                {
                    continue;
                }
                if (node is JsonObject bundle && (string?)bundle["resourceType"] == "Bundle" && bundle["type"] is JsonValue type && type.ToString() == "document" && !file.Contains("duplicate-ids", StringComparison.Ordinal)) yield return (Path.GetFileName(Path.GetDirectoryName(file)) + "/" + Path.GetFileName(file), bundle, bytes);
            }
        }
    }

    private static IEnumerable<JsonNode> Entries(JsonNode bundle) => bundle["entry"]!.AsArray().Select(e => e!["resource"]).OfType<JsonNode>();

    private static HashSet<string> Codes(JsonNode resource) =>
        [.. new[] { resource["code"], resource["vaccineCode"], resource["medicationCodeableConcept"] }.Select(c => c?["coding"]).OfType<JsonArray>().SelectMany(c => c).Select(c => (string?)c?["code"]).OfType<string>()];

    private static bool IsInError(JsonNode r) =>
        (string?)r["status"] is "entered-in-error" or "cancelled" || r["verificationStatus"]?["coding"]?[0]?["code"]?.ToString() == "entered-in-error";

    private static bool IsDenied(JsonNode r) =>
        ((r["resourceType"]!.ToString() is "Immunization" or "Procedure" or "MedicationAdministration" && (string?)r["status"] == "not-done") || (string?)r["status"] is "not-taken")
        || r["doNotPerform"]?.ToString() == "true" || r["verificationStatus"]?["coding"]?[0]?["code"]?.ToString() == "refuted"
        || Codes(r).Any(c => c.StartsWith("no-known-", StringComparison.Ordinal) || c is "716186003" or "160245001" or "787481004" or "409137002" or "428607008" or "429625007");
}
