using System.Globalization;
using Dsp.Access;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>ITI-66 Find Document Lists (MHD 4.2.4 §2:3.66), by GET and by POST; the read of one submission set or folder, and its versions.</summary>
internal static class FhirList
{
    private const string Type = "List";

    public static async Task SearchAsync(HttpContext context, BodyReader bodies, FindLists find, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var caller = CallerOf(context);
        var callerId = FhirSettings.CallerId(caller);
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var query = parameters.Succeeded ? ListSearchReader.Read(parameters.Value, FhirParameters.Strict(context.Request), settings.Search, callerId) : parameters.Refusal;
        if (query is { Succeeded: true, Value.Search.WithDocuments: true } && !MayInclude(context)) query = Refusals.ScopeMissing.At("_include");
        var found = query.Succeeded ? await find.RunAsync(caller, patients.Of(query.Value.Patient), query.Value.Search, context.RequestAborted) : query.Refusal;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var page = found.Value;
        var next = page.More ? $"{settings.Base}/{Type}?{DocumentQuery.PageParameter}={query.Value.Next(page.Lists[^1], settings.Search.PagingKey.Span, callerId)}" : null;
        var shown = page.Documents.Select(d => d.Id).ToHashSet();
        var entries = page.Lists.Select(l => new SearchEntry($"{settings.Base}/{Type}/{Ids.Text(l.Id)}", CanonicalList.Bytes(l)))
            .Concat(page.Documents.Select(d => new SearchEntry($"{settings.Base}/DocumentReference/{d.Id}", CanonicalDocument.Bytes(d, settings.Base, shown.Contains), Included: true))).ToList();
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, entries, page.Total, new SearchLinks($"{settings.Base}/{Type}?{query.Value.Applied}", next), clock.GetUtcNow()));
    }

    /// <summary>Always in full: what a list shows depends on the reader's rights of this moment, which no version number can tell.</summary>
    public static async Task ReadAsync(HttpContext context, string id, ReadList read) => await AnswerAsync(context, await FoundAsync(context, id, read));

    public static async Task ReadVersionAsync(HttpContext context, string id, string vid, ReadList read)
    {
        var found = await FoundAsync(context, id, read);
        if (found.Succeeded)
            found = int.TryParse(vid, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && found.Value.At(version) is { } then ? then : Refusals.NotFound;
        await AnswerAsync(context, found);
    }

    public static async Task HistoryAsync(HttpContext context, string id, ReadList read, FhirSettings settings, TimeProvider clock)
    {
        var found = await FoundAsync(context, id, read);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var relative = $"{Type}/{Ids.Text(found.Value.Id)}";
        var versions = Enumerable.Range(1, found.Value.Version).Reverse().Select(v => found.Value.At(v)!).Select(l => new HistoryEntry(l.Version, l.ChangedAt, CanonicalList.Bytes(l))).ToList();
        await FhirAnswers.WriteAsync(context, output => HistoryBundleWriter.Write(output, $"{settings.Base}/{relative}", relative, versions, clock.GetUtcNow()));
    }

    private static async Task<Outcome<DocumentList>> FoundAsync(HttpContext context, string id, ReadList read)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        return Ids.TryParse(id, out var list) ? await read.RunAsync(CallerOf(context), list, context.RequestAborted) : Refusals.NotFound;
    }

    private static async Task AnswerAsync(HttpContext context, Outcome<DocumentList> found)
    {
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"W/\"{found.Value.Version}\"");
        await FhirAnswers.WriteAsync(context, output => CanonicalList.Write(output, found.Value));
    }

    /// <summary>A list names documents: where the token limits documents to categories, the list is limited to them too.</summary>
    private static Caller CallerOf(HttpContext context) =>
        Callers.CallerOf(context) is var caller && Scopes.Find.IsMetBy(Callers.ProofOf(context)!) is { Categories: { } categories } ? caller with { OnlyCategories = categories } : caller;

    /// <summary>A scope for lists opens no document: the include takes a scope that reads them, as far as the lists are read.</summary>
    private static bool MayInclude(HttpContext context)
    {
        var proof = Callers.ProofOf(context)!;
        return Scopes.Entry.IsMetBy(proof) is { } documents && (!documents.PatientOnly || Scopes.FindLists.IsMetBy(proof) is { PatientOnly: true });
    }
}
