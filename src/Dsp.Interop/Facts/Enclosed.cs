using System.Buffers.Text;
using System.Xml.Linq;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>Something in a document that only a worker reads: the document itself, or a PDF or picture inside it.</summary>
/// <param name="Kind"><c>pdf</c> or <c>picture</c>.</param>
/// <param name="Bytes">Decoded when asked for; null where they are no base64.</param>
internal sealed record Enclosed(string Kind, Func<ReadOnlyMemory<byte>?> Bytes)
{
    /// <summary>Most parts of one document that are read.</summary>
    private const int MostParts = 10;

    /// <summary>By what the bytes are; a PDF that says so may begin within its first kilobyte (ISO 32000-1 Annex H, note 13).</summary>
    public static string? KindOf(string type, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("%PDF-"u8) || (KindOf(type) == "pdf" && bytes[..Math.Min(1024, bytes.Length)].IndexOf("%PDF-"u8) >= 0)) return "pdf";
        return bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "picture" : null;
    }

    /// <summary>The unstructured body of a CDA document (XDS-SD and others).</summary>
    public static IReadOnlyList<Enclosed> In(XElement clinical) =>
    [
        .. clinical.Children("component").SelectMany(c => c.Children("nonXMLBody")).Select(b => b.Child("text")).OfType<XElement>()
            .Where(t => t.Attr("representation") == "B64").Select(t => Of(t.Attr("mediaType"), t.Value)).OfType<Enclosed>().Take(MostParts),
    ];

    /// <summary>Binary resources and the data of attachments of a Bundle.</summary>
    public static IReadOnlyList<Enclosed> In(FhirElement bundle) => [.. Parts(bundle).OfType<Enclosed>().Take(MostParts)];

    private static IEnumerable<Enclosed?> Parts(FhirElement bundle)
    {
        foreach (var resource in bundle.All("entry").Select(e => e["resource"]).OfType<FhirElement>())
        {
            switch (resource.Type)
            {
                case "Binary":
                    yield return Of(resource.Text("contentType"), resource.Text("data"));
                    break;
                case "DocumentReference":
                    foreach (var content in resource.All("content")) yield return Of(content["attachment"]?.Text("contentType"), content["attachment"]?.Text("data"));
                    break;
                case "DiagnosticReport":
                    foreach (var form in resource.All("presentedForm")) yield return Of(form.Text("contentType"), form.Text("data"));
                    break;
            }
        }
    }

    private static Enclosed? Of(string? type, string? base64) =>
        type is not null && base64 is { Length: > 0 } && KindOf(type.Split(';')[0].Trim()) is { } kind ? new Enclosed(kind, () => Decoded(base64)) : null;

    /// <summary>What the media type promises.</summary>
    public static string? KindOf(string type) => type.ToLowerInvariant() switch
    {
        "application/pdf" => "pdf",
        "image/png" or "image/jpeg" or "image/jpg" => "picture",
        _ => null,
    };

    private static ReadOnlyMemory<byte>? Decoded(string base64)
    {
        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length) + 3];
        return Convert.TryFromBase64String(base64, buffer, out var written) ? buffer.AsMemory(0, written) : null;
    }
}
