using System.Text;

namespace Dsp.Tests.Cda;

/// <summary>Small documents for one question each.</summary>
internal static class CdaDocuments
{
    public const string Header = """
        <code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="Analyses"/>
        <title>Bilan</title><effectiveTime value="20261118083000+0100"/><confidentialityCode code="N"/><languageCode code="fr-LU"/>
        <recordTarget><patientRole><id root="1.3.182.4.4" extension="1984031299114"/>
        <patient><name><given>Emma</given><family>WEBERSCHEID</family></name><administrativeGenderCode code="F"/><birthTime value="19840312"/></patient></patientRole></recordTarget>
        <author><time value="20261118"/><assignedAuthor><id root="2.999.1.182.1" extension="7"/><assignedPerson><name><prefix>Dr</prefix><given>Armel</given><family>Thillaray</family></name></assignedPerson></assignedAuthor></author>
        <custodian><assignedCustodian><representedCustodianOrganization><id root="2.999.1.182.2"/><name>Laboratoire (fictif)</name></representedCustodianOrganization></assignedCustodian></custodian>
        """;

    public static byte[] WithText(string narrative) => WithSections($"<section><title>Titre</title><text>{narrative}</text></section>");

    public static byte[] WithSections(string sections) =>
        Encoding.UTF8.GetBytes($"<ClinicalDocument xmlns=\"urn:hl7-org:v3\">{Header}<component><structuredBody><component>{sections}</component></structuredBody></component></ClinicalDocument>");

    public static byte[] WithBody(string body) =>
        Encoding.UTF8.GetBytes($"<ClinicalDocument xmlns=\"urn:hl7-org:v3\">{Header}<component>{body}</component></ClinicalDocument>");
}
