using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Api;

/// <summary>An identifier of a domain: system and value.</summary>
internal sealed record IdentifierBody(string System, string Value);

/// <summary>A person without any number, whose record the facility opens on request (art. 2(2)).</summary>
internal sealed record ProvisionalBody(string Family, string Given, string? BirthDate = null, string? Gender = null, string? Reference = null, bool SomebodyElse = false);

/// <summary>One patient, named in one of four ways.</summary>
internal sealed record PersonBody(string? NationalId = null, RecordId? RecordId = null, IdentifierBody? Identifier = null, ProvisionalBody? Provisional = null);

/// <summary>A care context to open; the patient below <c>person</c> or beside <c>kind</c>.</summary>
internal sealed record CareContextBody(
    string Kind, PersonBody? Person = null, string? NationalId = null, RecordId? RecordId = null, IdentifierBody? Identifier = null,
    string? PresenceCode = null, string? Admission = null, string? Reason = null);

internal sealed record CareContextAnswer(Guid Id, RecordId RecordId, string Kind, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

internal sealed record PresenceCodeBody(int? Days = null, IReadOnlyList<DataCategory>? Categories = null);

/// <param name="Qr">What a QR carries: record id and code, nothing about the person.</param>
internal sealed record PresenceCodeAnswer(Guid Id, string Code, DateTimeOffset ExpiresAt, int Days, string Qr);

/// <summary>Presence codes and care contexts.</summary>
internal static class CareContextRoutes
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/presence-codes", CreateCodeAsync).Needs(Scopes.Acts)
            .Says("Makes a code for the professional at hand", "holder", 201, typeof(PresenceCodeBody), typeof(PresenceCodeAnswer));
        api.MapPost("/care-contexts", OpenAsync).Needs(Scopes.Registrations)
            .Says("Opens a care context: by presence code, admission, or registration in an emergency department", "professional, institution system", 201, typeof(CareContextBody), typeof(CareContextAnswer));
        api.MapPost("/care-contexts/{id}/renewals", RenewAsync).Needs(Scopes.Registrations)
            .Says("Prolongs an institution's context by 30 days", "professional, institution system", 201, null, typeof(CareContextAnswer));
        api.MapDelete("/care-contexts/{id}", EndAsync).Needs(Scopes.Registrations)
            .Says("Ends a care context; deposits stay possible for 15 days, unless the holder ends it", "professional, institution system, holder", 204);
    }

    private static Task CreateCodeAsync(ApiCall call, CreatePresenceCode create) =>
        call.CreateAsync<PresenceCodeBody, CreatedPresenceCode>(
            body => create.RunAsync(call.Caller, null, body.Days, body.Categories, call.Cancel),
            made => new PresenceCodeAnswer(made.Id, made.Code, made.ExpiresAt, made.Days, $"{made.Record}.{made.QrToken}"));

    private static Task OpenAsync(ApiCall call, OpenCareContext open, OpenForUnnumbered unnumbered, Patients patients) =>
        call.CreateAsync<CareContextBody, OpenedCareContext>(async body =>
        {
            // Accès exceptionnel (vie en danger) is a setting that stands at off: without its review it must not exist.
            if (body.Kind == "exceptional") return Refusals.BreakGlassOff;
            if (KindOf(body.Kind) is not { } kind) return Refusals.ParameterInvalid.Because("The kind is individual, institution or emergency.").At("kind");
            var patient = await PatientAsync(call, body, unnumbered, patients);
            if (!patient.Succeeded) return patient.Refusal;
            var wanted = new WantedCareContext(patient.Value, kind) { PresenceCode = body.PresenceCode, Admission = body.Admission, Reason = body.Reason };
            return await open.RunAsync(call.Caller, wanted, call.Cancel);
        }, Answer);

    private static async Task RenewAsync(ApiCall call, RenewCareContext renew)
    {
        var renewed = await renew.RunAsync(call.Caller, call.Id, call.Cancel);
        await (renewed.Succeeded ? call.CreatedAsync(Answer(renewed.Value)) : call.RefuseAsync(renewed.Refusal));
    }

    private static async Task EndAsync(ApiCall call, EndCareContext end) => await call.DoneAsync(await end.RunAsync(call.Caller, call.Id, call.Cancel));

    internal static CareContextAnswer Answer(OpenedCareContext opened) => new(opened.Id, opened.Record, Relation.NameOf(opened.Kind), opened.StartsAt, opened.EndsAt);

    /// <summary>The patient of either body shape; exactly one way of naming.</summary>
    private static async Task<Outcome<RecordRef>> PatientAsync(ApiCall call, CareContextBody body, OpenForUnnumbered unnumbered, Patients patients)
    {
        var flat = new PersonBody(body.NationalId, body.RecordId, body.Identifier);
        var person = body.Person ?? flat;
        var ways = new object?[] { person.NationalId, person.RecordId, person.Identifier, person.Provisional }.Count(w => w is not null);
        if (ways != 1 || (body.Person is not null && flat != new PersonBody()))
            return Refusals.MissingMetadata.Because("Name the patient once: nationalId, recordId, identifier or provisional.").At("person");
        if (person.NationalId is { } number) return patients.Of(Identifiers.NationalNumber, number);
        if (person.RecordId is { } record) return patients.Of(record);
        if (person.Identifier is { } identifier) return patients.Of(identifier.System, identifier.Value);
        var registered = await RegisterAsync(call, person.Provisional!, unnumbered);
        return registered.Succeeded ? new RecordRef.ByToken(registered.Value.Token) : registered.Refusal;
    }

    private static async Task<Outcome<Registered>> RegisterAsync(ApiCall call, ProvisionalBody body, OpenForUnnumbered unnumbered)
    {
        var birth = (Identity.PartialDate?)null;
        if (body.BirthDate is { } text)
        {
            if (!Identity.PartialDate.TryParse(text, out var date)) return Refusals.ParameterInvalid.At("person.provisional.birthDate");
            birth = date;
        }
        var gender = Gender.Unknown;
        if (body.Gender is { } word && !Enum.TryParse(word, ignoreCase: true, out gender)) return Refusals.ParameterInvalid.At("person.provisional.gender");
        return await unnumbered.RunAsync(call.Caller, new Registration(body.Family, body.Given, birth, gender), body.SomebodyElse, body.Reference, call.Cancel);
    }

    private static CareContextKind? KindOf(string kind) => kind switch
    {
        "individual" => CareContextKind.Individual,
        "institution" => CareContextKind.Institution,
        "emergency" => CareContextKind.Emergency,
        _ => null,
    };
}
