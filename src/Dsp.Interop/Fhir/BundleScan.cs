using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Dsp.Interop.Fhir;

/// <summary>Where one entry's resource lies in the bytes received.</summary>
/// <param name="Start">First byte of the resource's object.</param>
/// <param name="Length">Up to and with its closing brace.</param>
/// <param name="Data">The decoded <c>data</c> of a Binary; null where there is none.</param>
public sealed record ScannedEntry(int Start, int Length, string? ResourceType, byte[]? Data);

/// <summary>
/// One pass over the bytes of a Bundle before anything is built from them: encoding, form and depth are checked, the
/// resources located, and the payload of each Binary taken out, so that the model is parsed from the metadata alone.
/// </summary>
public sealed record BundleScan(IReadOnlyList<ScannedEntry> Entries, ReadOnlyMemory<byte> WithoutData)
{
    /// <summary>Deepest nesting accepted at the door.</summary>
    public const int MaxDepth = 64;

    // A short legal base64 text in the place of each payload.
    private static readonly byte[] Placeholder = "\"AA==\""u8.ToArray();

    /// <summary>Reads the bytes as JSON; TooDeep, Malformed or the scan.</summary>
    public static Outcome<BundleScan> Read(ReadOnlyMemory<byte> json) => Walked(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json, Walk);

    /// <summary>What every walk over a message says of bytes that are no JSON.</summary>
    internal static Outcome<T> Walked<T>(ReadOnlyMemory<byte> json, Func<ReadOnlyMemory<byte>, Outcome<T>> walk)
    {
        if (!Utf8.IsValid(json.Span)) return Refusals.Malformed.Because("The message is not valid UTF-8.");
        try
        {
            return walk(json);
        }
        catch (JsonException)
        {
            return Refusals.Malformed.Because("The message is not well-formed JSON.");
        }
        catch (InvalidOperationException)
        {
            return Refusals.Malformed.Because("The message holds text that is not valid Unicode.");
        }
    }

    private static Outcome<BundleScan> Walk(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth + 8 });
        var entries = new List<ScannedEntry>();
        var cuts = new List<(int Start, int End)>();
        string? rootProperty = null, entryProperty = null, resourceProperty = null, type = null;
        var start = -1;
        var entryCount = 0;
        (int Start, int End)? data = null;
        while (reader.Read())
        {
            var depth = reader.CurrentDepth;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (depth >= MaxDepth) return Refusals.TooDeep;
                    if (reader.TokenType == JsonTokenType.StartObject && depth == 3 && rootProperty == "entry" && entryProperty == "resource")
                        (start, type, data, resourceProperty) = ((int)reader.TokenStartIndex, null, null, null);
                    break;
                case JsonTokenType.PropertyName:
                    if (depth == 1) (rootProperty, entryProperty) = (reader.GetString(), null);
                    else if (depth == 3 && rootProperty == "entry") entryProperty = reader.GetString();
                    else if (depth == 4 && start >= 0) resourceProperty = reader.GetString();
                    break;
                case JsonTokenType.String when depth == 4 && start >= 0:
                    if (resourceProperty == "resourceType") type = reader.GetString();
                    else if (resourceProperty == "data") data = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                    break;
                case JsonTokenType.EndObject when depth == 3 && start >= 0:
                    byte[]? content = null;
                    if (type == "Binary" && data is { } d)
                    {
                        content = Decode(json.Span[d.Start..d.End]);
                        if (content is null) return Refusals.Malformed.Because("The data of a Binary is not base64.").At($"Bundle.entry[{entries.Count}].resource.data");
                        cuts.Add(d);
                    }
                    entries.Add(new ScannedEntry(start, (int)reader.BytesConsumed - start, type, content));
                    start = -1;
                    break;
                case JsonTokenType.EndObject when depth == 2 && rootProperty == "entry":
                    // An entry without a resource keeps its place, so that indexes stay those of the message.
                    if (entries.Count == entryCount) entries.Add(new ScannedEntry(0, 0, null, null));
                    entryCount = entries.Count;
                    break;
                default:
                    break;
            }
        }
        return new BundleScan(entries, Cut(json, cuts));
    }

    /// <summary>The bytes of one JSON string token in base64; null where it is none.</summary>
    internal static byte[]? Decode(ReadOnlySpan<byte> token)
    {
        var reader = new Utf8JsonReader(token);
        reader.Read();
        if (reader.TryGetBytesFromBase64(out var bytes)) return bytes;
        try
        {
            // FHIR base64Binary may hold white space.
            return Convert.FromBase64String(reader.GetString()!);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The message with a short legal text in the place of each payload.</summary>
    internal static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> json, List<(int Start, int End)> cuts)
    {
        if (cuts.Count == 0) return json;
        var output = new ArrayBufferWriter<byte>(json.Length - cuts.Sum(c => c.End - c.Start) + (cuts.Count * Placeholder.Length));
        var at = 0;
        foreach (var (start, end) in cuts)
        {
            output.Write(json.Span[at..start]);
            output.Write(Placeholder);
            at = end;
        }
        output.Write(json.Span[at..]);
        return output.WrittenMemory;
    }
}
