using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dsp.Sealing;

/// <summary>
/// Seals one content in chunks (STREAM construction): each chunk of 64 KiB under nonce = 11-byte counter ‖ last flag, with
/// the header as associated data. Form: header (version 1, chunk size, 5 bytes) ‖ chunks (ciphertext ‖ tag 16).
/// Cutting, swapping, repeating or moving chunks fails; a range opens only the chunks it touches.
/// </summary>
public static class ContentSeal
{
    public const int ChunkSize = 64 * 1024;
    public const int HeaderLength = 5;
    private const int Tag = 16;
    private const byte Version = 1;

    /// <summary>Length of the sealed form of so many bytes.</summary>
    public static long SealedLength(long plain) => HeaderLength + plain + (Math.Max(1, (plain + ChunkSize - 1) / ChunkSize) * Tag);

    public static byte[] Seal(byte[] contentKey, RecordId record, ContentId content, ReadOnlySpan<byte> plain)
    {
        var output = new byte[SealedLength(plain.Length)];
        WriteHeader(output);
        var associated = Associated(record, content);
        using var aes = new AesGcm(contentKey, Tag);
        var written = HeaderLength;
        var index = 0L;
        do
        {
            var take = Math.Min(ChunkSize, plain.Length);
            SealChunk(aes, index++, take == plain.Length, plain[..take], output.AsSpan(written, take + Tag), associated);
            plain = plain[take..];
            written += take + Tag;
        }
        while (plain.Length > 0);
        return output;
    }

    /// <summary>Opens a range of a content whose plain length the sealed row states.</summary>
    /// <param name="read">Reads sealed bytes at an offset, filling the buffer whole.</param>
    /// <param name="length">Plain length, from the sealed row.</param>
    /// <param name="offset">First plain byte wanted.</param>
    /// <param name="count">How many; offset and count lie inside the length.</param>
    /// <exception cref="SealBrokenException">Not this content, cut, swapped or altered.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> OpenAsync(
        byte[] contentKey, RecordId record, ContentId content, Func<long, Memory<byte>, CancellationToken, Task> read,
        long length, long offset, long count, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var header = new byte[HeaderLength];
        await read(0, header, cancel);
        if (header[0] != Version || BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) != ChunkSize)
            throw new SealBrokenException("Not a sealed content of a known version");
        var associated = Associated(record, content);
        using var aes = new AesGcm(contentKey, Tag);
        var last = Math.Max(0, (length - 1) / ChunkSize);
        var end = offset + count;
        var sealedChunk = new byte[ChunkSize + Tag];
        var plain = new byte[ChunkSize];
        for (var index = offset / ChunkSize; index <= last; index++)
        {
            var start = index * ChunkSize;
            if (start >= end && !(count == 0 && index == offset / ChunkSize)) yield break;
            var size = (int)Math.Min(ChunkSize, length - start);
            await read(HeaderLength + (index * (ChunkSize + Tag)), sealedChunk.AsMemory(0, size + Tag), cancel);
            OpenChunk(aes, index, index == last, sealedChunk.AsSpan(0, size + Tag), plain.AsSpan(0, size), associated);
            var from = (int)Math.Max(0, offset - start);
            var to = (int)Math.Min(size, end - start);
            if (to > from) yield return plain.AsMemory(from, to - from);
        }
    }

    private static void SealChunk(AesGcm aes, long index, bool last, ReadOnlySpan<byte> plain, Span<byte> output, byte[] associated)
    {
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, index, last);
        aes.Encrypt(nonce, plain, output[..plain.Length], output[plain.Length..], associated);
    }

    private static void OpenChunk(AesGcm aes, long index, bool last, ReadOnlySpan<byte> bytes, Span<byte> plain, byte[] associated)
    {
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, index, last);
        try
        {
            aes.Decrypt(nonce, bytes[..^Tag], bytes[^Tag..], plain, associated);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new SealBrokenException("The content is not what was sealed", e);
        }
    }

    private static void Nonce(Span<byte> nonce, long index, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], index);
        nonce[11] = last ? (byte)1 : (byte)0;
    }

    private static void WriteHeader(Span<byte> output)
    {
        output[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(output[1..], ChunkSize);
    }

    private static byte[] Associated(RecordId record, ContentId content)
    {
        var output = new byte[HeaderLength + 32];
        WriteHeader(output);
        record.Value.TryWriteBytes(output.AsSpan(HeaderLength), bigEndian: true, out _);
        content.Value.TryWriteBytes(output.AsSpan(HeaderLength + 16), bigEndian: true, out _);
        return output;
    }
}
