using System.Buffers;
using Dsp.Codes;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Interop.Terminology;
using Dsp.Server.Wire;
using Dsp.Ui.Languages;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Server.Fhir;

/// <summary>The installation's own value sets: read, searched, expanded, and asked whether they hold a code. Public knowledge, for whoever is signed in.</summary>
internal sealed class FhirValueSet(BodyReader bodies, FhirSettings settings, TextCatalog texts, TimeProvider clock)
{
    private readonly IReadOnlyList<OwnValueSet> sets = OwnValueSets.Of(AffinityDomain.Default, key => [.. Language.All.Select(l => (l.Code, texts.Say(l, key).ToString()))]);

    private TerminologyFacts Facts => new(settings.Base, typeof(FhirValueSet).Assembly.GetName().Version?.ToString(3) ?? "0", clock.GetUtcNow(), AffinityDomain.Default);

    public async Task SearchAsync(HttpContext context)
    {
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var wanted = parameters.Succeeded ? TerminologyReader.Search(parameters.Value, FhirParameters.Strict(context.Request)) : parameters.Refusal;
        if (!wanted.Succeeded)
        {
            await Answers.RefuseAsync(context, wanted.Refusal);
            return;
        }
        var facts = Facts;
        var entries = sets.Where(s => wanted.Value(s, facts)).Select(s => new SearchEntry(ValueSetWriter.UrlOf(s, facts), FhirJson.Bytes(ValueSetWriter.Of(s, facts)))).ToList();
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, entries, entries.Count, new SearchLinks($"{settings.Base}/ValueSet"), facts.Now));
    }

    public Task ReadAsync(HttpContext context, string id) => AnswerAsync(context, FhirMedia.RefusalOf(context) is { } format ? format : Found(id).Then<Resource>(set => ValueSetWriter.Of(set, Facts)));

    /// <param name="id">Null where the set is named by its <c>url</c>.</param>
    public async Task ExpandAsync(HttpContext context, string? id = null)
    {
        var parameters = await FhirSummary.ParametersAsync(context, bodies);
        var asked = parameters.Succeeded ? TerminologyReader.Expand(parameters.Value, FhirParameters.Strict(context.Request)) : parameters.Refusal;
        await AnswerAsync(context, asked.Then(a => Named(id, a.Url).Then<Resource>(set => set.Listed.Count == 0 ? Refusals.NotExpandable : ValueSetWriter.Expanded(set, Facts, a))));
    }

    public async Task ValidateAsync(HttpContext context, string? id = null)
    {
        var parameters = await FhirSummary.ParametersAsync(context, bodies);
        var asked = parameters.Succeeded ? TerminologyReader.Validate(parameters.Value, FhirParameters.Strict(context.Request)) : parameters.Refusal;
        await AnswerAsync(context, asked.Then(a => Named(id, a.Url).Then<Resource>(set => ValueSetWriter.Validated(set, Facts, a))));
    }

    private Outcome<OwnValueSet> Named(string? id, string? url)
    {
        if (id is not null) return Found(id);
        return url is null ? Refusals.ParameterInvalid.Because("The value set is named by its url.").At("url")
            : url.Split('|')[0] is var named && named.StartsWith(settings.Base + "/ValueSet/", StringComparison.Ordinal) ? Found(named[(settings.Base.Length + 10)..])
            : Refusals.NotFound;
    }

    private Outcome<OwnValueSet> Found(string id) => sets.FirstOrDefault(s => s.Id == id) is { } set ? set : Refusals.NotFound;

    private static async Task AnswerAsync(HttpContext context, Outcome<Resource> made)
    {
        if (made.Succeeded) await FhirAnswers.WriteAsync(context, output => output.Write(FhirJson.Bytes(made.Value)));
        else await Answers.RefuseAsync(context, made.Refusal);
    }
}
