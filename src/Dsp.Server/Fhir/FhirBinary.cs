using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Microsoft.Net.Http.Headers;

namespace Dsp.Server.Fhir;

/// <summary>ITI-68 Retrieve Document (MHD 4.2.4 §2:3.68): <c>GET [base]/Binary/{id}</c>, raw bytes unless FHIR is asked for by name.</summary>
internal static class FhirBinary
{
    public static async Task ReadAsync(HttpContext context, string id, RetrieveDocument retrieve, FhirSettings settings)
    {
        if (!Ids.TryParse(id, out var document))
        {
            await Answers.RefuseAsync(context, Refusals.NotFound);
            return;
        }
        // A part or a comparison is of the raw bytes only.
        var asFhir = context.Request.Query.ContainsKey("_format") || context.Request.Headers.Accept.ToString().Contains("application/fhir+", StringComparison.OrdinalIgnoreCase);
        var range = asFhir || context.Request.Headers.ContainsKey(HeaderNames.IfRange) ? null : ByteRange.Of(context.Request);
        var found = await retrieve.RunAsync(Callers.CallerOf(context), record: null, new DocumentId(document), range, context.RequestAborted, formerByHistory: settings.FormerByHistory);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var opened = found.Value;
        switch (FhirMedia.BinaryFormOf(context.Request, DocumentBytes.TypeOf(opened.Document)))
        {
            case BinaryForm.Raw when IsKnown(context.Request, opened.Document):
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                context.Response.Headers.ETag = DocumentBytes.TagOf(opened.Document).ToString();
                break;
            case BinaryForm.Raw:
                await DocumentBytes.WriteAsync(context, opened, asFile: true);
                break;
            case BinaryForm.Fhir:
                await WriteFhirAsync(context, opened);
                break;
            default:
                await Answers.RefuseAsync(context, Refusals.FormatNotSupported);
                break;
        }
    }

    private static bool IsKnown(HttpRequest request, StoredDocument document) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags) && tags.Any(t => t.Compare(DocumentBytes.TagOf(document), useStrongComparison: false));

    /// <summary>The Binary resource, its base64 written piece by piece.</summary>
    private static async Task WriteFhirAsync(HttpContext context, OpenedDocument opened)
    {
        var wish = FhirWish.Of(context);
        context.Response.ContentType = FhirMedia.TypeOf(wish);
        context.Response.Headers.ETag = "W/\"1\"";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        var output = context.Response.BodyWriter;
        var binary = new Interop.Fhir.BinaryWriter(output, wish.Xml);
        binary.Begin(opened.Document.Id.ToString(), 1, DocumentBytes.TypeOf(opened.Document).ToString());
        await foreach (var piece in opened.Bytes.WithCancellation(context.RequestAborted))
        {
            binary.Append(piece.Span);
            await output.FlushAsync(context.RequestAborted);
        }
        binary.End();
        await output.FlushAsync(context.RequestAborted);
    }
}
