using System.Globalization;
using System.Xml.Linq;

namespace Dsp.Interop.Cda;

/// <summary>
/// Turns a section's text into the closed set of nodes. Elements are known by local name, whatever their namespace;
/// an unknown element gives its content, an unknown attribute gives nothing.
/// </summary>
internal static class CdaNarrativeReader
{
    public static IReadOnlyList<CdaNode> Read(IEnumerable<XElement> texts) => [.. texts.SelectMany(Children)];

    private static List<CdaNode> Children(XElement parent)
    {
        var nodes = new List<CdaNode>();
        foreach (var node in parent.Nodes())
        {
            if (node is XText text)
            {
                nodes.Add(new CdaTextRun(text.Value));
            }
            else if (node is XElement element && element.Name.LocalName != "caption")
            {
                nodes.AddRange(Element(element));
            }
        }

        return nodes;
    }

    private static IEnumerable<CdaNode> Element(XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "br":
                return [new CdaLineBreak()];
            case "paragraph" or "p" or "div":
                return [new CdaParagraph(Style(element), Anchor(element), Caption(element), Children(element))];
            case "list" or "ol" or "ul":
                return [List(element)];
            case "table":
                return Table(element);
            case "sub":
                return [Span(element, CdaStyle.Subscript)];
            case "sup":
                return [Span(element, CdaStyle.Superscript)];
            case "b" or "strong":
                return [Span(element, CdaStyle.Bold)];
            case "i" or "em":
                return [Span(element, CdaStyle.Italic)];
            case "linkHtml" or "a":
                return [Link(element)];
            case "footnote":
                return [new CdaFootnote(Anchor(element), Children(element))];
            case "footnoteRef" when element.Attribute("IDREF")?.Value is { Length: > 0 } target:
                return [new CdaFootnoteMark(target)];
            case "renderMultiMedia":
                return [new CdaMediaNote(element.Attribute("referencedObject")?.Value ?? "", Caption(element))];
            case "caption" or "col" or "colgroup":
                return [];
            case "content":
                return [.. Caption(element), Span(element, Style(element))];
            default:
                // Stray rows and cells too: their words stay apart.
                return [Span(element, CdaStyle.None), new CdaTextRun(" ")];
        }
    }

    private static CdaSpan Span(XElement element, CdaStyle style) =>
        new(style, CdaHeaderReader.LanguageTag(element.Attribute("language")?.Value), Anchor(element), Children(element));

    private static List<CdaNode> Caption(XElement element) =>
        element.Elements().FirstOrDefault(e => e.Name.LocalName == "caption") is { } caption ? Children(caption) : [];

    private static CdaLink Link(XElement element)
    {
        var href = element.Attribute("href")?.Value.Trim() ?? "";
        var target = href.Length > 1 && href[0] == '#' ? href[1..] : null;
        var shown = target is null && Uri.TryCreate(href, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "mailto";
        return new CdaLink(target, shown ? href : null, Children(element));
    }

    private static CdaList List(XElement list)
    {
        var items = new List<CdaListItem>();
        foreach (var node in list.Nodes())
        {
            if (node is XElement element && element.Name.LocalName is "item" or "li")
            {
                var item = (XElement)node;
                items.Add(new CdaListItem(Anchor(item), Caption(item), Children(item)));
            }
            else if (node is XText text && !string.IsNullOrWhiteSpace(text.Value))
            {
                items.Add(new CdaListItem(null, [], [new CdaTextRun(text.Value)]));
            }
            else if (node is XElement other && other.Name.LocalName != "caption")
            {
                items.Add(new CdaListItem(null, [], [.. Element(other)]));
            }
        }

        var ordered = list.Attribute("listType")?.Value == "ordered" || list.Name.LocalName == "ol";
        return new CdaList(ordered, Marker(list), Caption(list), items);
    }

    private static CdaListMarker Marker(XElement list)
    {
        foreach (var style in Styles(list))
        {
            switch (style)
            {
                case "ARABIC": return CdaListMarker.Arabic;
                case "LITTLEROMAN": return CdaListMarker.SmallRoman;
                case "BIGROMAN": return CdaListMarker.LargeRoman;
                case "LITTLEALPHA": return CdaListMarker.SmallLetter;
                case "BIGALPHA": return CdaListMarker.LargeLetter;
            }
        }

        return CdaListMarker.Default;
    }

    /// <summary>The table, preceded by whatever stood in it outside of cells: nothing readable is lost.</summary>
    private static IEnumerable<CdaNode> Table(XElement table)
    {
        var loose = new List<CdaNode>();
        var groups = new List<CdaRowGroup>();
        var direct = new List<CdaRow>();
        foreach (var node in table.Nodes())
        {
            if (node is XElement element)
            {
                switch (element.Name.LocalName)
                {
                    case "thead" or "tbody" or "tfoot":
                        Flush();
                        groups.Add(new CdaRowGroup(KindOf(element), Rows(element, loose)));
                        break;
                    case "tr":
                        direct.Add(Row(element, loose));
                        break;
                    case "caption":
                        break;
                    default:
                        loose.AddRange(Element(element));
                        break;
                }
            }
            else
            {
                KeepText(node, loose);
            }
        }

        Flush();
        CdaNode result = new CdaTable(Caption(table), groups);
        return loose.Count > 0 ? [new CdaParagraph(CdaStyle.None, null, [], loose), result] : [result];

        void Flush()
        {
            if (direct.Count > 0)
            {
                groups.Add(new CdaRowGroup(CdaRowGroupKind.Body, direct));
                direct = [];
            }
        }
    }

    private static CdaRowGroupKind KindOf(XElement group) => group.Name.LocalName switch
    {
        "thead" => CdaRowGroupKind.Head,
        "tfoot" => CdaRowGroupKind.Foot,
        _ => CdaRowGroupKind.Body,
    };

    private static List<CdaRow> Rows(XElement group, List<CdaNode> loose)
    {
        var rows = new List<CdaRow>();
        foreach (var node in group.Nodes())
        {
            if (node is XElement { Name.LocalName: "tr" } row)
            {
                rows.Add(Row(row, loose));
            }
            else if (node is XElement other)
            {
                loose.AddRange(Element(other));
            }
            else
            {
                KeepText(node, loose);
            }
        }

        return rows;
    }

    private static CdaRow Row(XElement row, List<CdaNode> loose)
    {
        var cells = new List<CdaCell>();
        foreach (var node in row.Nodes())
        {
            if (node is XElement { Name.LocalName: "td" or "th" } cell)
            {
                cells.Add(new CdaCell(cell.Name.LocalName == "th", Scope(cell), Span(cell, "colspan"), Span(cell, "rowspan"), Style(cell) | Alignment(cell), Anchor(cell), Children(cell)));
            }
            else if (node is XElement other)
            {
                loose.AddRange(Element(other));
            }
            else
            {
                KeepText(node, loose);
            }
        }

        return new CdaRow(Anchor(row), cells);
    }

    private static void KeepText(XNode node, List<CdaNode> loose)
    {
        if (node is XText text && !string.IsNullOrWhiteSpace(text.Value))
        {
            loose.Add(new CdaTextRun(text.Value));
        }
    }

    private static int Span(XElement cell, string name) =>
        int.TryParse(cell.Attribute(name)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var span) ? Math.Clamp(span, 1, 1000) : 1;

    private static string? Scope(XElement cell) => cell.Attribute("scope")?.Value is "row" or "col" or "rowgroup" or "colgroup" ? cell.Attribute("scope")!.Value : null;

    private static CdaStyle Alignment(XElement cell) => cell.Attribute("align")?.Value switch
    {
        "right" => CdaStyle.AlignRight,
        "center" => CdaStyle.AlignCenter,
        _ => CdaStyle.None,
    };

    private static string? Anchor(XElement element) => element.Attribute("ID")?.Value is { Length: > 0 } id ? id : null;

    private static CdaStyle Style(XElement element)
    {
        var style = element.Attribute("revised")?.Value switch
        {
            "insert" => CdaStyle.Inserted,
            "delete" => CdaStyle.Deleted,
            _ => CdaStyle.None,
        };
        foreach (var name in Styles(element))
        {
            style |= name switch
            {
                "BOLD" or "XLABEL" => CdaStyle.Bold,
                "ITALICS" or "EMPHASIS" => CdaStyle.Italic,
                "UNDERLINE" => CdaStyle.Underline,
                "BOLDITALICS" => CdaStyle.Bold | CdaStyle.Italic,
                "BOLDUNDERLINE" => CdaStyle.Bold | CdaStyle.Underline,
                "ITALICSUNDERLINE" => CdaStyle.Italic | CdaStyle.Underline,
                "BOLDITALICSUNDERLINE" => CdaStyle.Bold | CdaStyle.Italic | CdaStyle.Underline,
                "XALERT" => CdaStyle.Alert,
                _ => CdaStyle.None,
            };
        }

        return style;
    }

    private static string[] Styles(XElement element) =>
        element.Attribute("styleCode")?.Value.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
}
