using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Dsp.Tests.Support;

namespace Dsp.Tests.Balp;

/// <summary>
/// Compares an audit event with the compiled profiles it claims: cardinality of elements and slices, patterns, fixed values, required
/// codes that the packages list, and that the reporting agent is the observer.
/// </summary>
internal sealed class AuditProfiles
{
    private static readonly Lazy<AuditProfiles> Loaded = new(() => new AuditProfiles());
    private readonly Dictionary<string, List<JsonNode>> profiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> codes = new(StringComparer.Ordinal);

    private AuditProfiles()
    {
        foreach (var package in new[] { "ihe.iti.balp", "ihe.iti.mhd", "ihe.iti.pdqm", "ihe.iti.pixm", "ihe.iti.mcsd", "ihe.pcc.qedm" }) Load(package);
    }

    public static AuditProfiles Instance => Loaded.Value;

    /// <summary>Every deviation from the profiles it claims, with its place.</summary>
    public List<string> Problems(byte[] audit)
    {
        var found = new List<string>();
        var node = JsonNode.Parse(audit)!;
        foreach (var url in node["meta"]?["profile"]?.AsArray() ?? [])
        {
            if (!profiles.TryGetValue((string)url!, out var elements))
            {
                found.Add($"{url} is not in the packages");
                continue;
            }
            Children(node, "AuditEvent", elements.ToLookup(e => Parent((string)e["id"]!)), ((string)url!).Split('/')[^1], found);
            if (elements.Exists(e => e["constraint"]?.AsArray().Any(c => (string)c!["key"]! == "val-audit-source") == true)
                && !node["agent"]!.AsArray().Any(a => JsonNode.DeepEquals(a!["who"], node["source"]!["observer"]))) found.Add($"{url}: no agent is the observer");
        }
        return found;
    }

    private void Children(JsonNode parent, string parentId, ILookup<string, JsonNode> below, string profile, List<string> found)
    {
        foreach (var definition in below[parentId])
        {
            var id = (string)definition["id"]!;
            var last = id[(id.LastIndexOf('.') + 1)..].Split(':');
            var values = Named(parent, last[0]);
            if (last.Length > 1) values = [.. values.Where(v => IsMember(v, id, definition, below))];
            var (min, max) = ((int)definition["min"]!, (string)definition["max"]!);
            if (values.Count < min || (max != "*" && values.Count > int.Parse(max, CultureInfo.InvariantCulture))) found.Add($"{profile}: {id} stands {values.Count} times, {min}..{max} are asked for");
            foreach (var value in values)
            {
                if (Pattern(definition) is { } pattern && !Contains(value, pattern)) found.Add($"{profile}: {id} is {value.ToJsonString()}, not {pattern.ToJsonString()}");
                if (Required(definition) is { } set && !Codes(value).Any(set.Contains)) found.Add($"{profile}: {id} has no code of {definition["binding"]!["valueSet"]}");
                if (value is JsonObject) Children(value, id, below, profile, found);
            }
        }
    }

    /// <summary>By its own pattern or codes, else by those of the type or role below it, as the slicing says.</summary>
    private bool IsMember(JsonNode value, string id, JsonNode definition, ILookup<string, JsonNode> below)
    {
        if (Pattern(definition) is { } own) return Contains(value, own);
        if (Required(definition) is { } set) return Codes(value).Any(set.Contains);
        var sliced = below[Parent(id)].First(d => (string)d["id"]! == id[..id.LastIndexOf(':')]);
        return sliced["slicing"]!["discriminator"]!.AsArray().All(d =>
        {
            var path = (string)d!["path"]!;
            var child = below[id].First(c => (string)c["id"]! == $"{id}.{path}");
            return value[path] is { } at && (Pattern(child) is { } pattern ? Contains(at, pattern) : Required(child) is { } codes && Codes(at).Any(codes.Contains));
        });
    }

    private static string Parent(string id) => id.Contains('.', StringComparison.Ordinal) ? id[..id.LastIndexOf('.')] : "";

    private static List<JsonNode> Named(JsonNode parent, string name) => name.EndsWith("[x]", StringComparison.Ordinal)
        ? [.. parent.AsObject().Where(p => p.Key.StartsWith(name[..^3], StringComparison.Ordinal)).Select(p => p.Value!)]
        : parent[name] switch { null => [], JsonArray many => [.. many.Select(m => m!)], { } one => [one] };

    private static JsonNode? Pattern(JsonNode definition) => definition.AsObject().FirstOrDefault(p => p.Key.StartsWith("pattern", StringComparison.Ordinal) || p.Key.StartsWith("fixed", StringComparison.Ordinal)).Value;

    private HashSet<string>? Required(JsonNode definition) =>
        (string?)definition["binding"]?["strength"] == "required" ? codes.GetValueOrDefault(((string)definition["binding"]!["valueSet"]!).Split('|')[0]) : null;

    private static IEnumerable<string> Codes(JsonNode value) => value["coding"] is JsonArray many ? many.SelectMany(c => Codes(c!)) : value["code"] is { } code ? [$"{value["system"]}|{code}"] : [];

    /// <summary>A pattern holds where everything in it stands in the value, in any order.</summary>
    private static bool Contains(JsonNode? value, JsonNode? pattern) => (value, pattern) switch
    {
        (JsonObject v, JsonObject p) => p.All(member => Contains(v[member.Key], member.Value)),
        (JsonArray v, JsonArray p) => p.All(wanted => v.Any(one => Contains(one, wanted))),
        _ => JsonNode.DeepEquals(value, pattern),
    };

    private void Load(string package)
    {
        using var file = File.OpenRead(Shared.Require("corpora", "fhir-ig-packages", package + ".tgz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            var name = Path.GetFileName(entry.Name);
            if (entry.DataStream is null || !name.EndsWith(".json", StringComparison.Ordinal) || !(name.StartsWith("StructureDefinition", StringComparison.Ordinal) || name.StartsWith("ValueSet", StringComparison.Ordinal))) continue;
            var node = JsonNode.Parse(entry.DataStream)!;
            if ((string?)node["type"] == "AuditEvent" && node["snapshot"] is { } snapshot) profiles.TryAdd((string)node["url"]!, [.. snapshot["element"]!.AsArray().Select(e => e!)]);
            if (node["compose"]?["include"] is JsonArray included && included.All(i => i!["concept"] is not null))
                codes.TryAdd((string)node["url"]!, [.. included.SelectMany(i => i!["concept"]!.AsArray().Select(c => $"{i["system"]}|{c!["code"]}"))]);
        }
    }
}
