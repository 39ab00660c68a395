using Dsp.Access;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Interop.Pdqm;
using Hl7.Fhir.Model;
using Patient = Hl7.Fhir.Model.Patient;
using SearchParameter = Dsp.Interop.Fhir.SearchParameter;

namespace Dsp.Interop.Stays;

/// <summary>An Encounter of an institution's system, read.</summary>
public sealed record StayMessage(PatientIdentifier Patient, Stay Stay);

/// <summary>
/// Reads an Encounter as an institution's system sends it: status and class say what becomes of the care context. Diagnoses,
/// reasons, places and people in it are not kept: what is known of a stay beyond its dates is told by documents.
/// </summary>
public static class StayReader
{
    private const string Classes = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /// <summary>The condition of a <c>PUT [base]/Encounter?identifier=system|value</c>: the number of the stay.</summary>
    public static Outcome<string> Condition(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var named = parameters.Where(p => p.Key is not ("_format" or "_pretty")).ToList();
        return named is [{ Key: "identifier" } only] && SearchParameter.Of(only).Tokens is [({ Length: > 0 } system, { } value)]
            ? NumberOf(system, value)
            : Refusals.ParameterInvalid.Because("A stay is named by its number: identifier=system|value.").At("identifier");
    }

    /// <param name="number">Of the address, where it names one: the message must hold it.</param>
    /// <param name="ifVersion">Of <c>If-Match</c>.</param>
    public static Outcome<StayMessage> Read(ReadOnlySpan<byte> body, string? number, int? ifVersion, string baseUrl)
    {
        var (encounter, found) = FhirJson.Parse<Encounter>(body);
        var problems = new Problems();
        problems.AddRange(found);
        if (encounter is null || problems.Any) return problems.Any ? problems.Refusal() : Refusals.Malformed;
        var numbers = encounter.Identifier.Where(i => i is { System.Length: > 0, Value.Length: > 0 }).Select(i => NumberOf(i.System!, i.Value!)).ToList();
        if (numbers.Count == 0) problems.Add(Refusals.MissingMetadata.Because("The institution's number of the stay is missing: an identifier with system and value.").At("Encounter.identifier"));
        else if (number is not null && !numbers.Contains(number)) problems.Add(Refusals.InvalidMetadata.Because("The Encounter does not hold the identifier that the address names.").At("Encounter.identifier"));
        var stay = new Stay(number ?? numbers.FirstOrDefault() ?? "", KindOf(encounter, problems), PhaseOf(encounter, problems))
        {
            EndOfCare = encounter.Period?.EndElement?.ToDateTimeOffset(TimeSpan.Zero),
            Provider = ProviderOf(encounter, baseUrl),
            IfVersion = ifVersion,
        };
        var patient = PatientOf(encounter, baseUrl, problems);
        return problems.Any ? problems.Refusal() : new StayMessage(patient!, stay);
    }

    private static string NumberOf(string system, string value) => $"{Domains.Of(system)}|{value.Trim()}";

    private static StayPhase PhaseOf(Encounter encounter, Problems problems)
    {
        switch (encounter.Status)
        {
            case Encounter.EncounterStatus.Arrived or Encounter.EncounterStatus.Triaged or Encounter.EncounterStatus.InProgress or Encounter.EncounterStatus.Onleave:
                return StayPhase.Present;
            case Encounter.EncounterStatus.Finished:
                return StayPhase.Over;
            case Encounter.EncounterStatus.Cancelled or Encounter.EncounterStatus.EnteredInError:
                return StayPhase.Cancelled;
            default:
                problems.Add(Refusals.InvalidMetadata.Because("A stay that is planned or of unknown status opens nothing. Send it when the patient has arrived.").At("Encounter.status"));
                return default;
        }
    }

    private static CareContextKind KindOf(Encounter encounter, Problems problems)
    {
        switch (encounter.Class)
        {
            case { System: Classes, Code: "EMER" }:
                return CareContextKind.Emergency;
            case { System: Classes, Code: "IMP" or "ACUTE" or "NONAC" or "OBSENC" or "SS" or "AMB" or "FLD" or "HH" or "VR" }:
                return CareContextKind.Institution;
            case { System: Classes }:
                problems.Add(Refusals.InvalidMetadata.Because("The class is one of EMER, IMP, ACUTE, NONAC, OBSENC, SS, AMB, FLD, HH and VR.").At("Encounter.class"));
                return default;
            default:
                problems.Add(Refusals.CodeOutsideDomain.Because($"The class is a code of {Classes}.").At("Encounter.class"));
                return default;
        }
    }

    private static InstitutionId? ProviderOf(Encounter encounter, string baseUrl) =>
        RecordReferences.Id(encounter.ServiceProvider?.Reference, "Organization", baseUrl) is { } id ? new InstitutionId(id) : null;

    /// <summary>A logical reference, Patient/{record}, or a contained patient; by an identifier of any domain known here.</summary>
    private static PatientIdentifier? PatientOf(Encounter encounter, string baseUrl, Problems problems)
    {
        var identifiers = encounter.Subject?.Identifier is { } logical ? [logical]
            : ReferenceResolver.ContainedOnly.Resolve(encounter, encounter.Subject) is Patient contained ? contained.Identifier : [];
        if (identifiers.Find(i => i is { System.Length: > 0, Value.Length: > 0 }) is { } named) return new PatientIdentifier(Domains.Of(named.System!), named.Value!.Trim());
        if (RecordReferences.Read(encounter.Subject?.Reference, baseUrl) is { } record) return record;
        problems.Add(encounter.Subject is null
            ? Refusals.MissingMetadata.Because("The subject is missing: the stay of whom?").At("Encounter.subject")
            : Refusals.UnknownPatient.At("Encounter.subject"));
        return null;
    }
}
