using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Parts;

/// <summary>Who may see a document, as the holder chose it.</summary>
public enum Visibility
{
    /// <summary>The professionals who care for the holder.</summary>
    Carers,

    /// <summary>Hidden from certain people.</summary>
    HiddenFromSome,

    /// <summary>A few named people.</summary>
    SomePeople,

    /// <summary>The holder and the author.</summary>
    HolderOnly,
}

/// <summary>Visibility in words. Shown to holders only: professionals get no hint that anything is hidden.</summary>
/// <param name="T">Texts.</param>
/// <param name="Visibility">The choice.</param>
/// <param name="Count">Number of people for <see cref="Visibility.SomePeople"/>.</param>
public sealed record VisibilityPill(ITexts T, Visibility Visibility, int Count = 0) : Component
{
    public override IHtmlContent Build() => (Visibility switch
    {
        Visibility.Carers => new Pill(Tone.Ok, T["visibility.carers"]),
        Visibility.HolderOnly => new Pill(Tone.Mute, T["visibility.me"]),
        Visibility.SomePeople => new Pill(Tone.Warn, T["visibility.some", ("count", Count)]),
        _ => new Pill(Tone.Warn, T["visibility.hidden"]),
    }) with
    { Classes = Classes, Attributes = Attributes };
}

/// <summary>A list of rows: documents, people.</summary>
public sealed record RowList(Content? Rows) : Component
{
    public override IHtmlContent Build() => new Element("ul", "dsp-list", Classes).With(Attributes).Add(Rows);
}

/// <summary>One document of a list: title, where it comes from, what can be done.</summary>
/// <param name="Title">The document's own title, in its own language.</param>
/// <param name="Href">Where it opens.</param>
public sealed record DocumentRow(string Title, string Href) : Component
{
    /// <summary>Language of the title when it is not the page's.</summary>
    public string? TitleLang { get; init; }

    /// <summary>The word of a badge, such as "Nouveau".</summary>
    public string? Badge { get; init; }

    /// <summary>Facts under the title, in order; empty ones are left out.</summary>
    public IReadOnlyList<string?> Facts { get; init; } = [];

    /// <summary>Pills and links at the end; links say what they act on (<see cref="ActionLink"/>).</summary>
    public Content? Actions { get; init; }

    public override IHtmlContent Build()
    {
        var title = new Element("p", "dsp-list__t").Add(new Element("a", "govuk-link").With("href", Href).With("lang", TitleLang).Add(Title));
        if (!string.IsNullOrEmpty(Badge))
        {
            title.Add(" ").Add(new Badge(Badge));
        }

        return new Element("li", Classes).With(Attributes)
            .Add(new Element("div").Add(title).Add(Meta(Facts)))
            .Add(Actions is null ? null : new Element("div", "dsp-list__a").Add(Actions));
    }

    internal static Element? Meta(IReadOnlyList<string?> facts, IHtmlContent? more = null)
    {
        var joined = string.Join(" · ", facts.Where(f => !string.IsNullOrWhiteSpace(f)));
        return joined.Length == 0 && more is null ? null : new Element("p", "dsp-list__m").Add(joined).Add(more);
    }
}

/// <summary>A link whose words repeat in every row: what it acts on is added for those who hear the page.</summary>
public sealed record ActionLink(string Text, string Href, string What) : Component
{
    /// <summary>Language of <see cref="What"/> when it is not the page's.</summary>
    public string? WhatLang { get; init; }

    public override IHtmlContent Build() => new Element("a", "govuk-link", Classes).With("href", Href).With(Attributes).Add(Text)
        .Add(new Element("span", "govuk-visually-hidden").Add(", ").Add(new Element("span").With("lang", WhatLang).Add(What)));
}

/// <summary>One person or team who has access.</summary>
/// <param name="Name">"Dr Armel Thillaray".</param>
public sealed record AccessCard(string Name) : Component
{
    /// <summary>Profession and place.</summary>
    public IReadOnlyList<string?> Facts { get; init; } = [];

    /// <summary>What they may do, as pills.</summary>
    public Content? Rights { get; init; }

    /// <summary>Until when: a sentence.</summary>
    public string? Until { get; init; }

    /// <summary>Last reading: a sentence.</summary>
    public string? LastRead { get; init; }

    public Content? Actions { get; init; }

    public int HeadingLevel { get; init; } = 3;

    public override IHtmlContent Build()
    {
        var facts = string.Join(" · ", Facts.Where(f => !string.IsNullOrWhiteSpace(f)));
        var time = new Element("p", "dsp-s").Add(Until);
        if (!string.IsNullOrEmpty(LastRead))
        {
            time.Add(string.IsNullOrEmpty(Until) ? null : new Element("br")).Add(LastRead);
        }

        return new Element("li", "dsp-card", "dsp-card--plain", Classes).With(Attributes)
            .Add(new Element(Govuk.Heading.Of(HeadingLevel), "dsp-card__t").Add(Name))
            .Add(facts.Length == 0 ? null : new Element("p", "dsp-s").Add(facts))
            .Add(Rights is null ? null : new Element("p", "dsp-p").Add(Rights))
            .Add(Until is null && LastRead is null ? null : time)
            .Add(Actions is null ? null : new Element("div", "dsp-acts").Add(Actions));
    }
}

/// <summary>One line of the access log: a whole sentence, then when, where and why.</summary>
/// <param name="Text">"Dr Armel Thillaray a lu « Analyse de sang »".</param>
public sealed record LogSentence(Content Text) : Component
{
    /// <summary>An emergency access: flagged by frame and, in the sentence, by words.</summary>
    public bool IsEmergency { get; init; }

    /// <summary>Time, role, place, reason; empty ones are left out.</summary>
    public IReadOnlyList<string?> Facts { get; init; } = [];

    /// <summary>Further markup after the facts, such as a link to the documents read.</summary>
    public Content? More { get; init; }

    /// <summary>"Je ne reconnais pas cet accès"; null on one's own acts.</summary>
    public ActionLink? Report { get; init; }

    public override IHtmlContent Build() => new Element("li", IsEmergency ? "dsp-list__flag" : null, Classes).With(Attributes)
        .Add(new Element("div").Add(new Element("p", "dsp-list__t").Add(Text)).Add(DocumentRow.Meta(Facts, More)))
        .Add(new Element("div", "dsp-list__a").Add(Report));
}
