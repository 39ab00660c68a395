using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;

namespace Dsp.Interop.Resources;

/// <summary>What is offered of the resources that are made of facts, as data: QEDm 3, EU Health Data API 1.0, IPA 1.1.</summary>
public static class ResourceRoutes
{
    private const string Core = "http://hl7.org/fhir/SearchParameter/";

    private static readonly SearchParameterRoute Code = new("code", SearchKind.Token, "What it is about, system|code.", Core + "clinical-code");
    private static readonly SearchParameterRoute Date = new("date", SearchKind.Date, "When; eq, lt, le, gt, ge.", Core + "clinical-date");
    private static readonly SearchParameterRoute ClinicalStatus = new("clinical-status", SearchKind.Token, "Active, inactive, resolved, as its source says.");
    private static readonly SearchParameterRoute Status = new("status", SearchKind.Token, "Status of the entry.");

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<ResourceRoute> All { get; } =
    [
        Route("AllergyIntolerance", "Allergies and intolerances; what a source rules out is refuted.", ["AllergyIntolerance-uv-ips"], ClinicalStatus),
        Route("Condition", "Problems; what a source rules out is refuted.", ["Condition-uv-ips"], new("category", SearchKind.Token, "As sent, or problem-list-item by its section.", Core + "Condition-category"), ClinicalStatus, Code),
        Route(StatementTypes.Report, "Documents of laboratories and of imaging, with the results the caller may see.", [], new("category", SearchKind.Token, "LAB or RAD (v2-0074).", Core + "DiagnosticReport-category"), Code, Date, Status),
        Route("Encounter", "Visits and stays that a document tells. An institution's system registers its stays by create or conditional update, which opens, prolongs and ends care contexts; it reads them by id.", [],
            new("class", SearchKind.Token, "Kind of encounter.", Core + "Encounter-class"), Date, Status) with
        {
            Interactions = ["create", "read", "search-type", "update"],
            ConditionalUpdate = true,
        },
        Route("Immunization", "Vaccinations; not-done where a source says so.", ["Immunization-uv-ips"], Date, Status),
        Route("MedicationDispense", "What was handed out.", [], Status, new("whenhandedover", SearchKind.Date, "When it was handed out.", Core + "MedicationDispense-whenhandedover")) with { Includes = ["MedicationDispense:medication"] },
        Route("MedicationRequest", "What was prescribed or proposed.", ["MedicationRequest-uv-ips"], new("authoredon", SearchKind.Date, "When it was written.", Core + "MedicationRequest-authoredon"), new("intent", SearchKind.Token, "order or proposal.", Core + "MedicationRequest-intent"), Status) with { Includes = ["MedicationRequest:medication"] },
        Route("MedicationStatement", "What is or was taken; not-taken where a source says so.", ["MedicationStatement-uv-ips"], new("effective", SearchKind.Date, "When it was taken.", Core + "MedicationStatement-effective"), Status) with { Includes = ["MedicationStatement:medication"] },
        Route("Observation", "Results, measurements, pregnancy; without a value where its source has none.", ["Observation-results-laboratory-pathology-uv-ips", "Observation-results-radiology-uv-ips"],
            new("category", SearchKind.Token, "laboratory, imaging or vital-signs.", Core + "Observation-category"), Code, Date, Status),
        Route("Procedure", "Interventions; not-done where a source says so.", ["Procedure-uv-ips"], Code, Date),
        new(StatementTypes.Provenance, "The document a resource comes from, and whose words it holds; by id, or with _revinclude=Provenance:target.", ["read"], [], []),
    ];

    public static ResourceRoute Of(string type) => All.First(r => r.Type == type);

    private static ResourceRoute Route(string type, string documentation, IReadOnlyList<string> profiles, params SearchParameterRoute[] parameters) =>
        new(type, documentation + " A search names one patient. Newest first; _count is 50 unless given and at most 200.", ["read", "search-type"],
            [
                .. parameters,
                new("patient", SearchKind.Reference, "The patient by record id.", Core + "clinical-patient"),
                new("patient.identifier", SearchKind.Token, "The patient by identifier, system|value."),
            ],
            [.. profiles.Select(p => IpsAssembly.Profiles + p)])
        {
            ReverseIncludes = [StatementTypes.Provenance + ":target"],
        };
}
