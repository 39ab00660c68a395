namespace Dsp.Tests.Conformance;

/// <summary>Addresses of the profiles that answers are held against.</summary>
internal static class Guide
{
    public const string IpsBundle = "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips";
    public const string Mhd = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.";
    public const string Pdqm = "https://profiles.ihe.net/ITI/PDQm/StructureDefinition/IHE.PDQm.";
    public const string Pixm = "https://profiles.ihe.net/ITI/PIXm/StructureDefinition/IHE.PIXm.";
    public const string Mcsd = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD.";
    public const string HealthDataDocument = "http://hl7.eu/fhir/health-data-api/StructureDefinition/EehrxfMhdDocumentReference";
}
