using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dsp.Sealing;

/// <summary>Sealed bytes do not open: altered, cut, moved to another row or record, or the key is gone.</summary>
public sealed class SealBrokenException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// AES-256-GCM with a random 96-bit nonce. Form: version 1 (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
/// The associated data says what the bytes are and where they belong; they open nowhere else.
/// </summary>
public static class Sealed
{
    public const int Overhead = 1 + 12 + 16;
    private const byte Version = 1;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var output = new byte[plain.Length + Overhead];
        output[0] = Version;
        var nonce = output.AsSpan(1, 12);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(nonce, plain, output.AsSpan(13, plain.Length), output.AsSpan(13 + plain.Length), associated);
        return output;
    }

    /// <exception cref="SealBrokenException">The bytes are not what was sealed for this place.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> associated)
    {
        if (bytes.Length < Overhead || bytes[0] != Version) throw new SealBrokenException("Not sealed bytes of a known version");
        var plain = new byte[bytes.Length - Overhead];
        using var aes = new AesGcm(key, 16);
        try
        {
            aes.Decrypt(bytes.Slice(1, 12), bytes.Slice(13, plain.Length), bytes[^16..], plain, associated);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new SealBrokenException("Sealed bytes do not fit their place", e);
        }
        return plain;
    }

    /// <summary>Where a sealed field belongs: table, record, row, field, version; length-prefixed, so no two places share bytes.</summary>
    public static byte[] Place(string table, Guid record, Guid row, string field, long version)
    {
        var output = new byte[4 + table.Length + 16 + 16 + 4 + field.Length + 8];
        var span = output.AsSpan();
        span = Put(span, table);
        record.TryWriteBytes(span, bigEndian: true, out _);
        row.TryWriteBytes(span[16..], bigEndian: true, out _);
        span = Put(span[32..], field);
        BinaryPrimitives.WriteInt64BigEndian(span, version);
        return output;
    }

    private static Span<byte> Put(Span<byte> span, string ascii)
    {
        BinaryPrimitives.WriteInt32BigEndian(span, ascii.Length);
        Encoding.ASCII.GetBytes(ascii, span[4..]);
        return span[(4 + ascii.Length)..];
    }
}
