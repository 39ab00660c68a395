using Dsp.Ui.Govuk;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Tests.Ui;

/// <summary>From the options of a fixture to our component. The English words are the templates' own defaults: ours have none.</summary>
internal static class FixtureMapping
{
    public static IReadOnlyDictionary<string, Func<FixtureOptions, IHtmlContent>> All { get; } = new Dictionary<string, Func<FixtureOptions, IHtmlContent>>(StringComparer.Ordinal)
    {
        ["back-link"] = o => new BackLink(o.Content() ?? Content.Of("Back"), o.String("href") ?? "#") { Classes = o.String("classes"), Attributes = o.Attributes() },
        ["breadcrumbs"] = o => new Breadcrumbs(o.String("labelText") ?? "Breadcrumb", [.. o.Items("items").Select(i => new Crumb(i.Content(), i.String("href")) { Attributes = i.Attributes() })])
        {
            CollapseOnMobile = o.Flag("collapseOnMobile"), Classes = o.String("classes"), Attributes = o.Attributes(),
        },
        ["button"] = o => Button(o),
        ["checkboxes"] = FixtureFields.Checkboxes,
        ["date-input"] = FixtureFields.DateInput,
        ["details"] = o => new Details(o.Content("summaryText", "summaryHtml"), o.Content()) { Id = o.String("id"), Open = o.Flag("open"), Classes = o.String("classes"), Attributes = o.Attributes() },
        ["error-message"] = o => FixtureFields.Error(o),
        ["error-summary"] = o => new ErrorSummary(o.Content("titleText", "titleHtml"))
        {
            Description = o.Content("descriptionText", "descriptionHtml"),
            Errors = [.. o.Items("errorList").Select(e => new ErrorLine(e.Content(), e.String("href")) { Attributes = e.Attributes() })],
            DisableAutoFocus = o.OptionalFlag("disableAutoFocus"), Classes = o.String("classes"), Attributes = o.Attributes(),
        },
        ["fieldset"] = o => FixtureFields.Fieldset(o) with { Role = o.String("role"), Body = o.Content("-", "html") },
        ["file-upload"] = FixtureFields.FileUpload,
        ["hint"] = o => FixtureFields.Hint(o),
        ["input"] = FixtureFields.Input,
        ["inset-text"] = o => new InsetText(o.Content()) { Id = o.String("id"), Classes = o.String("classes"), Attributes = o.Attributes() },
        ["label"] = o => FixtureFields.Label(o) with { For = o.String("for") },
        ["notification-banner"] = Banner,
        ["pagination"] = Pagination,
        ["panel"] = Panel,
        ["radios"] = FixtureFields.Radios,
        ["select"] = FixtureFields.Select,
        ["skip-link"] = o => new SkipLink(o.Content(), o.String("href") ?? "#content") { Classes = o.String("classes"), Attributes = o.Attributes() },
        ["summary-list"] = SummaryList,
        ["table"] = o => new Table
        {
            Caption = o.String("caption"), CaptionClasses = o.String("captionClasses"), FirstCellIsHeader = o.Flag("firstCellIsHeader"),
            Head = o.IsDefined("head") ? [.. o.Items("head").Select(Cell)] : null,
            Rows = [.. o.Rows("rows").Select(row => row.Select(Cell).ToList())],
            Classes = o.String("classes"), Attributes = o.Attributes(),
        },
        ["tag"] = o => new Tag(o.Content()) { Classes = o.String("classes"), Attributes = o.Attributes() },
        ["textarea"] = FixtureFields.Textarea,
        ["warning-text"] = o => new WarningText(o.Content(), o.String("iconFallbackText") ?? "Warning") { Classes = o.String("classes"), Attributes = o.Attributes() },
    };

    private static Button Button(FixtureOptions o) => new(o.Content())
    {
        Href = o.String("href"), Type = o.String("type") ?? "submit", Name = o.String("name"), Value = o.String("value"), Id = o.String("id"),
        Disabled = o.Flag("disabled"), PreventDoubleClick = o.OptionalFlag("preventDoubleClick"), IsStart = o.Flag("isStartButton"),
        HasMarkup = o.Has("html"), Classes = o.String("classes"), Attributes = o.Attributes(),
    };

    private static NotificationBanner Banner(FixtureOptions o)
    {
        var success = o.String("type") == "success";
        var title = o.Content("titleText", "titleHtml") ?? Content.Of(success ? "Success" : "Important")!;
        return new NotificationBanner(title)
        {
            Success = success, Text = o.String("text"), Body = o.Content("-", "html"), Role = o.String("role"),
            TitleId = o.String("titleId") ?? "govuk-notification-banner-title", HeadingLevel = o.Number("titleHeadingLevel") ?? 2,
            DisableAutoFocus = o.OptionalFlag("disableAutoFocus"), Classes = o.String("classes"), Attributes = o.Attributes(),
        };
    }

    private static Pagination Pagination(FixtureOptions o) => new(o.String("landmarkLabel") ?? "Pagination")
    {
        Previous = Step(o.Object("previous"), "Previous"), Next = Step(o.Object("next"), "Next"),
        Pages = [.. o.Items("items").Select(i => i.Flag("ellipsis")
            ? PageLink.Gap
            : new PageLink(i.String("number"), i.String("href"), i.String("visuallyHiddenText") ?? "Page " + i.String("number")) { Current = i.Flag("current"), Attributes = i.Attributes() })],
        Classes = o.String("classes"), Attributes = o.Attributes(),
    };

    private static StepLink? Step(FixtureOptions? o, string word) => o is null ? null : new StepLink(
        o.String("href")!, o.Content() ?? Content.Join(Content.Of(word), new Element("span", "govuk-visually-hidden").Add(" page")))
    {
        Label = o.String("labelText"), Attributes = o.Attributes(),
    };

    private static Panel Panel(FixtureOptions o)
    {
        var actions = o.Object("actions");
        return new Panel(o.Content("titleText", "titleHtml"))
        {
            Body = o.Content(), HeadingLevel = o.Number("headingLevel") ?? 1, Classes = o.String("classes"), Attributes = o.Attributes(),
            Actions = actions?.Items("items").Select(a => new PanelAction(a.String("text")!)
            {
                Href = a.String("href"), Type = a.String("type"), Classes = a.String("classes"), Attributes = a.Attributes(),
            }).ToList(),
            ActionsClasses = actions?.String("classes"), ActionsAttributes = actions?.Attributes() ?? [],
        };
    }

    private static Cell Cell(FixtureOptions o) => new(o.Content())
    {
        Format = o.String("format"), Classes = o.String("classes"), ColSpan = o.Number("colspan"), RowSpan = o.Number("rowspan"), Attributes = o.Attributes(),
    };

    private static SummaryList SummaryList(FixtureOptions o) => new([.. o.Items("rows").Select(Row)])
    {
        Classes = o.String("classes"), Attributes = o.Attributes(),
        Card = o.Object("card") is not { } card ? null : new SummaryCard
        {
            Title = card.Object("title")?.Content(), TitleClasses = card.Object("title")?.String("classes"),
            HeadingLevel = card.Object("title")?.Number("headingLevel") ?? 2,
            Actions = [.. (card.Object("actions")?.Items("items") ?? []).Select(Action)], ActionsClasses = card.Object("actions")?.String("classes"),
            Classes = card.String("classes"), Attributes = card.Attributes(),
        },
    };

    private static SummaryRow Row(FixtureOptions o) => new(o.Object("key")?.Content(), o.Object("value")?.Content())
    {
        Classes = o.String("classes"), KeyClasses = o.Object("key")?.String("classes"), ValueClasses = o.Object("value")?.String("classes"),
        ActionsClasses = o.Object("actions")?.String("classes"),
        Actions = o.Object("actions") is { } a && a.IsDefined("items") ? [.. a.Items("items").Select(Action)] : null,
    };

    private static RowAction Action(FixtureOptions o) => new(o.Content(), o.String("href")!, o.String("visuallyHiddenText"))
    {
        Classes = o.String("classes"), Attributes = o.Attributes(),
    };
}
