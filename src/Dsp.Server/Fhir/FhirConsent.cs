using System.Buffers;
using System.Globalization;
using Dsp.Access;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Interop.Pcf;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Microsoft.Net.Http.Headers;

namespace Dsp.Server.Fhir;

/// <summary>
/// ITI-108 Access Consent (PCF 1.1.0): the holder's choices as Consent, by search, read and version, made, changed and ended by
/// the acts that portal and /api have. Nobody else learns anything here.
/// </summary>
internal static class FhirConsent
{
    private const string Type = "Consent";

    public static async Task SearchAsync(HttpContext context, BodyReader bodies, ReadChoices read, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var caller = Callers.CallerOf(context);
        var callerId = FhirSettings.CallerId(caller);
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var search = parameters.Succeeded ? ConsentSearch.Read(parameters.Value, FhirParameters.Strict(context.Request), settings.Search, callerId) : parameters.Refusal;
        var known = search.Succeeded ? await read.RunAsync(caller, patients.Of(search.Value.Patient), context.RequestAborted) : search.Refusal;
        // No such record, and none for this caller, are one answer: nothing.
        if (!known.Succeeded && (!search.Succeeded || known.Refusal.Kind != RefusalKind.NotFound))
        {
            await Answers.RefuseAsync(context, known.Refusal);
            return;
        }
        var now = clock.Now();
        var found = known.Succeeded ? known.Value.Newest.Where(v => search.Value.Fits(v, now)).ToList() : [];
        var rest = search.Value.After is { } after ? [.. found.SkipWhile(v => v.Choice.Id != after).Skip(1)] : found;
        var page = rest.Take(search.Value.Count).ToList();
        var next = rest.Count > page.Count ? $"{settings.Base}/{Type}?{DocumentQuery.PageParameter}={search.Value.Next(page[^1].Choice.Id, settings.Search.PagingKey.Span, callerId)}" : null;
        var entries = page.Select(v => new SearchEntry($"{settings.Base}/{Type}/{Ids.Text(v.Choice.Id)}", Bytes(v, known.Value.Record, now))).ToList();
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, entries, found.Count, new SearchLinks($"{settings.Base}/{Type}?{search.Value.Applied}", next), clock.GetUtcNow()));
    }

    public static async Task ReadAsync(HttpContext context, string id, ReadChoices read, TimeProvider clock) => await AnswerAsync(context, await FoundAsync(context, id, read), clock);

    public static async Task ReadVersionAsync(HttpContext context, string id, string vid, ReadChoices read, TimeProvider clock)
    {
        var found = await FoundAsync(context, id, read);
        if (found.Succeeded)
            found = found.Value.Of.HistoryOf(found.Value.Version.Choice.Id).FirstOrDefault(v => v.Version.ToString(CultureInfo.InvariantCulture) == vid) is { } then ? found.Value with { Version = then } : Refusals.NotFound;
        await AnswerAsync(context, found, clock);
    }

    public static async Task HistoryAsync(HttpContext context, string id, ReadChoices read, FhirSettings settings, TimeProvider clock)
    {
        var found = await FoundAsync(context, id, read);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var relative = $"{Type}/{Ids.Text(found.Value.Version.Choice.Id)}";
        var versions = found.Value.Of.HistoryOf(found.Value.Version.Choice.Id);
        var entries = versions.Select((v, i) => new HistoryEntry(v.Version, v.At, Bytes(v, found.Value.Of.Record, clock.Now())) { Created = i == versions.Count - 1 }).ToList();
        await FhirAnswers.WriteAsync(context, output => HistoryBundleWriter.Write(output, $"{settings.Base}/{relative}", relative, entries, clock.GetUtcNow()));
    }

    public static async Task MakeAsync(HttpContext context, BodyReader bodies, ConsentActs acts, ReadChoices read, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var (caller, before) = (Callers.CallerOf(context), clock.Now());
        var wanted = await WantedAsync(context, bodies, settings, clock);
        var record = wanted.Succeeded ? await RecordAsync(caller, wanted.Value, read, patients, context.RequestAborted) : wanted.Refusal;
        var made = record.Succeeded ? await acts.MakeAsync(caller, record.Value, wanted.Value, context.RequestAborted) : record.Refusal;
        var found = made.Succeeded ? await read.RunAsync(caller, made.Value, context.RequestAborted) : made.Refusal;
        if (found.Succeeded)
        {
            context.Response.StatusCode = found.Value.Version.At < before ? StatusCodes.Status200OK : StatusCodes.Status201Created;
            context.Response.Headers.Location = $"{settings.Base}/{Type}/{Ids.Text(made.Value)}/_history/{found.Value.Version.Version.ToString(CultureInfo.InvariantCulture)}";
        }
        await AnswerAsync(context, found, clock);
    }

    public static async Task ChangeAsync(HttpContext context, string id, BodyReader bodies, ConsentActs acts, ReadChoices read, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var caller = Callers.CallerOf(context);
        var wanted = await WantedAsync(context, bodies, settings, clock);
        if (wanted.Succeeded && wanted.Value.Id != id) wanted = Refusals.Malformed.Because("The id in the address and the id in the Consent are one.").At("Consent.id");
        var known = wanted.Succeeded ? Matched(context, await FoundAsync(context, id, read)) : wanted.Refusal;
        var record = known.Succeeded ? await RecordAsync(caller, wanted.Value, read, patients, context.RequestAborted) : known.Refusal;
        if (record.Succeeded && record.Value != known.Value.Of.Record) record = Refusals.PatientsDiffer.Because("A choice stays with its patient.").At("Consent.patient");
        var done = record.Succeeded ? await acts.ChangeAsync(caller, known.Value, wanted.Value, context.RequestAborted) : record.Refusal;
        await AnswerAsync(context, done.Succeeded ? await FoundAsync(context, id, read) : done.Refusal, clock);
    }

    /// <summary>Takes the choice back. It stays readable as inactive: what was decided and done under it is traced (RGD 6.12.2019 art. 8).</summary>
    public static async Task EndAsync(HttpContext context, string id, ConsentActs acts, ReadChoices read)
    {
        var known = Matched(context, await FoundAsync(context, id, read));
        var done = known.Succeeded ? await acts.EndAsync(Callers.CallerOf(context), known.Value, context.RequestAborted) : known.Refusal;
        if (done.Succeeded) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Answers.RefuseAsync(context, done.Refusal);
    }

    private static async Task<Outcome<WantedChoice>> WantedAsync(HttpContext context, BodyReader bodies, FhirSettings settings, TimeProvider clock)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        var read = await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        return ConsentReader.Read(body.Bytes.Span, settings.Base, clock.Now());
    }

    /// <summary>The record a Consent names its patient by; an identifier is looked up as any other door looks it up.</summary>
    private static async Task<Outcome<RecordId>> RecordAsync(Caller caller, WantedChoice wanted, ReadChoices read, Patients patients, CancellationToken cancel)
    {
        if (wanted.Patient.Record is { } record) return record;
        var known = await read.RunAsync(caller, patients.Of(wanted.Patient), cancel);
        return known.Succeeded ? known.Value.Record : known.Refusal;
    }

    private static async Task<Outcome<KnownChoice>> FoundAsync(HttpContext context, string id, ReadChoices read)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        return Ids.TryParse(id, out var choice) ? await read.RunAsync(Callers.CallerOf(context), choice, context.RequestAborted) : Refusals.NotFound;
    }

    /// <summary><c>If-Match</c>: only the version the caller last saw is changed.</summary>
    private static Outcome<KnownChoice> Matched(HttpContext context, Outcome<KnownChoice> known)
    {
        if (!known.Succeeded || context.Request.Headers.IfMatch.Count == 0) return known;
        var tag = EntityTagHeaderValue.Parse(Tag(known.Value.Version));
        return EntityTagHeaderValue.TryParseList(context.Request.Headers.IfMatch, out var named) && named.Any(n => n.Tag == "*" || n.Compare(tag, useStrongComparison: false)) ? known : Refusals.VersionStale;
    }

    private static async Task AnswerAsync(HttpContext context, Outcome<KnownChoice> found, TimeProvider clock)
    {
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var version = found.Value.Version;
        context.Response.Headers.ETag = Tag(version);
        context.Response.Headers.LastModified = version.At.ToString("R", CultureInfo.InvariantCulture);
        if (!HttpMethods.IsGet(context.Request.Method) && FhirParameters.Return(context.Request) == "minimal") return;
        await FhirAnswers.WriteAsync(context, output => output.Write(Bytes(version, found.Value.Of.Record, clock.Now())));
    }

    private static string Tag(ChoiceVersion version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version.Version}\"");

    private static byte[] Bytes(ChoiceVersion version, RecordId record, DateTimeOffset now) => FhirJson.Bytes(ConsentWriter.Of(version, record, now));
}
