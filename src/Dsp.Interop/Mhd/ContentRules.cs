using System.Security.Cryptography;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

internal static class ContentRules
{
    /// <summary>Finds each document's bytes: a Binary, or a FHIR document Bundle taken exactly as received.</summary>
    public static void Resolve(ProvideMessage m)
    {
        var taken = new HashSet<int>();
        foreach (var d in m.Documents)
        {
            if (d.Source.Content.FirstOrDefault()?.Attachment?.Url is not { } url) continue;
            var path = d.Path + ".content[0].attachment.url";
            if (!m.Contents.TryGetValue(url, out var index))
            {
                m.Problems.Add(Refusals.MissingDocument.At(path));
                continue;
            }
            if (!taken.Add(index)) m.Problems.Add(Refusals.InvalidMetadata.Because("Two document entries refer to the same bytes.").At(path));
            d.ContentEntry = index;
            var scanned = m.Scan.Entries[index];
            if (m.Bundle.Entry[index].Resource is Bundle inner)
            {
                d.IsFhirDocument = true;
                d.Content = m.Json.Slice(scanned.Start, scanned.Length).ToArray();
                if (inner.Type != Bundle.BundleType.Document || inner.Entry is not [{ Resource: Composition }, ..])
                    m.Problems.Add(Refusals.InvalidMetadata.Because("A Bundle provided as a document is of type document and begins with its Composition.").At(ProvideMessage.At(index, "resource.type")));
            }
            else if (scanned.Data is { Length: > 0 } data)
            {
                d.Content = data;
            }
            else
            {
                m.Problems.Add(Refusals.MissingDocument.Because("The Binary holds no data.").At(ProvideMessage.At(index, "resource.data")));
            }
        }
    }

    public static void AllNamed(ProvideMessage m)
    {
        foreach (var index in m.ContentEntries)
            if (!m.Documents.Exists(d => d.ContentEntry == index))
                m.Problems.Add(Refusals.MissingDocumentMetadata.At(ProvideMessage.At(index)));
    }

    public static void TypesAgree(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            if (d.ContentEntry < 0 || d.Source.Content[0].Attachment?.ContentType is not { } declared) continue;
            var sent = d.IsFhirDocument ? FhirNames.MediaType : (m.Bundle.Entry[d.ContentEntry].Resource as Binary)?.ContentType;
            if (sent is not null && !string.Equals(Essence(sent), Essence(declared), StringComparison.OrdinalIgnoreCase) && !(d.IsFhirDocument && Essence(declared) == "application/json"))
                m.Problems.Add(Refusals.InvalidMetadata.Because("The document entry and its bytes name different content types.").At(d.Path + ".content[0].attachment.contentType"));
            if (!Essence(declared).Contains('/', StringComparison.Ordinal))
                m.Problems.Add(Refusals.InvalidMetadata.Because("The content type is not a media type.").At(d.Path + ".content[0].attachment.contentType"));
        }
    }

    private static string Essence(string mediaType) => mediaType.Split(';')[0].Trim();

    public static void FitBytes(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            // MHD: a FHIR document has neither hash nor size, for its serialization may change; what is sent is not kept.
            if (d.Content.Length == 0 || d.IsFhirDocument) continue;
            var attachment = d.Source.Content[0].Attachment!;
            if (attachment.Hash is { } hash && !hash.AsSpan().SequenceEqual(Sha1(d.Content)))
                m.Problems.Add(Refusals.HashDoesNotFit.At(d.Path + ".content[0].attachment.hash"));
            if ((attachment.SizeElement as UnsignedInt)?.Value is { } size && size != d.Content.Length)
                m.Problems.Add(Refusals.SizeDoesNotFit.At(d.Path + ".content[0].attachment.size"));
        }
    }

#pragma warning disable CA5350 // XDS fixes SHA-1 as the hash of a document; SHA-256 is kept beside it.
    public static byte[] Sha1(byte[] content) => SHA1.HashData(content);
#pragma warning restore CA5350
}
