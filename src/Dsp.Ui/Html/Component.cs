using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Html;

/// <summary>
/// A piece of page: values in, markup out, no web host needed. Components hold no words of their own; every text is given,
/// so that none can appear in the wrong language.
/// </summary>
public abstract record Component : IHtmlContent
{
    /// <summary>Class names added to the component's own.</summary>
    public string? Classes { get; init; }

    /// <summary>Attributes added to the component's outer element.</summary>
    public Attributes Attributes { get; init; } = Attributes.None;

    /// <summary>Builds the markup.</summary>
    public abstract IHtmlContent Build();

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => Build().WriteTo(writer, encoder);

    public sealed override string ToString() => this.ToMarkup();
}

/// <summary>Writing markup to a string.</summary>
public static class Markup
{
    /// <summary>
    /// Encodes what HTML needs encoded and leaves letters of every script alone: an accent costs one or two bytes, not six.
    /// </summary>
    public static HtmlEncoder Encoder { get; } = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The markup as a string.</summary>
    public static string ToMarkup(this IHtmlContent content)
    {
        using var writer = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        content.WriteTo(writer, Encoder);
        return writer.ToString();
    }
}
