using System.Text.Json;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Tests.Ui;

/// <summary>
/// The options of one fixture, with a memory of which were used: an option that the mapping does not know makes the fixture
/// fail instead of being ignored.
/// </summary>
internal sealed class FixtureOptions(JsonElement json, string path, HashSet<string> used)
{
    public FixtureOptions(JsonElement json) : this(json, "", []) { }

    public bool Has(string name) => Get(name) is { } v && v.ValueKind is not (JsonValueKind.Null or JsonValueKind.False) && !(v.ValueKind == JsonValueKind.String && v.GetString() == "");

    public bool IsDefined(string name) => Get(name) is not null;

    public string? String(string name) => Get(name) is { } v ? v.ValueKind switch
    {
        JsonValueKind.String => v.GetString(),
        JsonValueKind.Null => null,
        JsonValueKind.False => null,
        JsonValueKind.True => "true",
        _ => v.GetRawText(),
    } : null;

    public bool Flag(string name) => Get(name) is { ValueKind: JsonValueKind.True };

    public bool? OptionalFlag(string name) => Get(name) is { } v && v.ValueKind is JsonValueKind.True or JsonValueKind.False ? v.ValueKind == JsonValueKind.True : null;

    public int? Number(string name) => String(name) is { Length: > 0 } s ? int.Parse(s, System.Globalization.CultureInfo.InvariantCulture) : null;

    public FixtureOptions? Object(string name) => Get(name) is { ValueKind: JsonValueKind.Object } v ? new(v, path + "." + name, used) : null;

    /// <summary>Items; null, false and other placeholders that a template skips are left out.</summary>
    public List<FixtureOptions> Items(string name) => Get(name) is { ValueKind: JsonValueKind.Array } v
        ? v.EnumerateArray().Select((e, i) => (e, i)).Where(x => x.e.ValueKind == JsonValueKind.Object && x.e.EnumerateObject().Any())
            .Select(x => new FixtureOptions(x.e, $"{path}.{name}[{x.i}]", used)).ToList()
        : [];

    public List<List<FixtureOptions>> Rows(string name) => Get(name) is { ValueKind: JsonValueKind.Array } v
        ? v.EnumerateArray().Select((row, r) => (row, r)).Where(x => x.row.ValueKind == JsonValueKind.Array)
            .Select(x => x.row.EnumerateArray().Select((cell, c) => new FixtureOptions(cell, $"{path}.{name}[{x.r}][{c}]", used)).ToList()).ToList()
        : [];

    public List<string> Strings(string name) => Get(name) is { ValueKind: JsonValueKind.Array } v
        ? v.EnumerateArray().Select(e => e.ToString()).ToList() : [];

    /// <summary>Text or markup, as the fixture gives it.</summary>
    public Content? Content(string text = "text", string html = "html")
    {
        var asText = String(text);
        return Has(html) ? Dsp.Ui.Html.Content.Of(new HtmlString(String(html))) : Dsp.Ui.Html.Content.Of(asText);
    }

    public Attributes Attributes(string name = "attributes")
    {
        var result = new Attributes();
        if (Get(name) is { ValueKind: JsonValueKind.Object } v)
        {
            foreach (var p in v.EnumerateObject())
            {
                Mark($"{path}.{name}.{p.Name}");
                result.Add(p.Name, p.Value.ToString());
            }
        }

        return result;
    }

    /// <summary>Options present in the fixture that nobody asked for.</summary>
    public IEnumerable<string> Unused() => Leaves(json, "").Where(leaf => !used.Contains(leaf));

    private JsonElement? Get(string name)
    {
        Mark($"{path}.{name}");
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;
    }

    private void Mark(string leaf) => used.Add(leaf);

    private static IEnumerable<string> Leaves(JsonElement element, string at) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Leaves(p.Value, at + "." + p.Name)),
        JsonValueKind.Array when element.EnumerateArray().Any(e => e.ValueKind is JsonValueKind.Object or JsonValueKind.Array) =>
            element.EnumerateArray().SelectMany((e, i) => Leaves(e, $"{at}[{i}]")),
        _ => at.EndsWith(']') ? [] : [at],
    };
}
