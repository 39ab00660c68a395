using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security;
using System.Text;

namespace Dsp.Interop.Fhir;

/// <summary>
/// A document's bytes as a FHIR Binary resource (ITI-68 where FHIR JSON or XML is asked for explicitly): base64 made
/// piece by piece as the content arrives, so that a large document is never held whole.
/// </summary>
/// <remarks>Begin, then Append for each piece in order, then End.</remarks>
public sealed class BinaryWriter(IBufferWriter<byte> output, bool xml = false)
{
    private readonly byte[] rest = new byte[3];
    private int kept;

    public void Begin(string id, long version, string contentType)
    {
        if (xml)
        {
            // A media type may hold quotes.
            output.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<Binary xmlns=\"http://hl7.org/fhir\"><id value=\"{id}\"/><meta><versionId value=\"{version}\"/></meta><contentType value=\"{SecurityElement.Escape(contentType)}\"/><data value=\"")));
            return;
        }
        var json = new RawJson(output);
        json.Raw("{\"resourceType\":\"Binary\",\"id\":\""u8).Plain(id);
        json.Raw("\",\"meta\":{\"versionId\":\""u8).Number(version);
        json.Raw("\"},\"contentType\":"u8).Text(contentType).Raw(",\"data\":\""u8);
    }

    /// <summary>Writes a piece of any length; up to two bytes wait for the next one.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        while (kept is > 0 and < 3 && piece.Length > 0)
        {
            rest[kept++] = piece[0];
            piece = piece[1..];
        }
        if (kept == 3)
        {
            Encode(rest);
            kept = 0;
        }
        var whole = piece.Length - (piece.Length % 3);
        for (var at = 0; at < whole; at += 3 * 4096) Encode(piece[at..Math.Min(whole, at + (3 * 4096))]);
        foreach (var left in piece[whole..]) rest[kept++] = left;
    }

    public void End()
    {
        if (kept > 0) Encode(rest.AsSpan(0, kept));
        kept = 0;
        output.Write(xml ? "\"/></Binary>"u8 : "\"}"u8);
    }

    private void Encode(ReadOnlySpan<byte> bytes)
    {
        var span = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, span, out _, out var written);
        output.Advance(written);
    }
}
