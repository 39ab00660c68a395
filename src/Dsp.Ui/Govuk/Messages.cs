using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Govuk;

/// <summary>One line of an <see cref="ErrorSummary"/>.</summary>
/// <param name="Text">The message, the same as at the field.</param>
/// <param name="Href">Address of the field, such as <c>#birth-day</c>; null when no single field is meant.</param>
public sealed record ErrorLine(Content? Text, string? Href = null)
{
    public Attributes Attributes { get; init; } = Attributes.None;
}

/// <summary>What is wrong on the page, first thing on it, with a link to each field.</summary>
public sealed record ErrorSummary(Content? Title) : Component
{
    public Content? Description { get; init; }

    public IReadOnlyList<ErrorLine> Errors { get; init; } = [];

    /// <summary>False moves the focus here on load (the module's default when null).</summary>
    public bool? DisableAutoFocus { get; init; }

    public override IHtmlContent Build()
    {
        var body = new Element("div", "govuk-error-summary__body");
        if (Description is not null)
        {
            body.Add(new Element("p").Add(Description));
        }

        if (Errors.Count > 0)
        {
            body.Add(new Element("ul", "govuk-list", "govuk-error-summary__list").AddAll(Errors.Select(Line)));
        }

        return new Element("div", "govuk-error-summary", Classes)
            .With("data-disable-auto-focus", Input.Spelling(DisableAutoFocus)).With(Attributes).With("data-module", "govuk-error-summary")
            .Add(new Element("div").With("role", "alert").Add(new Element("h2", "govuk-error-summary__title").Add(Title)).Add(body));
    }

    private static Element Line(ErrorLine line) => new Element("li").Add(string.IsNullOrEmpty(line.Href)
        ? line.Text
        : Content.Of(new Element("a").With("href", line.Href).With(line.Attributes).Add(line.Text)));
}

/// <summary>The result of the last action, or news, at the top of the page until the next page.</summary>
/// <param name="Title">Its heading, such as "Enregistré".</param>
public sealed record NotificationBanner(Content Title) : Component
{
    /// <summary>One line; <see cref="Body"/> wins when both are given.</summary>
    public string? Text { get; init; }

    public Content? Body { get; init; }

    /// <summary>The action succeeded.</summary>
    public bool Success { get; init; }

    /// <summary>Role; null: <c>alert</c> for success, else <c>region</c>.</summary>
    public string? Role { get; init; }

    public string TitleId { get; init; } = "govuk-notification-banner-title";

    public int HeadingLevel { get; init; } = 2;

    public bool? DisableAutoFocus { get; init; }

    public override IHtmlContent Build() =>
        new Element("div", "govuk-notification-banner", Success ? "govuk-notification-banner--success" : null, Classes)
            .With("role", string.IsNullOrEmpty(Role) ? Success ? "alert" : "region" : Role)
            .With("aria-labelledby", TitleId).With("data-module", "govuk-notification-banner")
            .With("data-disable-auto-focus", Input.Spelling(DisableAutoFocus)).With(Attributes)
            .Add(new Element("div", "govuk-notification-banner__header")
                .Add(new Element(Heading.Of(HeadingLevel), "govuk-notification-banner__title").With("id", TitleId).Add(Title)))
            .Add(new Element("div", "govuk-notification-banner__content")
                .Add(Body ?? (string.IsNullOrEmpty(Text) ? null : Content.Of(new Element("p", "govuk-notification-banner__heading").Add(Text)))));
}

/// <summary>Text set apart from its surroundings.</summary>
public sealed record InsetText(Content? Body) : Component
{
    public string? Id { get; init; }

    public override IHtmlContent Build() => new Element("div", "govuk-inset-text", Classes).With("id", Id).With(Attributes).Add(Body);
}

/// <summary>A warning with a sign.</summary>
/// <param name="Body">The warning.</param>
/// <param name="SignWord">Read out in place of the sign, such as "Attention".</param>
public sealed record WarningText(Content? Body, string SignWord) : Component
{
    public override IHtmlContent Build() => new Element("div", "govuk-warning-text", Classes).With(Attributes)
        .Add(new Element("span", "govuk-warning-text__icon").With("aria-hidden", "true").Add("!")).Add(" ")
        .Add(new Element("strong", "govuk-warning-text__text").Add(new Element("span", "govuk-visually-hidden").Add(SignWord)).Add(" ").Add(Body));
}

/// <summary>A state in one or two words.</summary>
public sealed record Tag(Content? Body) : Component
{
    public override IHtmlContent Build() => new Element("strong", "govuk-tag", Classes).With(Attributes).Add(Body);
}

/// <summary>More text behind a line one opens.</summary>
public sealed record Details(Content? Summary, Content? Body) : Component
{
    public string? Id { get; init; }

    public bool Open { get; init; }

    public override IHtmlContent Build() => new Element("details", "govuk-details", Classes).With("id", Id).With(Attributes).Flag("open", Open)
        .Add(new Element("summary", "govuk-details__summary").Add(new Element("span", "govuk-details__summary-text").Add(Summary)))
        .Add(new Element("div", "govuk-details__text").Add(Body));
}

/// <summary>One action of an interruption <see cref="Panel"/>: a link, or a button when <see cref="Type"/> is given or there is no address.</summary>
public sealed record PanelAction(string Text)
{
    public string? Href { get; init; }

    public string? Type { get; init; }

    public string? Classes { get; init; }

    public Attributes Attributes { get; init; } = Attributes.None;
}

/// <summary>The end of a task: what was done, with its reference.</summary>
public sealed record Panel(Content? Title) : Component
{
    public Content? Body { get; init; }

    public int HeadingLevel { get; init; } = 1;

    /// <summary>Actions; shown with the class <c>govuk-panel--interruption</c> only.</summary>
    public IReadOnlyList<PanelAction>? Actions { get; init; }

    public string? ActionsClasses { get; init; }

    public Attributes ActionsAttributes { get; init; } = Attributes.None;

    public override IHtmlContent Build()
    {
        var interruption = Classes?.Contains("govuk-panel--interruption", StringComparison.Ordinal) ?? false;
        var panel = new Element("div", "govuk-panel", interruption ? null : "govuk-panel--confirmation", Classes).With(Attributes)
            .Add(new Element(Heading.Of(HeadingLevel), "govuk-panel__title").Add(Title))
            .Add(Body is null ? null : new Element("div", "govuk-panel__body").Add(Body));
        if (!interruption || Actions is null)
        {
            return panel;
        }

        return panel.Add(new Element("div", "govuk-panel__actions", ActionsClasses).With(ActionsAttributes)
            .Add(Actions.Count == 0 ? null : new Element("div", "govuk-button-group").AddAll(Actions.SelectMany(a => new[] { Action(a), Content.Of(" ")! }))));
    }

    private static IHtmlContent Action(PanelAction action) => string.IsNullOrEmpty(action.Href) || action.Type == "button"
        ? new Button(action.Text)
        {
            Type = action.Type ?? "button",
            Href = action.Href,
            Classes = Element.Classes("govuk-button--inverse", action.Classes),
            Attributes = action.Attributes,
        }
        : new Element("a", "govuk-link", "govuk-link--inverse", action.Classes).With("href", action.Href).With(action.Attributes).Add(action.Text);
}
