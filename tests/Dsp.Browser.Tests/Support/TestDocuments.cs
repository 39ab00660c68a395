using System.Security.Cryptography;
using System.Text;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Mhd;

namespace Dsp.Browser.Tests.Support;

/// <summary>Documents as source systems send them, small and made by code.</summary>
internal static class TestDocuments
{
    /// <summary>A page of a PDF with nothing on it: enough for a viewer.</summary>
    public static byte[] Pdf { get; } = Encoding.ASCII.GetBytes(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n");

    /// <summary>A laboratory report with a table, in French.</summary>
    public static byte[] Cda(string title) => Encoding.UTF8.GetBytes(
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <ClinicalDocument xmlns="urn:hl7-org:v3"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id root="2.999.1"/>
        <code code="11502-2" codeSystem="2.16.840.1.113883.6.1"/><title>{title}</title><effectiveTime value="20261118"/><confidentialityCode code="N"/><languageCode code="fr-LU"/>
        <recordTarget><patientRole><id extension="1984031299114" root="1.3.182.4.4"/><patient><name><given>Emma</given><family>WEBERSCHEID</family></name><birthTime value="19840312"/></patient></patientRole></recordTarget>
        <author><time value="20261118"/><assignedAuthor><id root="2.999.2"/><assignedPerson><name><given>Solange</given><family>BIOLAY</family></name></assignedPerson></assignedAuthor></author>
        <custodian><assignedCustodian><representedCustodianOrganization><id root="2.999.3"/><name>Laboratoire du Nord (fictif)</name></representedCustodianOrganization></assignedCustodian></custodian>
        <component><structuredBody><component><section><title>Chimie du sang</title><text><table><thead><tr><th>Analyse</th><th>Valeur</th><th>Référence</th></tr></thead><tbody><tr><td>HbA1c</td><td>7,4 %</td><td>4,0 – 6,0</td></tr><tr><td>Créatinine</td><td>0,84 mg/dl</td><td>0,50 – 0,90</td></tr></tbody></table></text></section></component></structuredBody></component>
        </ClinicalDocument>
        """);

    public static ProvidedSubmission Submission(TimeProvider clock, RecordId record, string title, DataCategory category, string? loinc, DateOnly day, byte[] bytes, string mime, string language, string institution)
    {
        var type = DocumentTypes.Find(loinc);
        var metadata = new DocumentMetadata
        {
            UniqueId = "urn:uuid:" + Ids.Text(Ids.New(clock)),
            Category = category,
            ClassCodes = [new CodedValue("urn:dsp:category", category.ToString())],
            Type = type is null ? null : new CodedValue("http://loinc.org", type.Loinc, type.Name("en")),
            MimeType = mime,
            Language = language,
            Title = title,
            Creation = new PartialDate(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Deadlines.StartOf(day), Deadlines.StartOf(day.AddDays(1))),
            Authors = [new Author(null, [], [], institution)],
            Sha1 = SHA1.HashData(bytes),
            Sha256 = SHA256.HashData(bytes),
            Size = bytes.Length,
        };
        var submission = new Submission { Id = default, UniqueId = "urn:uuid:" + Ids.Text(Ids.New(clock)), SubmittedAt = clock.GetUtcNow() };
        return new ProvidedSubmission
        {
            Patient = new PatientIdentifier("", "", record),
            Submission = submission with { Fhir = SinglePartBuilder.Submission(submission) },
            Documents = [new ProvidedDocument { Metadata = metadata, Content = bytes, Fhir = SinglePartBuilder.Document(metadata) }],
        };
    }
}
