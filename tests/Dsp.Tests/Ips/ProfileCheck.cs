using System.Text.Json.Nodes;
using Hl7.Fhir.ElementModel;
using Hl7.Fhir.FhirPath;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Ips;

/// <summary>
/// Compares a document Bundle with the snapshots of the IPS profiles: cardinality of every element and slice, fixed values and
/// patterns, types of choices and of reference targets, required codes where the codes are in the package, and every
/// constraint of severity error, by the FHIRPath engine of the SDK. No validator of profiles can be restored here.
/// </summary>
internal sealed class ProfileCheck
{
    /// <summary>Held by the strict parser, or about contained resources, of which there are none.</summary>
    private static readonly HashSet<string> Elsewhere = ["ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5"];

    /// <summary>Constraints of data types, which snapshots of profiles do not repeat.</summary>
    private static readonly (Type Type, string Key, string Expression)[] DataTypes =
    [
        (typeof(Period), "per-1", "start.hasValue().not() or end.hasValue().not() or (start <= end)"),
        (typeof(Quantity), "qty-3", "code.empty() or system.exists()"),
        (typeof(Timing.RepeatComponent), "tim-1", "duration.empty() or durationUnit.exists()"),
        (typeof(Timing.RepeatComponent), "tim-2", "period.empty() or periodUnit.exists()"),
        (typeof(Timing.RepeatComponent), "tim-5", "period.exists() implies period >= 0"),
        (typeof(Narrative), "txt-2", "`div`.exists()"),
        (typeof(Bundle.EntryComponent), "bdl-8", "fullUrl.contains('/_history/').not()"),
        (typeof(MedicationDispense), "mdd-1", "whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared"),
        (typeof(Observation), "obs-6", "dataAbsentReason.empty() or value.empty()"),
    ];

    private readonly List<string> problems = [];
    private readonly Dictionary<string, Resource> byUrl = [];
    private string where = "";

    /// <summary>Every deviation, with its place.</summary>
    public static IReadOnlyList<string> Problems(Bundle bundle)
    {
        var check = new ProfileCheck();
        check.Run(bundle);
        return check.problems;
    }

    private void Run(Bundle bundle)
    {
        foreach (var entry in bundle.Entry)
            if (!byUrl.TryAdd(entry.FullUrl ?? "", entry.Resource!)) problems.Add($"fullUrl {entry.FullUrl} stands twice");
        Profile(bundle, "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips");
        foreach (var resource in bundle.Entry.Select(e => e.Resource!))
            foreach (var profile in resource.Meta?.Profile ?? [])
                if (IpsPackage.Instance.Profile(profile!) is null) problems.Add($"{resource.TypeName}: claims {profile}, which is not in the package");
                else Profile(resource, profile!);
        foreach (var (type, key, expression) in DataTypes)
            foreach (var element in Descendants(bundle).Where(e => e.GetType() == type))
                if (!element.Predicate(expression)) problems.Add($"{key} on {type.Name}");
        foreach (var reference in Descendants(bundle).OfType<ResourceReference>())
            if (reference.Reference is { } target && !byUrl.ContainsKey(target)) problems.Add($"reference {target} leads to nothing");
    }

    private static IEnumerable<Base> Descendants(Base element) => element.EnumerateElements().Select(e => e.Value).SelectMany(v => v is Base one ? [one] : v is IEnumerable<Base> many ? many : []).SelectMany(b => Descendants(b).Prepend(b));

    private void Profile(Resource resource, string url)
    {
        where = $"{resource.TypeName} as {url.Split('/')[^1]}";
        var elements = IpsPackage.Instance.Profile(url)!["snapshot"]!["element"]!.AsArray().Select(e => e!).ToList();
        var children = elements.ToLookup(e => Parent((string)e["id"]!));
        var root = new List<Base> { resource };
        Constraints(root, elements[0]);
        Children(resource, (string)elements[0]["id"]!, children);
    }

    /// <summary>A.b.c and A.b:slice.c stand below A.b and A.b:slice; A.b:slice stands beside A.b, below A.</summary>
    private static string Parent(string id) => id.Contains('.', StringComparison.Ordinal) ? id[..id.LastIndexOf('.')] : "";

    private void Children(Base parent, string parentId, ILookup<string, JsonNode> below)
    {
        foreach (var definition in below[parentId])
        {
            var id = (string)definition["id"]!;
            var last = id[(id.LastIndexOf('.') + 1)..];
            var slice = last.Contains(':', StringComparison.Ordinal);
            var found = Named(parent, last.Split(':')[0].Replace("[x]", "", StringComparison.Ordinal));
            if (slice)
            {
                if (InSlice(found, definition, below) is not { } members) continue;
                found = members;
            }
            Count(found, definition);
            Constraints(found, definition);
            foreach (var element in found)
            {
                Values(element, definition);
                Children(element, id, below);
            }
        }
    }

    private static List<Base> Named(Base parent, string name) =>
        parent.TryGetValue(name, out var value) ? value switch { Base one => [one], IEnumerable<Base> many => [.. many], _ => [] } : [];

    /// <summary>The members of a slice: by pattern or fixed value, of itself or of a child, by type. Null where only a profile would tell.</summary>
    private static List<Base>? InSlice(List<Base> all, JsonNode definition, ILookup<string, JsonNode> below)
    {
        var id = (string)definition["id"]!;
        if (Pattern(definition) is { } own) return [.. all.Where(e => Matches(e, own))];
        if (id.Contains("[x]:", StringComparison.Ordinal)) return [.. all.Where(e => definition["type"]!.AsArray().Any(t => (string)t!["code"]! == e.TypeName))];
        if (id.StartsWith("Bundle.entry:", StringComparison.Ordinal) && !id["Bundle.entry:".Length..].Contains('.', StringComparison.Ordinal))
        {
            var type = (string)below[id].First(d => ((string)d["id"]!).EndsWith(".resource", StringComparison.Ordinal))["type"]![0]!["code"]!;
            // Several slices share the type Observation and differ by profile: there only "any number" is asked.
            return type == "Observation" ? null : [.. all.Where(e => ((Bundle.EntryComponent)e).Resource!.TypeName == type)];
        }
        if (below[id].FirstOrDefault(d => ((string)d["id"]!).EndsWith(".code", StringComparison.Ordinal) && Pattern(d) is not null) is { } code) return [.. all.Where(e => Named(e, "code").Any(c => Matches(c, Pattern(code)!)))];
        return null;
    }

    private void Count(List<Base> found, JsonNode definition)
    {
        var (min, max) = ((int)definition["min"]!, (string)definition["max"]!);
        if (found.Count < min || (max != "*" && found.Count > int.Parse(max, System.Globalization.CultureInfo.InvariantCulture))) problems.Add($"{where}: {definition["id"]} stands {found.Count} times, {min}..{max} are asked for");
    }

    private void Constraints(List<Base> found, JsonNode definition)
    {
        foreach (var constraint in definition["constraint"]?.AsArray() ?? [])
        {
            if ((string)constraint!["severity"]! != "error" || (string?)constraint["expression"] is not { } expression || Elsewhere.Contains((string)constraint["key"]!)) continue;
            foreach (var element in found)
                if (!element.Predicate(expression)) problems.Add($"{where}: {definition["id"]} breaks {constraint["key"]} ({constraint["human"]})");
        }
    }

    private void Values(Base element, JsonNode definition)
    {
        if (!((string)definition["id"]!).Contains(':', StringComparison.Ordinal) && Pattern(definition) is { } pattern && !Matches(element, pattern)) problems.Add($"{where}: {definition["id"]} does not have its pattern");
        if (element is ResourceReference { Reference: { } target } && byUrl.TryGetValue(target, out var resource) && definition["type"]?.AsArray().FirstOrDefault(t => (string)t!["code"]! == "Reference")?["targetProfile"] is JsonArray targets
            && !targets.Any(t => IpsPackage.Instance.TypeOf((string)t!) is var type && (type == resource.TypeName || type == "Resource"))) problems.Add($"{where}: {definition["id"]} leads to a {resource.TypeName}");
        if (definition["type"] is JsonArray { Count: > 1 } types && !types.Any(t => (string)t!["code"]! == element.TypeName)) problems.Add($"{where}: {definition["id"]} is a {element.TypeName}");
        if ((string?)definition["binding"]?["strength"] == "required" && element is CodeableConcept concept && IpsPackage.Instance.Codes((string)definition["binding"]!["valueSet"]!) is { } codes && !concept.Coding.Exists(c => codes.Contains(c.Code ?? "")))
            problems.Add($"{where}: {definition["id"]} has no code of {definition["binding"]!["valueSet"]}");
    }

    private static JsonNode? Pattern(JsonNode definition) => definition.AsObject().FirstOrDefault(p => p.Key.StartsWith("pattern", StringComparison.Ordinal) || p.Key.StartsWith("fixed", StringComparison.Ordinal)).Value;

    private static bool Matches(Base element, JsonNode pattern) => pattern switch
    {
        JsonObject wanted when element is CodeableConcept concept && wanted["coding"] is JsonArray codings => codings.All(w => concept.Coding.Exists(c => c.System == (string?)w!["system"] && c.Code == (string?)w["code"])),
        JsonValue value when element is PrimitiveType primitive => string.Equals(primitive.ToString(), value.ToString(), StringComparison.OrdinalIgnoreCase),
        _ => throw new NotSupportedException("A pattern of a kind that is not compared: " + pattern.ToJsonString()),
    };
}
