using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Govuk;

/// <summary>One of the inputs of a date.</summary>
/// <param name="Name">Name without the field's prefix.</param>
/// <param name="Label">Its word, such as "Jour".</param>
public sealed record DatePart(string Name, string Label)
{
    public string? Value { get; init; }

    public string? Id { get; init; }

    public string? Classes { get; init; }

    /// <summary>Width in characters: 2 or 4.</summary>
    public int Width { get; init; } = 2;

    /// <summary>Wrong; null lets the field decide: without any marked part, an error marks all of them.</summary>
    public bool? IsWrong { get; init; }

    public string InputMode { get; init; } = "numeric";

    public string? Pattern { get; init; }

    public string? Autocomplete { get; init; }

    public Attributes Attributes { get; init; } = Attributes.None;
}

/// <summary>A date typed in parts: day, month, year.</summary>
public sealed record DateInput : FieldGroup
{
    public required IReadOnlyList<DatePart> Parts { get; init; }

    /// <summary>Goes before each part's name, with a hyphen.</summary>
    public string? NamePrefix { get; init; }

    public override IHtmlContent Build() => Wrap(FieldId, List, "group");

    private Element List(string? describedBy)
    {
        var anyWrong = Parts.Any(IsMarked);
        var list = new Element("div", "govuk-date-input", Classes).With(Attributes).With("id", Id).Add(Before);
        foreach (var part in Parts)
        {
            list.Add(new Element("div", "govuk-date-input__item").Add(Field(part, anyWrong)));
        }

        return list.Add(After);
    }

    private Input Field(DatePart part, bool anyWrong)
    {
        var classes = part.Classes ?? "";
        var marked = classes.Contains("govuk-input--error", StringComparison.Ordinal);
        var wrong = part.IsWrong == true || (part.IsWrong is null && Error is not null && !anyWrong);
        return new Input
        {
            Name = string.IsNullOrEmpty(NamePrefix) ? part.Name : NamePrefix + "-" + part.Name,
            Id = string.IsNullOrEmpty(part.Id) ? FieldId + "-" + part.Name : part.Id,
            Label = new Label(part.Label) { Classes = "govuk-date-input__label" },
            Classes = Element.Classes(
                "govuk-date-input__input",
                wrong && !marked ? "govuk-input--error" : null,
                classes.Contains("govuk-input--width-", StringComparison.Ordinal) ? null : part.Width == 4 ? "govuk-input--width-4" : "govuk-input--width-2",
                classes),
            Value = part.Value,
            InputMode = part.InputMode,
            Autocomplete = part.Autocomplete,
            Pattern = part.Pattern,
            Attributes = part.Attributes,
        };
    }

    private static bool IsMarked(DatePart part) =>
        part.IsWrong == true || (part.Classes?.Contains("govuk-input--error", StringComparison.Ordinal) ?? false);
}
