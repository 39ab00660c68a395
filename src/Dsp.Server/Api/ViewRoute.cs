using System.Text;
using System.Text.Encodings.Web;
using Dsp.Documents;
using Dsp.Interop.Cda;
using Dsp.Server.Wire;
using Dsp.Ui.Languages;
using Microsoft.Net.Http.Headers;

namespace Dsp.Server.Api;

/// <summary>
/// One document as an HTML page of ours: CDA rendered, text as text, everything else by link and never framed. The page runs
/// nothing and loads nothing but our style sheet.
/// </summary>
internal static class ViewRoute
{
    public const string StyleSheet = "/_content/Dsp.Ui/dsp.css";
    private const int MostShown = 32 * 1024 * 1024;

    public static async Task ViewAsync(ApiCall call, RetrieveDocument retrieve, Addresses addresses)
    {
        // Rendering needs the whole document; a larger one than can be rendered is offered by link, its bytes unread.
        var found = await retrieve.RunAsync(call.Caller, call.Record, call.Document, range: null, call.Cancel);
        if (!found.Succeeded)
        {
            await call.RefuseAsync(found.Refusal);
            return;
        }
        var language = Language.Accepted(call.Context.Request.Headers.AcceptLanguage);
        var rendering = CdaRendering.In(System.Globalization.CultureInfo.GetCultureInfo(language.Culture));
        var type = DocumentBytes.TypeOf(found.Value.Document);
        var address = $"{addresses.Fhir}/Binary/{found.Value.Document.Id}";
        var page = found.Value.Document.Size > MostShown ? LinkPage(language, type, address) : Page(await WholeAsync(found.Value, call.Cancel), type, rendering, language, address);
        await WriteAsync(call.Context, page);
    }

    private static string Page(byte[] bytes, MediaTypeHeaderValue type, CdaRendering rendering, Language language, string address)
    {
        if (IsXml(type))
            return CdaReader.TryRead(bytes, out var document, out var problem) ? CdaHtml.Page(document, rendering, StyleSheet) : CdaHtml.Page(problem, rendering, StyleSheet);
        if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) return Frame(language, $"<pre>{HtmlEncoder.Default.Encode(Encoding.UTF8.GetString(bytes))}</pre>");
        return LinkPage(language, type, address);
    }

    private static string LinkPage(Language language, MediaTypeHeaderValue type, string address) =>
        Frame(language, $"<p class=\"govuk-body\"><a class=\"govuk-link\" href=\"{HtmlEncoder.Default.Encode(address)}\">{HtmlEncoder.Default.Encode(WordsOf(language))}</a> ({HtmlEncoder.Default.Encode(type.MediaType.Value ?? "")})</p>");

    private static string Frame(Language language, string content) =>
        $"""
        <!DOCTYPE html>
        <html lang="{language.Code}" class="govuk-template"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><meta name="robots" content="noindex"><title>DSP</title><link rel="stylesheet" href="{StyleSheet}"></head>
        <body class="govuk-template__body"><div class="govuk-width-container"><main class="govuk-main-wrapper" id="main">{content}</main></div></body></html>
        """;

    private static string WordsOf(Language language) => language.Code switch
    {
        "de" => "Dieses Dokument öffnen.",
        "en" => "Open this document.",
        "lb" => "Dëst Dokument opmaachen.",
        "pt" => "Abrir este documento.",
        _ => "Ouvrir ce document.",
    };

    private static bool IsXml(MediaTypeHeaderValue type) =>
        type.MediaType.Value is { } name && (name.EndsWith("/xml", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+xml", StringComparison.OrdinalIgnoreCase)) && !name.Equals("image/svg+xml", StringComparison.OrdinalIgnoreCase);

    internal static async Task<byte[]> WholeAsync(OpenedDocument opened, CancellationToken cancel)
    {
        var bytes = new byte[opened.Count];
        var at = 0;
        await foreach (var piece in opened.Bytes.WithCancellation(cancel))
        {
            piece.CopyTo(bytes.AsMemory(at));
            at += piece.Length;
        }
        return bytes;
    }

    private static async Task WriteAsync(HttpContext context, string page)
    {
        var bytes = Encoding.UTF8.GetBytes(page);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = SurfaceHeaders.ViewPolicy;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
