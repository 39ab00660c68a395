using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Govuk;

/// <summary>The label of one field; optionally the page's <c>h1</c>.</summary>
public sealed record Label(Content? Text) : Component
{
    public string? For { get; init; }

    public bool IsPageHeading { get; init; }

    public override IHtmlContent Build()
    {
        if (Text is null)
        {
            return HtmlString.Empty;
        }

        var label = new Element("label", "govuk-label", Classes).With(Attributes).With("for", For).Add(Text);
        return IsPageHeading ? new Element("h1", "govuk-label-wrapper").Add(label) : label;
    }
}

/// <summary>A sentence before a field that helps to fill it.</summary>
public sealed record Hint(Content? Text) : Component
{
    public string? Id { get; init; }

    public override IHtmlContent Build() =>
        new Element("div", "govuk-hint", Classes).With("id", Id).With(Attributes).Add(Text);
}

/// <summary>What is wrong with one field and how to put it right.</summary>
/// <param name="Text">The message.</param>
/// <param name="Prefix">Read out before the message, with its colon, such as "Erreur :"; null leaves it out.</param>
public sealed record ErrorMessage(Content? Text, string? Prefix = null) : Component
{
    public string? Id { get; init; }

    public override IHtmlContent Build()
    {
        var message = new Element("p", "govuk-error-message", Classes).With("id", Id).With(Attributes);
        if (!string.IsNullOrEmpty(Prefix))
        {
            message.Add(new Element("span", "govuk-visually-hidden").Add(Prefix)).Add(" ");
        }

        return message.Add(Text);
    }
}

/// <summary>The question a group of fields answers.</summary>
public sealed record Legend(Content? Text) : Component
{
    public bool IsPageHeading { get; init; }

    public override IHtmlContent Build()
    {
        var legend = new Element("legend", "govuk-fieldset__legend", Classes).With(Attributes);
        return IsPageHeading ? legend.Add(new Element("h1", "govuk-fieldset__heading").Add(Text)) : legend.Add(Text);
    }
}

/// <summary>A group of fields with one question.</summary>
public sealed record Fieldset : Component
{
    public Legend? Legend { get; init; }

    public string? DescribedBy { get; init; }

    public string? Role { get; init; }

    public Content? Body { get; init; }

    public override IHtmlContent Build() =>
        new Element("fieldset", "govuk-fieldset", Classes)
            .With("role", Role).With("aria-describedby", DescribedBy).With(Attributes)
            .Add(Legend?.Text is null ? null : Legend).Add(Body);
}
