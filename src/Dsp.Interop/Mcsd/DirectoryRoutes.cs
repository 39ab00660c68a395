using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mcsd;

/// <summary>What is offered of the register, as data (mCSD 4, ITI-90).</summary>
public static class DirectoryRoutes
{
    private const string Core = "http://hl7.org/fhir/SearchParameter/";
    private static readonly SearchParameterRoute Active = new("active", SearchKind.Token, "true or false.");
    private static readonly SearchParameterRoute Identifier = new("identifier", SearchKind.Token, "Number in the register, system|value.");
    private static readonly SearchParameterRoute Name = new("name", SearchKind.Text, "Begins with; :contains and :exact are offered.");
    private static readonly SearchParameterRoute Organization = new("organization", SearchKind.Reference, "The institution.");

    public static IReadOnlyList<ResourceRoute> All { get; } =
    [
        Route("HealthcareService", "Emergency departments.", Active, new("location", SearchKind.Reference, "Where."), Name, Organization, new("service-type", SearchKind.Token, "Kind of service.")),
        Route("Location", "Where institutions are.", Identifier, Name, Organization, new("status", SearchKind.Token, "active."), new("type", SearchKind.Token, "Kind of place.")) with { Includes = ["Location:organization"] },
        Route("Organization", "Institutions of the register.", Active, Identifier, Name, new("type", SearchKind.Token, "Kind of institution.")) with { ReverseIncludes = ["Location:organization"] },
        Route("Practitioner", "Professionals of the register; active while their licence is in force.", Active, new("family", SearchKind.Text, "Begins with; :contains and :exact are offered."), new("given", SearchKind.Text, "Begins with; :contains and :exact are offered."), Identifier, Name),
        Route("PractitionerRole", "Who works where, as what.", Active, new("location", SearchKind.Reference, "Where."), Organization, new("practitioner", SearchKind.Reference, "Who."), new("role", SearchKind.Token, "Profession."),
            new("service", SearchKind.Reference, "The emergency department."), new("specialty", SearchKind.Token, "Specialty; its words with :text.")) with { Includes = ["PractitionerRole:practitioner", "PractitionerRole:organization"] },
    ];

    public static ResourceRoute Of(string type) => All.First(r => r.Type == type);

    private static ResourceRoute Route(string type, string documentation, params SearchParameterRoute[] parameters) =>
        new(type, documentation + " ITI-90. In the order of their ids; _count is 50 unless given and at most 200.", ["read", "search-type"],
            [new("_id", SearchKind.Token, "The id.", Core + "Resource-id"), .. parameters], ["https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD." + type]);
}
