using Dsp.Clinical;
using Dsp.Identity;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Ips;

/// <summary>The holder as the summary's subject: identifiers in force, name, birth date as far as it is known, gender.</summary>
internal static class IpsPatient
{
    public static Patient Of(PatientSummary summary)
    {
        var details = summary.Holder.Details;
        return new Patient
        {
            Id = summary.Record.ToString(),
            Meta = IpsAssembly.Claims("Patient-uv-ips"),
            Identifier = [.. details.Identifiers.Where(i => i.Until is null).Select(i => new Identifier(i.System, i.Value))],
            Name = [new HumanName { Use = HumanName.NameUse.Official, Family = IpsValues.Words(details.Family), Given = IpsValues.Words(details.Given) is { } given ? [given] : [] }],
            Gender = details.Gender switch
            {
                Gender.Female => AdministrativeGender.Female,
                Gender.Male => AdministrativeGender.Male,
                Gender.Other => AdministrativeGender.Other,
                _ => AdministrativeGender.Unknown,
            },
            BirthDateElement = details.BirthDate is { } birth ? new Date(birth.ToString()) : IpsValues.Absent(new Date()),
            Deceased = details.DeathDate is { } death ? new FhirDateTime(death.ToString()) : null,
        };
    }
}
