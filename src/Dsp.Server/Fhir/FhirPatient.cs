using System.Buffers;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Interop.Mhd;
using Dsp.Interop.Pdqm;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>One of the caller's own patients, by id or identifier (PDQm ITI-78, narrowed); anybody else is nobody.</summary>
internal static class FhirPatient
{
    public static async Task ReadAsync(HttpContext context, string id, ReadPatient read, Patients patients)
    {
        var found = FhirMedia.RefusalOf(context) is { } format ? format
            : await read.RunAsync(Callers.CallerOf(context), patients.Of(new RecordId(Ids.TryParse(id, out var record) ? record : Guid.Empty)), context.RequestAborted);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        context.Response.Headers.ETag = $"W/\"{found.Value.Person.Version}\"";
        await FhirAnswers.WriteAsync(context, output => PatientWriter.Write(output, DataOf(found.Value)));
    }

    public static async Task SearchAsync(HttpContext context, BodyReader bodies, ReadPatient read, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var named = parameters.Succeeded ? PatientSearchReader.Read(parameters.Value, FhirParameters.Strict(context.Request)) : parameters.Refusal;
        var found = named.Succeeded ? await read.RunAsync(Callers.CallerOf(context), patients.Of(named.Value), context.RequestAborted) : named.Refusal;
        // Unknown, hidden and without relation are one answer: nobody (standards §2).
        if (!found.Succeeded && (!named.Succeeded || found.Refusal.Kind != RefusalKind.NotFound))
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var hits = new List<SearchEntry>();
        if (found.Succeeded) hits.Add(new SearchEntry($"{settings.Base}/Patient/{found.Value.Record}", PatientWriter.Bytes(DataOf(found.Value))));
        var asked = named.Value;
        var self = asked.Record is not null ? $"_id={asked.Record}" : $"identifier={Uri.EscapeDataString($"{asked.System}|{asked.Value}")}";
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, hits, hits.Count, new SearchLinks($"{settings.Base}/Patient?{self}"), clock.GetUtcNow()));
    }

    private static PatientData DataOf(SeenPatient seen)
    {
        var details = seen.Person.Details;
        var gender = details.Gender switch
        {
            Gender.Female => "female",
            Gender.Male => "male",
            Gender.Other => "other",
            _ => "unknown",
        };
        var birth = details.BirthDate is { IsWhole: true } whole ? whole.Earliest : (DateOnly?)null;
        return new PatientData(
            seen.Record, [.. details.Identifiers.Where(i => i.Until is null).Select(i => new EntryIdentifier(i.System, i.Value, "official"))],
            details.Family, [details.Given], birth, gender, seen.Active, seen.Person.Version);
    }
}
