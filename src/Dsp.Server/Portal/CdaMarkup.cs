using System.Globalization;
using System.Text.Encodings.Web;
using Dsp.Documents;
using Dsp.Interop.Cda;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Html;

namespace Dsp.Server.Portal;

/// <summary>
/// A CDA inside a page: markup that our own writer made of the document's model, every text of it encoded there; never a
/// byte of the document as it came.
/// </summary>
public sealed class CdaMarkup : IHtmlContent
{
    private readonly string html;

    private CdaMarkup(string html, bool isProblem) => (this.html, IsProblem) = (html, isProblem);

    /// <summary>The bytes are no CDA that can be shown: the markup says so, and has no heading of its own.</summary>
    public bool IsProblem { get; }

    /// <summary>The document, or the words that it cannot be shown.</summary>
    public static CdaMarkup Of(byte[] bytes, Language language)
    {
        var rendering = CdaRendering.In(CultureInfo.GetCultureInfo(language.Culture));
        return CdaReader.TryRead(bytes, out var document, out var problem)
            ? new CdaMarkup(CdaHtml.Render(document, rendering), isProblem: false)
            : new CdaMarkup(CdaHtml.Render(problem, rendering), isProblem: true);
    }

    /// <summary>All bytes of an opened document.</summary>
    public static async Task<byte[]> BytesAsync(OpenedDocument opened, CancellationToken cancel)
    {
        using var all = new MemoryStream();
        await foreach (var piece in opened.Bytes.WithCancellation(cancel)) await all.WriteAsync(piece, cancel);
        return all.ToArray();
    }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(html);
}
