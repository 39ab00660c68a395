namespace Dsp.Interop.Facts;

/// <summary>Code systems under one name: the FHIR URI where there is one, else <c>urn:oid:</c>.</summary>
internal static class CodeSystems
{
    public const string Loinc = "http://loinc.org";
    public const string Snomed = "http://snomed.info/sct";
    public const string Ucum = "http://unitsofmeasure.org";

    private static readonly Dictionary<string, string> ByOid = new(StringComparer.Ordinal)
    {
        ["2.16.840.1.113883.6.1"] = Loinc,
        ["2.16.840.1.113883.6.96"] = Snomed,
        ["2.16.840.1.113883.6.8"] = Ucum,
        ["2.16.840.1.113883.6.73"] = "http://www.whocc.no/atc",
        ["2.16.840.1.113883.6.3"] = "http://hl7.org/fhir/sid/icd-10",
        ["1.3.6.1.4.1.12559.11.10.1.3.1.44.2"] = "http://hl7.org/fhir/sid/icd-10",
        ["2.16.840.1.113883.6.90"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["2.16.840.1.113883.6.103"] = "http://hl7.org/fhir/sid/icd-9-cm",
        ["2.16.840.1.113883.6.88"] = "http://www.nlm.nih.gov/research/umls/rxnorm",
        ["2.16.840.1.113883.12.292"] = "http://hl7.org/fhir/sid/cvx",
        ["2.16.840.1.113883.6.59"] = "http://hl7.org/fhir/sid/cvx",
        ["2.16.840.1.113883.6.69"] = "http://hl7.org/fhir/sid/ndc",
        ["2.16.840.1.113883.6.12"] = "http://www.ama-assn.org/go/cpt",
        ["2.16.840.1.113883.4.9"] = "http://fdasis.nlm.nih.gov",
        ["2.16.840.1.113883.3.26.1.1"] = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
        ["0.4.0.127.0.16.1.1.2.1"] = "http://standardterms.edqm.eu",
        ["2.16.840.1.113883.5.1150.1"] = Clinical.AbsentCodes.AbsentUnknown,
        ["2.16.840.1.113883.5.83"] = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        ["2.16.840.1.113883.5.4"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        ["2.16.840.1.113883.5.6"] = "http://terminology.hl7.org/CodeSystem/v3-ActClass",
        ["2.16.840.1.113883.5.139"] = "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        ["2.16.840.1.113883.5.112"] = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration",
        ["2.16.840.1.113883.5.111"] = "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
        ["2.16.840.1.113883.5.1070"] = "http://terminology.hl7.org/CodeSystem/v3-SubstanceAdminSubstitution",
    };

    /// <summary>The URI of an OID; what is no OID stays as sent; empty where the source named none.</summary>
    public static string OfOid(string? oid) =>
        string.IsNullOrWhiteSpace(oid) ? "" : ByOid.TryGetValue(oid.Trim(), out var uri) ? uri : oid.Contains(':', StringComparison.Ordinal) ? oid : IsOid(oid) ? "urn:oid:" + oid.Trim() : oid.Trim();

    /// <summary>A system as FHIR sends it; <c>urn:oid:</c> of a known system becomes its URI.</summary>
    public static string OfUri(string? uri) =>
        uri is null ? "" : uri.StartsWith("urn:oid:", StringComparison.Ordinal) && ByOid.TryGetValue(uri[8..], out var known) ? known : uri;

    private static bool IsOid(string text) => text.Trim().All(c => char.IsAsciiDigit(c) || c == '.');
}
