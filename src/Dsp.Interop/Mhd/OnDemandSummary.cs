using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>
/// The entry of the summary that is made when its address is opened. It is kept nowhere, so it has no id of its own and no address
/// to be read at but that of its content.
/// </summary>
public static class OnDemandSummary
{
    private const string FormatCodes = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode";

    /// <param name="title">In the reader's language.</param>
    public static SearchEntry Entry(RecordId record, string baseUrl, string title, string language, DateTimeOffset now) => new(
        $"urn:uuid:{record}",
        FhirJson.Bytes(new DocumentReference
        {
            Status = DocumentReferenceStatus.Current,
            Type = new CodeableConcept("http://loinc.org", IpsBundle.TypeCode, title),
            Subject = new ResourceReference($"Patient/{record}"),
            Date = now,
            Author = [new ResourceReference { Display = "DSP" }],
            Content =
            [
                new DocumentReference.ContentComponent
                {
                    Attachment = new Attachment { ContentType = FhirNames.MediaType, Language = language, Url = $"{baseUrl}/Patient/{record}/$summary", Title = title },
                    Format = new Coding(FormatCodes, "urn:ihe:pcc:ips:2020"),
                },
            ],
        }));
}
