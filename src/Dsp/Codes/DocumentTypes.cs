namespace Dsp.Codes;

/// <summary>A document type of the domain: LOINC code, the category it falls into, its name in five languages.</summary>
public sealed record DocumentType(string Loinc, DataCategory Category, IReadOnlyDictionary<string, string> Names)
{
    /// <summary>The name in a language (<c>fr</c>, <c>de</c>, <c>en</c>, <c>lb</c>, <c>pt</c>); English for any other.</summary>
    public string Name(string language) =>
        Names.GetValueOrDefault(language.Split('-')[0].ToLowerInvariant()) ?? Names["en"];
}

/// <summary>The listed LOINC types and classes with their category, from <c>document-types.csv</c>; any other LOINC code stays legal as a type.</summary>
public static class DocumentTypes
{
    private static readonly Dictionary<string, DocumentType> ByLoinc = Load();

    public static IReadOnlyCollection<DocumentType> All => ByLoinc.Values;

    public static DocumentType? Find(string? loinc) => loinc is null ? null : ByLoinc.GetValueOrDefault(loinc);

    private static Dictionary<string, DocumentType> Load()
    {
        var lines = Embedded.Lines("Codes/document-types.csv");
        var languages = lines[0].Split(';')[2..];
        return lines[1..]
            .Select(line => line.Split(';'))
            .Select(p => new DocumentType(p[0], Enum.Parse<DataCategory>(p[1]), languages.Zip(p[2..]).ToDictionary(z => z.First, z => z.Second, StringComparer.Ordinal)))
            .ToDictionary(t => t.Loinc, StringComparer.Ordinal);
    }
}
