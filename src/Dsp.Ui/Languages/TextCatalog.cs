using System.Reflection;
using System.Text.Json;

namespace Dsp.Ui.Languages;

/// <summary>
/// All texts of the portal, loaded once. Each assembly given brings its embedded files <c>Texts/{topic}.{language}.json</c>:
/// one flat object from key to sentence. A key belongs to one file per language; the same key twice is a fault.
/// </summary>
public sealed class TextCatalog
{
    private readonly Dictionary<string, Dictionary<string, MessagePattern>> _byLanguage;

    private TextCatalog(Dictionary<string, Dictionary<string, MessagePattern>> byLanguage, bool strict) => (_byLanguage, IsStrict) = (byLanguage, strict);

    /// <summary>In tests: a missing translation is a fault instead of the French text.</summary>
    public bool IsStrict { get; }

    /// <summary>Loads the texts embedded in the assemblies, and this library's own.</summary>
    /// <exception cref="FormatException">A file, a key or a sentence is malformed.</exception>
    public static TextCatalog Load(bool strict, params IEnumerable<Assembly> assemblies)
    {
        var result = Language.All.ToDictionary(l => l.Code, _ => new Dictionary<string, MessagePattern>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var assembly in assemblies.Append(typeof(TextCatalog).Assembly).Distinct())
        {
            foreach (var name in assembly.GetManifestResourceNames().Where(IsTextFile).Order(StringComparer.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                AddFile(result, name, stream);
            }
        }

        return new TextCatalog(result, strict);
    }

    /// <summary>Keys that a language has.</summary>
    public IReadOnlyCollection<string> Keys(Language language) => _byLanguage[language.Code].Keys;

    /// <summary>Names of the values a sentence takes, in one language; null when it lacks the key.</summary>
    public IReadOnlyList<string>? ValueNames(Language language, string key) =>
        _byLanguage[language.Code].TryGetValue(key, out var pattern) ? pattern.Names : null;

    /// <summary>The sentence of a key.</summary>
    /// <exception cref="KeyNotFoundException">Not even French has the key; or, when strict, the language lacks it.</exception>
    public Phrase Say(Language language, string key, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (_byLanguage[language.Code].TryGetValue(key, out var pattern))
        {
            return new Phrase(pattern.Format(language, values));
        }

        if (IsStrict || !_byLanguage[Language.French.Code].TryGetValue(key, out pattern))
        {
            throw new KeyNotFoundException($"There is no text '{key}' in {language.Code}.");
        }

        return new Phrase(pattern.Format(Language.French, values), Language.French);
    }

    /// <summary>True when French has the key, so that <see cref="Say"/> answers in every language.</summary>
    public bool Has(string key) => _byLanguage[Language.French.Code].ContainsKey(key);

    private static bool IsTextFile(string resource) => resource.EndsWith(".json", StringComparison.Ordinal)
        && (resource.StartsWith("Texts/", StringComparison.Ordinal) || resource.Contains(".Texts.", StringComparison.Ordinal));

    private static void AddFile(Dictionary<string, Dictionary<string, MessagePattern>> to, string name, Stream stream)
    {
        var code = name[..^".json".Length];
        code = code[(code.LastIndexOf('.') + 1)..];
        if (!to.TryGetValue(code, out var texts))
        {
            throw new FormatException($"The text file {name} names no language of the portal.");
        }

        using var file = JsonDocument.Parse(stream);
        foreach (var entry in file.RootElement.EnumerateObject())
        {
            var sentence = entry.Value.GetString();
            if (string.IsNullOrWhiteSpace(sentence))
            {
                throw new FormatException($"The text '{entry.Name}' in {name} is empty.");
            }

            if (!texts.TryAdd(entry.Name, Parse(name, entry.Name, code == "fr" ? FrenchSpaces.Apply(sentence) : sentence)))
            {
                throw new FormatException($"The text '{entry.Name}' stands twice; the second is in {name}.");
            }
        }
    }

    private static MessagePattern Parse(string file, string key, string sentence)
    {
        try
        {
            return MessagePattern.Parse(sentence);
        }
        catch (FormatException e)
        {
            throw new FormatException($"The text '{key}' in {file}: {e.Message}", e);
        }
    }
}
