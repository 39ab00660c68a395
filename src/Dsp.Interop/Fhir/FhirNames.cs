namespace Dsp.Interop.Fhir;

/// <summary>Names of the FHIR R4, IHE and DICOM worlds that several readers and writers use.</summary>
public static class FhirNames
{
    public const string MediaType = "application/fhir+json";

    /// <summary>System of identifiers that are unique by themselves: <c>urn:oid:</c> and <c>urn:uuid:</c> values.</summary>
    public const string UriSystem = "urn:ietf:rfc:3986";
    public const string Mhd = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/";
    public const string Balp = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/";
    public const string ListTypes = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes";
    public const string IdentifierTypes = "https://profiles.ihe.net/ITI/MHD/CodeSystem/IHE.MHD.MHDIdentifierType";
    public const string DocumentProfile = Mhd + "IHE.MHD.Minimal.DocumentReference";
    public const string ComprehensiveDocumentProfile = Mhd + "IHE.MHD.Comprehensive.DocumentReference";
    public const string DesignationType = Mhd + "ihe-designationType";
    public const string SourceId = Mhd + "ihe-sourceId";
    public const string IntendedRecipient = Mhd + "ihe-intendedRecipient";
    public const string AuthorOrganization = Mhd + "ihe-authorOrg";

    /// <summary>Our refusal ids as a code system.</summary>
    public const string RefusalSystem = "urn:dsp:refusal";

    /// <summary>The error codes of ITI TF-3 table 4.2.4.1-2 as a code system.</summary>
    public const string XdsErrorSystem = "urn:dsp:xds-error";

    /// <summary>Extension on a status that FHIR asks for and no source gave: what is coded there was assumed, nobody said it.</summary>
    public const string StatusNotSaid = "urn:dsp:status-not-said";
}
