using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dsp.Access;
using Dsp.Sealing;

namespace Dsp.Server.Fhir;

/// <summary>
/// The opaque part of a next link: where the page ended, sealed for this caller and this search. In anyone else's hands, or
/// under another search, it is unreadable (standards §2).
/// </summary>
internal sealed class PageLinks(ServiceKeys keys)
{
    /// <param name="search">The search without its page, as it will come back.</param>
    public string Seal(Caller caller, string search, DateTimeOffset at, Guid last)
    {
        Span<byte> plain = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(plain, Instants.ToMicroseconds(at));
        last.TryWriteBytes(plain[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(keys.SealServerKey(Purpose(caller, search), plain));
    }

    /// <returns>Null where it is not of this caller and this search.</returns>
    public (DateTimeOffset At, Guid Last)? Open(Caller caller, string search, string text)
    {
        if (text.Length > 200 || !Base64Url.IsValid(text)) return null;
        try
        {
            var plain = keys.OpenServerKey(Purpose(caller, search), Base64Url.DecodeFromChars(text));
            return (Instants.FromMicroseconds(BinaryPrimitives.ReadInt64BigEndian(plain)), new Guid(plain.AsSpan(8, 16), bigEndian: true));
        }
        catch (SealBrokenException)
        {
            return null;
        }
    }

    private static string Purpose(Caller caller, string search) =>
        $"page/{caller.Kind}/{caller.System?.ToString() ?? caller.Person?.ToString()}/{caller.Institution}/{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(search)))}";
}
