using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dsp.Sealing;

namespace Dsp.Server.Wire;

/// <summary>
/// What this process hands out and gets back unread: a value sealed under the installation's key for one purpose, as text for a
/// cookie, a field or an address. Nobody else can make or read one; age and use are its owner's to check.
/// </summary>
internal static class SealedText
{
    /// <summary>No longer text is looked at.</summary>
    public const int Longest = 4096;

    public static string SealText<T>(this ServiceKeys keys, string purpose, T value, JsonTypeInfo<T> type) =>
        Base64Url.EncodeToString(keys.SealServerKey(purpose, JsonSerializer.SerializeToUtf8Bytes(value, type)));

    /// <returns>Null where it is none of ours, or for another purpose.</returns>
    public static T? OpenText<T>(this ServiceKeys keys, string purpose, string? text, JsonTypeInfo<T> type) where T : class
    {
        if (text is not { Length: > 0 and < Longest } || !Base64Url.IsValid(text)) return null;
        try
        {
            return JsonSerializer.Deserialize(keys.OpenServerKey(purpose, Base64Url.DecodeFromChars(text)), type);
        }
        catch (Exception e) when (e is SealBrokenException or JsonException)
        {
            return null;
        }
    }
}
