using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>ITI-67 Find Document References (MHD 4.2.4 §2:3.67), by GET and by POST, and the read of one.</summary>
internal static class FhirDocumentReference
{
    public static async Task SearchAsync(HttpContext context, BodyReader bodies, FindDocuments find, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var caller = Callers.CallerOf(context);
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var query = parameters.Succeeded
            ? DocumentSearchReader.Read(parameters.Value, FhirParameters.Strict(context.Request), settings.Search, FhirSettings.CallerId(caller))
            : parameters.Refusal;
        var found = query.Succeeded ? await find.RunAsync(caller, patients.Of(query.Value.Patient), query.Value.Search, context.RequestAborted) : query.Refusal;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var page = found.Value;
        var self = $"{settings.Base}/DocumentReference?{query.Value.Applied}";
        var next = page.More ? $"{settings.Base}/DocumentReference?{DocumentQuery.PageParameter}={query.Value.Next(page.Documents[^1], settings.Search.PagingKey.Span, FhirSettings.CallerId(caller))}" : null;
        // A relation is shown where its target stands in the same answer: what this caller may see of it is decided already.
        var shown = page.Documents.Select(d => d.Id).ToHashSet();
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, page, new SearchLinks(self, next), settings.Base, shown.Contains, clock.GetUtcNow()));
    }

    public static async Task ReadAsync(HttpContext context, string id, ReadDocumentEntry read, FhirSettings settings)
    {
        var known = Ids.TryParse(id, out var document);
        var found = FhirMedia.RefusalOf(context) is { } format ? format
            : known ? await read.RunAsync(Callers.CallerOf(context), null, new DocumentId(document), context.RequestAborted)
            : Refusals.NotFound;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        context.Response.Headers.ETag = $"W/\"{found.Value.Version}\"";
        await FhirAnswers.WriteAsync(context, output => CanonicalDocument.Write(output, found.Value, settings.Base, _ => false));
    }
}
