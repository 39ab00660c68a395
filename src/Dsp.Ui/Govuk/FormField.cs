using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Govuk;

/// <summary>What every field shares: name, label, hint, error, and the group around them.</summary>
public abstract record FormField : Component
{
    public required string Name { get; init; }

    /// <summary>Element id; the name when not given.</summary>
    public string? Id { get; init; }

    public Label? Label { get; init; }

    public Hint? Hint { get; init; }

    public ErrorMessage? Error { get; init; }

    /// <summary>Ids of further elements that describe the field.</summary>
    public string? DescribedBy { get; init; }

    public bool Disabled { get; init; }

    public string? GroupClasses { get; init; }

    public Attributes GroupAttributes { get; init; } = Attributes.None;

    /// <summary>Markup directly before the field.</summary>
    public Content? Before { get; init; }

    /// <summary>Markup directly after the field.</summary>
    public Content? After { get; init; }

    protected string FieldId => string.IsNullOrEmpty(Id) ? Name : Id;

    /// <summary>The outer group, marked when there is an error.</summary>
    protected Element Group() =>
        new Element("div", "govuk-form-group", Error is null ? null : "govuk-form-group--error", GroupClasses).With(GroupAttributes);

    /// <summary>Group, label, hint and error; the field itself is added by the caller.</summary>
    /// <param name="describedBy">The value for the field's <c>aria-describedby</c>; null when nothing describes it.</param>
    protected Element LabelledGroup(out string? describedBy)
    {
        describedBy = DescribedBy;
        return Group().Add((Label ?? new Label(null)) with { For = FieldId }).AddAll(HintAndError(FieldId, ref describedBy));
    }

    /// <summary>Hint and error with ids derived from <paramref name="prefix"/>, which are added to <paramref name="describedBy"/>.</summary>
    protected List<IHtmlContent> HintAndError(string prefix, ref string? describedBy)
    {
        var parts = new List<IHtmlContent>(2);
        if (Hint is not null)
        {
            parts.Add(Hint with { Id = prefix + "-hint" });
            describedBy = Element.Classes(describedBy, prefix + "-hint");
        }

        if (Error is not null)
        {
            parts.Add(Error with { Id = prefix + "-error" });
            describedBy = Element.Classes(describedBy, prefix + "-error");
        }

        return parts;
    }
}

/// <summary>A field of several inputs, usually inside a fieldset whose legend is the question.</summary>
public abstract record FieldGroup : FormField
{
    /// <summary>The group's question; null when the surrounding page asks it.</summary>
    public Fieldset? Fieldset { get; init; }

    /// <summary>Wraps hint, error and inputs into fieldset and group.</summary>
    protected IHtmlContent Wrap(string prefix, Func<string?, IHtmlContent> inputs, string? role = null)
    {
        var describedBy = string.IsNullOrEmpty(Fieldset?.DescribedBy) ? DescribedBy : Fieldset.DescribedBy;
        var parts = HintAndError(prefix, ref describedBy);
        // Without a fieldset there is no element for the group: each input names what describes it.
        parts.Add(inputs(Fieldset is null ? describedBy : null));
        if (Fieldset is null)
        {
            return Group().AddAll(parts);
        }

        return Group().Add(Fieldset with { DescribedBy = describedBy, Role = role ?? Fieldset.Role, Body = Content.Join([.. parts]) });
    }
}
