using System.Collections.Frozen;

namespace Dsp.Codes;

/// <summary>
/// The countries that may take part in MyHealth@EU beside Luxembourg: the European Union and the European Economic Area, with
/// their names in our languages. Data in <c>european-countries.csv</c>; codes of ISO 3166-1, two letters.
/// </summary>
public static class EuropeanCountries
{
    private static readonly string[] Lines = Embedded.Lines("Codes/european-countries.csv");
    private static readonly string[] Languages = Lines[0].Split(',')[1..];

    private static readonly FrozenDictionary<string, string[]> Names =
        Lines[1..].Select(l => l.Split(',')).ToFrozenDictionary(p => p[0], p => p[1..], StringComparer.Ordinal);

    /// <summary>All codes, in the order of their letters.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. Names.Keys.Order(StringComparer.Ordinal)];

    public static bool Has(string? code) => code is not null && Names.ContainsKey(code);

    /// <summary>A country's name in one of our languages (fr, de, en, lb, pt); in French for any other.</summary>
    public static string NameOf(string code, string language) => Names[code][Math.Max(0, Array.IndexOf(Languages, language))];
}
