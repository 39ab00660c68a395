using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dsp.Journal;

/// <summary>
/// The chain over all sealed entries, in the order of their seal index (1, 2, …):
/// leaf = SHA-256(0x00 ‖ record ‖ entry ‖ time ‖ commitment); chain₀ = SHA-256("dsp/journal-chain/v1");
/// chainᵢ = SHA-256(0x01 ‖ chainᵢ₋₁ ‖ leaf). Ids are 16 bytes in network order, the time 8 bytes of microseconds, big-endian.
/// The two prefixes keep leaf and node apart (RFC 6962 §2.1).
/// </summary>
internal static class JournalChain
{
    public const int Length = 32;

    /// <summary>The chain of no entry at all.</summary>
    public static readonly byte[] Start = SHA256.HashData(Encoding.ASCII.GetBytes("dsp/journal-chain/v1"));

    /// <summary>Replaces the chain by the one with this entry at its end.</summary>
    public static void Append(Span<byte> chain, Guid record, Guid entry, long writtenAt, ReadOnlySpan<byte> commitment)
    {
        Span<byte> leaf = stackalloc byte[1 + 16 + 16 + 8 + 32];
        if (commitment.Length != 32) throw new InvalidDataException("A commitment has 32 bytes");
        leaf[0] = 0;
        record.TryWriteBytes(leaf[1..], bigEndian: true, out _);
        entry.TryWriteBytes(leaf[17..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(leaf[33..], writtenAt);
        commitment.CopyTo(leaf[41..]);
        Span<byte> node = stackalloc byte[1 + Length + Length];
        node[0] = 1;
        chain.CopyTo(node[1..]);
        SHA256.HashData(leaf, node[(1 + Length)..]);
        SHA256.HashData(node, chain);
    }
}
