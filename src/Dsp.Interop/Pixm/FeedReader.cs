using Dsp.Identity;
using Dsp.Interop.Fhir;
using Dsp.Interop.Pdqm;
using Dsp.Records;
using Hl7.Fhir.Model;
using Patient = Hl7.Fhir.Model.Patient;
using SearchParameter = Dsp.Interop.Fhir.SearchParameter;

namespace Dsp.Interop.Pixm;

/// <summary>Reads a Patient of the identity feed (ITI-104) with the condition of its PUT.</summary>
public static class FeedReader
{
    /// <param name="parameters">Of the address: <c>identifier=system|value</c>, once.</param>
    public static Outcome<PersonIdentifier> Condition(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var named = parameters.Where(p => p.Key is not ("_format" or "_pretty")).ToList();
        return named is [{ Key: "identifier" } only] && SearchParameter.Of(only).Tokens is [({ Length: > 0 } system, { } value)]
            ? new PersonIdentifier(Domains.Of(system), value)
            : Refusals.ParameterInvalid.Because("A feed names one patient: identifier=system|value.").At("identifier");
    }

    public static Outcome<FedPatient> Read(ReadOnlySpan<byte> body, PersonIdentifier local)
    {
        var (patient, problems) = FhirJson.Parse<Patient>(body);
        if (problems.Count > 0 || patient is null) return problems.Count > 0 ? problems[0] with { Others = [.. problems.Skip(1)] } : Refusals.Malformed;
        var identifiers = patient.Identifier.Select(Of).OfType<PersonIdentifier>().ToList();
        if (!identifiers.Contains(local)) return Refusals.InvalidMetadata.Because("The Patient does not hold the identifier that the address names.").At("Patient.identifier");
        var replaced = patient.Link.Where(l => l.Type == Patient.LinkType.ReplacedBy).ToList();
        if (replaced.Count > 1) return Refusals.InvalidMetadata.Because("A patient is replaced by one other.").At("Patient.link");
        var survivor = replaced is [var link] ? Target(link.Other) : null;
        if (replaced.Count > 0 && survivor is null) return Refusals.UnresolvedReference.Because("The link names the other patient as Patient?identifier=system|value, or by its identifier.").At("Patient.link.other");
        if (replaced.Count > 0 && patient.Active != false) return Refusals.InvalidMetadata.Because("A replaced patient is sent with active=false.").At("Patient.active");
        var name = patient.Name.Find(n => n.Use == HumanName.NameUse.Official) ?? patient.Name.Find(n => n.Use != HumanName.NameUse.Maiden) ?? patient.Name.FirstOrDefault();
        var address = patient.Address.FirstOrDefault();
        var details = new Registration(name?.Family ?? "", string.Join(' ', name?.Given ?? []), Dsp.Identity.PartialDate.TryParse(patient.BirthDate, out var born) ? born : null,
            patient.Gender switch { AdministrativeGender.Female => Gender.Female, AdministrativeGender.Male => Gender.Male, AdministrativeGender.Other => Gender.Other, _ => Gender.Unknown })
        {
            BirthName = patient.Name.Find(n => n.Use == HumanName.NameUse.Maiden)?.Family,
            Address = address is null ? null : new PostalAddress(address.Line.FirstOrDefault(), address.PostalCode, address.City, address.Country),
        };
        return new FedPatient(local, details, [.. identifiers.Where(i => KnownDomains.IsAdministrative(i.System))]) { Active = patient.Active != false, ReplacedBy = survivor };
    }

    private static PersonIdentifier? Target(ResourceReference? other)
    {
        if (other?.Identifier is { } logical) return Of(logical);
        if (other?.Reference is not { } reference || reference.IndexOf('?', StringComparison.Ordinal) is not (> 0 and var at) || !reference[..at].EndsWith("Patient", StringComparison.Ordinal)) return null;
        return Condition(Mhd.DocumentQuery.Parse(reference[at..])) is { Succeeded: true, Value: var named } ? named : null;
    }

    private static PersonIdentifier? Of(Identifier identifier) =>
        identifier is { System: { Length: > 0 } system, Value: { Length: > 0 } value } ? new PersonIdentifier(Domains.Of(system), value) : null;
}
