using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dsp.Storage;

namespace Dsp.Journal;

/// <summary>What the sealer signs: how many entries are sealed, and the chain over them.</summary>
/// <param name="Signature">ECDSA P-256 with SHA-256 (IEEE P1363 form) over "dsp/journal-head/v1" ‖ size ‖ time ‖ chain.</param>
public sealed record JournalHead(long Size, DateTimeOffset SignedAt, byte[] Chain, byte[] Signature)
{
    internal const string Columns = "h.size, h.signed_at, h.chain, h.signature";

    internal static JournalHead Read(Row row) => new(row.Long(0), row.Instant(1), row.Bytes(2), row.Bytes(3));

    internal static JournalHead Sign(ECDsa key, long size, DateTimeOffset at, byte[] chain) =>
        new(size, at, chain, key.SignData(Message(size, at, chain), HashAlgorithmName.SHA256));

    internal bool SignatureFits(ECDsa key) =>
        Chain.Length == JournalChain.Length && key.VerifyData(Message(Size, SignedAt, Chain), Signature, HashAlgorithmName.SHA256);

    private static byte[] Message(long size, DateTimeOffset at, ReadOnlySpan<byte> chain)
    {
        const string header = "dsp/journal-head/v1";
        var output = new byte[header.Length + 8 + 8 + chain.Length];
        Encoding.ASCII.GetBytes(header, output);
        BinaryPrimitives.WriteInt64BigEndian(output.AsSpan(header.Length), size);
        BinaryPrimitives.WriteInt64BigEndian(output.AsSpan(header.Length + 8), Instants.ToMicroseconds(at));
        chain.CopyTo(output.AsSpan(header.Length + 16));
        return output;
    }
}
