using System.Globalization;
using Dsp.Ui.Govuk;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dsp.Ui.TagHelpers;

/// <summary>
/// What fields share. <c>for</c> takes name, id, value and error from the model; <c>name</c>, <c>value</c> and <c>error</c> set
/// them by hand and win.
/// </summary>
public abstract class FieldTagHelper(ITexts texts) : DspTagHelper
{
    protected ITexts T => texts;

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public ModelExpression? For { get; set; }

    public string? Name { get; set; }

    public string? FieldId { get; set; }

    public string? Label { get; set; }

    /// <summary>Size of the label: <c>s</c>, <c>m</c>, <c>l</c>; none is normal text.</summary>
    public string? LabelSize { get; set; }

    /// <summary>The label is the page's <c>h1</c>.</summary>
    public bool LabelIsHeading { get; set; }

    public string? Hint { get; set; }

    public string? Error { get; set; }

    public string? GroupClass { get; set; }

    public bool Disabled { get; set; }

    protected string FieldName => Name ?? (For is null
        ? throw new InvalidOperationException("A field needs for or name.")
        : ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name));

    protected string Id => FieldId ?? TagBuilder.CreateSanitizedId(FieldName, "_");

    protected ErrorMessage? ErrorPart => (Error ?? ModelError) is { Length: > 0 } message ? new ErrorMessage(message, texts["form.error"]) : null;

    /// <summary>What was typed, else the model's value.</summary>
    protected string? Bound => For is null ? null : ViewContext.ModelState.TryGetValue(FieldName, out var entry) && entry.RawValue is not null
        ? entry.AttemptedValue
        : Convert.ToString(For.Model, CultureInfo.InvariantCulture);

    private string? ModelError => ViewContext is not null && ViewContext.ModelState.TryGetValue(FieldName, out var entry) && entry.Errors.Count > 0
        ? entry.Errors[0].ErrorMessage
        : null;

    /// <summary>Fills what all fields share.</summary>
    protected T Common<T>(T field) where T : FormField => (T)(field with
    {
        Id = Id,
        Label = Label is null ? null : new Label(Label) { IsPageHeading = LabelIsHeading, Classes = LabelSize is null ? null : "govuk-label--" + LabelSize },
        Hint = Hint is null ? null : new Hint(Hint),
        Error = ErrorPart,
        GroupClasses = GroupClass,
        Disabled = Disabled,
    });
}

/// <summary><c>&lt;govuk-input for="Input.Title" label="…" hint="…" /&gt;</c></summary>
[HtmlTargetElement("govuk-input", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class InputTagHelper(ITexts texts) : FieldTagHelper(texts)
{
    public string? Value { get; set; }

    public string Type { get; set; } = "text";

    public string? Autocomplete { get; set; }

    public string? InputMode { get; set; }

    public bool? Spellcheck { get; set; }

    public string? Prefix { get; set; }

    public string? Suffix { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => Common(new Input
    {
        Name = FieldName,
        // A secret is never written back into a page.
        Value = Type == "password" ? null : Value ?? Bound,
        Type = Type,
        Autocomplete = Autocomplete,
        InputMode = InputMode,
        Spellcheck = Spellcheck,
        Prefix = Prefix is null ? null : new Affix(Prefix),
        Suffix = Suffix is null ? null : new Affix(Suffix),
    });
}

/// <summary><c>&lt;govuk-textarea for="Input.Reason" label="…" rows="4" /&gt;</c></summary>
[HtmlTargetElement("govuk-textarea", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TextareaTagHelper(ITexts texts) : FieldTagHelper(texts)
{
    public string? Value { get; set; }

    public int Rows { get; set; } = 5;

    public bool? Spellcheck { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) =>
        Common(new Textarea { Name = FieldName, Value = Value ?? Bound, Rows = Rows, Spellcheck = Spellcheck });
}

/// <summary><c>&lt;govuk-file-upload name="file" label="…" /&gt;</c></summary>
[HtmlTargetElement("govuk-file-upload", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FileUploadTagHelper(ITexts texts) : FieldTagHelper(texts)
{
    public bool Multiple { get; set; }

    /// <summary>With script, a drop zone.</summary>
    public bool DropZone { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => Common(new FileUpload
    {
        Name = FieldName,
        Multiple = Multiple,
        Enhanced = DropZone,
        Words = new Attributes
        {
            { "choose-files-button", T["upload.choose"] },
            { "drop-instruction", T["upload.drop"] },
            { "no-file-chosen", T["upload.none"] },
            { "entered-drop-zone", T["upload.entered"] },
            { "left-drop-zone", T["upload.left"] },
        },
    });
}

/// <summary>
/// <c>&lt;govuk-select for="Input.Category" label="…" items="Model.Categories" /&gt;</c>, or options inside as
/// <c>&lt;govuk-option value="…" text="…" /&gt;</c>.
/// </summary>
[HtmlTargetElement("govuk-select")]
public sealed class SelectTagHelper(ITexts texts) : FieldTagHelper(texts)
{
    public IReadOnlyList<SelectItem>? Items { get; set; }

    public string? Value { get; set; }

    public override void Init(TagHelperContext context) => context.Items[typeof(SelectItem)] = new List<SelectItem>();

    protected override Component Build(TagHelperContext context, Content? child) => Common(new Select
    {
        Name = FieldName,
        Value = Value ?? Bound,
        Items = [.. Items ?? [], .. (List<SelectItem>)context.Items[typeof(SelectItem)]],
    });
}

/// <summary>One option of <c>govuk-select</c>.</summary>
[HtmlTargetElement("govuk-option", ParentTag = "govuk-select", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class OptionTagHelper : PartTagHelper<SelectItem>
{
    public string? Value { get; set; }

    public string Text { get; set; } = "";

    public bool? Selected { get; set; }

    public bool Disabled { get; set; }

    protected override SelectItem Part(Content? child) => new(Text, Value) { Selected = Selected, Disabled = Disabled };
}

/// <summary>Fields of several inputs: <c>legend</c> is the question.</summary>
public abstract class FieldGroupTagHelper(ITexts texts) : FieldTagHelper(texts)
{
    public string? Legend { get; set; }

    /// <summary>Size of the legend: <c>s</c>, <c>m</c>, <c>l</c>.</summary>
    public string? LegendSize { get; set; }

    /// <summary>The legend is the page's <c>h1</c>.</summary>
    public bool LegendIsHeading { get; set; }

    protected Fieldset? FieldsetPart => Legend is null ? null : new Fieldset
    {
        Legend = new Legend(Legend) { IsPageHeading = LegendIsHeading, Classes = LegendSize is null ? null : "govuk-fieldset__legend--" + LegendSize },
    };
}

/// <summary>
/// <c>&lt;govuk-radios for="Input.Answer" legend="…"&gt;</c> with <c>&lt;govuk-choice value="6m" text="…" /&gt;</c> inside, or
/// <c>items</c>.
/// </summary>
[HtmlTargetElement("govuk-radios")]
public sealed class RadiosTagHelper(ITexts texts) : FieldGroupTagHelper(texts)
{
    public IReadOnlyList<Choice>? Items { get; set; }

    public string? Value { get; set; }

    /// <summary>Small circles, side by side where there is room.</summary>
    public bool Small { get; set; }

    public override void Init(TagHelperContext context) => context.Items[typeof(Choice)] = new List<Choice>();

    protected override Component Build(TagHelperContext context, Content? child) => Common(new Radios
    {
        Name = FieldName,
        IdPrefix = Id,
        Value = Value ?? Bound,
        Fieldset = FieldsetPart,
        Classes = Small ? "govuk-radios--small" : null,
        Items = [.. Items ?? [], .. (List<Choice>)context.Items[typeof(Choice)]],
    });
}

/// <summary><c>&lt;govuk-checkboxes name="kinds" legend="…" values="Model.Kinds"&gt;</c> with choices inside, or <c>items</c>.</summary>
[HtmlTargetElement("govuk-checkboxes")]
public sealed class CheckboxesTagHelper(ITexts texts) : FieldGroupTagHelper(texts)
{
    public IReadOnlyList<Choice>? Items { get; set; }

    public IReadOnlyCollection<string>? Values { get; set; }

    public bool Small { get; set; }

    public override void Init(TagHelperContext context) => context.Items[typeof(Choice)] = new List<Choice>();

    protected override Component Build(TagHelperContext context, Content? child) => Common(new Checkboxes
    {
        Name = FieldName,
        IdPrefix = Id,
        Values = Values ?? For?.Model as IReadOnlyCollection<string> ?? [],
        Fieldset = FieldsetPart,
        Classes = Small ? "govuk-checkboxes--small" : null,
        Items = [.. Items ?? [], .. (List<Choice>)context.Items[typeof(Choice)]],
    });
}

/// <summary>One choice of radios or checkboxes; content inside is shown while it is chosen.</summary>
[HtmlTargetElement("govuk-choice", ParentTag = "govuk-radios", TagStructure = TagStructure.NormalOrSelfClosing)]
[HtmlTargetElement("govuk-choice", ParentTag = "govuk-checkboxes", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ChoiceTagHelper : PartTagHelper<Choice>
{
    public string? Value { get; set; }

    public string? Text { get; set; }

    public string? Hint { get; set; }

    public bool? Checked { get; set; }

    public bool Disabled { get; set; }

    public bool Exclusive { get; set; }

    /// <summary>A word such as "ou" in place of a choice.</summary>
    public string? Divider { get; set; }

    protected override Choice Part(Content? child) => Divider is not null ? Choice.Between(Divider) : new Choice(Value, Text)
    {
        Hint = Hint is null ? null : new Hint(Hint),
        Checked = Checked,
        Disabled = Disabled,
        Behaviour = Exclusive ? "exclusive" : null,
        Conditional = child,
    };
}

/// <summary>
/// <c>&lt;govuk-date-input name="birth" legend="…" day="…" month="…" year="…" /&gt;</c>; posts <c>birth-day</c>,
/// <c>birth-month</c>, <c>birth-year</c>.
/// </summary>
[HtmlTargetElement("govuk-date-input", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class DateInputTagHelper(ITexts texts) : FieldGroupTagHelper(texts)
{
    public string? Day { get; set; }

    public string? Month { get; set; }

    public string? Year { get; set; }

    /// <summary>The date is a date of birth: browsers may fill it.</summary>
    public bool IsBirthday { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => Common(new DateInput
    {
        Name = FieldName,
        NamePrefix = FieldName,
        Fieldset = FieldsetPart,
        Parts =
        [
            new DatePart("day", T["form.day"]) { Value = Day, Autocomplete = IsBirthday ? "bday-day" : null },
            new DatePart("month", T["form.month"]) { Value = Month, Autocomplete = IsBirthday ? "bday-month" : null },
            new DatePart("year", T["form.year"]) { Value = Year, Width = 4, Autocomplete = IsBirthday ? "bday-year" : null },
        ],
    });
}
