using Dsp.Ui.Govuk;
using Dsp.Ui.Html;

namespace Dsp.Tests.Ui;

/// <summary>The mapping of form fields.</summary>
internal static class FixtureFields
{
    public static Label Label(FixtureOptions o) => new(o.Content()) { IsPageHeading = o.Flag("isPageHeading"), Classes = o.String("classes"), Attributes = o.Attributes() };

    public static Hint Hint(FixtureOptions o) => new(o.Content()) { Id = o.String("id"), Classes = o.String("classes"), Attributes = o.Attributes() };

    public static ErrorMessage Error(FixtureOptions o) => new(o.Content(), Prefix(o.IsDefined("visuallyHiddenText") ? o.String("visuallyHiddenText") : "Error"))
    {
        Id = o.String("id"), Classes = o.String("classes"), Attributes = o.Attributes(),
    };

    private static string? Prefix(string? word) => string.IsNullOrEmpty(word) ? null : word + ":";

    public static Fieldset Fieldset(FixtureOptions o) => new()
    {
        Legend = o.Object("legend") is { } l ? new Legend(l.Content()) { IsPageHeading = l.Flag("isPageHeading"), Classes = l.String("classes"), Attributes = l.Attributes() } : null,
        DescribedBy = o.String("describedBy"), Classes = o.String("classes"), Attributes = o.Attributes(),
    };

    public static Input Input(FixtureOptions o) => Field(new Input
    {
        Name = o.String("name")!, Type = o.String("type") ?? "text", Value = o.String("value"), Autocomplete = o.String("autocomplete"),
        InputMode = o.String("inputmode"), Pattern = o.String("pattern"), Spellcheck = o.OptionalFlag("spellcheck"), Autocapitalize = o.String("autocapitalize"),
        Prefix = Affix(o.Object("prefix")), Suffix = Affix(o.Object("suffix")),
        WrapperClasses = o.Object("inputWrapper")?.String("classes"), WrapperAttributes = o.Object("inputWrapper")?.Attributes() ?? [],
    }, o);

    public static Textarea Textarea(FixtureOptions o) => Field(new Textarea
    {
        Name = o.String("name")!, Value = o.String("value"), Rows = o.Number("rows") ?? 5, Autocomplete = o.String("autocomplete"), Spellcheck = o.OptionalFlag("spellcheck"),
    }, o);

    public static Select Select(FixtureOptions o) => Field(new Select
    {
        Name = o.String("name")!, Value = o.String("value"),
        Items = [.. o.Items("items").Select(i => new SelectItem(i.String("text"), i.IsDefined("value") ? i.String("value") ?? "false" : null)
        {
            Selected = i.OptionalFlag("selected"), Disabled = i.Flag("disabled"), Attributes = i.Attributes(),
        })],
    }, o);

    public static FileUpload FileUpload(FixtureOptions o)
    {
        var words = new Attributes();
        Word("choose-files-button", o.String("chooseFilesButtonText"));
        Word("no-file-chosen", o.String("noFileChosenText"));
        Word("multiple-files-chosen.other", o.Object("multipleFilesChosenText")?.String("other"));
        Word("multiple-files-chosen.one", o.Object("multipleFilesChosenText")?.String("one"));
        Word("drop-instruction", o.String("dropInstructionText"));
        Word("entered-drop-zone", o.String("enteredDropZoneText"));
        Word("left-drop-zone", o.String("leftDropZoneText"));
        // A file field has no value; the template ignores the option too.
        _ = o.String("value");
        return Field(new FileUpload
        {
            Name = o.String("name")!, Multiple = o.Flag("multiple"), Enhanced = o.Flag("javascript"), Words = words,
            WrapperClasses = o.String("wrapperClasses"), WrapperAttributes = o.Attributes("wrapperAttributes"),
        }, o);

        void Word(string key, string? text)
        {
            if (text is not null)
            {
                words.Add(key, text);
            }
        }
    }

    public static Radios Radios(FixtureOptions o) => Group(new Radios
    {
        Name = o.String("name")!, IdPrefix = o.String("idPrefix"), Value = o.String("value"), Items = [.. o.Items("items").Select(Choice)],
    }, o);

    public static Checkboxes Checkboxes(FixtureOptions o) => Group(new Checkboxes
    {
        Name = o.String("name")!, IdPrefix = o.String("idPrefix"), Values = o.Strings("values"), Items = [.. o.Items("items").Select(Choice)],
    }, o);

    public static DateInput DateInput(FixtureOptions o)
    {
        var values = o.Object("values");
        var prefix = o.String("namePrefix");
        List<(string Name, FixtureOptions? Part)> parts = o.Items("items") is { Count: > 0 } items
            ? [.. items.Select(i => (i.String("name")!, (FixtureOptions?)i))]
            : [.. new[] { "day", "month", "year" }.Where(n => o.OptionalFlag(n) != false).Select(n => (n, o.Object(n)))];
        var year = o.Object("year");
        return Group(new DateInput
        {
            Name = o.String("id")!, Id = o.String("id"), NamePrefix = prefix,
            Parts = [.. parts.Select(p =>
            {
                var name = p.Part?.String("name") ?? p.Name;
                // The options day, month and year stand beside items only in fixtures that set the year.
                var fallback = name == "year" && p.Part != year ? year?.String("value") : null;
                var typed = values?.String(prefix is null ? name : $"{prefix}-{name}");
                return new DatePart(name, p.Part?.String("label") ?? char.ToUpperInvariant(name[0]) + name[1..])
                {
                    Value = p.Part?.String("value") ?? fallback ?? typed,
                    Id = p.Part?.String("id"), Classes = p.Part?.String("classes"), IsWrong = p.Part?.OptionalFlag("error"),
                    Width = name == "year" || p.Name == "year" ? 4 : 2,
                    InputMode = p.Part?.String("inputmode") ?? "numeric", Pattern = p.Part?.String("pattern"),
                    Autocomplete = p.Part?.String("autocomplete"), Attributes = p.Part?.Attributes() ?? [],
                };
            })],
        }, o);
    }

    private static Affix? Affix(FixtureOptions? o) => o is null ? null : new Affix(o.Content()) { Classes = o.String("classes"), Attributes = o.Attributes() };

    private static Choice Choice(FixtureOptions o) => new(o.String("value"), o.Content())
    {
        Id = o.String("id"), Name = o.String("name"), Checked = o.OptionalFlag("checked"), Disabled = o.Flag("disabled"), Divider = o.String("divider"),
        Behaviour = o.String("behaviour"), Hint = o.Object("hint") is { } h ? Hint(h) : null, Conditional = o.Object("conditional")?.Content("-", "html"),
        LabelClasses = o.Object("label")?.String("classes"), LabelAttributes = o.Object("label")?.Attributes() ?? [], Attributes = o.Attributes(),
    };

    private static T Field<T>(T field, FixtureOptions o) where T : FormField => (T)(field with
    {
        Id = o.String("id"),
        Label = o.Object("label") is { } l ? Label(l) : null,
        Hint = o.Object("hint") is { } h ? Hint(h) : null,
        Error = o.Object("errorMessage") is { } e ? Error(e) : null,
        DescribedBy = o.String("describedBy"),
        Disabled = o.Flag("disabled"),
        GroupClasses = o.Object("formGroup")?.String("classes"),
        GroupAttributes = o.Object("formGroup")?.Attributes() ?? [],
        Before = o.Object("formGroup")?.Object("beforeInput")?.Content() ?? o.Object("formGroup")?.Object("beforeInputs")?.Content(),
        After = o.Object("formGroup")?.Object("afterInput")?.Content() ?? o.Object("formGroup")?.Object("afterInputs")?.Content(),
        Classes = o.String("classes"),
        Attributes = o.Attributes(),
    });

    private static T Group<T>(T field, FixtureOptions o) where T : FieldGroup =>
        (T)((FieldGroup)Field(field, o) with { Fieldset = o.Object("fieldset") is { } f ? Fieldset(f) : null });
}
