using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Dsp.Tests.Ui;

/// <summary>
/// Reads well-formed HTML and writes it in one form: attributes and class names sorted, entities decoded, white space that a
/// browser does not show removed. Two texts with the same form look the same to a browser. Malformed nesting is an error.
/// </summary>
internal static partial class HtmlTree
{
    private static readonly HashSet<string> Void = ["input", "img", "br", "hr", "meta", "link"];
    private static readonly HashSet<string> Inline = ["span", "strong", "a", "em", "b", "i", "code", "sup", "abbr", "progress"];

    public static string Normalise(string html)
    {
        var position = 0;
        var result = new StringBuilder();
        Write(Children(html, ref position, ""), result, 0);
        return result.ToString();
    }

    private static List<Node> Children(string html, ref int at, string parent)
    {
        var nodes = new List<Node>();
        while (at < html.Length)
        {
            if (html[at] != '<')
            {
                var end = html.IndexOf('<', at);
                end = end < 0 ? html.Length : end;
                nodes.Add(new Node("", [], [], Decode(html[at..end])));
                at = end;
                continue;
            }

            var tag = TagPattern().Match(html, at);
            if (!tag.Success || tag.Index != at)
            {
                throw new FormatException($"No tag at {at}: {html[at..Math.Min(at + 40, html.Length)]}");
            }

            at += tag.Length;
            var name = tag.Groups["name"].Value;
            if (tag.Groups["close"].Success)
            {
                return name == parent ? nodes : throw new FormatException($"</{name}> closes <{parent}>.");
            }

            var attributes = AttributePattern().Matches(tag.Groups["attributes"].Value)
                .Select(a => (Name: a.Groups["n"].Value, Value: a.Groups["v"].Success ? Value(a.Groups["n"].Value, a.Groups["v"].Value) : (string?)null))
                .OrderBy(a => a.Name, StringComparer.Ordinal).ToList();
            var leaf = Void.Contains(name) || tag.Groups["self"].Success;
            nodes.Add(new Node(name, attributes, leaf ? [] : Children(html, ref at, name), null));
        }

        return parent.Length == 0 ? nodes : throw new FormatException($"<{parent}> is not closed.");
    }

    private static string Value(string name, string raw)
    {
        var value = Decode(raw);
        return name == "class"
            ? string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))
            : value;
    }

    private static string Decode(string text) => WebUtility.HtmlDecode(text.Replace("&ctdot;", "⋯", StringComparison.Ordinal));

    private static void Write(List<Node> nodes, StringBuilder to, int depth, bool preformatted = false)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (node.Text is not null)
            {
                var text = preformatted ? node.Text : Spaces().Replace(node.Text, " ");
                var keepStart = preformatted || (i > 0 && Inline.Contains(nodes[i - 1].Name));
                var keepEnd = preformatted || (i < nodes.Count - 1 && Inline.Contains(nodes[i + 1].Name));
                text = keepStart ? text : text.TrimStart(' ');
                text = keepEnd ? text : text.TrimEnd(' ');
                // A space alone counts only between two inline neighbours.
                if (text.Length > 0 && (text != " " || (keepStart && keepEnd)))
                {
                    to.Append(' ', depth * 2).Append('"').Append(text).Append("\"\n");
                }

                continue;
            }

            to.Append(' ', depth * 2).Append(node.Name);
            foreach (var (name, value) in node.Attributes)
            {
                to.Append(' ').Append(name).Append(value is null ? "" : "=\"" + value + "\"");
            }

            to.Append('\n');
            Write(node.Children, to, depth + 1, node.Name is "textarea" or "pre");
        }
    }

    [GeneratedRegex("""<(?<close>/)?(?<name>[a-zA-Z][a-zA-Z0-9]*)(?<attributes>(\s+[^\s=>/"]+(\s*=\s*"[^"]*")?)*)\s*(?<self>/)?>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TagPattern();

    [GeneratedRegex("""(?<n>[^\s=>/"]+)(\s*=\s*"(?<v>[^"]*)")?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AttributePattern();

    [GeneratedRegex("[ \t\r\n]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Spaces();

    private sealed record Node(string Name, List<(string Name, string? Value)> Attributes, List<Node> Children, string? Text);
}
