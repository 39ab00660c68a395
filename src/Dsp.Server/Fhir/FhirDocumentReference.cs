using System.Globalization;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Microsoft.Net.Http.Headers;

namespace Dsp.Server.Fhir;

/// <summary>ITI-67 Find Document References (MHD 4.2.4 §2:3.67), by GET and by POST, the read of one, and its versions.</summary>
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

    public static async Task ReadAsync(HttpContext context, string id, ReadDocumentEntry read, FhirSettings settings) => await AnswerAsync(context, await FoundAsync(context, id, read), settings);

    public static async Task ReadVersionAsync(HttpContext context, string id, string vid, ReadDocumentEntry read, FhirSettings settings)
    {
        var found = await FoundAsync(context, id, read);
        if (found.Succeeded)
            found = Versions(found.Value).FirstOrDefault(v => v.Version.ToString(CultureInfo.InvariantCulture) == vid) is { } then ? then : Refusals.NotFound;
        await AnswerAsync(context, found, settings);
    }

    public static async Task HistoryAsync(HttpContext context, string id, ReadDocumentEntry read, FhirSettings settings, TimeProvider clock)
    {
        var found = await FoundAsync(context, id, read);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var relative = $"DocumentReference/{found.Value.Id}";
        var versions = Versions(found.Value).Select(v => new HistoryEntry(v.Version, v.State.Since, CanonicalDocument.Bytes(v, settings.Base, _ => false))).ToList();
        await FhirAnswers.WriteAsync(context, output => HistoryBundleWriter.Write(output, $"{settings.Base}/{relative}", relative, versions, clock.GetUtcNow()));
    }

    /// <summary>Newest first: the document as it stands, and as it was deposited. Metadata never change, so nothing lies between but its states.</summary>
    private static IEnumerable<StoredDocument> Versions(StoredDocument document)
    {
        yield return document;
        if (document.Version > 1) yield return document with { Version = 1, State = new DocumentState(DocumentStatus.Current, document.AddedAt) };
    }

    private static async Task<Outcome<StoredDocument>> FoundAsync(HttpContext context, string id, ReadDocumentEntry read)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        return Ids.TryParse(id, out var document) ? await read.RunAsync(Callers.CallerOf(context), null, new DocumentId(document), context.RequestAborted) : Refusals.NotFound;
    }

    private static async Task AnswerAsync(HttpContext context, Outcome<StoredDocument> found, FhirSettings settings)
    {
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var tag = string.Create(CultureInfo.InvariantCulture, $"W/\"{found.Value.Version}\"");
        context.Response.Headers.ETag = tag;
        if (EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known) && known.Any(k => k.Tag == "*" || k.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        await FhirAnswers.WriteAsync(context, output => CanonicalDocument.Write(output, found.Value, settings.Base, _ => false));
    }
}
