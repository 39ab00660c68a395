using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dsp.Interop.Fhir;

/// <summary>
/// Opaque tokens of paging links: sealed with AES-256-GCM, so that they tell nothing of patient or search, and bound to
/// the caller, so that a leaked link opens for nobody else. The nonce is an HMAC of caller and text (synthetic: equal input,
/// equal token; no two texts share one but by collision of 96 bits).
/// </summary>
public static class PageToken
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const byte Version = 1;

    /// <param name="key">32 bytes.</param>
    /// <param name="callerId">Who alone may use the token: person and place, or system.</param>
    public static string Seal(string text, ReadOnlySpan<byte> key, string callerId)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var caller = Encoding.UTF8.GetBytes(callerId);
        var token = new byte[1 + NonceLength + plain.Length + TagLength];
        token[0] = Version;
        var nonce = token.AsSpan(1, NonceLength);
        Nonce(key, caller, plain, nonce);
        using var aes = new AesGcm(Derived(key, "dsp/page/seal"), TagLength);
        aes.Encrypt(nonce, plain, token.AsSpan(1 + NonceLength, plain.Length), token.AsSpan(token.Length - TagLength), caller);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Null for a token of another caller, another key, or none at all.</summary>
    public static string? Open(string token, ReadOnlySpan<byte> key, string callerId)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(token);
            if (bytes.Length < 1 + NonceLength + TagLength || bytes[0] != Version) return null;
            var plain = new byte[bytes.Length - 1 - NonceLength - TagLength];
            using var aes = new AesGcm(Derived(key, "dsp/page/seal"), TagLength);
            aes.Decrypt(bytes.AsSpan(1, NonceLength), bytes.AsSpan(1 + NonceLength, plain.Length), bytes.AsSpan(bytes.Length - TagLength), plain, Encoding.UTF8.GetBytes(callerId));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static void Nonce(ReadOnlySpan<byte> key, byte[] caller, byte[] plain, Span<byte> nonce)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Derived(key, "dsp/page/nonce"));
        hmac.AppendData(BitConverter.GetBytes(caller.Length));
        hmac.AppendData(caller);
        hmac.AppendData(plain);
        hmac.GetHashAndReset().AsSpan(0, NonceLength).CopyTo(nonce);
    }

    private static byte[] Derived(ReadOnlySpan<byte> key, string purpose)
    {
        if (key.Length != 32) throw new ArgumentException("A paging key has 32 bytes", nameof(key));
        var derived = new byte[32];
        HKDF.Expand(HashAlgorithmName.SHA256, key, derived, Encoding.UTF8.GetBytes(purpose));
        return derived;
    }
}
