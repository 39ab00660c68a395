using System.Text.Json.Nodes;
using Hl7.Fhir.ElementModel;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Conformance;

/// <summary>Which slice an element is in, by its discriminators: value and pattern, type, profile, exists.</summary>
internal sealed class Slicing(Func<PocoNode, string, bool> conforms, Func<PocoNode, PocoNode?> resolve)
{
    /// <summary>The first slice whose discriminators all agree; null for an element of none.</summary>
    public Shape? Of(PocoNode element, Shape sliced) => sliced.Slices.FirstOrDefault(slice => IsIn(element, slice, sliced) == true);

    /// <summary>Null where nothing that is here tells: neither a value nor codes nor a profile of the packages.</summary>
    public bool? IsIn(PocoNode element, Shape slice, Shape sliced)
    {
        var said = sliced.Discriminators.Select(d => Agrees(element, slice, d.Type, d.Path.Trim('"'))).ToList();
        if (said.Contains(false)) return false;
        if (said.Contains(true)) return true;
        // A discriminator that no slice speaks of: what the slice as a whole asks for has to do.
        var profiles = slice.Kinds.SelectMany(k => k.Profiles).ToList();
        return profiles.Count > 0 ? profiles.Exists(p => conforms(element, p)) : HasValue(element, slice);
    }

    /// <summary>Whether an element has a value, or the part of one that a pattern shows.</summary>
    public static bool Matches(PocoNode element, JsonNode pattern) => pattern switch
    {
        JsonObject wanted => wanted.All(property => property.Value is JsonArray many ? many.All(one => Named(element, property.Key).Any(e => Matches(e, one!))) : Named(element, property.Key).Any(e => Matches(e, property.Value!))),
        _ => string.Equals(Text(element), pattern.ToString(), StringComparison.Ordinal),
    };

    public static string? Text(PocoNode element) => element.Poco is PrimitiveType primitive ? primitive.ToString() is var text && element.Poco is FhirBoolean ? text?.ToLowerInvariant() : text : element.Poco.ToString();

    public static IEnumerable<PocoNode> Named(PocoNode parent, string name) => ((ITypedElement)parent).Children(name).OfType<PocoNode>();

    private bool? Agrees(PocoNode element, Shape slice, string type, string path)
    {
        var found = Along(element, path).ToList();
        if (Below(slice, path) is not { } shape)
        {
            // Extensions of the FHIR core, whose definitions are not in the packages, are told by their address all the same.
            var addresses = path == "url" ? slice.Kinds.SelectMany(k => k.Profiles).ToList() : [];
            return addresses.Count == 0 ? null : found.Exists(f => addresses.Contains(Text(f)!));
        }
        var references = path.EndsWith("resolve()", StringComparison.Ordinal);
        switch (type)
        {
            case "exists": return shape.Min > 0 ? found.Count > 0 : shape.Max != 0 || found.Count == 0;
            case "type" when references:
                var types = found.Select(f => f.Poco.TypeName).Concat(Along(element, path[..^9].TrimEnd('.')).Select(TypeNamed)).ToList();
                return types.Exists(name => shape.Kinds.SelectMany(k => k.Targets).Any(t => GuidePackages.Instance.TypeOf(t) is var target && (target == name || target == "Resource")));
            case "type": return found.Exists(f => shape.Kinds.Any(k => k.Code == f.Poco.TypeName || k.Code == "Resource"));
            case "profile" when shape.Kinds.SelectMany(k => references ? k.Targets : k.Profiles).ToList() is { Count: > 0 } profiles: return found.Exists(f => profiles.Exists(p => conforms(f, p)));
            case "profile" when found.Count > 0 && shape.Kinds.Count > 0 && found.TrueForAll(f => f.Poco is Resource): return found.Exists(f => shape.Kinds.Any(k => k.Code == f.Poco.TypeName || k.Code == "Resource"));
            default:
                var values = found.Select(f => HasValue(f, shape)).ToList();
                return values.Contains(true) ? true : found.Count == 0 && SaysNothing(shape) || values.Contains(null) ? null : false;
        }
    }

    /// <summary>Of a reference to something that is not in the message: the type in its address.</summary>
    private static string TypeNamed(PocoNode node) => node.Poco is ResourceReference { Reference: { } url } && url.Split('/') is { Length: > 1 } parts ? parts[^2] : "";

    /// <summary>By the value asked for, by required codes, or by what is asked of its parts; null where nothing is asked.</summary>
    private static bool? HasValue(PocoNode element, Shape shape)
    {
        if (shape.Value is { } value) return Matches(element, value);
        if (shape.Required is { } set && GuidePackages.Instance.Codes(set) is { } codes) return Bindings.Has(element, codes);
        var parts = Parts(shape);
        return parts.Count == 0 ? null : parts.TrueForAll(part => Named(element, part.Name).Any(e => HasValue(e, part) == true));
    }

    private static bool SaysNothing(Shape shape) => shape.Value is null && (shape.Required is not { } set || GuidePackages.Instance.Codes(set) is null) && Parts(shape).Count == 0;

    private static List<Shape> Parts(Shape shape) => [.. shape.Children.SelectMany(c => c.Slices.Where(s => s.Min > 0).Prepend(c)).Where(c => c.Min > 0 && Tells(c))];

    private static bool Tells(Shape shape) => shape.Value is not null || shape.Children.Exists(c => Tells(c) || c.Slices.Exists(s => s.Min > 0 && Tells(s)));

    private IEnumerable<PocoNode> Along(PocoNode element, string path)
    {
        IEnumerable<PocoNode> found = [element];
        foreach (var part in Parts(path))
        {
            found = part switch
            {
                "$this" => found,
                "resolve()" => found.Select(resolve).OfType<PocoNode>(),
                _ when part.StartsWith("ofType(", StringComparison.Ordinal) => found.Where(f => f.Poco.TypeName == part[7..^1]),
                _ when part.StartsWith("extension(", StringComparison.Ordinal) => found.SelectMany(f => Named(f, "extension")).Where(e => ((Extension)e.Poco).Url == part[11..^2]),
                _ => found.SelectMany(f => Named(f, part)),
            };
        }
        return found;
    }

    /// <summary>What a slice asks of the element at the end of a path, where it or the profile of its type says anything of it.</summary>
    private static Shape? Below(Shape shape, string path)
    {
        Shape? at = shape;
        foreach (var part in Parts(path))
        {
            if (at is null) return null;
            if (part is "$this" or "resolve()" || part.StartsWith("ofType(", StringComparison.Ordinal)) continue;
            var within = at;
            at = within.Children.Find(c => c.Name == part) ?? within.Kinds.SelectMany(k => k.Profiles).Select(p => GuidePackages.Instance.Profile(p)?.Root.Children.Find(c => c.Name == part)).FirstOrDefault(c => c is not null);
        }
        return at;
    }

    private static IEnumerable<string> Parts(string path)
    {
        var start = 0;
        var depth = 0;
        for (var i = 0; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] is '(' or ')') depth += path[i] == '(' ? 1 : -1;
            if (i < path.Length && (path[i] != '.' || depth > 0)) continue;
            yield return path[start..i];
            start = i + 1;
        }
    }
}
