namespace Dsp.Codes;

/// <summary>
/// What the most frequent analyses and measurements are called in plain words, in five languages, from <c>test-names.csv</c>.
/// A name for reading only: codes of one line need not be comparable, and nothing is grouped by it.
/// </summary>
public static class TestNames
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> ByLoinc = Load();

    public static IReadOnlyCollection<string> Codes => ByLoinc.Keys;

    /// <summary>The plain name in a language (<c>fr</c>, <c>de</c>, <c>en</c>, <c>lb</c>, <c>pt</c>); null where the code has none.</summary>
    public static string? Find(string? loinc, string language) => loinc is not null && ByLoinc.TryGetValue(loinc, out var names) ? names.GetValueOrDefault(language) ?? names["en"] : null;

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Load()
    {
        var lines = Embedded.Lines("Codes/test-names.csv");
        var languages = lines[0].Split(';')[1..];
        var found = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var parts in lines[1..].Select(l => l.Split(';')))
        {
            var names = languages.Zip(parts[1..]).ToDictionary(z => z.First, z => z.Second, StringComparer.Ordinal);
            foreach (var code in parts[0].Split(' ')) found.Add(code, names);
        }
        return found;
    }
}
