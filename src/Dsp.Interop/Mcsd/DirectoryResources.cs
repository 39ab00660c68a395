using System.Security.Cryptography;
using System.Text;
using Dsp.Codes;
using Dsp.Identity;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mcsd;

/// <summary>
/// The register as mCSD resources: an institution is an Organization and its Location, an emergency department a
/// HealthcareService, a professional a Practitioner, each place of practice a PractitionerRole.
/// </summary>
public static class DirectoryResources
{
    private const string Profiles = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD.";
    private const string Kinds = "https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types";
    private const string Professions = "urn:dsp:profession";
    private const string Groups = "urn:dsp:group";

    /// <summary>All resources of a type, in the order of their ids.</summary>
    /// <param name="now">Licences and memberships are of this instant.</param>
    public static IReadOnlyList<Resource> Of(string type, DirectoryListing listing, DateTimeOffset now) =>
        [.. Made(type, listing, now).OrderBy(r => r.Id, StringComparer.Ordinal)];

    private static IEnumerable<Resource> Made(string type, DirectoryListing listing, DateTimeOffset now) => type switch
    {
        "Organization" => listing.Institutions.Select(Organization),
        "Location" => listing.Institutions.Select(Location),
        "HealthcareService" => listing.Institutions.Where(i => i.EmergencyDepartment).Select(Emergency),
        "Practitioner" => listing.Professionals.Select(p => Practitioner(p, now)),
        "PractitionerRole" => Roles(listing, now),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of the directory"),
    };

    private static Organization Organization(InstitutionRow row) => new()
    {
        Id = Ids.Text(row.Id.Value),
        Meta = Claims("Organization"),
        Identifier = [new Identifier(Identifiers.InstitutionRegister, row.RegisterId)],
        Active = true,
        Type = [new CodeableConcept(Kinds, "facility"), new CodeableConcept("http://terminology.hl7.org/CodeSystem/organization-type", "prov")],
        Name = row.Name,
    };

    private static Location Location(InstitutionRow row) => new()
    {
        Id = Ids.Text(row.Id.Value),
        Meta = Claims("Location"),
        Identifier = [new Identifier(Identifiers.InstitutionRegister, row.RegisterId)],
        Status = Hl7.Fhir.Model.Location.LocationStatus.Active,
        Name = row.Name,
        Type = [new CodeableConcept(Kinds, "facility")],
        ManagingOrganization = To("Organization", row.Id.Value, row.Name),
    };

    private static HealthcareService Emergency(InstitutionRow row) => new()
    {
        Id = Ids.Text(row.Id.Value),
        Meta = Claims("HealthcareService"),
        Active = true,
        ProvidedBy = To("Organization", row.Id.Value, row.Name),
        Type = [new CodeableConcept("http://snomed.info/sct", "310000008", "Accident and Emergency service", null)],
        Location = [To("Location", row.Id.Value, row.Name)],
        Name = row.Name,
    };

    private static Practitioner Practitioner(ProfessionalRow row, DateTimeOffset now) => new()
    {
        Id = Ids.Text(row.Person.Value),
        Meta = Claims("Practitioner"),
        Identifier = [new Identifier(Identifiers.ProfessionalRegister, row.RegisterId)],
        Active = row.LicenceInForceAt(now),
        Name = [new HumanName { Use = HumanName.NameUse.Official, Family = row.Family, Given = [row.Given] }],
        Qualification = [new Practitioner.QualificationComponent { Code = Profession(row) }],
    };

    private static IEnumerable<PractitionerRole> Roles(DirectoryListing listing, DateTimeOffset now)
    {
        var people = listing.Professionals.ToDictionary(p => p.Person);
        var places = listing.Institutions.ToDictionary(i => i.Id);
        foreach (var member in listing.Memberships)
        {
            if (!people.TryGetValue(member.Person, out var person) || !places.TryGetValue(member.Institution, out var place)) continue;
            yield return new PractitionerRole
            {
                Id = NameOf(member),
                Meta = Claims("PractitionerRole"),
                Active = member.ValidAt(now) && person.LicenceInForceAt(now),
                Period = new Period { StartElement = new FhirDateTime(member.From), EndElement = member.Until is { } until ? new FhirDateTime(until) : null },
                Practitioner = To("Practitioner", person.Person.Value, person.Name),
                Organization = To("Organization", place.Id.Value, place.Name),
                Code = [Profession(person)],
                Specialty = person.Specialty is { Length: > 0 } specialty ? [new CodeableConcept { Text = specialty }] : [],
                Location = [To("Location", place.Id.Value, place.Name)],
                HealthcareService = member.Emergency && place.EmergencyDepartment ? [To("HealthcareService", place.Id.Value, place.Name)] : [],
            };
        }
    }

    /// <summary>A place of practice has no id of its own: its name is made of who works where, and is the same on every node.</summary>
    private static string NameOf(MembershipRow member) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{member.Institution}/{member.Person}/{member.Unit}")).AsSpan(0, 16)).ToString("D");

    private static CodeableConcept Profession(ProfessionalRow row) => new()
    {
        Coding = [new Coding(Professions, row.Profession, Dsp.Codes.Professions.Find(row.Profession)?.English), new Coding(Groups, row.Group.ToString())],
        Text = row.Profession,
    };

    private static Meta Claims(string profile) => new() { Profile = [Profiles + profile] };

    private static ResourceReference To(string type, Guid id, string name) => new($"{type}/{Ids.Text(id)}", name);
}
