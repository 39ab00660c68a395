using System.Buffers;
using System.Globalization;
using Dsp.Clinical;
using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;
using Dsp.Interop.Mhd;
using Dsp.Interop.Resources;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Dsp.Ui.Languages;

namespace Dsp.Server.Fhir;

/// <summary>
/// Resources that are made of what documents say (QEDm PCC-44, EU Health Data API, IPA): searched in one record, read by name,
/// each with its provenance. The same rights, counts and journal as for every other list of facts.
/// </summary>
internal sealed class FhirResources(BodyReader bodies, ReadFacts find, ReadStatement read, Access.ReadStay stays, Patients patients, FhirSettings settings, TimeProvider clock)
{
    private static readonly ScopeNeed Provenance = Scopes.ReadOf(StatementTypes.Provenance);

    public async Task SearchAsync(HttpContext context, string type)
    {
        var caller = Callers.CallerOf(context);
        var callerId = FhirSettings.CallerId(caller);
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var search = parameters.Succeeded ? ResourceSearchReader.Read(type, parameters.Value, FhirParameters.Strict(context.Request), settings.Search, callerId) : parameters.Refusal;
        if (search is { Succeeded: true, Value.WithProvenance: true } && Provenance.IsMetBy(Callers.ProofOf(context)!) is null) search = Refusals.ScopeMissing.At("_revinclude");
        var facts = FactsFor(context);
        var found = search.Succeeded
            ? await find.RunAsync(caller, patients.Of(search.Value.Patient), search.Value.Query(facts), f => ResourcePage.Of(f, search.Value, facts) is var page ? new Shown<ResourcePage>(page, page.Sources) : null!, context.RequestAborted)
            : search.Refusal;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var (page, asked) = (found.Value, search.Value);
        var next = page.More ? $"{settings.Base}/{type}?{DocumentQuery.PageParameter}={ResourcePosition.Of(page.Items[^1]).Next(asked, settings.Search.PagingKey.Span, callerId)}" : null;
        var entries = page.Items.Select(i => Entry(i.Make(facts), included: false)).ToList();
        if (asked.WithProvenance) entries.AddRange(page.Items.Select(i => Entry(i.Origin(facts), included: true)));
        Answering(context, facts);
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, entries, page.Total, new SearchLinks($"{settings.Base}/{type}?{asked.Applied}", next), clock.GetUtcNow()));
    }

    public async Task ReadAsync(HttpContext context, string type, string id)
    {
        // A stay that a system registered has the id of its care context; nobody else is shown care contexts here.
        if (type == "Encounter" && Callers.CallerOf(context).Kind == Access.CallerKind.System && Ids.TryParse(id, out var stay))
        {
            await FhirEncounter.ReadAsync(context, stay, stays);
            return;
        }
        var facts = FactsFor(context);
        // A name that leads nowhere is looked for like any other: what does not exist costs and answers the same.
        var document = settings.Ids.DocumentOf(id) ?? default;
        var found = FhirMedia.RefusalOf(context) is { } format ? format
            : await read.RunAsync(Callers.CallerOf(context), document, StatementTypes.KindsOf(type), f => Served.Find(type, id, f, facts), context.RequestAborted);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        Answering(context, facts);
        await FhirAnswers.WriteAsync(context, output => output.Write(FhirJson.Bytes(found.Value)));
    }

    private SearchEntry Entry(Hl7.Fhir.Model.Resource resource, bool included) => new($"{settings.Base}/{resource.TypeName}/{resource.Id}", FhirJson.Bytes(resource), included);

    private ResourceFacts FactsFor(HttpContext context) =>
        new(settings.Base, settings.Ids, IpsTexts.For(CultureInfo.GetCultureInfo(Language.Accepted(context.Request.Headers.AcceptLanguage).Culture)), clock.GetUtcNow());

    private static void Answering(HttpContext context, ResourceFacts facts)
    {
        context.Response.Headers.ContentLanguage = facts.Texts.Language;
        context.Response.Headers.Vary = "Accept, Accept-Language";
    }
}
