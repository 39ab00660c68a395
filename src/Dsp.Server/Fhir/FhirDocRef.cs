using System.Globalization;
using Dsp.Documents;
using Dsp.Interop.Ips;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Dsp.Ui.Languages;

namespace Dsp.Server.Fhir;

/// <summary><c>DocumentReference/$docref</c> (IPA 1.1): the documents of one patient that this caller may see, and the summary made on demand.</summary>
internal static class FhirDocRef
{
    public static async Task AnswerAsync(HttpContext context, BodyReader bodies, FindDocuments find, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var caller = Callers.CallerOf(context);
        var callerId = FhirSettings.CallerId(caller);
        var parameters = await FhirSummary.ParametersAsync(context, bodies);
        var asked = parameters.Succeeded ? DocRefReader.Read(parameters.Value, FhirParameters.Strict(context.Request), settings.Search, callerId) : parameters.Refusal;
        // What is made on demand needs the same entry of the gate: that there is a record at all is told to nobody else.
        var search = asked.Succeeded ? asked.Value.Query?.Search ?? new DocumentSearch { Criteria = [new DocumentCriterion.Nothing()], Count = 1, WithTotal = true, AsSent = "$docref?" + asked.Value.Applied } : null;
        var found = asked.Succeeded ? await find.RunAsync(caller, patients.Of(asked.Value.Patient), search!, context.RequestAborted) : asked.Refusal;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var (page, applied) = (found.Value, asked.Value.Applied);
        var language = Language.Accepted(context.Request.Headers.AcceptLanguage);
        // Who may not open a summary is not offered one.
        var made = asked.Value.WithSummary && page.Record != RecordId.None && Scopes.Summary.IsMetBy(Callers.ProofOf(context)!) is not null
            ? [OnDemandSummary.Entry(page.Record, settings.Base, IpsTexts.For(CultureInfo.GetCultureInfo(language.Culture)).Title, language.Code, clock.GetUtcNow())]
            : Array.Empty<SearchEntry>();
        var address = $"{settings.Base}/DocumentReference/$docref?";
        var next = page.More && asked.Value.Query is { } query ? $"{address}{DocumentQuery.PageParameter}={query.Next(page.Documents[^1], settings.Search.PagingKey.Span, callerId)}" : null;
        var shown = page.Documents.Select(d => d.Id).ToHashSet();
        context.Response.Headers.Vary = "Accept, Accept-Language";
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, page with { Total = page.Total + (made.Length > 0 ? 1 : 0) }, new SearchLinks(address + applied, next), settings.Base, shown.Contains, clock.GetUtcNow(), made));
    }
}
