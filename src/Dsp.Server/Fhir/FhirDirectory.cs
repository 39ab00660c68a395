using System.Buffers;
using Dsp.Identity;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mcsd;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Server.Fhir;

/// <summary>Find Matching Care Services (mCSD ITI-90): the public register of professionals and institutions, by search and by id.</summary>
internal sealed class FhirDirectory(BodyReader bodies, ReadDirectory directory, FhirSettings settings, TimeProvider clock)
{
    public async Task SearchAsync(HttpContext context, string type)
    {
        var callerId = FhirSettings.CallerId(Callers.CallerOf(context));
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var search = parameters.Succeeded ? DirectorySearch.Read(type, parameters.Value, FhirParameters.Strict(context.Request), settings.Search, callerId) : parameters.Refusal;
        if (search.Succeeded && search.Value.Includes.Any(i => !MayInclude(context, IncludedOf(type, i)))) search = Refusals.ScopeMissing.At("_include");
        if (!search.Succeeded)
        {
            await Answers.RefuseAsync(context, search.Refusal);
            return;
        }
        var (asked, listing, now) = (search.Value, await directory.RunAsync(context.RequestAborted), clock.GetUtcNow());
        var fitting = DirectoryResources.Of(type, listing, now).Where(asked.Fits).ToList();
        var rest = fitting.Where(r => asked.After is null || string.CompareOrdinal(r.Id, asked.After) > 0).ToList();
        var page = rest.Take(asked.Count).ToList();
        var next = rest.Count > page.Count ? $"{settings.Base}/{type}?{DocumentQuery.PageParameter}={asked.Next(page[^1], settings.Search.PagingKey.Span, callerId)}" : null;
        var included = asked.Includes.SelectMany(i => Included(type, i, page, listing, now)).DistinctBy(r => (r.TypeName, r.Id));
        var entries = page.Select(r => Entry(r, included: false)).Concat(included.Select(r => Entry(r, included: true))).ToList();
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, entries, fitting.Count, new SearchLinks($"{settings.Base}/{type}?{asked.Applied}", next), now));
    }

    public async Task ReadAsync(HttpContext context, string type, string id)
    {
        if (FhirMedia.RefusalOf(context) is { } refusal)
        {
            await Answers.RefuseAsync(context, refusal);
            return;
        }
        var found = DirectoryResources.Of(type, await directory.RunAsync(context.RequestAborted), clock.GetUtcNow()).FirstOrDefault(r => r.Id == id);
        if (found is null) await Answers.RefuseAsync(context, Refusals.NotFound);
        else await FhirAnswers.WriteAsync(context, output => output.Write(FhirJson.Bytes(found)));
    }

    /// <summary>A scope for one type opens no other.</summary>
    private static bool MayInclude(HttpContext context, string type) => Scopes.DirectoryRead(type).IsMetBy(Callers.ProofOf(context)!) is not null;

    /// <summary><c>Location:organization</c> brings organizations to locations, and locations to organizations.</summary>
    private static string IncludedOf(string type, string include) => include.Split(':') is [var source, var parameter] && source == type ? char.ToUpperInvariant(parameter[0]) + parameter[1..] : include.Split(':')[0];

    private static IEnumerable<Resource> Included(string type, string include, List<Resource> page, DirectoryListing listing, DateTimeOffset now)
    {
        var (target, parameter) = (IncludedOf(type, include), include.Split(':')[1]);
        var names = page.Select(r => $"{type}/{r.Id}").ToHashSet();
        var wanted = page.SelectMany(r => DirectoryValues.References(r, parameter)).ToHashSet();
        return DirectoryResources.Of(target, listing, now).Where(r => include.StartsWith(type + ":", StringComparison.Ordinal) ? wanted.Contains($"{target}/{r.Id}") : DirectoryValues.References(r, parameter).Any(names.Contains));
    }

    private SearchEntry Entry(Resource resource, bool included) => new($"{settings.Base}/{resource.TypeName}/{resource.Id}", FhirJson.Bytes(resource), included);
}
