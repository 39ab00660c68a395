using System.Text.RegularExpressions;

namespace Dsp.Interop.Mhd;

/// <summary>Globally unique ids as URIs: <c>urn:uuid:</c> or <c>urn:oid:</c>, at most 128 characters.</summary>
public static partial class UniqueIds
{
    public const int MaxLength = 128;

    /// <summary>Reads one in any case of scheme and UUID.</summary>
    public static bool IsValid(string? text) => text is { Length: <= MaxLength } && Form().IsMatch(text);

    /// <summary>Lower-case scheme and UUID, so that one id has one text.</summary>
    public static string Normal(string text) => IsValid(text) ? text.ToLowerInvariant() : text;

    [GeneratedRegex("^urn:(uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|oid:[0-2](\\.(0|[1-9][0-9]*))+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
