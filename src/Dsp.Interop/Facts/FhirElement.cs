using System.Text.Json;
using System.Xml.Linq;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>
/// A FHIR resource or element of either form, JSON or XML, as one tree: names, values, children in their order. No model and
/// no version: what a reader does not ask for does not matter to it.
/// </summary>
internal sealed class FhirElement
{
    /// <summary>Most elements of one document; about 150 bytes of memory each.</summary>
    public const int MostElements = 500_000;

    private readonly List<(string Name, FhirElement Element)> children = [];

    /// <summary>The primitive value as its text; null for an element that has only children.</summary>
    public string? Value { get; private set; }

    /// <summary>The resource type, where it is a resource.</summary>
    public string? Type { get; private set; }

    public FhirElement? this[string name]
    {
        get
        {
            foreach (var (child, element) in children)
                if (child == name) return element;
            return null;
        }
    }

    public IEnumerable<FhirElement> All(string name)
    {
        foreach (var (child, element) in children)
            if (child == name) yield return element;
    }

    public IEnumerable<(string Name, FhirElement Element)> Children => children;

    public string? Text(string name) => string.IsNullOrWhiteSpace(this[name]?.Value) ? null : this[name]!.Value!.Trim();

    /// <summary>The element of a choice: <c>value[x]</c> by its stem, with the name that says its type.</summary>
    public (string Type, FhirElement Element)? Choice(string stem)
    {
        foreach (var (name, element) in children)
            if (name.Length > stem.Length && name.StartsWith(stem, StringComparison.Ordinal) && char.IsAsciiLetterUpper(name[stem.Length])) return (name[stem.Length..], element);
        return null;
    }

    /// <summary>The code of a data-absent-reason extension on this element.</summary>
    public string? AbsentReason =>
        All("extension").FirstOrDefault(e => e.Text("url") == "http://hl7.org/fhir/StructureDefinition/data-absent-reason") is { } reason ? reason.Text("valueCode") ?? reason.Choice("value")?.Element.Value : null;

    /// <exception cref="JsonException">Not JSON, nested too deep, or more than <see cref="MostElements"/> elements.</exception>
    public static FhirElement OfJson(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 72, AllowDuplicateProperties = true });
        var left = MostElements;
        return Of(document.RootElement, ref left);
    }

    public static FhirElement OfXml(XElement element)
    {
        var made = new FhirElement { Value = element.Attr("value") };
        if (element.Name.LocalName is "div" && element.Name.NamespaceName == "http://www.w3.org/1999/xhtml")
        {
            made.Value = string.Join(' ', element.DescendantNodes().OfType<XText>().Select(t => t.Value));
            return made;
        }
        if (element.Attr("url") is { } url) made.children.Add(("url", new FhirElement { Value = url }));
        if (element.Attr("id") is { } id) made.children.Add(("id", new FhirElement { Value = id }));
        foreach (var child in element.Elements())
        {
            // A resource stands inside one element that only says where: resource, contained.
            var held = child.Name.LocalName is "resource" or "contained" && child.Elements().FirstOrDefault() is { } inner ? inner : child;
            var read = OfXml(held);
            if (held != child) read.Type = held.Name.LocalName;
            made.children.Add((child.Name.LocalName, read));
        }
        return made;
    }

    public static FhirElement OfXmlResource(XElement root)
    {
        var made = OfXml(root);
        made.Type = root.Name.LocalName;
        return made;
    }

    private static FhirElement Of(JsonElement json, ref int left)
    {
        if (--left < 0) throw new JsonException("Too many elements");
        var made = new FhirElement();
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject()) made.Add(property, ref left);
                break;
            case JsonValueKind.String:
                made.Value = json.GetString();
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                // The digits as sent: 7.40 stays 7.40.
                made.Value = json.GetRawText();
                break;
            default:
                break;
        }
        return made;
    }

    private void Add(JsonProperty property, ref int left)
    {
        if (property.NameEquals("resourceType"))
        {
            Type = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : null;
            return;
        }
        if (property.Name.StartsWith('_'))
        {
            AddShadow(property.Name[1..], property.Value, ref left);
            return;
        }
        if (property.Value.ValueKind != JsonValueKind.Array)
        {
            var read = Of(property.Value, ref left);
            // Its extensions may have come before the value.
            if (read.Value is not null && this[property.Name] is { Value: null } before) before.Value = read.Value;
            else children.Add((property.Name, read));
            return;
        }
        foreach (var item in property.Value.EnumerateArray()) children.Add((property.Name, Of(item, ref left)));
    }

    /// <summary>The id and extensions of a primitive: they belong to the value of that name, or stand in its place.</summary>
    private void AddShadow(string name, JsonElement shadow, ref int left)
    {
        if (shadow.ValueKind != JsonValueKind.Object) return;
        var read = Of(shadow, ref left);
        if (this[name] is { } value) value.children.AddRange(read.children);
        else children.Add((name, read));
    }
}
