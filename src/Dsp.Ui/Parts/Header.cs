using Dsp.Ui.Frame;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Parts;

/// <summary>The coloured band: product, space by name, languages.</summary>
/// <param name="T">Texts.</param>
/// <param name="Space">The space shown.</param>
/// <param name="HomeHref">Address of the space's home.</param>
/// <param name="AddressIn">Address of this page in another language.</param>
public sealed record SpaceHeader(ITexts T, Space Space, string HomeHref, Func<Language, string> AddressIn) : Component
{
    public override IHtmlContent Build() => new Element("header", "dsp-header", Classes).With(Attributes)
        .Add(new Element("div", "govuk-width-container", "dsp-header__in")
            .Add(new Element("a", "dsp-header__brand").With("href", HomeHref).Add("DSP ")
                .Add(new Element("span", "govuk-visually-hidden").Add(T["space.home"])))
            .Add(new Element("span", "dsp-header__space").Add(T[Space.NameKey()]))
            .Add(new LanguageList(T, AddressIn)));
}

/// <summary>The five languages; each link is in the language it leads to.</summary>
public sealed record LanguageList(ITexts T, Func<Language, string> AddressIn) : Component
{
    public override IHtmlContent Build() => new Element("nav", Classes).With("aria-label", T["language.label"]).With(Attributes)
        .Add(new Element("ul", "dsp-header__langs").AddAll(Language.All.Select(language => new Element("li").Add(Entry(language)))));

    private Element Entry(Language language)
    {
        var code = language.Code.ToUpperInvariant();
        return language == T.Language
            ? new Element("span").With("aria-current", "true").With("lang", language.Code).Add(code)
            : new Element("a").With("href", AddressIn(language)).With("lang", language.Code).With("hreflang", language.Code).With("rel", "alternate")
                .Add(new Element("span", "govuk-visually-hidden").Add(T.In(language)["language.view"]).Add(" ")).Add(code);
    }
}

/// <summary>The main navigation. On narrow screens some links give way to the Menu page, so that no script is needed.</summary>
/// <param name="Label">Name of the landmark.</param>
/// <param name="Items">The links.</param>
public sealed record Navigation(string Label, IReadOnlyList<NavItem> Items) : Component
{
    /// <summary>Shown at the end: who is signed in, and signing out.</summary>
    public Content? End { get; init; }

    // With a Menu page, narrow screens find the end there.
    private string? EndClass => Items.Any(item => item.NarrowOnly) ? "dsp-nav__more" : null;

    public override IHtmlContent Build() => new Element("nav", "dsp-nav", Classes).With("aria-label", Label).With(Attributes)
        .Add(new Element("div", "govuk-width-container")
            .Add(new Element("ul").AddAll(Items.Select(Item))
                .Add(End is null ? null : new Element("li", "dsp-nav__out", EndClass).Add(End))));

    private static Element Item(NavItem item) => new Element("li", item.WideOnly ? "dsp-nav__more" : item.NarrowOnly ? "dsp-nav__menu" : null)
        .Add(new Element("a").With("href", item.Href).With("aria-current", item.Current ? "page" : null).Add(item.Text));
}

/// <summary>Whose record is shown; yellow, with other words, when it is not one's own.</summary>
/// <param name="T">Texts.</param>
/// <param name="Name">"Emma WEBERSCHEID".</param>
/// <param name="Birth">Date of birth as people read it.</param>
public sealed record RecordBar(ITexts T, string Name, string Birth) : Component
{
    /// <summary>Acting for someone else.</summary>
    public bool IsProxy { get; init; }

    /// <summary>To a relative's record, or back to one's own; null shows no link.</summary>
    public string? SwitchHref { get; init; }

    public override IHtmlContent Build()
    {
        var bar = new Element("div", "govuk-width-container")
            .Add(T.Rich(IsProxy ? "record.proxy" : "record.own", ("name", new Element("strong").Add(Name)), ("birth", Birth)));
        if (SwitchHref is not null)
        {
            bar.Add(" · ").Add(new Element("a", "govuk-link").With("href", SwitchHref).Add(T[IsProxy ? "record.back" : "record.switch"]));
        }

        return new Element("aside", "dsp-who", IsProxy ? "dsp-who--proxy" : null, Classes).With("aria-label", T["record.label"]).With(Attributes).Add(bar);
    }
}

/// <summary>The end of every page: help in the same place, the helpdesk, 112.</summary>
/// <param name="T">Texts.</param>
/// <param name="Space">The space shown.</param>
/// <param name="Links">Its links.</param>
/// <param name="HelpdeskPhone">Number as people read it.</param>
public sealed record Footer(ITexts T, Space Space, IReadOnlyList<FooterLink> Links, string HelpdeskPhone) : Component
{
    public override IHtmlContent Build()
    {
        var body = new Element("div", "govuk-width-container")
            .Add(new Element("ul").AddAll(Links.Select(link => new Element("li").Add(new Element("a", "govuk-link").With("href", link.Href).Add(link.Text)))));
        if (Space is Space.Pro or Space.Urgent)
        {
            body.Add(new Element("p", "dsp-s").Add(T["footer.proNote"]));
        }
        else if (Space is Space.Agency)
        {
            body.Add(new Element("p", "dsp-s").Add(T["footer.agencyNote"]));
        }

        body.Add(new Element("p", "dsp-s")
            .Add(T.Rich("footer.helpdesk", ("phone", Telephone(HelpdeskPhone)))).Add(" ")
            .Add(new Element("strong").Add(T.Rich("footer.emergency", ("number", Telephone("112"))))));
        return new Element("footer", "dsp-footer", Classes).With(Attributes).Add(body);
    }

    private static Element Telephone(string number) => new Element("a", "govuk-link")
        .With("href", "tel:" + string.Concat(number.Where(c => char.IsAsciiDigit(c) || c == '+'))).Add(number);
}
