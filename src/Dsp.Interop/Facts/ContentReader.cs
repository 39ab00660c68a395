using System.Text;
using Dsp.Clinical;
using Dsp.Documents;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>
/// Reads a deposited document by what its bytes are: CDA, a FHIR document in JSON or XML, plain text. Every other format is
/// found by its title alone. Bounded in bytes, depth and count; a failure of its own ends here and is stated.
/// </summary>
public sealed class ContentReader : IContentReader
{
    /// <summary>Characters of text kept for showing where a word stands; the words beyond are still found.</summary>
    public const int KeptText = 64 * 1024;

    /// <summary>Characters of text looked at for words.</summary>
    internal const int LongestText = 2 * 1024 * 1024;
    private static readonly CdaLimits Limits = new(MaxBytes: 16 * 1024 * 1024);

    public int Rules => 1;

    public DocumentReading Read(DocumentMetadata metadata, ReadOnlyMemory<byte> content)
    {
        try
        {
            var (sheet, text) = Read(metadata.MimeType.Split(';')[0].Trim(), metadata, content);
            return Made(metadata, sheet, text);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // A deposit is never lost to what could not be understood: the kind of the fault, never its text, is kept.
            return Made(metadata, new FactSheet([], new ReadingReport($"The reader failed ({e.GetType().Name}).")), "");
        }
    }

    private DocumentReading Made(DocumentMetadata metadata, FactSheet sheet, string text)
    {
        if (text.Length > LongestText) text = text[..LongestText];
        return new DocumentReading(Rules, sheet.ToBytes(), TermList.Of(metadata.Title, text, sheet), Packing.Pack(Encoding.UTF8.GetBytes(text.Length > KeptText ? text[..KeptText] : text)));
    }

    private static (FactSheet Sheet, string Text) Read(string type, DocumentMetadata metadata, ReadOnlyMemory<byte> content)
    {
        if (content.Length > Limits.MaxBytes) return Unread("The document is larger than what is read for facts.");
        switch (First(content.Span))
        {
            case (byte)'<' when type != "text/html" && type != "image/svg+xml":
                if (!CdaXml.TryLoad(content, Limits, out var root, out var problem)) return Unread(problem.Detail);
                if (root.Name.NamespaceName == "http://hl7.org/fhir") return FhirFactSheet.Read(() => FhirElement.OfXmlResource(root), metadata.Category);
                return CdaFactSheet.ClinicalIn(root) is { } clinical ? (CdaFactReader.Read(clinical, metadata.Category), CdaFactSheet.TextOf(clinical)) : (FactSheet.Empty, "");
            case (byte)'{' when type.EndsWith("json", StringComparison.OrdinalIgnoreCase):
                return FhirFactSheet.Read(() => FhirElement.OfJson(content), metadata.Category);
            default:
                return (FactSheet.Empty, type.Equals("text/plain", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(content.Span) : "");
        }
    }

    /// <summary>The first byte that is neither white space nor a byte order mark; 0 where there is none.</summary>
    private static byte First(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        // Sixteen-bit encodings of XML begin with their own mark; the XML reader knows them.
        if (bytes.Length > 3 && (bytes[..2].SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes[..2].SequenceEqual((ReadOnlySpan<byte>)[0xFE, 0xFF]))) return (byte)'<';
        var at = bytes.IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 ? (byte)0 : bytes[at];
    }

    private static (FactSheet, string) Unread(string reason) => (new FactSheet([], new ReadingReport(reason)), "");
}
