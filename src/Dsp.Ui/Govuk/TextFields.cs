using System.Globalization;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Govuk;

/// <summary>A unit or sign shown inside the frame of an input.</summary>
public sealed record Affix(Content? Text)
{
    public string? Classes { get; init; }

    public Attributes Attributes { get; init; } = Attributes.None;
}

/// <summary>A one-line field.</summary>
public sealed record Input : FormField
{
    public string Type { get; init; } = "text";

    public string? Value { get; init; }

    public string? Autocomplete { get; init; }

    public string? InputMode { get; init; }

    public string? Pattern { get; init; }

    public bool? Spellcheck { get; init; }

    public string? Autocapitalize { get; init; }

    public Affix? Prefix { get; init; }

    public Affix? Suffix { get; init; }

    public string? WrapperClasses { get; init; }

    public Attributes WrapperAttributes { get; init; } = Attributes.None;

    public override IHtmlContent Build()
    {
        var group = LabelledGroup(out var describedBy);
        var input = new Element("input", "govuk-input", Classes, Error is null ? null : "govuk-input--error")
            .With("id", FieldId).With("name", Name).With("type", Type)
            .With("spellcheck", Spelling(Spellcheck)).With("value", Value).Flag("disabled", Disabled)
            .With("aria-describedby", describedBy).With("autocomplete", Autocomplete)
            .With("autocapitalize", Autocapitalize).With("pattern", Pattern).With("inputmode", InputMode).With(Attributes);
        if (Prefix?.Text is null && Suffix?.Text is null && Before is null && After is null)
        {
            return group.Add(input);
        }

        return group.Add(new Element("div", "govuk-input__wrapper", WrapperClasses).With(WrapperAttributes)
            .Add(Before).Add(Wrap(Prefix, "prefix")).Add(input).Add(Wrap(Suffix, "suffix")).Add(After));
    }

    internal static string? Spelling(bool? on) => on switch { true => "true", false => "false", _ => null };

    private static Element? Wrap(Affix? affix, string kind) => affix?.Text is null
        ? null
        : new Element("div", "govuk-input__" + kind, affix.Classes).With("aria-hidden", "true").With(affix.Attributes).Add(affix.Text);
}

/// <summary>A field of several lines.</summary>
public sealed record Textarea : FormField
{
    public string? Value { get; init; }

    public int Rows { get; init; } = 5;

    public string? Autocomplete { get; init; }

    public bool? Spellcheck { get; init; }

    public override IHtmlContent Build() => LabelledGroup(out var describedBy)
        .Add(Before)
        .Add(new Element("textarea", "govuk-textarea", Error is null ? null : "govuk-textarea--error", Classes)
            .With("id", FieldId).With("name", Name).With("rows", Rows.ToString(CultureInfo.InvariantCulture))
            .With("spellcheck", Input.Spelling(Spellcheck)).Flag("disabled", Disabled)
            .With("aria-describedby", describedBy).With("autocomplete", Autocomplete).With(Attributes)
            // A parser drops the first line break of a textarea: one more keeps the user's own.
            .Add(Value is ['\n', ..] or ['\r', ..] ? "\n" : null).Add(Value))
        .Add(After);
}

/// <summary>One choice of a <see cref="Select"/>.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Value">What is sent; null sends the text.</param>
public sealed record SelectItem(string? Text, string? Value = null)
{
    /// <summary>Chosen; null lets the field's value decide.</summary>
    public bool? Selected { get; init; }

    public bool Disabled { get; init; }

    public Attributes Attributes { get; init; } = Attributes.None;
}

/// <summary>A drop-down list.</summary>
public sealed record Select : FormField
{
    public IReadOnlyList<SelectItem> Items { get; init; } = [];

    /// <summary>The value chosen.</summary>
    public string? Value { get; init; }

    public override IHtmlContent Build() => LabelledGroup(out var describedBy)
        .Add(Before)
        .Add(new Element("select", "govuk-select", Classes, Error is null ? null : "govuk-select--error")
            .With("id", FieldId).With("name", Name).Flag("disabled", Disabled).With("aria-describedby", describedBy).With(Attributes)
            .AddAll(Items.Select(Option)))
        .Add(After);

    private Element Option(SelectItem item)
    {
        var option = new Element("option");
        if (item.Value is not null)
        {
            option.WithAlways("value", item.Value);
        }

        var selected = item.Selected ?? (!string.IsNullOrEmpty(Value) && (item.Value ?? item.Text) == Value);
        return option.Flag("selected", selected).Flag("disabled", item.Disabled).With(item.Attributes).Add(item.Text);
    }
}

/// <summary>
/// A field for one or several files. Without script it is the browser's own; <see cref="Enhanced"/> lets the module make a
/// drop zone of it, whose words are given in <see cref="Words"/>.
/// </summary>
public sealed record FileUpload : FormField
{
    public bool Multiple { get; init; }

    /// <summary>Let the module turn the field into a drop zone.</summary>
    public bool Enhanced { get; init; }

    /// <summary>The module's words by key, such as <c>choose-files-button</c>, <c>no-file-chosen</c>, <c>multiple-files-chosen.other</c>.</summary>
    public Attributes Words { get; init; } = Attributes.None;

    public string? WrapperClasses { get; init; }

    public Attributes WrapperAttributes { get; init; } = Attributes.None;

    public override IHtmlContent Build()
    {
        var group = LabelledGroup(out var describedBy).Add(Before);
        var input = new Element("input", "govuk-file-upload", Classes, Error is null ? null : "govuk-file-upload--error")
            .With("id", FieldId).With("name", Name).With("type", "file")
            .Flag("disabled", Disabled).Flag("multiple", Multiple).With("aria-describedby", describedBy).With(Attributes);
        if (!Enhanced)
        {
            return group.Add(input).Add(After);
        }

        var wrapper = new Element("div", "govuk-file-upload-wrapper", WrapperClasses).With("data-module", "govuk-file-upload");
        foreach (var (key, words) in Words)
        {
            wrapper.With("data-i18n." + key, words);
        }

        return group.Add(wrapper.With(WrapperAttributes).Add(input)).Add(After);
    }
}
