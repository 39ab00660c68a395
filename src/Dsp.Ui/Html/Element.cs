using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Html;

/// <summary>
/// One HTML or SVG element under construction. Attribute values and texts are encoded when it is written; names are the
/// library's own constants or come from a developer's page, never from data. Inline style and event attributes are refused,
/// because the content security policy would drop them silently.
/// </summary>
public sealed class Element : IHtmlContent
{
    private static readonly HashSet<string> Void = new(StringComparer.Ordinal) { "input", "img", "br", "hr", "meta", "link" };

    private readonly string _name;
    private readonly List<KeyValuePair<string, string?>> _attributes = [];
    private readonly List<IHtmlContent> _children = [];

    /// <param name="name">Element name in lower case.</param>
    /// <param name="classes">Class names; null and empty ones are left out.</param>
    public Element(string name, params ReadOnlySpan<string?> classes)
    {
        _name = name;
        var joined = Classes(classes);
        if (joined.Length > 0)
        {
            _attributes.Add(new("class", joined));
        }
    }

    /// <summary>Joins class names, leaving out null and empty ones.</summary>
    public static string Classes(params ReadOnlySpan<string?> names)
    {
        var result = "";
        foreach (var name in names)
        {
            if (!string.IsNullOrEmpty(name))
            {
                result = result.Length == 0 ? name : result + " " + name;
            }
        }

        return result;
    }

    /// <summary>Adds an attribute unless its value is null or empty.</summary>
    public Element With(string name, string? value) => string.IsNullOrEmpty(value) ? this : WithAlways(name, value);

    /// <summary>Adds an attribute, with an empty value too.</summary>
    public Element WithAlways(string name, string? value)
    {
        Refuse(name);
        _attributes.Add(new(name, value ?? ""));
        return this;
    }

    /// <summary>Adds an attribute without value, such as <c>checked</c>, when <paramref name="on"/>.</summary>
    public Element Flag(string name, bool on)
    {
        if (on)
        {
            Refuse(name);
            _attributes.Add(new(name, null));
        }

        return this;
    }

    /// <summary>Adds the attributes a page gave on top of a component's own.</summary>
    public Element With(Attributes attributes)
    {
        foreach (var (name, value) in attributes)
        {
            Refuse(name);
            _attributes.Add(new(name, value));
        }

        return this;
    }

    /// <summary>Adds a child; null adds nothing. Wins over a text for what can be both, such as a phrase with its language.</summary>
    [OverloadResolutionPriority(1)]
    public Element Add(IHtmlContent? child)
    {
        if (child is not null)
        {
            _children.Add(child);
        }

        return this;
    }

    /// <summary>Adds a text child; null or empty adds nothing.</summary>
    public Element Add(string? text) => Add(Content.Of(text));

    /// <summary>Adds several children.</summary>
    public Element AddAll(IEnumerable<IHtmlContent> children)
    {
        _children.AddRange(children);
        return this;
    }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        writer.Write('<');
        writer.Write(_name);
        foreach (var (name, value) in _attributes)
        {
            writer.Write(' ');
            writer.Write(name);
            if (value is not null)
            {
                writer.Write("=\"");
                encoder.Encode(writer, value);
                writer.Write('"');
            }
        }

        writer.Write('>');
        if (Void.Contains(_name))
        {
            return;
        }

        foreach (var child in _children)
        {
            child.WriteTo(writer, encoder);
        }

        writer.Write("</");
        writer.Write(_name);
        writer.Write('>');
    }

    /// <summary>The markup as a string; texts and attributes encoded.</summary>
    public override string ToString() => this.ToMarkup();

    private static void Refuse(string name)
    {
        if (name.Equals("style", StringComparison.OrdinalIgnoreCase) || name.StartsWith("on", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The attribute {name} is refused: the content security policy allows no inline style or script.", nameof(name));
        }
    }
}
