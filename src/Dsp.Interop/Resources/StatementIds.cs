using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dsp.Interop.Resources;

/// <summary>
/// Names of resources that are made of statements: the same statement has the same name as long as its document is there. A name
/// leads back to its document without a table, tells nobody else which one it is, and cannot be made up: 12 bytes of an HMAC over
/// document, type and place, then the document's id under a mask made of them; 56 hexadecimal digits.
/// </summary>
/// <param name="key">32 bytes; the same on every server.</param>
public sealed class StatementIds(ReadOnlyMemory<byte> key)
{
    private const int TagLength = 12;
    private const int Length = TagLength + 16;
    private readonly byte[] tags = Derived(key.Span, "dsp/statement/tag");
    private readonly byte[] masks = Derived(key.Span, "dsp/statement/mask");

    /// <param name="type">Resource type: one place can be several resources.</param>
    /// <param name="place">Where in the document.</param>
    public string Of(DocumentId document, string type, string place)
    {
        var id = Bytes(document);
        Span<byte> name = stackalloc byte[Length];
        byte[] named = [.. id, .. Encoding.UTF8.GetBytes($"{type}\n{place}")];
        HMACSHA256.HashData(tags, named).AsSpan(0, TagLength).CopyTo(name);
        Mask(name[..TagLength], id, name[TagLength..]);
        return Convert.ToHexStringLower(name);
    }

    /// <summary>The document a name leads to; null for a text that is no name. Whether the name is true shows only in the document.</summary>
    public DocumentId? DocumentOf(string name)
    {
        if (name.Length != 2 * Length || !name.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f')) return null;
        var bytes = Convert.FromHexString(name);
        Span<byte> id = stackalloc byte[16];
        Mask(bytes.AsSpan(0, TagLength), bytes.AsSpan(TagLength), id);
        return new DocumentId(new Guid(id, bigEndian: true));
    }

    private void Mask(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        var mask = HMACSHA256.HashData(masks, tag);
        BinaryPrimitives.WriteUInt64BigEndian(into, BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ BinaryPrimitives.ReadUInt64BigEndian(mask));
        BinaryPrimitives.WriteUInt64BigEndian(into[8..], BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) ^ BinaryPrimitives.ReadUInt64BigEndian(mask.AsSpan(8)));
    }

    private static byte[] Bytes(DocumentId document) => document.Value.ToByteArray(bigEndian: true);

    private static byte[] Derived(ReadOnlySpan<byte> key, string purpose)
    {
        if (key.Length != 32) throw new ArgumentException("A key of names has 32 bytes", nameof(key));
        var derived = new byte[32];
        HKDF.Expand(HashAlgorithmName.SHA256, key, derived, Encoding.UTF8.GetBytes(purpose));
        return derived;
    }
}
