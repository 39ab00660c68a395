using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Dsp.Tests.Support;

namespace Dsp.Tests.Ips;

/// <summary>The compiled profiles and value sets of the IPS guide, as the corpus has them.</summary>
internal sealed class IpsPackage
{
    private static readonly Lazy<IpsPackage> Loaded = new(() => new IpsPackage());
    private readonly Dictionary<string, JsonNode> profiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> codes = new(StringComparer.Ordinal)
    {
        // Value sets of the FHIR core that the profiles require of a CodeableConcept (R4, terminology.hl7.org).
        ["http://hl7.org/fhir/ValueSet/allergyintolerance-clinical"] = ["active", "inactive", "resolved"],
        ["http://hl7.org/fhir/ValueSet/allergyintolerance-verification"] = ["unconfirmed", "confirmed", "refuted", "entered-in-error"],
        ["http://hl7.org/fhir/ValueSet/condition-clinical"] = ["active", "recurrence", "relapse", "inactive", "remission", "resolved"],
        ["http://hl7.org/fhir/ValueSet/condition-ver-status"] = ["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"],
    };

    private IpsPackage()
    {
        using var file = File.OpenRead(Shared.Require("corpora", "fhir-ig-packages", "hl7.fhir.uv.ips.tgz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.EndsWith(".json", StringComparison.Ordinal)) continue;
            var node = JsonNode.Parse(entry.DataStream)!;
            var url = (string?)node["url"];
            if ((string?)node["resourceType"] == "StructureDefinition" && node["snapshot"] is not null) profiles.TryAdd(url!, node);
            // Only a list of codes can be compared; "every SNOMED CT code below" cannot be, without SNOMED CT.
            if ((string?)node["resourceType"] == "ValueSet" && node["compose"]?["include"] is JsonArray included && included.All(i => i!["concept"] is not null))
                codes.TryAdd(url!, [.. included.SelectMany(i => i!["concept"]!.AsArray()).Select(c => (string)c!["code"]!)]);
        }
    }

    public static IpsPackage Instance => Loaded.Value;

    public JsonNode? Profile(string url) => profiles.GetValueOrDefault(url.Split('|')[0]);

    public HashSet<string>? Codes(string valueSet) => codes.GetValueOrDefault(valueSet.Split('|')[0]);

    /// <summary>The resource type a profile is of; for the core's own the last part of its address.</summary>
    public string TypeOf(string profile) => (string?)Profile(profile)?["type"] ?? profile.Split('|')[0].Split('/')[^1];
}
