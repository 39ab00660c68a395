namespace Dsp.Interop.Pdf;

/// <summary>Puts blocks on pages and records which piece of text belongs to which element. Measures in points, from the bottom.</summary>
internal sealed class PdfLayout(PdfFont regular, PdfFont bold)
{
    public const double Width = 595.28, Height = 841.89, Margin = 56.7;

    private const double Top = Height - 72, Bottom = 68, TextSize = 10.5, Leading = 1.4, Padding = 4;

    private double y;

    public List<PdfPage> Pages { get; } = [];

    public PdfElement Document { get; } = new("Document");

    private static double Available => Width - (2 * Margin);

    private PdfPage Page => Pages[^1];

    public void Place(IReadOnlyList<PdfBlock> blocks)
    {
        NewPage();
        foreach (var block in blocks)
        {
            switch (block)
            {
                case PdfHeading heading:
                    Heading(heading);
                    break;
                case PdfParagraph paragraph:
                    Lines(Document.Add("P"), paragraph.Text, paragraph.Bold ? bold : regular, TextSize, Margin, Available);
                    y -= 5;
                    break;
                case PdfList list:
                    List(list);
                    break;
                case PdfFields fields:
                    Fields(fields);
                    break;
                case PdfTable table:
                    Table(table);
                    break;
                case PdfSpace space:
                    y -= space.Points;
                    break;
            }
        }
    }

    private void NewPage()
    {
        Pages.Add(new PdfPage());
        y = Top;
    }

    private void Need(double height)
    {
        if (y - height < Bottom)
        {
            NewPage();
        }
    }

    private void Heading(PdfHeading heading)
    {
        var level = Math.Clamp(heading.Level, 1, 4);
        var size = level switch { 1 => 17.0, 2 => 13.0, 3 => 11.5, _ => TextSize };
        y -= y < Top ? size * 0.6 : 0;
        // A heading stays with the line that follows it.
        Need((size * Leading) + (3 * TextSize * Leading));
        Lines(Document.Add("H" + level.ToString(System.Globalization.CultureInfo.InvariantCulture)), heading.Text, bold, size, Margin, Available);
        y -= 3;
    }

    private void List(PdfList list)
    {
        var element = Document.Add("L", "/A << /O /List /ListNumbering /Disc >>");
        foreach (var item in list.Items)
        {
            var entry = element.Add("LI");
            Need(TextSize * Leading);
            var bullet = entry.Add("Lbl");
            Page.Text(bullet, Pages.Count - 1, "F1", TextSize, Margin + 6, y - TextSize, regular.Encode("•"));
            Lines(entry.Add("LBody"), item, regular, TextSize, Margin + 20, Available - 20);
        }

        y -= 5;
    }

    private void Lines(PdfElement owner, string text, PdfFont font, double size, double x, double width)
    {
        foreach (var line in PdfLines.Break(text, font, size, width))
        {
            Need(size * Leading);
            Draw(owner, line, font, size, x);
            y -= size * Leading;
        }
    }

    private void Draw(PdfElement owner, string line, PdfFont font, double size, double x) =>
        Page.Text(owner, Pages.Count - 1, font == bold ? "F2" : "F1", size, x, y - size, font.Encode(line));

    private void Fields(PdfFields fields)
    {
        var widest = fields.Rows.Count == 0 ? 0 : fields.Rows.Max(r => bold.Width(r.Label, TextSize));
        var first = Math.Min(widest + (3 * Padding), Available * 0.45);
        var element = Document.Add("Table");
        foreach (var (label, value) in fields.Rows)
        {
            var row = element.Add("TR");
            Row([(row.Add("TH", "/A << /O /Table /Scope /Row >>"), label, bold), (row.Add("TD"), value, regular)], [first, Available - first], repeat: null, padding: 1.5);
        }

        y -= 6;
    }

    private void Table(PdfTable table)
    {
        var columns = Math.Max(table.Head.Count, table.Rows.Count == 0 ? 0 : table.Rows.Max(r => r.Count));
        if (columns == 0)
        {
            return;
        }

        var widths = Widths(table, columns);
        var element = Document.Add("Table");
        var head = Complete(table.Head, columns);
        var headRow = element.Add("TR");
        Page.Rule(Margin, Width - Margin, y);
        Row([.. head.Select(h => (headRow.Add("TH", "/A << /O /Table /Scope /Column >>"), h, bold))], widths, repeat: null);
        Page.Rule(Margin, Width - Margin, y);
        foreach (var cells in table.Rows)
        {
            var row = element.Add("TR");
            Row([.. Complete(cells, columns).Select(c => (row.Add("TD"), c, regular))], widths, head);
            Page.Rule(Margin, Width - Margin, y);
        }

        y -= 8;
    }

    private static string[] Complete(IReadOnlyList<string> cells, int columns) =>
        [.. Enumerable.Range(0, columns).Select(i => i < cells.Count ? cells[i] : "")];

    /// <summary>Every column holds its longest word when the page allows it; the rest is shared by what the columns hold.</summary>
    private double[] Widths(PdfTable table, int columns)
    {
        var texts = Enumerable.Range(0, columns).Select(i => table.Rows.Append(table.Head).Where(r => i < r.Count).Select(r => r[i]).ToList()).ToList();
        var least = texts.Select(t => t.SelectMany(c => c.Split(' ', '\n')).Select(w => bold.Width(w, TextSize)).DefaultIfEmpty().Max() + (2 * Padding) + 1).ToArray();
        var wanted = texts.Select((t, i) => Math.Max(least[i], Math.Min(t.Select(c => bold.Width(c, TextSize)).DefaultIfEmpty().Max() + (3 * Padding), 260))).ToArray();
        if (wanted.Sum() <= Available)
        {
            return [.. wanted.Select(w => w * Available / wanted.Sum())];
        }

        var free = Available - least.Sum();
        return free <= 0
            ? [.. least.Select(w => w * Available / least.Sum())]
            : [.. wanted.Select((w, i) => least[i] + ((w - least[i]) * free / (wanted.Sum() - least.Sum())))];
    }

    /// <summary>One row. It moves to the next page whole, or breaks between lines when it is taller than a page.</summary>
    private void Row((PdfElement Owner, string Text, PdfFont Font)[] cells, double[] widths, string[]? repeat, double padding = Padding)
    {
        var lines = cells.Select((c, i) => PdfLines.Break(c.Text, c.Font, TextSize, widths[i] - (2 * Padding))).ToArray();
        var count = lines.Max(l => l.Count);
        var lineHeight = TextSize * Leading;
        if (y - (count * lineHeight) - (2 * padding) < Bottom && (count * lineHeight) + (6 * lineHeight) < Top - Bottom)
        {
            Continue(widths, repeat);
        }

        y -= padding;
        for (var n = 0; n < count; n++)
        {
            if (y - lineHeight < Bottom)
            {
                Continue(widths, repeat);
            }

            var x = Margin + Padding;
            for (var i = 0; i < cells.Length; i++)
            {
                if (n < lines[i].Count && lines[i][n].Length > 0)
                {
                    Draw(cells[i].Owner, lines[i][n], cells[i].Font, TextSize, x);
                }

                x += widths[i];
            }

            y -= lineHeight;
        }

        y -= padding;
    }

    /// <summary>A new page with the head row again, as decoration: readers by ear hear it once.</summary>
    private void Continue(double[] widths, string[]? repeat)
    {
        NewPage();
        if (repeat is null)
        {
            return;
        }

        Page.Rule(Margin, Width - Margin, y);
        var x = Margin + Padding;
        var lines = repeat.Select((h, i) => PdfLines.Break(h, bold, TextSize, widths[i] - (2 * Padding))).ToArray();
        for (var i = 0; i < repeat.Length; i++)
        {
            for (var n = 0; n < lines[i].Count; n++)
            {
                Page.Decoration("F2", TextSize, x, y - Padding - TextSize - (n * TextSize * Leading), bold.Encode(lines[i][n]));
            }

            x += widths[i];
        }

        y -= (lines.Max(l => l.Count) * TextSize * Leading) + (2 * Padding);
        Page.Rule(Margin, Width - Margin, y);
    }
}
