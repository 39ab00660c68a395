using System.Text;
using Dsp.Clinical;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Api;

/// <summary>
/// One document as plain text (architecture §10): the words a person reads in a CDA or FHIR document or a text, without its
/// codes; of a PDF or a scan what was read in it. It is reading the document: the same rules and the same line in the journal.
/// </summary>
internal static class TextRoute
{
    private const int MostRead = 64 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/records/{recordId}/documents/{documentId}/text", TextAsync).Needs(Scopes.Retrieve)
            .Says("The words of the document", "whoever may read it", 200, null, null, "text/plain");

    private static async Task TextAsync(ApiCall call, RetrieveDocument retrieve)
    {
        var found = await retrieve.RunAsync(call.Caller, call.Record, call.Document, range: null, call.Cancel, withReading: true);
        if (!found.Succeeded)
        {
            await call.RefuseAsync(found.Refusal);
            return;
        }
        var document = found.Value.Document;
        var type = DocumentBytes.TypeOf(document).MediaType.Value ?? "";
        var (text, problem) = document.Size > MostRead ? (null, "too-large") : ContentReader.TextOf(type, await ViewRoute.WholeAsync(found.Value, call.Cancel), found.Value.Reading);
        if (text is null)
        {
            await call.RefuseAsync(Refusals.FormatNotSupported.Because(TextProblems.SentenceOf(problem)));
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        call.Context.Response.ContentType = "text/plain; charset=utf-8";
        call.Context.Response.ContentLength = bytes.Length;
        await call.Context.Response.Body.WriteAsync(bytes, call.Cancel);
    }
}
