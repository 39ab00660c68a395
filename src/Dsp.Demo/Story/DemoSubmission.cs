using System.Globalization;
using System.Security.Cryptography;
using Dsp.Codes;
using Dsp.Demo.Content;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Interop.Mhd;
using PartialDate = Dsp.Documents.PartialDate;

namespace Dsp.Demo.Story;

/// <summary>A document of the story as a submission of its own, with the metadata a source system would send.</summary>
internal static class DemoSubmission
{
    private const string FormatCodes = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode";
    private const string Snomed = "http://snomed.info/sct";
    private const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private const string FhirJson = "application/fhir+json";

    /// <summary>Facility and setting of what a person writes at home.</summary>
    private static readonly (string Facility, string Setting) AtHome = ("264362003", "394802001");

    /// <param name="replaced">The unique id of the document this one replaces.</param>
    public static ProvidedSubmission Of(DemoDocument document, DemoHolder holder, string? replaced, SubmissionId id)
    {
        var author = AuthorOf(document, holder);
        var metadata = new DocumentMetadata
        {
            UniqueId = document.UniqueId,
            Category = Enum.Parse<DataCategory>(document.Category),
            ClassCodes = [new CodedValue("urn:dsp:category", document.Category)],
            Type = new CodedValue(document.Type.System, document.Type.Code, document.Type.Display),
            Format = new CodedValue(FormatCodes, document.FormatCode),
            MimeType = document.MimeType,
            Language = document.Language,
            Title = document.Title,
            Creation = Instant(document.Created),
            Date = Instant(document.Created),
            Authors = [author],
            Period = new ServicePeriod(Instant(document.Created), Instant(document.Created)),
            Facility = new CodedValue(Snomed, PlaceOf(document).Facility),
            PracticeSetting = new CodedValue(Snomed, PlaceOf(document).Setting),
            SecurityLabels = [new CodedValue(Confidentiality, document.Confidentiality), .. Labels(document)],
            SourcePatientId = holder.NationalId is { } number ? new EntryIdentifier(Identifiers.NationalNumber, number) : null,
            Sha1 = document.MimeType == FhirJson ? [] : Sha1(document.Bytes),
            Sha256 = SHA256.HashData(document.Bytes),
            Size = document.Bytes.Length,
        };
        var submission = new Submission
        {
            Id = id,
            UniqueId = document.UniqueId + ".1",
            Title = document.Title,
            ContentType = metadata.Type,
            SourceId = "urn:oid:" + DemoPeople.TestRoot,
            SubmittedAt = document.Created,
            Author = author,
        };
        return new ProvidedSubmission
        {
            Patient = new PatientIdentifier(Identifiers.NationalNumber, holder.NationalId ?? ""),
            Submission = submission with { Fhir = SinglePartBuilder.Submission(submission) },
            Documents =
            [
                new ProvidedDocument
                {
                    Metadata = metadata, Content = document.Bytes, Fhir = SinglePartBuilder.Document(metadata),
                    RelationsByName = replaced is null ? [] : [(RelationKind.Replaces, replaced)],
                },
            ],
        };
    }

    private static Author AuthorOf(DemoDocument document, DemoHolder holder)
    {
        if (!DemoPeople.Professionals.TryGetValue(document.AuthorKey, out var professional))
            return new Author(holder.Family, [holder.Given], [], Role: "Titulaire");
        return new Author(professional.Family, [professional.Given], [new EntryIdentifier(ProfessionalRegister.Test, professional.Id)],
            DemoPeople.Institutions[professional.InstitutionKey].Name, Specialty: professional.Specialty);
    }

    private static (string Facility, string Setting) PlaceOf(DemoDocument document) =>
        DemoPeople.Professionals.TryGetValue(document.AuthorKey, out var professional)
            ? (DemoPeople.Institutions[professional.InstitutionKey].FacilityType, professional.PracticeSetting)
            : AtHome;

    private static IEnumerable<CodedValue> Labels(DemoDocument document) =>
        document.Labels.Contains(DemoLabels.MinorConfidential) ? [new CodedValue(HandlingLabels.System, HandlingLabels.MinorConfidential)] : [];

    private static PartialDate Instant(DateTimeOffset at) =>
        new(at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), at.ToUniversalTime(), at.ToUniversalTime().AddSeconds(1));

#pragma warning disable CA5350 // XDS names its hash so (ITI TF-3 4.2.3.2.10); what proves the bytes is the SHA-256 beside it.
    private static byte[] Sha1(byte[] bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5350
}
