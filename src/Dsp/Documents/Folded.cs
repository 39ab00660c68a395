using System.Globalization;

namespace Dsp.Documents;

/// <summary>Comparison with case and accents folded, independent of culture.</summary>
public static class Folded
{
    private const CompareOptions Options = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace;

    public static bool StartsWith(string text, string prefix) => CultureInfo.InvariantCulture.CompareInfo.IsPrefix(text, prefix, Options);

    public static bool Contains(string text, string part) => CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, part, Options) >= 0;
}
