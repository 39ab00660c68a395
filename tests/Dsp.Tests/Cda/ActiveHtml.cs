using System.Text.RegularExpressions;

namespace Dsp.Tests.Cda;

/// <summary>Looks for anything in a page that a browser would run, load or frame. Knows nothing of the writer.</summary>
internal static partial class ActiveHtml
{
    private static readonly string[] Harmless =
    [
        "html", "head", "meta", "title", "link", "body", "main", "article", "section", "div", "p", "span", "strong", "em", "u", "sub", "sup", "ins", "del", "br",
        "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "ul", "ol", "li", "a", "!doctype",
    ];

    /// <summary>The first thing found, or null.</summary>
    public static string? In(string page)
    {
        foreach (Match tag in Tag().Matches(page))
        {
            var name = tag.Groups["name"].Value.ToLowerInvariant();
            var inside = tag.Groups["inside"].Value;
            if (!Harmless.Contains(name))
            {
                return "element " + name;
            }

            foreach (Match attribute in Attribute().Matches(inside))
            {
                var key = attribute.Groups["key"].Value.ToLowerInvariant();
                var value = attribute.Groups["value"].Value;
                if (key.StartsWith("on", StringComparison.Ordinal) || key is "style" or "src" or "srcset" or "action" or "formaction" or "data" or "background" or "http-equiv")
                {
                    return $"attribute {key} of {name}";
                }

                if (key == "href" && !value.StartsWith('#') && !(value.StartsWith('/') && !value.StartsWith("//", StringComparison.Ordinal)))
                {
                    return $"address {value}";
                }
            }
        }

        return null;
    }

    [GeneratedRegex("""<(?<name>[!A-Za-z][^\s/>]*)(?<inside>(?:[^>"']|"[^"]*"|'[^']*')*)>""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<key>[^\s=/"']+)(?:\s*=\s*(?:"(?<value>[^"]*)"|'(?<value>[^']*)'|(?<value>[^\s"'>]+)))?""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Attribute();
}
