using System.Globalization;
using System.Text;

namespace Dsp.Interop.Cda;

/// <summary>Shows a document as plain text: for readers, search and comparison.</summary>
public static class CdaText
{
    /// <summary>Header facts, then the sections; tables as rows of cells divided by " | ". Lines end with a line feed.</summary>
    public static string Render(CdaDocument document, CultureInfo culture) => Render(document, CdaLabels.For(culture));

    /// <inheritdoc cref="Render(CdaDocument, CultureInfo)"/>
    public static string Render(CdaDocument document, CdaLabels labels)
    {
        var text = new StringBuilder();
        Line(text, document.Header.Title ?? labels.Untitled);
        text.Append('\n');
        foreach (var fact in CdaFacts.Of(document.Header, labels))
        {
            Line(text, fact.Label + ": " + string.Join("; ", fact.Values));
        }

        foreach (var section in document.Sections)
        {
            Section(text, section, labels);
        }

        if (document.Body is { } body)
        {
            text.Append('\n');
            Line(text, body.Text ?? string.Format(labels.Culture, labels.OtherMedium, body.MediaType));
        }

        return text.ToString();
    }

    /// <summary>The characters of some nodes, white space folded.</summary>
    internal static string Plain(IReadOnlyList<CdaNode> nodes)
    {
        var text = new StringBuilder();
        Walk(nodes, node => text.Append(node is CdaTextRun run ? run.Text : node is CdaLineBreak or CdaParagraph or CdaList or CdaTable ? " " : ""));
        return CdaHeaderReader.Clean(text.ToString()) ?? "";
    }

    /// <summary>Visits every node, parents before children, captions before content. Depth is bounded by the reader.</summary>
    internal static void Walk(IReadOnlyList<CdaNode> nodes, Action<CdaNode> visit)
    {
        foreach (var node in nodes)
        {
            visit(node);
            switch (node)
            {
                case CdaSpan span: Walk(span.Children, visit); break;
                case CdaLink link: Walk(link.Children, visit); break;
                case CdaFootnote note: Walk(note.Children, visit); break;
                case CdaMediaNote media: Walk(media.Caption, visit); break;
                case CdaParagraph paragraph:
                    Walk(paragraph.Caption, visit);
                    Walk(paragraph.Children, visit);
                    break;
                case CdaList list:
                    Walk(list.Caption, visit);
                    foreach (var item in list.Items)
                    {
                        Walk(item.Caption, visit);
                        Walk(item.Children, visit);
                    }

                    break;
                case CdaTable table:
                    Walk(table.Caption, visit);
                    foreach (var cell in table.Groups.SelectMany(g => g.Rows).SelectMany(r => r.Cells))
                    {
                        Walk(cell.Children, visit);
                    }

                    break;
            }
        }
    }

    private static void Section(StringBuilder text, CdaSection section, CdaLabels labels)
    {
        text.Append('\n');
        if ((section.Title ?? section.Code?.Display) is { } title)
        {
            Line(text, title);
        }

        var before = text.Length;
        Blocks(text, section.Narrative, indent: "", labels);
        if (text.Length == before && section.Sections.Count == 0)
        {
            Line(text, section.NullFlavor is not null ? labels.NoInformation : section.HasEntries ? labels.NoReadableText : labels.NotGiven);
        }

        foreach (var inner in section.Sections)
        {
            Section(text, inner, labels);
        }
    }

    private static void Blocks(StringBuilder text, IReadOnlyList<CdaNode> nodes, string indent, CdaLabels labels)
    {
        var run = new StringBuilder();
        foreach (var node in nodes)
        {
            switch (node)
            {
                case CdaTextRun piece:
                    run.Append(piece.Text);
                    break;
                case CdaLineBreak:
                    Flush();
                    break;
                case CdaSpan span when span.Children.Any(c => c is CdaParagraph or CdaList or CdaTable or CdaLineBreak):
                    Flush();
                    Blocks(text, span.Children, indent, labels);
                    break;
                case CdaParagraph paragraph:
                    Flush();
                    Blocks(text, paragraph.Caption, indent, labels);
                    Blocks(text, paragraph.Children, indent, labels);
                    break;
                case CdaList list:
                    Flush();
                    Blocks(text, list.Caption, indent, labels);
                    foreach (var item in list.Items)
                    {
                        var inner = new StringBuilder();
                        Blocks(inner, [.. item.Caption, new CdaTextRun(" "), .. item.Children], indent + "  ", labels);
                        Line(text, indent + "- " + inner.ToString().Trim());
                    }

                    break;
                case CdaTable table:
                    Flush();
                    Blocks(text, table.Caption, indent, labels);
                    foreach (var row in table.Groups.OrderBy(g => g.Kind).SelectMany(g => g.Rows))
                    {
                        Line(text, indent + string.Join(" | ", row.Cells.Select(c => Plain(c.Children))));
                    }

                    break;
                case CdaMediaNote media:
                    run.Append(string.Format(labels.Culture, labels.MediaNote, media.Reference)).Append(' ').Append(Plain(media.Caption));
                    break;
                case CdaLink { Address: { } address } link when Plain(link.Children) is var shown && !shown.Contains(address, StringComparison.OrdinalIgnoreCase):
                    run.Append(shown.Length > 0 ? $"{shown} ({address})" : address);
                    break;
                case CdaFootnote note:
                    run.Append(" [").Append(Plain(note.Children)).Append(']');
                    break;
                default:
                    run.Append(Plain([node]));
                    break;
            }
        }

        Flush();

        void Flush()
        {
            if (CdaHeaderReader.Clean(run.ToString()) is { } line)
            {
                Line(text, indent + line);
            }

            run.Clear();
        }
    }

    private static void Line(StringBuilder text, string line) => text.Append(line.ReplaceLineEndings("\n")).Append('\n');
}
