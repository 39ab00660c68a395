using System.Globalization;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Govuk;

/// <summary>A button, or a link that looks like one when <see cref="Href"/> is given.</summary>
public sealed record Button(Content? Body) : Component
{
    public string? Href { get; init; }

    public string Type { get; init; } = "submit";

    public string? Name { get; init; }

    public string? Value { get; init; }

    public string? Id { get; init; }

    public bool Disabled { get; init; }

    /// <summary>True refuses a second press within a second.</summary>
    public bool? PreventDoubleClick { get; init; }

    /// <summary>With an arrow, for the start of a journey.</summary>
    public bool IsStart { get; init; }

    /// <summary>The body holds markup; a start button then keeps its spaces by wrapping it.</summary>
    public bool HasMarkup { get; init; }

    public override IHtmlContent Build()
    {
        var classes = Element.Classes("govuk-button", Classes, IsStart ? "govuk-button--start" : null);
        var element = string.IsNullOrEmpty(Href)
            ? new Element("button", classes).With("type", Type).With("value", Value).With("name", Name)
                .Flag("disabled", Disabled).With("aria-disabled", Disabled ? "true" : null)
                .With("data-prevent-double-click", Input.Spelling(PreventDoubleClick))
            : new Element("a", classes).With("href", Href).With("role", "button").With("draggable", "false");
        return element.With("data-module", "govuk-button").With(Attributes).With("id", Id)
            .Add(HasMarkup && IsStart ? new Element("span").Add(Body) : Body).Add(IsStart ? Arrow() : null);
    }

    private static Element Arrow() => new Element("svg", "govuk-button__start-icon").With("xmlns", "http://www.w3.org/2000/svg")
        .With("width", "17.5").With("height", "19").With("viewBox", "0 0 33 40").With("aria-hidden", "true").With("focusable", "false")
        .Add(new Element("path").With("fill", "currentColor").With("d", "M0 0h13l20 20-20 20H0l20-20z"));
}

/// <summary>To the page before, at the top of a leaf page.</summary>
public sealed record BackLink(Content? Body, string Href) : Component
{
    public override IHtmlContent Build() => new Element("a", "govuk-back-link", Classes).With("href", Href).With(Attributes).Add(Body);
}

/// <summary>First link of a page, shown on focus.</summary>
public sealed record SkipLink(Content? Body, string Href) : Component
{
    public override IHtmlContent Build() =>
        new Element("a", "govuk-skip-link", Classes).With("href", Href).With(Attributes).With("data-module", "govuk-skip-link").Add(Body);
}

/// <summary>One step of <see cref="Breadcrumbs"/>; without address it is the page itself.</summary>
public sealed record Crumb(Content? Text, string? Href = null)
{
    public Attributes Attributes { get; init; } = Attributes.None;
}

/// <summary>The way to this page; used in the agency space.</summary>
public sealed record Breadcrumbs(string Label, IReadOnlyList<Crumb> Items) : Component
{
    public bool CollapseOnMobile { get; init; }

    public override IHtmlContent Build() =>
        new Element("nav", "govuk-breadcrumbs", Classes, CollapseOnMobile ? "govuk-breadcrumbs--collapse-on-mobile" : null)
            .With(Attributes).With("aria-label", Label)
            .Add(new Element("ol", "govuk-breadcrumbs__list").AddAll(Items.Select(Item)));

    private static Element Item(Crumb crumb)
    {
        var item = new Element("li", "govuk-breadcrumbs__list-item");
        return string.IsNullOrEmpty(crumb.Href)
            ? item.With("aria-current", "page").Add(crumb.Text)
            : item.Add(new Element("a", "govuk-breadcrumbs__link").With("href", crumb.Href).With(crumb.Attributes).Add(crumb.Text));
    }
}

/// <summary>A page number of <see cref="Pagination"/>; without label it is the gap between far pages.</summary>
public sealed record PageLink(string? Number, string? Href, string? Label)
{
    public bool Current { get; init; }

    public Attributes Attributes { get; init; } = Attributes.None;

    /// <summary>Pages left out.</summary>
    public static PageLink Gap { get; } = new(null, null, null);
}

/// <summary>The link to the page before or after.</summary>
/// <param name="Href">Its address.</param>
/// <param name="Text">Its words, such as "Suivant".</param>
public sealed record StepLink(string Href, Content Text)
{
    /// <summary>What waits there; shown when there are no page numbers.</summary>
    public string? Label { get; init; }

    public Attributes Attributes { get; init; } = Attributes.None;
}

/// <summary>Links to the pages of a long list.</summary>
/// <param name="Label">Name of the landmark, such as "Pages de résultats".</param>
public sealed record Pagination(string Label) : Component
{
    public StepLink? Previous { get; init; }

    public StepLink? Next { get; init; }

    public IReadOnlyList<PageLink> Pages { get; init; } = [];

    public override IHtmlContent Build()
    {
        var block = Pages.Count == 0 && (Previous is not null || Next is not null);
        var nav = new Element("nav", "govuk-pagination", block ? "govuk-pagination--block" : null, Classes).With("aria-label", Label).With(Attributes);
        if (Previous is not null)
        {
            nav.Add(Step(Previous, "prev", block));
        }

        if (Pages.Count > 0)
        {
            nav.Add(new Element("ul", "govuk-pagination__list").AddAll(Pages.Select(Page)));
        }

        return nav.Add(Next is null ? null : Step(Next, "next", block));
    }

    private static Element Page(PageLink page)
    {
        if (page.Label is null)
        {
            return new Element("li", "govuk-pagination__item", "govuk-pagination__item--ellipsis").Add("⋯");
        }

        return new Element("li", "govuk-pagination__item", page.Current ? "govuk-pagination__item--current" : null)
            .Add(new Element("a", "govuk-link", "govuk-pagination__link").With("href", page.Href).With("aria-label", page.Label)
                .With("aria-current", page.Current ? "page" : null).With(page.Attributes).Add(page.Number));
    }

    private static Element Step(StepLink step, string kind, bool block)
    {
        var link = new Element("a", "govuk-link", "govuk-pagination__link").With("href", step.Href).With("rel", kind).With(step.Attributes);
        var arrow = Arrow(kind);
        link.Add(block || kind == "prev" ? arrow : null);
        link.Add(new Element("span", "govuk-pagination__link-title", block && string.IsNullOrEmpty(step.Label) ? "govuk-pagination__link-title--decorated" : null).Add(step.Text));
        if (block && !string.IsNullOrEmpty(step.Label))
        {
            link.Add(" ").Add(new Element("span", "govuk-visually-hidden").Add(":")).Add(" ").Add(new Element("span", "govuk-pagination__link-label").Add(step.Label));
        }

        link.Add(!block && kind == "next" ? arrow : null);
        return new Element("div", "govuk-pagination__" + kind).Add(link);
    }

    private static Element Arrow(string kind) =>
        new Element("svg", "govuk-pagination__icon", "govuk-pagination__icon--" + kind).With("xmlns", "http://www.w3.org/2000/svg")
            .With("height", "13").With("width", "15").With("aria-hidden", "true").With("focusable", "false").With("viewBox", "0 0 15 13")
            .Add(new Element("path").With("d", kind == "prev"
                ? "m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z"
                : "m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"));

    /// <summary>
    /// Page numbers for a list: first, last, current and its neighbours, gaps between.
    /// </summary>
    /// <param name="current">From 1.</param>
    /// <param name="count">Number of pages, at least 1.</param>
    /// <param name="href">Address of a page.</param>
    /// <param name="label">What is read out for a page, such as "Page 2".</param>
    public static IReadOnlyList<PageLink> Numbers(int current, int count, Func<int, string> href, Func<int, string> label)
    {
        var pages = new List<PageLink>();
        var last = 0;
        for (var n = 1; n <= count; n++)
        {
            if (n != 1 && n != count && Math.Abs(n - current) > 1)
            {
                continue;
            }

            if (n > last + 1)
            {
                pages.Add(PageLink.Gap);
            }

            pages.Add(new PageLink(n.ToString(CultureInfo.InvariantCulture), href(n), label(n)) { Current = n == current });
            last = n;
        }

        return pages;
    }
}
