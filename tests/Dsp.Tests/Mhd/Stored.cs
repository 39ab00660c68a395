using System.Buffers;
using System.Text.Json.Nodes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Mhd;

/// <summary>Documents as the registry would hand them over, made without one.</summary>
internal static class Stored
{
    public static readonly RecordId Record = new(Guid.Parse("0195a1b2-0000-7000-8000-000000000001"));

    public static StoredDocument Of(DocumentMetadata metadata, byte[] fhir, int number = 1, DocumentStatus status = DocumentStatus.Current) => new()
    {
        Id = new DocumentId(Guid.Parse($"0195a1b2-0000-7000-8000-{number:d12}")),
        Record = Record,
        Content = new ContentId(Guid.Parse($"0195a1b2-0000-7001-8000-{number:d12}")),
        Entry = new DocumentEntry
        {
            Facts = DocumentFacts.Of(metadata),
            AddedAt = new DateTimeOffset(2026, 3, 2, 8, 0, 0, 123, TimeSpan.Zero),
            Submission = new SubmissionId(Guid.Parse("0195a1b2-0000-7002-8000-000000000001")),
            Content = new ContentId(Guid.Parse($"0195a1b2-0000-7001-8000-{number:d12}")),
            ContentSalt = [],
        },
        MetadataFrom = new Lazy<DocumentMetadata>(metadata),
        State = new DocumentState(status, new DateTimeOffset(2026, 3, 2, 8, 0, 0, 123, TimeSpan.Zero)),
        Version = 1,
        Fhir = fhir,
    };

    public static StoredDocument Of(ProvidedDocument document, int number = 1) => Of(document.Metadata, document.Fhir, number);

    /// <summary>The searchset with these documents, parsed strictly.</summary>
    public static Bundle Search(IReadOnlyList<StoredDocument> documents, Func<DocumentId, bool>? visible = null, int? total = null)
    {
        var (bundle, problems) = FhirJson.Parse<Bundle>(Bytes(documents, visible, total));
        Assert.Empty(problems);
        return bundle!;
    }

    public static byte[] Bytes(IReadOnlyList<StoredDocument> documents, Func<DocumentId, bool>? visible = null, int? total = null)
    {
        var output = new ArrayBufferWriter<byte>();
        SearchBundleWriter.Write(
            output,
            new FoundDocuments(Record, documents, false, total),
            new SearchLinks(ProvideExample.Base + "/DocumentReference?patient=x&type=http%3A%2F%2Floinc.org%7C1-8"),
            ProvideExample.Base,
            visible ?? (_ => true),
            new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        return output.WrittenSpan.ToArray();
    }

    public static JsonNode Json(byte[] bytes) => JsonNode.Parse(bytes)!;
}
