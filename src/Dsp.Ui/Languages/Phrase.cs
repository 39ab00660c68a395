using System.Text.Encodings.Web;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Languages;

/// <summary>
/// A text in the page's language, or the French one when the translation is missing. Written into a page it is encoded and,
/// when it is the French one, marked with <c>lang="fr"</c>, so that a screen reader changes its voice.
/// </summary>
/// <param name="Text">The words, without markup.</param>
/// <param name="Fallback">The language the words are in when it is not the page's.</param>
public sealed record Phrase(string Text, Language? Fallback = null) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        if (Fallback is null)
        {
            encoder.Encode(writer, Text);
        }
        else
        {
            new Element("span").With("lang", Fallback.Code).Add(Text).WriteTo(writer, encoder);
        }
    }

    /// <summary>The words alone, for attributes.</summary>
    public override string ToString() => Text;

    public static implicit operator string(Phrase phrase) => phrase.Text;

    public static implicit operator Content(Phrase phrase) => Content.Of(phrase)!;
}
