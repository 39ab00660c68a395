using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;
using Dsp.Tests.Support;
using Hl7.Fhir.ElementModel;
using Hl7.Fhir.FhirPath;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Consents;

/// <summary>
/// Compares a Consent with the snapshot of each profile it claims: cardinality of every element, patterns, the closed slices of
/// <c>provision.data</c> with the types they may refer to, and every constraint of severity error by the FHIRPath engine.
/// </summary>
internal static class PcfProfiles
{
    private static readonly Lazy<IReadOnlyDictionary<string, List<JsonNode>>> Loaded = new(Load);

    /// <summary>Every deviation, the strict reader's first.</summary>
    public static IReadOnlyList<string> Problems(string json)
    {
        var (consent, unreadable) = FhirJson.Parse<Consent>(System.Text.Encoding.UTF8.GetBytes(json));
        var problems = unreadable.Select(r => $"{r.Text} {r.Expression}").ToList();
        foreach (var claimed in consent?.Meta?.Profile ?? [])
            if (!Loaded.Value.TryGetValue(claimed!, out var elements)) problems.Add($"{claimed} is not in the package");
            else Compare(consent!, "Consent", elements, problems);
        return problems;
    }

    private static void Compare(Base parent, string path, List<JsonNode> elements, List<string> problems)
    {
        foreach (var definition in elements.Where(e => ((string)e["id"]!).LastIndexOf('.') is var dot and > 0 && ((string)e["id"]!)[..dot] == path && !((string)e["id"]!).Contains(':', StringComparison.Ordinal)))
        {
            var id = (string)definition["id"]!;
            var found = Named(parent, id[(id.LastIndexOf('.') + 1)..].Replace("[x]", "", StringComparison.Ordinal));
            var max = (string)definition["max"]!;
            if (found.Count < (int)definition["min"]! || (max != "*" && found.Count > int.Parse(max, System.Globalization.CultureInfo.InvariantCulture))) problems.Add($"{id} stands {found.Count} times");
            foreach (var element in found)
            {
                if (definition["patternCodeableConcept"]?["coding"]?[0] is { } wanted && !((CodeableConcept)element).Coding.Exists(c => c.System == (string?)wanted["system"] && c.Code == (string?)wanted["code"])) problems.Add($"{id} does not have its pattern");
                foreach (var constraint in definition["constraint"]?.AsArray() ?? [])
                    if ((string)constraint!["severity"]! == "error" && (string?)constraint["expression"] is { } expression && (string)constraint["key"]! is not ("ele-1" or "ext-1") && !element.Predicate(expression)) problems.Add($"{id} breaks {constraint["key"]}");
                if (element is Consent.provisionDataComponent data) Slice(data, id, elements, problems);
                Compare(element, id, elements, problems);
            }
        }
        if (path == "Consent")
            foreach (var constraint in elements[0]["constraint"]!.AsArray().Where(c => (string)c!["severity"]! == "error" && !((string)c["key"]!).StartsWith("dom-", StringComparison.Ordinal)))
                if (!parent.Predicate((string)constraint!["expression"]!)) problems.Add($"Consent breaks {constraint["key"]}");
    }

    /// <summary>The slices are closed: each datum belongs to the one of its meaning, and leads to a type that one takes.</summary>
    private static void Slice(Consent.provisionDataComponent data, string id, List<JsonNode> elements, List<string> problems)
    {
        var meaning = data.Meaning?.ToString().ToLowerInvariant();
        var slice = elements.FirstOrDefault(e => ((string)e["id"]!).StartsWith(id + ":", StringComparison.Ordinal) && (string?)e["patternCode"] == meaning);
        if (slice is null) problems.Add($"{id}: no slice takes {meaning}");
        else if (elements.FirstOrDefault(e => (string)e["id"]! == ((string)slice["id"]!).Replace(".meaning", ".reference", StringComparison.Ordinal))?["type"]?[0]?["targetProfile"] is JsonArray targets
            && !targets.Any(t => ((string)t!).EndsWith("/" + data.Reference!.Reference!.Split('/')[0], StringComparison.Ordinal) || ((string)t!).EndsWith("/Resource", StringComparison.Ordinal))) problems.Add($"{id}: {data.Reference!.Reference} is of no type the slice takes");
    }

    private static List<Base> Named(Base parent, string name) => parent.TryGetValue(name, out var value) ? value switch { Base one => [one], IEnumerable<Base> many => [.. many], _ => [] } : [];

    private static Dictionary<string, List<JsonNode>> Load()
    {
        using var file = File.OpenRead(Shared.Require("corpora", "fhir-ig-packages", "ihe.iti.pcf.tgz"));
        using var tar = new TarReader(new GZipStream(file, CompressionMode.Decompress));
        var found = new Dictionary<string, List<JsonNode>>(StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
            if (entry.DataStream is not null && entry.Name.Contains("StructureDefinition-", StringComparison.Ordinal) && JsonNode.Parse(entry.DataStream) is { } node)
                found[(string)node["url"]!] = [.. node["snapshot"]!["element"]!.AsArray().Select(e => e!)];
        return found;
    }
}
