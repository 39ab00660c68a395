using System.Globalization;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Languages;

/// <summary>Whole sentences in which some values are markup, such as a link or a name in bold.</summary>
public static class Sentence
{
    // Private-use characters stand for the markup while the sentence is put together; no text holds them.
    private const int FirstMark = 0xE000;

    /// <summary>The sentence of a key; values that are markup are set in as markup, all others as text.</summary>
    public static Content Rich(this ITexts texts, string key, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var plain = new (string, object?)[values.Length];
        var markup = new List<IHtmlContent>();
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i].Value;
            if (value is IHtmlContent piece and not Phrase)
            {
                value = ((char)(FirstMark + markup.Count)).ToString(CultureInfo.InvariantCulture);
                markup.Add(piece);
            }

            plain[i] = (values[i].Name, value);
        }

        var phrase = texts[key, plain];
        var pieces = new List<IHtmlContent?>();
        var start = 0;
        for (var i = 0; i < phrase.Text.Length; i++)
        {
            var mark = phrase.Text[i] - FirstMark;
            if (mark >= 0 && mark < markup.Count)
            {
                pieces.Add(Content.Of(phrase.Text[start..i]));
                pieces.Add(markup[mark]);
                start = i + 1;
            }
        }

        pieces.Add(Content.Of(phrase.Text[start..]));
        var whole = Content.Join([.. pieces]);
        return phrase.Fallback is null ? whole : new Element("span").With("lang", phrase.Fallback.Code).Add(whole);
    }
}
