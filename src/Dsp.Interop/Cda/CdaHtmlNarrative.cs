using System.Globalization;

namespace Dsp.Interop.Cda;

/// <summary>Writes narrative nodes. Ids on the page are numbers of ours, given only to places that something points to.</summary>
internal sealed class CdaHtmlNarrative
{
    private readonly HtmlWriter html;
    private readonly CdaDocument document;
    private readonly CdaRendering rendering;
    private readonly Dictionary<string, string> targets = new(StringComparer.Ordinal);
    private readonly HashSet<string> placed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> footnoteNumbers = new(StringComparer.Ordinal);
    private readonly List<(int Number, CdaFootnote Note)> pending = [];
    private int footnotes;

    public CdaHtmlNarrative(HtmlWriter html, CdaDocument document, CdaRendering rendering)
    {
        this.html = html;
        this.document = document;
        this.rendering = rendering;
        foreach (var section in document.Sections)
        {
            Collect(section);
        }
    }

    /// <summary>Whether anything can be seen of a node.</summary>
    public static bool Shows(CdaNode node) => node switch
    {
        CdaTextRun run => !string.IsNullOrWhiteSpace(run.Text),
        CdaLineBreak => false,
        CdaSpan span => span.Children.Any(Shows),
        CdaParagraph paragraph => paragraph.Children.Any(Shows) || paragraph.Caption.Any(Shows),
        CdaLink link => link.Children.Any(Shows) || link.Address is not null,
        _ => true,
    };

    /// <summary>The narrative of one section, its footnotes after it.</summary>
    public void Write(IReadOnlyList<CdaNode> nodes, string? title)
    {
        sectionTitle = title;
        Flow(nodes);
        if (pending.Count == 0)
        {
            return;
        }

        html.Open("p", ("class", "govuk-body govuk-!-font-weight-bold"), ("lang", rendering.Labels.LanguageTag)).Text(rendering.Labels.Footnotes).Close("p");
        html.Open("ul", ("class", "govuk-list dsp-cda-footnotes"));
        for (var i = 0; i < pending.Count; i++)
        {
            var (number, note) = pending[i];
            html.Open("li", ("id", NoteId(number))).Text(number.ToString(CultureInfo.InvariantCulture) + ". ");
            Flow(note.Children, inline: true);
            html.Close("li");
        }

        html.Close("ul").Line();
        pending.Clear();
    }

    private string? sectionTitle;

    /// <summary>Blocks as they are; runs of inline nodes between them become paragraphs, unless <paramref name="inline"/>.</summary>
    private void Flow(IReadOnlyList<CdaNode> nodes, bool inline = false)
    {
        var start = 0;
        while (start < nodes.Count)
        {
            if (IsBlock(nodes[start]))
            {
                Node(nodes[start++]);
                continue;
            }

            var end = start;
            var shows = false;
            while (end < nodes.Count && !IsBlock(nodes[end]))
            {
                shows |= Shows(nodes[end++]);
            }

            if (shows && !inline)
            {
                html.Open("p", ("class", "govuk-body"));
            }

            for (; start < end; start++)
            {
                if (shows)
                {
                    Node(nodes[start]);
                }
            }

            if (shows && !inline)
            {
                html.Close("p").Line();
            }
        }
    }

    private static bool IsBlock(CdaNode node) => node switch
    {
        CdaParagraph or CdaList or CdaTable => true,
        CdaSpan span => span.Children.Any(IsBlock),
        CdaLink link => link.Children.Any(IsBlock),
        _ => false,
    };

    private void Node(CdaNode node)
    {
        switch (node)
        {
            case CdaTextRun run:
                html.Text(run.Text);
                break;
            case CdaLineBreak:
                html.Open("br");
                break;
            case CdaSpan span:
                Span(span);
                break;
            case CdaParagraph paragraph:
                Paragraph(paragraph);
                break;
            case CdaList list:
                List(list);
                break;
            case CdaTable table:
                CdaHtmlTable.Write(html, table, sectionTitle, Id, children => Flow(children, inline: true));
                break;
            case CdaLink link:
                Link(link);
                break;
            case CdaMediaNote media:
                Media(media);
                break;
            case CdaFootnote footnote:
                var number = ++footnotes;
                if (footnote.Anchor is { } anchor)
                {
                    footnoteNumbers.TryAdd(anchor, number);
                }

                pending.Add((number, footnote));
                Mark(number);
                break;
            case CdaFootnoteMark mark:
                if (footnoteNumbers.TryGetValue(mark.Target, out var known))
                {
                    Mark(known);
                }

                break;
        }
    }

    private void Mark(int number) =>
        html.Open("sup").Open("a", ("class", "govuk-link"), ("href", "#" + NoteId(number)))
            .Text(number.ToString(CultureInfo.InvariantCulture)).Close("a").Close("sup");

    private void Span(CdaSpan span)
    {
        var block = span.Children.Any(IsBlock);
        var outer = block ? "div" : "span";
        var id = Id(span.Anchor);
        var plain = span.Language is null && id is null && (span.Style & CdaStyle.Alert) == CdaStyle.None;
        if (!plain)
        {
            html.Open(outer, ("class", (span.Style & CdaStyle.Alert) != CdaStyle.None ? "dsp-cda-alert" : null), ("lang", span.Language), ("id", id));
        }

        // A phrasing element may not hold blocks: there the style gives way to the structure.
        var tags = block ? [] : CdaHtmlTable.StyleTags(span.Style).ToList();
        tags.ForEach(tag => html.Open(tag));
        Flow(span.Children, inline: !block);
        tags.Reverse();
        tags.ForEach(tag => html.Close(tag));
        if (!plain)
        {
            html.Close(outer);
        }
    }

    private void Paragraph(CdaParagraph paragraph)
    {
        Caption(paragraph.Caption);
        if (!paragraph.Children.Any(Shows))
        {
            return;
        }

        var element = paragraph.Children.Any(IsBlock) ? "div" : "p";
        html.Open(element, ("class", "govuk-body"), ("id", Id(paragraph.Anchor)));
        var tags = element == "div" ? [] : CdaHtmlTable.StyleTags(paragraph.Style).ToList();
        tags.ForEach(tag => html.Open(tag));
        Flow(paragraph.Children, inline: true);
        tags.Reverse();
        tags.ForEach(tag => html.Close(tag));
        html.Close(element).Line();
    }

    private void Caption(IReadOnlyList<CdaNode> caption)
    {
        if (caption.Any(Shows))
        {
            html.Open("p", ("class", "govuk-body govuk-!-font-weight-bold"));
            Flow(caption, inline: true);
            html.Close("p").Line();
        }
    }

    private void List(CdaList list)
    {
        Caption(list.Caption);
        if (list.Items.Count == 0)
        {
            return;
        }

        var ordered = list.Ordered || list.Marker != CdaListMarker.Default;
        var type = list.Marker switch
        {
            CdaListMarker.SmallRoman => "i",
            CdaListMarker.LargeRoman => "I",
            CdaListMarker.SmallLetter => "a",
            CdaListMarker.LargeLetter => "A",
            _ => null,
        };
        var element = ordered ? "ol" : "ul";
        html.Open(element, ("class", ordered ? "govuk-list govuk-list--number" : "govuk-list govuk-list--bullet"), ("type", type)).Line();
        foreach (var item in list.Items)
        {
            html.Open("li", ("id", Id(item.Anchor)));
            if (item.Caption.Any(Shows))
            {
                html.Open("strong");
                Flow(item.Caption, inline: true);
                html.Close("strong").Text(" ");
            }

            Flow(item.Children, inline: true);
            html.Close("li").Line();
        }

        html.Close(element).Line();
    }

    private void Link(CdaLink link)
    {
        var inside = link.Target is not null && targets.TryGetValue(link.Target, out var id) && !link.Children.Any(IsBlock) ? id : null;
        if (inside is not null)
        {
            html.Open("a", ("class", "govuk-link"), ("href", "#" + inside));
        }

        Flow(link.Children, inline: true);
        if (inside is not null)
        {
            html.Close("a");
        }
        else if (link.Address is { } address && !CdaText.Plain(link.Children).Contains(address, StringComparison.OrdinalIgnoreCase))
        {
            html.Text(link.Children.Any(Shows) ? " (" + address + ")" : address);
        }
    }

    private void Media(CdaMediaNote media)
    {
        var labels = rendering.Labels;
        document.Media.TryGetValue(media.Reference, out var attachment);
        var address = attachment?.Bytes is null ? null : rendering.AttachmentAddress?.Invoke(attachment);
        var text = string.Format(labels.Culture, labels.MediaNote, attachment is null ? media.Reference : $"{media.Reference} ({attachment.MediaType})");
        html.Open("span", ("class", "dsp-cda-media"), ("lang", labels.LanguageTag));
        if (address is not null && HtmlWriter.IsLocal(address))
        {
            html.Open("a", ("class", "govuk-link"), ("href", address)).Text(text).Close("a");
        }
        else
        {
            html.Text(text);
        }

        html.Close("span").Text(" ");
        Flow(media.Caption, inline: true);
    }

    private static string NoteId(int number) => "cda-note-" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The id of a place, once, and only when something points to it.</summary>
    private string? Id(string? anchor) =>
        anchor is not null && targets.TryGetValue(anchor, out var id) && placed.Add(anchor) ? id : null;

    private void Collect(CdaSection section)
    {
        CdaText.Walk(section.Narrative, node =>
        {
            if (node is CdaLink { Target: { } target })
            {
                targets.TryAdd(target, "cda-" + (targets.Count + 1).ToString(CultureInfo.InvariantCulture));
            }
        });
        foreach (var inner in section.Sections)
        {
            Collect(inner);
        }
    }
}
