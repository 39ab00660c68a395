using System.Text;
using System.Xml.Linq;
using Dsp.Clinical;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>The narrative by the ids its parts carry: entries point into it with <c>#id</c>.</summary>
internal sealed class CdaTexts
{
    private readonly Dictionary<string, XElement> byId = new(StringComparer.Ordinal);

    // A part is read once, however many entries point to it.
    private readonly Dictionary<XElement, string?> known = [];

    public CdaTexts(XElement clinical)
    {
        foreach (var element in clinical.Descendants())
            if (element.Attr("ID") is { Length: > 0 } id) byId.TryAdd(id.Trim(), element);
    }

    /// <summary>An ED or ST: what it points to, else what it holds; white space folded, cut at <see cref="Fact.LongestText"/>.</summary>
    public string? Of(XElement? text)
    {
        if (text is null) return null;
        if (Reference(text) is { } id && byId.TryGetValue(id, out var part) && !text.AncestorsAndSelf().Contains(part))
        {
            if (!known.TryGetValue(part, out var words)) known.Add(part, words = Words(part));
            if (words is not null) return words;
        }
        return text.Attr("representation") == "B64" ? null : Words(text);
    }

    /// <summary>The id a text points to, without its #; null where it holds its words itself.</summary>
    public static string? Reference(XElement? text) =>
        text?.Elements().FirstOrDefault(e => e.Name.LocalName == "reference")?.Attr("value")?.Trim() is ['#', .. var id] && id.Length > 0 ? id : null;

    /// <summary>All characters below an element, parts divided by a space, white space folded.</summary>
    private static string? Words(XElement element)
    {
        var words = new StringBuilder();
        Append(words, element, Fact.LongestText + 1);
        return CdaHeaderReader.Clean(words.ToString()) is not { } clean ? null : clean.Length > Fact.LongestText ? clean[..Fact.LongestText] : clean;
    }

    /// <summary>Adds the characters below an element until there are so many.</summary>
    public static void Append(StringBuilder words, XElement element, int most)
    {
        foreach (var node in element.DescendantNodes())
        {
            if (words.Length >= most) return;
            if (node is not XText text) continue;
            // Inline markup divides no word; every other element is a place of its own.
            if (words.Length > 0 && node.PreviousNode is null && node.Parent!.Name.LocalName is not ("content" or "sub" or "sup" or "linkHtml")) words.Append(' ');
            words.Append(text.Value);
            if (node.NextNode is XElement { Name.LocalName: not ("content" or "sub" or "sup" or "linkHtml") }) words.Append(' ');
        }
    }
}
