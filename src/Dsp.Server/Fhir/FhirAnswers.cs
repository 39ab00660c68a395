using System.Buffers;
using Dsp.Interop.Fhir;
using Dsp.Server.Wire;
using Hl7.Fhir.Model;

namespace Dsp.Server.Fhir;

/// <summary>The one way out of the FHIR door: what was written as JSON leaves as it is, or as XML, or in part, as its caller wishes.</summary>
internal static class FhirAnswers
{
    /// <param name="write">Writes one resource as JSON.</param>
    public static async System.Threading.Tasks.Task WriteAsync(HttpContext context, Action<IBufferWriter<byte>> write)
    {
        // What no operation told is told here: no answer leaves without its line.
        await CallJournal.TellAsync(context, null);
        var wish = FhirWish.Of(context);
        context.Response.ContentType = FhirMedia.TypeOf(wish);
        if (wish.IsPlain) write(context.Response.BodyWriter);
        else context.Response.BodyWriter.Write(Made(wish, write));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>An outcome or another small resource in the format that is wanted; never in part.</summary>
    public static byte[] Whole(HttpContext context, byte[] json) => FhirWish.Of(context).Xml ? FhirXml.Bytes(FhirJson.Own(json)) : json;

    private static byte[] Made(FhirWish wish, Action<IBufferWriter<byte>> write)
    {
        var json = new ArrayBufferWriter<byte>(8192);
        write(json);
        var resource = FhirJson.Own(json.WrittenSpan);
        // What was found is given in part; a document, what became of a transaction and an outcome are whole or nothing.
        var subset = resource is OperationOutcome or Bundle { Type: not (Bundle.BundleType.Searchset or Bundle.BundleType.History) } ? null : wish.Subset;
        subset?.Mark(resource);
        if (resource is Bundle bundle) Repeat(bundle, wish);
        return wish.Xml ? FhirXml.Bytes(resource, subset?.Filter) : FhirJson.Bytes(resource, subset?.Filter);
    }

    /// <summary>The next page has the form of this one.</summary>
    private static void Repeat(Bundle bundle, FhirWish wish)
    {
        if (wish.Given.Count == 0) return;
        var suffix = string.Concat(wish.Given.Select(g => $"&{g.Key}={Uri.EscapeDataString(g.Value)}"));
        foreach (var link in bundle.Link) link.Url += link.Url?.Contains('?', StringComparison.Ordinal) == true ? suffix : "?" + suffix.TrimStart('&');
    }
}
