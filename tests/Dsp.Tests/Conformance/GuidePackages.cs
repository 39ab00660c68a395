using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Dsp.Tests.Support;

namespace Dsp.Tests.Conformance;

/// <summary>The compiled profiles, value sets and code systems of all guides of the corpus, which depend on each other.</summary>
internal sealed class GuidePackages
{
    private static readonly Lazy<GuidePackages> Loaded = new(() => new GuidePackages());
    private readonly Dictionary<string, Lazy<Profile>> profiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonNode> valueSets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonNode> codeSystems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Code>?> codes = new(StringComparer.Ordinal)
    {
        // Value sets of the FHIR core that the profiles require of a CodeableConcept (R4, terminology.hl7.org).
        ["http://hl7.org/fhir/ValueSet/allergyintolerance-clinical"] = Any("active", "inactive", "resolved"),
        ["http://hl7.org/fhir/ValueSet/allergyintolerance-verification"] = Any("unconfirmed", "confirmed", "refuted", "entered-in-error"),
        ["http://hl7.org/fhir/ValueSet/condition-clinical"] = Any("active", "recurrence", "relapse", "inactive", "remission", "resolved"),
        ["http://hl7.org/fhir/ValueSet/condition-ver-status"] = Any("unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"),
    };

    private GuidePackages()
    {
        foreach (var package in Directory.EnumerateFiles(Shared.Require("corpora", "fhir-ig-packages"), "*.tgz").Order(StringComparer.Ordinal)) Read(package);
    }

    public static GuidePackages Instance => Loaded.Value;

    /// <summary>Null where no package of the corpus has it: a profile of the FHIR core, or of a guide that is not here.</summary>
    public Profile? Profile(string url) => profiles.GetValueOrDefault(Plain(url))?.Value;

    /// <summary>The resource or data type a profile is of; for the core's own the last part of its address.</summary>
    public string TypeOf(string url) => Profile(url)?.Type ?? Plain(url).Split('/')[^1];

    /// <summary>The codes of a value set; null where they are not all in the packages, as those of SNOMED CT.</summary>
    public HashSet<Code>? Codes(string valueSet)
    {
        var url = Plain(valueSet);
        if (codes.TryGetValue(url, out var known)) return known;
        codes[url] = null;
        return codes[url] = valueSets.TryGetValue(url, out var node) ? Expanded(node) : null;
    }

    private void Read(string package)
    {
        using var file = File.OpenRead(package);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            var name = Path.GetFileName(entry.Name);
            if (entry.DataStream is null || !name.EndsWith(".json", StringComparison.Ordinal) || !(name.StartsWith("StructureDefinition", StringComparison.Ordinal) || name.StartsWith("ValueSet", StringComparison.Ordinal) || name.StartsWith("CodeSystem", StringComparison.Ordinal))) continue;
            var node = JsonNode.Parse(entry.DataStream)!;
            var url = (string)node["url"]!;
            switch ((string)node["resourceType"]!)
            {
                case "StructureDefinition" when node["snapshot"] is not null: profiles.TryAdd(url, new(() => new Profile(node))); break;
                case "ValueSet": valueSets.TryAdd(url, node); break;
                case "CodeSystem" when (string?)node["content"] == "complete": codeSystems.TryAdd(url, node); break;
                default: break;
            }
        }
    }

    private HashSet<Code>? Expanded(JsonNode valueSet)
    {
        var all = new HashSet<Code>();
        foreach (var include in valueSet["compose"]?["include"]?.AsArray() ?? [])
        {
            if (Included(include!) is not { } some) return null;
            all.UnionWith(some);
        }
        foreach (var exclude in valueSet["compose"]?["exclude"]?.AsArray() ?? []) if (Included(exclude!) is { } some) all.ExceptWith(some);
        return all.Count == 0 ? null : all;
    }

    private HashSet<Code>? Included(JsonNode include)
    {
        if (include["filter"] is not null) return null;
        var system = (string?)include["system"];
        if (include["concept"] is JsonArray concepts) return [.. concepts.Select(c => new Code(system, (string)c!["code"]!))];
        if (include["valueSet"] is JsonArray imported)
        {
            var all = new HashSet<Code>();
            foreach (var one in imported)
            {
                if (Codes((string)one!) is not { } some) return null;
                all.UnionWith(some);
            }
            return all;
        }
        return system is not null && codeSystems.TryGetValue(system, out var defined) ? [.. Concepts(defined).Select(c => new Code(system, c))] : null;
    }

    private static IEnumerable<string> Concepts(JsonNode node) => (node["concept"]?.AsArray() ?? []).SelectMany(c => Concepts(c!).Prepend((string)c!["code"]!));

    private static HashSet<Code> Any(params string[] codes) => [.. codes.Select(c => new Code(null, c))];

    private static string Plain(string url) => url.Split('|')[0];
}

/// <summary>A code of a value set; of any system where that is null.</summary>
internal readonly record struct Code(string? System, string Value)
{
    public bool Is(string? system, string? code) => Value == code && (System is null || system is null || System == system);
}
