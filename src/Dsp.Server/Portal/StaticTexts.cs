using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>The numbered paragraphs of a static page: <c>{page}.1.title</c>, <c>{page}.1.text</c> and so on.</summary>
public static class StaticTexts
{
    private const int Most = 20;

    public static IEnumerable<(Phrase Heading, Phrase Text)> Of(ITexts texts, string page) =>
        Enumerable.Range(1, Most).Select(n => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{page}.{n}"))
            .TakeWhile(key => texts.Has(key + ".title")).Select(key => (texts[key + ".title"], texts[key + ".text"]));
}
