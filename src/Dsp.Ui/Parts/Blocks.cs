using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Parts;

/// <summary>How pressing a callout or pill is.</summary>
public enum Tone
{
    Plain,
    Info,
    Ok,
    Warn,
    Danger,
    Mute,
}

/// <summary>Class suffixes of tones.</summary>
internal static class Tones
{
    public static string? Class(this Tone tone, string block) => tone == Tone.Plain ? null : $"{block}--{tone.ToString().ToLowerInvariant()}";
}

/// <summary>A coloured block that asks to be read: the words say what it is, the colour only helps.</summary>
public sealed record Callout(Tone Tone, Content? Body) : Component
{
    public Content? Title { get; init; }

    /// <summary>Level of the title, 2 to 6.</summary>
    public int HeadingLevel { get; init; } = 3;

    public override IHtmlContent Build() => new Element("div", "dsp-call", Tone.Class("dsp-call"), Classes).With(Attributes)
        .Add(Title is null ? null : new Element(Govuk.Heading.Of(HeadingLevel), "govuk-heading-s").Add(Title)).Add(Body);
}

/// <summary>A state in words inside a thin frame.</summary>
public sealed record Pill(Tone Tone, Content? Body) : Component
{
    public override IHtmlContent Build() => new Element("span", "dsp-pill", Tone.Class("dsp-pill"), Classes).With(Attributes).Add(Body);
}

/// <summary>A small count or the word "new".</summary>
public sealed record Badge(Content? Body) : Component
{
    public override IHtmlContent Build() => new Element("span", "dsp-badge", Classes).With(Attributes).Add(Body);
}

/// <summary>Cards in as many columns as fit.</summary>
public sealed record CardGrid(Content? Cards) : Component
{
    public override IHtmlContent Build() => new Element("ul", "dsp-grid", Classes).With(Attributes).Add(Cards);
}

/// <summary>One card of a grid; with an address the whole card is the link's target.</summary>
public sealed record Card(string Title) : Component
{
    public string? Href { get; init; }

    /// <summary>Language of the title when it is not the page's.</summary>
    public string? TitleLang { get; init; }

    /// <summary>One or two sentences under the title.</summary>
    public Content? Text { get; init; }

    /// <summary>Further markup, such as actions; the card is then no link as a whole.</summary>
    public Content? Body { get; init; }

    public int HeadingLevel { get; init; } = 3;

    public override IHtmlContent Build()
    {
        var title = string.IsNullOrEmpty(Href)
            ? Content.Of(new Element("span").With("lang", TitleLang).Add(Title))
            : Content.Of(new Element("a", "govuk-link").With("href", Href).With("lang", TitleLang).Add(Title));
        return new Element("li", "dsp-card", string.IsNullOrEmpty(Href) || Body is not null ? "dsp-card--plain" : "dsp-card--link", Classes).With(Attributes)
            .Add(new Element(Govuk.Heading.Of(HeadingLevel), "dsp-card__t").Add(string.IsNullOrEmpty(TitleLang) && string.IsNullOrEmpty(Href) ? Content.Of(Title) : title))
            .Add(Text is null ? null : new Element("p", "dsp-s").Add(Text)).Add(Body);
    }
}
