using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace Dsp.Tests.Security;

/// <summary>Words, and every form in which bytes at rest could hold them: UTF-8, UTF-16, base64 at each alignment, hex, and packed in gzip, zlib or deflate.</summary>
internal sealed class Traces
{
    private readonly Dictionary<string, string> forms = new(StringComparer.Ordinal);
    private readonly SearchValues<string> all;

    public Traces(IEnumerable<string> words)
    {
        foreach (var word in words.Distinct(StringComparer.Ordinal))
        {
            var utf8 = Encoding.UTF8.GetBytes(word);
            Add(word, "UTF-8", utf8);
            Add(word, "UTF-16 LE", Encoding.Unicode.GetBytes(word));
            Add(word, "UTF-16 BE", Encoding.BigEndianUnicode.GetBytes(word));
            Add(word, "hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
            Add(word, "HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
            for (var shift = 0; shift < 3; shift++) Add(word, "base64+" + shift, Aligned(utf8, shift));
        }
        all = SearchValues.Create([.. forms.Keys], StringComparison.Ordinal);
    }

    /// <summary>What of them stands in the bytes: word and form; a stream packed within is opened and searched too.</summary>
    public IEnumerable<string> In(byte[] bytes, int depth = 0)
    {
        // One character for each byte, so that one pass finds any of them.
        var text = Encoding.Latin1.GetString(bytes);
        if (text.AsSpan().ContainsAny(all))
        {
            foreach (var (form, name) in forms)
                if (text.Contains(form, StringComparison.Ordinal)) yield return name + (depth > 0 ? ", packed" : "");
        }
        if (depth == 2) yield break;
        foreach (var inner in Packed(bytes))
            foreach (var found in In(inner, depth + 1)) yield return found;
    }

    private void Add(string word, string form, byte[] bytes) => forms.TryAdd(Encoding.Latin1.GetString(bytes), $"{word} as {form}");

    /// <summary>The characters that stand in base64 whatever surrounds the word, which begins so many bytes into a group.</summary>
    private static byte[] Aligned(byte[] word, int shift)
    {
        var text = Convert.ToBase64String([.. new byte[shift], .. word]).TrimEnd('=');
        var from = shift == 0 ? 0 : shift + 1;
        var whole = (shift + word.Length) * 8 / 6;
        return Encoding.ASCII.GetBytes(text[from..Math.Min(whole, text.Length)]);
    }

    private static IEnumerable<byte[]> Packed(byte[] bytes)
    {
        if (Unpack(bytes, 0, (s) => new DeflateStream(s, CompressionMode.Decompress)) is { } all) yield return all;
        for (var at = 0; at < bytes.Length - 8;)
        {
            var next = bytes.AsSpan(at).IndexOfAny((byte)0x1F, (byte)0x78);
            if (next < 0) yield break;
            at += next;
            if (at >= bytes.Length - 8) yield break;
            if (bytes[at] == 0x1F && bytes[at + 1] == 0x8B && bytes[at + 2] == 8 && Unpack(bytes, at, s => new GZipStream(s, CompressionMode.Decompress)) is { } zipped) yield return zipped;
            if (bytes[at] == 0x78 && bytes[at + 1] is 0x01 or 0x5E or 0x9C or 0xDA && Unpack(bytes, at, s => new ZLibStream(s, CompressionMode.Decompress)) is { } plain) yield return plain;
            at++;
        }
    }

    /// <summary>As much as comes out before the stream breaks or ends; null for less than four bytes.</summary>
    private static byte[]? Unpack(byte[] bytes, int at, Func<Stream, Stream> open)
    {
        using var into = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            using var stream = open(new MemoryStream(bytes, at, bytes.Length - at, writable: false));
            while (into.Length < 8 * 1024 * 1024 && stream.Read(buffer) is > 0 and var read) into.Write(buffer, 0, read);
        }
        catch (InvalidDataException)
        {
            // Not packed, or broken off: what came is searched.
        }
        return into.Length < 4 ? null : into.ToArray();
    }
}
