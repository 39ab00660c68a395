namespace Dsp.Ui.Languages;

/// <summary>The texts in one language: what a page asks.</summary>
public interface ITexts
{
    Language Language { get; }

    /// <summary>The sentence of a key with its values, such as <c>T["document.count", ("count", 42)]</c>.</summary>
    Phrase this[string key, params ReadOnlySpan<(string Name, object? Value)> values] { get; }

    /// <summary>True when the key exists.</summary>
    bool Has(string key);

    /// <summary>The same texts in another language, for the rare words not in the page's own.</summary>
    ITexts In(Language other);
}

/// <summary>A catalogue seen through one language.</summary>
public sealed class Texts(TextCatalog catalog, Language language) : ITexts
{
    public Language Language => language;

    public Phrase this[string key, params ReadOnlySpan<(string Name, object? Value)> values] => catalog.Say(language, key, values);

    public bool Has(string key) => catalog.Has(key);

    public ITexts In(Language other) => new Texts(catalog, other);
}

/// <summary>The names of codes.</summary>
public static class CodeNames
{
    /// <summary>A data category by its code, such as <c>MedicalAnalyses</c>.</summary>
    public static Phrase Category(this ITexts texts, string code) => texts["category." + code];

    /// <summary>A group of the access matrix by its code, such as <c>DOC</c>.</summary>
    public static Phrase Group(this ITexts texts, string code) => texts["group." + code];

    /// <summary>A profession by its French name in the register; a name the register does not know is shown as it is.</summary>
    public static Phrase Profession(this ITexts texts, string frenchName) =>
        texts.Has("profession." + frenchName) ? texts["profession." + frenchName] : new Phrase(frenchName, Language.French);

    /// <summary>"en allemand": the language a document is written in; null for one without a name in the texts.</summary>
    public static Phrase? WrittenIn(this ITexts texts, string languageCode) => texts.Has("language.name." + languageCode)
        ? texts["language.written", ("language", texts["language.name." + languageCode])]
        : null;
}
