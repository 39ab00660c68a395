using System.Collections.Frozen;
using System.Text;

namespace Dsp.Interop.Cda;

/// <summary>
/// Writes HTML that cannot act: only the elements and attributes listed here can be opened at all, every text and value
/// passes the encoder, addresses are places of the same page or paths of the same origin.
/// </summary>
/// <remarks>
/// The framework's HtmlEncoder is not used: it writes "+" and every character beyond the first plane as references, which
/// hides them from a search in the page's source. Inside elements and quoted attributes these five suffice.
/// </remarks>
internal sealed class HtmlWriter
{
    private static readonly FrozenSet<string> Elements = FrozenSet.ToFrozenSet(
    [
        "html", "head", "meta", "title", "link", "body", "main", "article", "header", "section", "div", "p", "span",
        "strong", "em", "u", "sub", "sup", "ins", "del", "br", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd",
        "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "ul", "ol", "li", "a", "pre",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Attributes = FrozenSet.ToFrozenSet(
    [
        "class", "id", "lang", "href", "scope", "colspan", "rowspan", "type", "role", "aria-label", "tabindex", "charset", "name", "content", "rel",
    ], StringComparer.Ordinal);

    private readonly StringBuilder output = new();

    public void Doctype() => output.Append("<!DOCTYPE html>\n");

    public HtmlWriter Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        if (!Elements.Contains(element))
        {
            throw new InvalidOperationException($"Element {element} is not on the list.");
        }

        output.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
            {
                continue;
            }

            if (!Attributes.Contains(name) || (name == "href" && !IsLocal(value)))
            {
                throw new InvalidOperationException($"Attribute {name} is not on the list or leaves this origin.");
            }

            output.Append(' ').Append(name).Append("=\"");
            Encode(value);
            output.Append('"');
        }

        output.Append('>');
        return this;
    }

    public HtmlWriter Close(string element)
    {
        output.Append("</").Append(element).Append('>');
        return this;
    }

    public HtmlWriter Text(string? text)
    {
        Encode(text ?? "");
        return this;
    }

    public HtmlWriter Line()
    {
        output.Append('\n');
        return this;
    }

    public override string ToString() => output.ToString();

    /// <summary>A place of this page, or a path from the root of this origin.</summary>
    public static bool IsLocal(string address) =>
        address.StartsWith('#') || (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal) && !address.AsSpan().ContainsAny('\\', '\n', '\t'));

    private void Encode(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<': output.Append("&lt;"); break;
                case '>': output.Append("&gt;"); break;
                case '&': output.Append("&amp;"); break;
                case '"': output.Append("&quot;"); break;
                case '\'': output.Append("&#39;"); break;
                default:
                    if (rune.IsBmp)
                    {
                        output.Append((char)rune.Value);
                    }
                    else
                    {
                        output.Append(rune.ToString());
                    }

                    break;
            }
        }
    }
}
