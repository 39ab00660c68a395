using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dsp.Interop.Fhir;

/// <summary>JSON written as bytes where stored fragments are spliced in. The caller keeps the commas.</summary>
public readonly struct RawJson(IBufferWriter<byte> output)
{
    /// <summary>Bytes as they are.</summary>
    public RawJson Raw(ReadOnlySpan<byte> json)
    {
        output.Write(json);
        return this;
    }

    /// <summary>Characters that need no escape: ids, codes and dates of our own making.</summary>
    public RawJson Plain(string text)
    {
        Encoding.UTF8.GetBytes(text, output);
        return this;
    }

    /// <summary>A JSON string with quotes, escaped.</summary>
    public RawJson Text(string text)
    {
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        output.Write("\""u8);
        return this;
    }

    public RawJson Number(long value)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out var written);
        output.Advance(written);
        return this;
    }
}
