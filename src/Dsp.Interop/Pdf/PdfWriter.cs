using System.Globalization;
using System.Security;
using System.Text;

namespace Dsp.Interop.Pdf;

/// <summary>
/// Writes PDF 1.7 with embedded font subsets, a structure tree, the document's language and XMP metadata.
/// The structure follows what PDF/UA asks for, but no conformance is claimed: no validator has confirmed it.
/// </summary>
public static class PdfWriter
{
    private const double SmallSize = 8.5;

    /// <summary>The bytes of the file. Equal documents give equal bytes on the same runtime.</summary>
    public static byte[] Write(PdfDocument document)
    {
        var (regular, bold) = (PdfFont.Regular(), PdfFont.Bold());
        var layout = new PdfLayout(regular, bold);
        layout.Place(document.Blocks);
        Edges(document, layout, regular);

        var file = new PdfFile();
        var (tree, pageTree) = (file.Reserve(), file.Reserve());
        var (regularNumber, boldNumber) = (regular.Write(file, "DSPAAA"), bold.Write(file, "DSPAAB"));
        var pages = new List<int>();
        for (var i = 0; i < layout.Pages.Count; i++)
        {
            var content = file.AddStream("", layout.Pages[i].ToBytes());
            pages.Add(file.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"<< /Type /Page /Parent {pageTree} 0 R /MediaBox [0 0 {PdfLayout.Width} {PdfLayout.Height}] /Resources << /Font << /F1 {regularNumber} 0 R /F2 {boldNumber} 0 R >> >> /Contents {content} 0 R /StructParents {i} /Tabs /S >>")));
        }

        file.Set(pageTree, $"<< /Type /Pages /Kids [{References(pages)}] /Count {pages.Count} >>");
        layout.Document.Write(file, tree, pages);
        var parents = string.Join(' ', layout.Pages.Select((page, i) => $"{i} [{References(page.Marks.Select(m => m.Number))}]"));
        var parentTree = file.Add($"<< /Nums [{parents}] >>");
        file.Set(tree, $"<< /Type /StructTreeRoot /K {layout.Document.Number} 0 R /ParentTree {parentTree} 0 R /ParentTreeNextKey {pages.Count} >>");

        var metadata = file.AddStream("/Type /Metadata /Subtype /XML", Encoding.UTF8.GetBytes(Xmp(document)), plain: true);
        var info = file.Add($"<< /Title {PdfFile.Text(document.Title)} {(document.Author is { } author ? "/Author " + PdfFile.Text(author) : "")} /Producer (DSP) /CreationDate {Date(document.Created)} /ModDate {Date(document.Created)} >>");
        var catalog = file.Add($"<< /Type /Catalog /Pages {pageTree} 0 R /Lang {PdfFile.Text(document.Language)} /MarkInfo << /Marked true >> /StructTreeRoot {tree} 0 R /Metadata {metadata} 0 R /ViewerPreferences << /DisplayDocTitle true >> >>");
        return file.Close(catalog, info);
    }

    /// <summary>Header, footer and page number, once the number of pages is known.</summary>
    private static void Edges(PdfDocument document, PdfLayout layout, PdfFont font)
    {
        for (var i = 0; i < layout.Pages.Count; i++)
        {
            var page = layout.Pages[i];
            var number = document.PageNumber(i + 1, layout.Pages.Count);
            var room = PdfLayout.Width - (2 * PdfLayout.Margin) - font.Width(number, SmallSize) - 12;
            if (document.Header.Length > 0)
            {
                page.Decoration("F1", SmallSize, PdfLayout.Margin, PdfLayout.Height - 44, font.Encode(OneLine(document.Header, room)));
                page.Rule(PdfLayout.Margin, PdfLayout.Width - PdfLayout.Margin, PdfLayout.Height - 52);
            }

            if (document.Footer.Length > 0)
            {
                page.Decoration("F1", SmallSize, PdfLayout.Margin, 40, font.Encode(OneLine(document.Footer, room)));
            }

            page.Decoration("F1", SmallSize, PdfLayout.Width - PdfLayout.Margin - font.Width(number, SmallSize), 40, font.Encode(number));
        }

        string OneLine(string text, double width) => PdfLines.Break(text, font, SmallSize, width)[0];
    }

    private static string References(IEnumerable<int> numbers) => string.Join(' ', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture) + " 0 R"));

    private static string Date(DateTimeOffset time) => "(D:" + time.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + "Z)";

    private static string Xmp(PdfDocument document)
    {
        var created = document.Created.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var author = document.Author is { } name ? $"<dc:creator><rdf:Seq><rdf:li>{Escape(name)}</rdf:li></rdf:Seq></dc:creator>" : "";
        return $"""
            <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
            <dc:format>application/pdf</dc:format>
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{Escape(document.Title)}</rdf:li></rdf:Alt></dc:title>{author}
            <dc:language><rdf:Bag><rdf:li>{Escape(document.Language)}</rdf:li></rdf:Bag></dc:language>
            <xmp:CreateDate>{created}</xmp:CreateDate><xmp:ModifyDate>{created}</xmp:ModifyDate><pdf:Producer>DSP</pdf:Producer>
            </rdf:Description></rdf:RDF></x:xmpmeta>
            <?xpacket end="r"?>
            """;

        static string Escape(string text) => SecurityElement.Escape(text) ?? "";
    }
}
