using System.Text.Json;
using System.Text.Unicode;

namespace Dsp.Interop.Fhir;

/// <summary>
/// One pass over the bytes of a DocumentReference before anything is built from them: encoding, form and depth are checked, and the
/// payload of its first attachment is taken out, so that the model is parsed from the metadata alone.
/// </summary>
/// <param name="Data">The decoded <c>content[0].attachment.data</c>; null where there is none.</param>
public sealed record AttachmentScan(byte[]? Data, ReadOnlyMemory<byte> WithoutData)
{
    /// <summary>Reads the bytes as JSON; TooDeep, Malformed or the scan.</summary>
    public static Outcome<AttachmentScan> Read(ReadOnlyMemory<byte> json) => BundleScan.Walked(json, Walk);

    private static Outcome<AttachmentScan> Walk(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = BundleScan.MaxDepth + 8 });
        string? member = null, part = null, field = null;
        var content = -1;
        (int Start, int End)? data = null;
        while (reader.Read())
        {
            var depth = reader.CurrentDepth;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when depth >= BundleScan.MaxDepth:
                    return Refusals.TooDeep;
                case JsonTokenType.StartObject when depth == 2 && member == "content":
                    (content, part) = (content + 1, null);
                    break;
                case JsonTokenType.PropertyName:
                    if (depth == 1) member = reader.GetString();
                    else if (depth == 3) (part, field) = (reader.GetString(), null);
                    else if (depth == 4) field = reader.GetString();
                    break;
                case JsonTokenType.String when depth == 4 && (member, content, part, field) == ("content", 0, "attachment", "data"):
                    data ??= ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                    break;
                default:
                    break;
            }
        }
        if (data is not { } found) return new AttachmentScan(null, json);
        return BundleScan.Decode(json.Span[found.Start..found.End]) is { } bytes
            ? new AttachmentScan(bytes, BundleScan.Cut(json, [found]))
            : Refusals.Malformed.Because("The data of the attachment is not base64.").At("DocumentReference.content[0].attachment.data");
    }
}
