using System.Globalization;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Govuk;

/// <summary>One choice of <see cref="Radios"/> or <see cref="Checkboxes"/>, or a word between choices.</summary>
public sealed record Choice(string? Value, Content? Text)
{
    public string? Id { get; init; }

    /// <summary>A checkbox's own name; the group's when not given.</summary>
    public string? Name { get; init; }

    public Hint? Hint { get; init; }

    /// <summary>Chosen; null lets the field's value decide.</summary>
    public bool? Checked { get; init; }

    public bool Disabled { get; init; }

    /// <summary>Shown while this is chosen; without script it is always shown.</summary>
    public Content? Conditional { get; init; }

    /// <summary>A word such as "ou" in place of a choice.</summary>
    public string? Divider { get; init; }

    /// <summary><c>exclusive</c>: choosing this clears the other checkboxes.</summary>
    public string? Behaviour { get; init; }

    public string? LabelClasses { get; init; }

    public Attributes LabelAttributes { get; init; } = Attributes.None;

    public Attributes Attributes { get; init; } = Attributes.None;

    /// <summary>A word between two choices.</summary>
    public static Choice Between(string word) => new(null, null) { Divider = word };
}

/// <summary>One choice out of a few.</summary>
public sealed record Radios : FieldGroup
{
    /// <summary>Start of the choices' ids; the name when not given.</summary>
    public string? IdPrefix { get; init; }

    public IReadOnlyList<Choice> Items { get; init; } = [];

    /// <summary>The value chosen.</summary>
    public string? Value { get; init; }

    public override IHtmlContent Build() => new ChoiceList("radios", "radio", this, IdPrefix, Items,
        item => item.Checked ?? (!string.IsNullOrEmpty(Value) && item.Value == Value)).Build(Wrap);
}

/// <summary>Any number of choices out of a few.</summary>
public sealed record Checkboxes : FieldGroup
{
    /// <summary>Start of the choices' ids; the name when not given.</summary>
    public string? IdPrefix { get; init; }

    public IReadOnlyList<Choice> Items { get; init; } = [];

    /// <summary>The values chosen.</summary>
    public IReadOnlyCollection<string> Values { get; init; } = [];

    public override IHtmlContent Build() => new ChoiceList("checkboxes", "checkbox", this, IdPrefix, Items,
        item => item.Checked ?? (item.Value is not null && Values.Contains(item.Value))).Build(Wrap);
}

/// <summary>What radios and checkboxes share.</summary>
internal sealed class ChoiceList(string block, string type, FieldGroup field, string? idPrefix, IReadOnlyList<Choice> items, Func<Choice, bool> isChecked)
{
    private readonly string _prefix = string.IsNullOrEmpty(idPrefix) ? field.Name : idPrefix;

    public IHtmlContent Build(Func<string, Func<string?, IHtmlContent>, string?, IHtmlContent> wrap) => wrap(_prefix, List, null);

    private Element List(string? describedBy)
    {
        var list = new Element("div", "govuk-" + block, field.Classes).With(field.Attributes).With("data-module", "govuk-" + block).Add(field.Before);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Divider is { } divider)
            {
                list.Add(new Element("div", $"govuk-{block}__divider").Add(divider));
            }
            else
            {
                AddChoice(list, items[i], i + 1, describedBy);
            }
        }

        return list.Add(field.After);
    }

    private void AddChoice(Element list, Choice item, int number, string? describedBy)
    {
        // The first id carries no number, so that an error summary can point to it.
        var id = item.Id ?? (number > 1 ? string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{number}") : _prefix);
        var hasHint = item.Hint?.Text is not null;
        var chosen = isChecked(item);
        var conditionalId = "conditional-" + id;
        var own = type == "checkbox" ? describedBy : null;
        list.Add(new Element("div", $"govuk-{block}__item")
            .Add(new Element("input", $"govuk-{block}__input")
                .With("id", id).With("name", string.IsNullOrEmpty(item.Name) ? field.Name : item.Name).With("type", type).WithAlways("value", item.Value)
                .Flag("checked", chosen).Flag("disabled", item.Disabled)
                .With("data-aria-controls", item.Conditional is null ? null : conditionalId)
                .With("data-behaviour", item.Behaviour)
                .With("aria-describedby", Element.Classes(own, hasHint ? id + "-item-hint" : null))
                .With(item.Attributes))
            .Add(new Label(item.Text) { For = id, Classes = Element.Classes($"govuk-{block}__label", item.LabelClasses), Attributes = item.LabelAttributes })
            .Add(hasHint ? item.Hint! with { Id = id + "-item-hint", Classes = Element.Classes($"govuk-{block}__hint", item.Hint.Classes) } : null));
        if (item.Conditional is not null)
        {
            list.Add(new Element("div", $"govuk-{block}__conditional", chosen ? null : $"govuk-{block}__conditional--hidden").With("id", conditionalId).Add(item.Conditional));
        }
    }
}
