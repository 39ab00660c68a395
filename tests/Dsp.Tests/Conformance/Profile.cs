using System.Globalization;
using System.Text.Json.Nodes;

namespace Dsp.Tests.Conformance;

/// <summary>A compiled profile: its snapshot as a tree.</summary>
internal sealed class Profile
{
    private readonly Dictionary<string, Shape> byId = new(StringComparer.Ordinal);

    public Profile(JsonNode definition)
    {
        (Url, Type) = ((string)definition["url"]!, (string)definition["type"]!);
        foreach (var element in definition["snapshot"]!["element"]!.AsArray())
        {
            var shape = new Shape(element!);
            byId.Add(shape.Id, shape);
            if (byId.Count == 1) continue;
            var above = shape.Id[..shape.Id.LastIndexOf('.')];
            var last = shape.Id[(above.Length + 1)..];
            // A.b:slice stands beside A.b, as one of its slices; A.b:slice/again beside A.b:slice.
            var of = last.LastIndexOfAny([':', '/']) is > 0 and var at && byId.TryGetValue($"{above}.{last[..at]}", out var sliced) ? sliced.Slices : byId[above].Children;
            of.Add(shape);
        }
        Root = byId.First().Value;
    }

    public string Url { get; }
    public string Type { get; }
    public Shape Root { get; }

    /// <summary>Where the content of an element is described, by <c>#id</c>.</summary>
    public Shape At(string reference) => byId[reference[(reference.IndexOf('#', StringComparison.Ordinal) + 1)..]];

    public override string ToString() => Url.Split('/')[^1];
}

/// <summary>What a profile asks of one element, or of one slice of it.</summary>
internal sealed class Shape(JsonNode element)
{
    public string Id { get; } = (string)element["id"]!;
    public string Name { get; } = ((string)element["id"]!).Split('.')[^1].Split(':')[0].Replace("[x]", "", StringComparison.Ordinal);
    public int Min { get; } = (int?)element["min"] ?? 0;
    public int Max { get; } = (string?)element["max"] is { } max && max != "*" ? int.Parse(max, CultureInfo.InvariantCulture) : int.MaxValue;

    /// <summary>The value or part of a value that it must have.</summary>
    public JsonNode? Value { get; } = element.AsObject().FirstOrDefault(p => p.Key.StartsWith("pattern", StringComparison.Ordinal) || p.Key.StartsWith("fixed", StringComparison.Ordinal)).Value;
    public IReadOnlyList<Kind> Kinds { get; } = [.. (element["type"]?.AsArray() ?? []).Select(t => new Kind(t!))];
    public string? Content { get; } = (string?)element["contentReference"];

    /// <summary>A value set whose codes are required.</summary>
    public string? Required { get; } = (string?)element["binding"]?["strength"] == "required" ? (string?)element["binding"]!["valueSet"] : null;

    public IReadOnlyList<(string Key, string Expression, string Human)> Rules { get; } =
        [.. (element["constraint"]?.AsArray() ?? []).Where(c => (string)c!["severity"]! == "error" && c["expression"] is not null).Select(c => ((string)c!["key"]!, (string)c["expression"]!, (string?)c["human"] ?? ""))];

    public IReadOnlyList<(string Type, string Path)> Discriminators { get; } = [.. (element["slicing"]?["discriminator"]?.AsArray() ?? []).Select(d => ((string)d!["type"]!, (string)d["path"]!))];
    public bool Closed { get; } = (string?)element["slicing"]?["rules"] == "closed";
    public List<Shape> Children { get; } = [];
    public List<Shape> Slices { get; } = [];
}

/// <summary>One type that an element may have.</summary>
internal sealed class Kind(JsonNode type)
{
    public string Code { get; } = ((string)type["code"]!).Split('/')[^1];
    public IReadOnlyList<string> Profiles { get; } = Texts(type["profile"]);
    public IReadOnlyList<string> Targets { get; } = Texts(type["targetProfile"]);
    public bool Contained { get; } = type["aggregation"] is JsonArray { Count: 1 } how && (string)how[0]! == "contained";

    private static List<string> Texts(JsonNode? node) => [.. (node?.AsArray() ?? []).Select(t => (string)t!)];
}
