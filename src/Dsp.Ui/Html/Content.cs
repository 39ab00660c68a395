using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Html;

/// <summary>What a component shows: a text, encoded when written, or markup another component built. Never a string of markup.</summary>
public sealed class Content : IHtmlContent
{
    private readonly string? _text;
    private readonly IHtmlContent? _markup;

    private Content(string? text, IHtmlContent? markup) => (_text, _markup) = (text, markup);

    /// <summary>A text; null when there is none, so that an empty text leaves no empty element behind.</summary>
    public static Content? Of(string? text) => string.IsNullOrEmpty(text) ? null : new Content(text, null);

    /// <summary>Markup built elsewhere.</summary>
    [OverloadResolutionPriority(1)]
    public static Content? Of(IHtmlContent? markup) => markup switch
    {
        null => null,
        Content content => content,
        _ => new Content(null, markup),
    };

    /// <summary>Several pieces, one after the other.</summary>
    public static Content Join(params ReadOnlySpan<IHtmlContent?> pieces)
    {
        var all = new HtmlContentBuilder();
        foreach (var piece in pieces)
        {
            if (piece is not null)
            {
                all.AppendHtml(piece);
            }
        }

        return new Content(null, all);
    }

    public static implicit operator Content?(string? text) => Of(text);

    public static implicit operator Content(Element element) => new(null, element);

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        if (_text is not null)
        {
            encoder.Encode(writer, _text);
        }

        _markup?.WriteTo(writer, encoder);
    }

    /// <summary>The markup as a string; texts and attributes encoded.</summary>
    public override string ToString() => this.ToMarkup();
}
