using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Dsp.Clinical;

/// <summary>
/// Bytes made smaller before they are sealed: length of the plain bytes (4, big-endian) ‖ Brotli. A laboratory report's facts
/// take a tenth, for some ten microseconds.
/// </summary>
public static class Packing
{
    /// <summary>Largest plain length that is unpacked.</summary>
    private const int Largest = 64 * 1024 * 1024;
    private const int Quality = 1;
    private const int Window = 18;

    public static byte[] Pack(ReadOnlySpan<byte> plain)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4 + BrotliEncoder.GetMaxCompressedLength(plain.Length));
        try
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer, plain.Length);
            if (!BrotliEncoder.TryCompress(plain, buffer.AsSpan(4), out var written, Quality, Window)) throw new InvalidOperationException("The buffer holds the largest result");
            return buffer[..(4 + written)];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <exception cref="InvalidDataException">Not what <see cref="Pack"/> made.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.Length < 4 || BinaryPrimitives.ReadInt32BigEndian(packed) is not (>= 0 and <= Largest)) throw new InvalidDataException("Not packed bytes");
        var plain = new byte[BinaryPrimitives.ReadInt32BigEndian(packed)];
        if (!BrotliDecoder.TryDecompress(packed[4..], plain, out var written) || written != plain.Length) throw new InvalidDataException("Packed bytes do not fit their length");
        return plain;
    }
}
