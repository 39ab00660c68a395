using System.Buffers;
using Dsp.Access;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Interop.Pdqm;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>
/// Patients (PDQm ITI-78, ITI-119). The caller's own under the record's id; for professionals everybody else by identity alone,
/// under the person's id, as the portal's search shows them. A holder's app finds its own and represented records.
/// </summary>
internal static class FhirPatient
{
    public static async Task ReadAsync(HttpContext context, string id, ReadPatient read, FindPatients find, Patients patients)
    {
        var caller = Callers.CallerOf(context);
        var named = Ids.TryParse(id, out var guid) ? guid : Guid.Empty;
        var found = FhirMedia.RefusalOf(context) is { } format ? format : await OwnAsync(context, caller, read, patients.Of(new RecordId(named)));
        if (!found.Succeeded && found.Refusal.Kind == RefusalKind.NotFound && LooksUp(caller))
        {
            var hits = await find.RunAsync(caller, new PatientQuery { Ids = [named], Text = $"Patient/{Ids.Text(named)}" }, context.RequestAborted);
            found = !hits.Succeeded ? hits.Refusal : hits.Value is [var hit] ? DataOf(hit with { Id = hit.Person.Id.Value }) : Refusals.NotFound;
        }
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        context.Response.Headers.ETag = $"W/\"{found.Value.Version}\"";
        await FhirAnswers.WriteAsync(context, output => PatientWriter.Write(output, found.Value));
    }

    public static async Task SearchAsync(HttpContext context, BodyReader bodies, ReadPatient read, FindPatients find, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var caller = Callers.CallerOf(context);
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var found = !parameters.Succeeded ? parameters.Refusal
            : caller.Kind == CallerKind.System || LooksUp(caller) ? await LookUpAsync(context, caller, parameters.Value, read, find, patients, settings)
            : await OwnAsync(context, caller, parameters.Value, read, patients);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var (hits, total, self, next) = found.Value;
        var entries = hits.Select(h => new SearchEntry($"{settings.Base}/Patient/{Ids.Text(h.Id)}", PatientWriter.Bytes(h))).ToList();
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, entries, total, new SearchLinks($"{settings.Base}/Patient?{self}", next is null ? null : $"{settings.Base}/Patient?{PatientSearch.PageParameter}={next}"), clock.GetUtcNow()));
    }

    public static async Task MatchAsync(HttpContext context, BodyReader bodies, FindPatients find, FhirSettings settings, TimeProvider clock)
    {
        var asked = await AskedAsync(context, bodies);
        var found = asked.Succeeded
            ? await find.MatchAsync(Callers.CallerOf(context), asked.Value.Claim, asked.Value.OnlyCertain, asked.Value.Count, "Patient/$match " + asked.Value.Claim, context.RequestAborted)
            : asked.Refusal;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var entries = found.Value.Select(g => new MatchEntry($"{settings.Base}/Patient/{Ids.Text(g.Patient.Id)}", PatientWriter.Bytes(DataOf(g.Patient)), g.Match)).ToList();
        await FhirAnswers.WriteAsync(context, output => MatchBundleWriter.Write(output, entries, clock.GetUtcNow()));
    }

    /// <summary>Who may look in the register of people: a person at a keyboard, unless the token is for one patient.</summary>
    internal static bool LooksUp(Caller caller) => caller is { Kind: CallerKind.Professional or CallerKind.Agent, OnlyRecord: null };

    private static async Task<Outcome<MatchAsked>> AskedAsync(HttpContext context, BodyReader bodies)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        var read = await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        return MatchReader.Read(body.Bytes.Span, FindPatients.Most);
    }

    private static async Task<Outcome<Page>> LookUpAsync(HttpContext context, Caller caller, IReadOnlyList<KeyValuePair<string, string>> parameters, ReadPatient read, FindPatients find, Patients patients, FhirSettings settings)
    {
        var callerId = FhirSettings.CallerId(caller);
        var asked = PatientQueryReader.Read(parameters, FhirParameters.Strict(context.Request), settings.Search.PagingKey.Span, callerId);
        if (!asked.Succeeded) return asked.Refusal;
        var search = asked.Value;
        // A record's id names an own patient or nobody; a person's id names whoever it is.
        if (search.Query.Ids is [var id] && await OwnAsync(context, caller, read, patients.Of(new RecordId(id))) is { Succeeded: true, Value: var own })
            return new Page([own], 1, search.Applied, null);
        var found = await find.RunAsync(caller, search.Query, context.RequestAborted);
        if (!found.Succeeded) return found.Refusal;
        var rest = found.Value.Where(p => search.After is not { } after || p.Person.Id.Value.CompareTo(after.Value) > 0).ToList();
        var next = rest.Count > search.Count && search.Count > 0 ? search.Next(rest[search.Count - 1].Person.Id, settings.Search.PagingKey.Span, callerId) : null;
        return new Page([.. rest.Take(search.Count).Select(DataOf)], found.Value.Count, search.Applied, next);
    }

    private static async Task<Outcome<Page>> OwnAsync(HttpContext context, Caller caller, IReadOnlyList<KeyValuePair<string, string>> parameters, ReadPatient read, Patients patients)
    {
        var named = PatientSearchReader.Read(parameters, FhirParameters.Strict(context.Request));
        if (!named.Succeeded) return named.Refusal;
        var found = await OwnAsync(context, caller, read, patients.Of(named.Value));
        // Unknown, hidden and without relation are one answer: nobody (standards §2).
        if (!found.Succeeded && found.Refusal.Kind != RefusalKind.NotFound) return found.Refusal;
        PatientIdentifier asked = named.Value;
        var self = asked.Record is not null ? $"_id={asked.Record}" : $"identifier={Uri.EscapeDataString($"{asked.System}|{asked.Value}")}";
        return found.Succeeded ? new Page([found.Value], 1, self, null) : new Page([], 0, self, null);
    }

    private static async Task<Outcome<PatientData>> OwnAsync(HttpContext context, Caller caller, ReadPatient read, RecordRef record)
    {
        var seen = await read.RunAsync(caller, record, context.RequestAborted);
        return seen.Succeeded
            ? DataOf(new FoundPatient(seen.Value.Record.Value, seen.Value.Person, Own: true, seen.Value.Active, [.. seen.Value.Person.Details.Identifiers.Where(i => i.Until is null)]))
            : seen.Refusal;
    }

    /// <summary>A merged identity is inactive and names who goes on in its place.</summary>
    internal static PatientData DataOf(FoundPatient found)
    {
        var details = found.Person.Details;
        return new PatientData(
            found.Id, [.. found.Identifiers.Select(i => new EntryIdentifier(i.System, i.Value, "official"))],
            details.Family, [details.Given], details.BirthDate, GenderCodes.Code(details.Gender), found.Active && details.MergedInto is null, found.Person.Version)
        { City = details.Address?.City, ReplacedBy = details.MergedInto?.Value };
    }

    private sealed record Page(IReadOnlyList<PatientData> Hits, int Total, string Self, string? Next);
}
