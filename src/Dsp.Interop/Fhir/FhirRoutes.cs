using Dsp.Interop.Mcsd;
using Dsp.Interop.Resources;

namespace Dsp.Interop.Fhir;

/// <summary>Kind of a search parameter (FHIR search-param-type).</summary>
public enum SearchKind { Token, Text, Date, Reference, Number }

/// <summary>One search parameter that is routed.</summary>
/// <param name="Definition">Canonical address of its definition, where one exists.</param>
public sealed record SearchParameterRoute(string Name, SearchKind Kind, string Documentation, string? Definition = null);

/// <summary>One operation that is routed.</summary>
/// <param name="Name">Without its dollar sign.</param>
/// <param name="Definition">Canonical address of its definition.</param>
public sealed record OperationRoute(string Name, string Definition, string Documentation);

/// <summary>One resource type that is routed, with its interactions (codes of restful-interaction) and parameters.</summary>
public sealed record ResourceRoute(string Type, string Documentation, IReadOnlyList<string> Interactions, IReadOnlyList<SearchParameterRoute> Parameters, IReadOnlyList<string> Profiles)
{
    public IReadOnlyList<OperationRoute> Operations { get; init; } = [];

    /// <summary>An update names its resource by a condition, and makes it where there is none.</summary>
    public bool ConditionalUpdate { get; init; }

    /// <summary>Values of <c>_include</c>.</summary>
    public IReadOnlyList<string> Includes { get; init; } = [];

    /// <summary>Values of <c>_revinclude</c>.</summary>
    public IReadOnlyList<string> ReverseIncludes { get; init; } = [];
}

/// <summary>
/// Everything the FHIR door offers, as data: the server routes from it and the capability statement prints it, so that
/// neither can promise what the other does not do.
/// </summary>
public static class FhirRoutes
{
    private const string Core = "http://hl7.org/fhir/SearchParameter/";
    private const string MhdParameter = "https://profiles.ihe.net/ITI/MHD/SearchParameter/DocumentReference-Creation";
    private const string ListParameter = "https://profiles.ihe.net/ITI/MHD/SearchParameter/List-";

    /// <summary>System-level interactions: ITI-65 at the base.</summary>
    public static IReadOnlyList<(string Code, string Documentation)> System { get; } =
    [
        ("transaction", FhirNames.Mhd + "IHE.MHD.Minimal.ProvideBundle"),
        ("transaction", FhirNames.Mhd + "IHE.MHD.Comprehensive.ProvideBundle"),
        ("transaction", FhirNames.Mhd + "IHE.MHD.UnContained.Comprehensive.ProvideBundle"),
        ("batch", "At most 50 requests, each with its own rights, journal entry and answer."),
    ];

    /// <summary>Operations offered for every type.</summary>
    public static IReadOnlyList<OperationRoute> Operations { get; } =
        [new("validate", "http://hl7.org/fhir/OperationDefinition/Resource-validate", "Reads a message as a deposit would be read, and says every rule it breaks with its source; stores nothing, looks up nobody. ITI-65 for a transaction, ITI-105 for a DocumentReference with its bytes, ITI-108 for a Consent.")];

    public static ResourceRoute DocumentReference { get; } = new(
        "DocumentReference",
        "ITI-67: a search names one patient; newest submission first; _count is 50 unless given and at most 200. ITI-105: one document with its bytes is created.",
        ["create", "read", "vread", "history-instance", "search-type"],
        [
            new("_id", SearchKind.Token, "The id of the document reference.", Core + "Resource-id"),
            new("_lastUpdated", SearchKind.Date, "When the entry last changed; eq, lt, le, gt, ge.", Core + "Resource-lastUpdated"),
            new("author.family", SearchKind.Text, "Family name of an author begins with; :exact is offered."),
            new("author.given", SearchKind.Text, "Given name of an author begins with; :exact is offered."),
            new("category", SearchKind.Token, "Class as sent, or the data category (system urn:dsp:category).", Core + "DocumentReference-category"),
            new("creation", SearchKind.Date, "When the document was made; eq, lt, le, gt, ge.", MhdParameter),
            new("date", SearchKind.Date, "When the document reference was made: as sent, else when it came in.", Core + "DocumentReference-date"),
            new("event", SearchKind.Token, "Main clinical acts documented.", Core + "DocumentReference-event"),
            new("facility", SearchKind.Token, "Kind of facility.", Core + "DocumentReference-facility"),
            new("format", SearchKind.Token, "Format code.", Core + "DocumentReference-format"),
            new("identifier", SearchKind.Token, "Unique id, entryUUID or another identifier.", Core + "clinical-identifier"),
            new("patient", SearchKind.Reference, "The patient by record id.", Core + "clinical-patient"),
            new("patient.identifier", SearchKind.Token, "The patient by identifier, system|value."),
            new("period", SearchKind.Date, "Time of service.", Core + "DocumentReference-period"),
            new("related", SearchKind.Reference, "A reference id of the document, as system|value; also related:identifier.", Core + "DocumentReference-related"),
            new("security-label", SearchKind.Token, "Confidentiality or handling label.", Core + "DocumentReference-security-label"),
            new("setting", SearchKind.Token, "Practice setting.", Core + "DocumentReference-setting"),
            new("status", SearchKind.Token, "current or superseded; current where not given.", Core + "DocumentReference-status"),
            new("targetCommunityIdList", SearchKind.Token, "Communities asked; there is one."),
            new("type", SearchKind.Token, "Kind of document.", Core + "clinical-type"),
        ],
        [FhirNames.DocumentProfile, FhirNames.ComprehensiveDocumentProfile, "http://hl7.eu/fhir/health-data-api/StructureDefinition/EehrxfMhdDocumentReference", FhirNames.Mhd + "IHE.MHD.SimplifiedPublish.DocumentReference"])
    {
        Operations = [new("docref", "http://hl7.org/fhir/uv/ipa/OperationDefinition/docref", "The documents of one patient by dates of care and type, and the summary made on demand (60591-5), of what this caller may see.")],
    };

    public static ResourceRoute List { get; } = new(
        "List",
        "ITI-66: submission sets and folders. A search names one patient; newest first; _count is 50 unless given and at most 200. A list shows the documents its reader may see; where there are none there is no list.",
        ["read", "vread", "history-instance", "search-type"],
        [
            new("_id", SearchKind.Token, "The id of the list.", Core + "Resource-id"),
            new("code", SearchKind.Token, "submissionset or folder.", Core + "clinical-code"),
            new("date", SearchKind.Date, "When it came in or was last added to; eq, lt, le, gt, ge.", Core + "clinical-date"),
            new("designationType", SearchKind.Token, "What the submission or folder is for.", ListParameter + "DesignationType"),
            new("identifier", SearchKind.Token, "Unique id, entryUUID or another identifier.", Core + "clinical-identifier"),
            new("patient", SearchKind.Reference, "The patient by record id.", Core + "clinical-patient"),
            new("patient.identifier", SearchKind.Token, "The patient by identifier, system|value."),
            new("source.family", SearchKind.Text, "Family name of the author of the submission begins with; :exact is offered."),
            new("source.given", SearchKind.Text, "Given name of the author of the submission begins with; :exact is offered."),
            new("sourceId", SearchKind.Token, "The source that sent the submission.", ListParameter + "SourceId"),
            new("status", SearchKind.Token, "current; every list here is.", Core + "List-status"),
            new("targetCommunityIdList", SearchKind.Token, "Communities asked; there is one."),
        ],
        [FhirNames.Mhd + "IHE.MHD.Minimal.SubmissionSet", FhirNames.Mhd + "IHE.MHD.UnContained.Comprehensive.SubmissionSet", FhirNames.Mhd + "IHE.MHD.Minimal.Folder", FhirNames.Mhd + "IHE.MHD.Comprehensive.Folder"])
    {
        Includes = [Mhd.ListSearchReader.Items],
    };

    public static ResourceRoute Binary { get; } = new(
        "Binary",
        "ITI-68. The bytes as deposited; as a Binary resource only where application/fhir+json is asked for. Ranges are served.",
        ["read"],
        [],
        []);

    public static ResourceRoute Patient { get; } = new(
        "Patient",
        "ITI-78. The caller's own patients under the record's id; for professionals everybody else's identity under the person's id. A search gives an identifier, or family name and birth date, or family name, given name and gender; at most 5 are found. ITI-104: the system that owns an identifier domain feeds its identities by conditional update.",
        ["read", "search-type", "update"],
        [
            new("_id", SearchKind.Token, "The id of the patient.", Core + "Resource-id"),
            new("active", SearchKind.Token, "Replaced identities are left out.", Core + "Patient-active"),
            new("address", SearchKind.Text, "The commune begins with; :exact is offered.", Core + "individual-address"),
            new("address-city", SearchKind.Text, "The commune begins with; :exact is offered.", Core + "individual-address-city"),
            new("address-country", SearchKind.Text, "Understood; not compared, nobody is found by it.", Core + "individual-address-country"),
            new("address-postalcode", SearchKind.Text, "Understood; not compared, nobody is found by it.", Core + "individual-address-postalcode"),
            new("address-state", SearchKind.Text, "Understood; not compared, nobody is found by it.", Core + "individual-address-state"),
            new("birthdate", SearchKind.Date, "One whole day.", Core + "individual-birthdate"),
            new("family", SearchKind.Text, "Family name, present or of birth, begins with; :exact is offered.", Core + "individual-family"),
            new("gender", SearchKind.Token, "female, male, other, unknown.", Core + "individual-gender"),
            new("given", SearchKind.Text, "Given name begins with; whole without a birth date; :exact is offered.", Core + "individual-given"),
            new("identifier", SearchKind.Token, "An identifier, system|value; or a domain, system|, to be answered with its identifiers alone.", Core + "Patient-identifier"),
            new("mothersMaidenName", SearchKind.Text, "Understood; not kept, nobody is found by it.", "https://profiles.ihe.net/ITI/PDQm/SearchParameter/MothersMaidenName"),
            new("telecom", SearchKind.Token, "Understood; not kept, nobody is found by it.", Core + "individual-telecom"),
        ],
        ["https://profiles.ihe.net/ITI/PDQm/StructureDefinition/IHE.PDQm.Patient"])
    {
        ConditionalUpdate = true,
        Operations =
        [
            new("export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export", "A holder's app takes the own record along: Prefer: respond-async; _type, _since, _outputFormat=application/fhir+ndjson."),
            new("ihe-pix", "https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix", "ITI-83. The other identifiers of whom sourceIdentifier names, of the domains in targetSystem."),
            new("match", "https://profiles.ihe.net/ITI/PDQm/OperationDefinition/PDQmMatch", "ITI-119. At most 5, graded; with onlyCertainMatches the one, or nobody."),
            new("summary", "http://hl7.org/fhir/uv/ips/OperationDefinition/summary", "International Patient Summary 2.0 of what this caller may see, by id or by identifier; its text in the language of Accept-Language."),
        ],
    };

    public static ResourceRoute AuditEvent { get; } = new(
        "AuditEvent",
        "ITI-81. Who used the record, for its holder; for the security officer of the agency, without a patient, the entries that concern no record. The date is bounded on both sides; _count is 50 unless given and at most 200.",
        ["search-type"],
        [
            new("_id", SearchKind.Token, "The id of the entry.", Core + "Resource-id"),
            new("_lastUpdated", SearchKind.Date, "The same as date: an entry never changes.", Core + "Resource-lastUpdated"),
            new("address", SearchKind.Text, "The network address of an agent begins with.", Core + "AuditEvent-address"),
            new("agent.identifier", SearchKind.Token, "The person, institution or software who acted."),
            new("date", SearchKind.Date, "When; one bound ge or gt and one le or lt.", Core + "AuditEvent-date"),
            new("entity-role", SearchKind.Token, "What part an entity had.", Core + "AuditEvent-entity-role"),
            new("entity-type", SearchKind.Token, "What an entity is.", Core + "AuditEvent-entity-type"),
            new("entity.identifier", SearchKind.Token, "The document or other thing concerned."),
            new("outcome", SearchKind.Token, "0 done, 4 refused.", Core + "AuditEvent-outcome"),
            new("patient", SearchKind.Reference, "The record by its id.", Core + "AuditEvent-patient"),
            new("patient.identifier", SearchKind.Token, "The record's holder by identifier, system|value."),
            new("source.identifier", SearchKind.Token, "Who reports: the public address of this door."),
            new("subtype", SearchKind.Token, "Interaction, ITI transaction or act.", Core + "AuditEvent-subtype"),
            new("type", SearchKind.Token, "Kind of event.", Core + "AuditEvent-type"),
        ],
        []);

    public static ResourceRoute Consent { get; } = new(
        "Consent",
        "ITI-108. What the holder decided, for the holder: the general choice, circle, blocks, hidden documents, objections to deposits, countries of MyHealth@EU. A search names one patient; the general choice first, then newest first. A choice that ended stays as inactive. Changes take the scope dsp.act.*.",
        ["create", "read", "vread", "update", "delete", "history-instance", "search-type"],
        [
            new("_id", SearchKind.Token, "The id of the choice.", Core + "Resource-id"),
            new("_lastUpdated", SearchKind.Date, "When it was made as it stands; eq, lt, le, gt, ge.", Core + "Resource-lastUpdated"),
            new("actor", SearchKind.Reference, "The professional or institution it is about.", Core + "Consent-actor"),
            new("patient", SearchKind.Reference, "The patient by record id.", Core + "clinical-patient"),
            new("patient.identifier", SearchKind.Token, "The patient by identifier, system|value."),
            new("status", SearchKind.Token, "active or inactive.", Core + "Consent-status"),
        ],
        [Pcf.ConsentNames.Basic, Pcf.ConsentNames.Intermediate]);

    public static ResourceRoute Subscription { get; } = new(
        "Subscription",
        "DSUBm ITI-110, 112, 113: a professional's own subscriptions to new documents, by the topics DSUBm-SubscriptionTopic-DocumentReference-MultiPatient and -PatientDependent; rest-hook, id-only, signed. Whether a document is told of is decided when the notification leaves.",
        ["create", "delete", "read", "search-type", "update"],
        [
            new("_id", SearchKind.Token, "The id of the subscription.", Core + "Resource-id"),
            new("status", SearchKind.Token, "requested, active, error or off.", Core + "Subscription-status"),
            new("url", SearchKind.Token, "Address of the notifications.", Core + "Subscription-url"),
        ],
        [Dsubm.SubscriptionNames.Profile])
    {
        Operations = [new("status", "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-status", "Where the subscription stands and how many documents it told of.")],
    };

    public static ResourceRoute ValueSet { get; } = new(
        "ValueSet",
        "The codes of the affinity domain and of this product, by language. An open set says so in its expansion.",
        ["read", "search-type"],
        [
            new("_id", SearchKind.Token, "The id of the set.", Core + "Resource-id"),
            new("name", SearchKind.Text, "Begins with.", Core + "conformance-name"),
            new("status", SearchKind.Token, "active; every set here is.", Core + "conformance-status"),
            new("title", SearchKind.Text, "Begins with.", Core + "conformance-title"),
            new("url", SearchKind.Token, "Canonical address.", Core + "conformance-url"),
            new("version", SearchKind.Token, "Version of the software.", Core + "conformance-version"),
        ],
        [])
    {
        Operations =
        [
            new("expand", "http://hl7.org/fhir/OperationDefinition/ValueSet-expand", "filter, offset, count, displayLanguage, includeDesignations; at most 1,000 codes a page."),
            new("validate-code", "http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code", "Whether a deposit with this code would be taken."),
        ],
    };

    public static IReadOnlyList<ResourceRoute> Resources { get; } =
        [.. ResourceRoutes.All.Concat(DirectoryRoutes.All).Concat([AuditEvent, Binary, Consent, DocumentReference, List, Patient, Subscription, ValueSet]).OrderBy(r => r.Type, StringComparer.Ordinal)];
}
