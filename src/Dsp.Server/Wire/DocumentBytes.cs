using Dsp.Documents;
using Microsoft.Net.Http.Headers;

namespace Dsp.Server.Wire;

/// <summary>Writes a document's bytes as they were deposited, with what lets a receiver check them (RFC 9110, RFC 9530).</summary>
internal static class DocumentBytes
{
    private static readonly MediaTypeHeaderValue Unknown = new("application/octet-stream");

    /// <summary>The type the depositor declared; an unreadable one is unknown bytes.</summary>
    public static MediaTypeHeaderValue TypeOf(StoredDocument document) => MediaTypeHeaderValue.TryParse(document.Metadata.MimeType, out var type) ? type : Unknown;

    /// <summary>A strong tag: the bytes of an id never change.</summary>
    public static EntityTagHeaderValue TagOf(StoredDocument document) => new($"\"{Convert.ToHexStringLower(document.Metadata.Sha256)}\"");

    public static async Task WriteAsync(HttpContext context, OpenedDocument opened, bool asFile)
    {
        var document = opened.Document;
        Describe(context, document, asFile);
        var response = context.Response;
        var partial = opened.Count != document.Size;
        response.StatusCode = partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        if (partial) response.Headers.ContentRange = new ContentRangeHeaderValue(opened.Offset, opened.Offset + opened.Count - 1, document.Size).ToString();
        response.ContentLength = opened.Count;
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await foreach (var piece in opened.Bytes.WithCancellation(context.RequestAborted)) await response.Body.WriteAsync(piece, context.RequestAborted);
    }

    private static void Describe(HttpContext context, StoredDocument document, bool asFile)
    {
        var headers = context.Response.Headers;
        headers.ContentType = TypeOf(document).ToString();
        headers.ETag = TagOf(document).ToString();
        headers.AcceptRanges = "bytes";
        var digest = Convert.ToBase64String(document.Metadata.Sha256);
        headers["Repr-Digest"] = $"sha-256=:{digest}:";
        headers["Digest"] = $"SHA-256={digest}";
        // The name says nothing: no title leaves in a header.
        headers.ContentDisposition = asFile ? $"attachment; filename=\"{document.Id}\"" : "inline";
    }
}

/// <summary>The part of a representation that a Range header asks for (RFC 9110 §14): one range; several are answered whole.</summary>
internal static class ByteRange
{
    /// <returns>Decides offset and count once the length is known; null: all. Inside, null: not satisfiable.</returns>
    public static Func<long, (long Offset, long Count)?>? Of(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) || !RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range)) return null;
        if (!range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || range.Ranges.Count != 1) return null;
        var part = range.Ranges.Single();
        return length => Within(part, length);
    }

    private static (long Offset, long Count)? Within(RangeItemHeaderValue part, long length)
    {
        if (part.From is not { } from) return part.To is { } last && last > 0 && length > 0 ? (Math.Max(0, length - last), Math.Min(last, length)) : null;
        return from >= length ? null : (from, Math.Min(part.To ?? long.MaxValue, length - 1) - from + 1);
    }
}
