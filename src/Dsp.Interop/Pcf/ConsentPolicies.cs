using Dsp.Access;

namespace Dsp.Interop.Pcf;

/// <summary>The policies that a Consent of this platform names: one for each kind of choice, with the law that gives it.</summary>
public static class ConsentPolicies
{
    /// <summary>RGD of 6 December 2019 on the shared care record.</summary>
    public const string Regulation = "http://data.legilux.public.lu/eli/etat/leg/rgd/2019/12/06/a909/jo";

    /// <summary>Regulation (EU) 2025/327, European Health Data Space.</summary>
    public const string HealthDataSpace = "http://data.europa.eu/eli/reg/2025/327/oj";

    /// <summary>IHE's name of a policy that lets nobody in but by breaking the glass; exceptional access is off (domain 1.9).</summary>
    public const string BreakGlassOnly = "https://profiles.ihe.net/ITI/PCF/Policy-break-glass-only";

    private const string Prefix = "urn:dsp:policy:";

    private static readonly (ChoiceKind Kind, string Name, string Authority)[] All =
    [
        (ChoiceKind.General, "general", Regulation),
        (ChoiceKind.Circle, "circle", Regulation),
        (ChoiceKind.Block, "block", Regulation),
        (ChoiceKind.Mask, "mask", Regulation),
        (ChoiceKind.Objection, "deposit-objection", Regulation),
        (ChoiceKind.Country, "country", HealthDataSpace),
    ];

    public static string UriOf(ChoiceKind kind) => Prefix + All.First(p => p.Kind == kind).Name;

    public static string AuthorityOf(ChoiceKind kind) => All.First(p => p.Kind == kind).Authority;

    /// <summary>The kind whose policy this is; null for every other policy.</summary>
    public static ChoiceKind? KindOf(string? uri)
    {
        foreach (var (kind, name, _) in All)
            if (uri == Prefix + name) return kind;
        return null;
    }
}

/// <summary>Names of codes and systems that a Consent uses (FHIR R4, PCF 1.1.0).</summary>
public static class ConsentNames
{
    public const string Profiles = "https://profiles.ihe.net/ITI/PCF/StructureDefinition/";
    public const string Basic = Profiles + "IHE.PCF.consentBasic";
    public const string Intermediate = Profiles + "IHE.PCF.consentIntermediate";
    public const string ScopeSystem = "http://terminology.hl7.org/CodeSystem/consentscope";
    public const string Privacy = "patient-privacy";
    public const string Loinc = "http://loinc.org";
    public const string ConsentDocument = "59284-0";
    public const string RoleSystem = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    public const string Recipient = "IRCP";
    public const string ReasonSystem = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    public const string Treatment = "TREAT";
    public const string BreakGlass = "BTG";
    public const string ActionSystem = "http://terminology.hl7.org/CodeSystem/consentaction";
    public const string Collect = "collect";
    public const string CategorySystem = "urn:dsp:category";

    /// <summary>Countries as identifiers of their contact point.</summary>
    public const string CountrySystem = "urn:iso:std:iso:3166";

    /// <summary>Persons whom no directory lists, by our own id.</summary>
    public const string PersonSystem = "urn:dsp:person";

    public const string Custodian = "Dossier de soins partagé (Luxembourg)";
}
