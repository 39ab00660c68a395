using System.Globalization;
using System.Text;

namespace Dsp.Interop.Pdf;

/// <summary>An element of the logical structure, with the marked content that belongs to it in reading order.</summary>
internal sealed class PdfElement(string role, string? attributes = null)
{
    private readonly List<(PdfElement? Child, int Page, int Mark)> kids = [];

    public int Number { get; private set; }

    public PdfElement Add(string childRole, string? childAttributes = null)
    {
        var child = new PdfElement(childRole, childAttributes);
        kids.Add((child, 0, 0));
        return child;
    }

    public void Mark(int page, int mark) => kids.Add((null, page, mark));

    /// <summary>Writes the element below its parent, children after it.</summary>
    /// <param name="pages">Object numbers of the pages.</param>
    public void Write(PdfFile file, int parent, IReadOnlyList<int> pages)
    {
        Number = file.Reserve();
        var list = new StringBuilder();
        foreach (var (child, page, mark) in kids)
        {
            if (child is not null)
            {
                child.Write(file, Number, pages);
                list.Append(CultureInfo.InvariantCulture, $"{child.Number} 0 R ");
            }
            else
            {
                list.Append(CultureInfo.InvariantCulture, $"<< /Type /MCR /Pg {pages[page]} 0 R /MCID {mark} >> ");
            }
        }

        file.Set(Number, $"<< /Type /StructElem /S /{role} /P {parent} 0 R {attributes} /K [{list}] >>");
    }
}

/// <summary>The drawing of one page: what is content and belongs to an element, what is decoration.</summary>
internal sealed class PdfPage
{
    private readonly StringBuilder drawing = new();

    /// <summary>The element each marked piece belongs to; the index is its mark.</summary>
    public List<PdfElement> Marks { get; } = [];

    public void Text(PdfElement owner, int page, string font, double size, double x, double y, string encoded)
    {
        owner.Mark(page, Marks.Count);
        drawing.Append(CultureInfo.InvariantCulture, $"/Span << /MCID {Marks.Count} >> BDC ");
        Marks.Add(owner);
        Draw(font, size, x, y, encoded);
    }

    public void Decoration(string font, double size, double x, double y, string encoded)
    {
        drawing.Append("/Artifact BMC ");
        Draw(font, size, x, y, encoded);
    }

    public void Rule(double x1, double x2, double y) =>
        drawing.Append(CultureInfo.InvariantCulture, $"/Artifact BMC 0.6 G 0.5 w {x1:0.##} {y:0.##} m {x2:0.##} {y:0.##} l S 0 G EMC\n");

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(drawing.ToString());

    private void Draw(string font, double size, double x, double y, string encoded) =>
        drawing.Append(CultureInfo.InvariantCulture, $"BT /{font} {size:0.##} Tf {x:0.##} {y:0.##} Td {encoded} Tj ET EMC\n");
}
