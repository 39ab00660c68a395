using Dsp.Ui.Govuk;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dsp.Ui.TagHelpers;

/// <summary><c>&lt;govuk-button&gt;Enregistrer&lt;/govuk-button&gt;</c>; with <c>href</c> a link that looks like one.</summary>
[HtmlTargetElement("govuk-button")]
public sealed class ButtonTagHelper : DspTagHelper
{
    public string? Href { get; set; }

    public string Type { get; set; } = "submit";

    public string? Name { get; set; }

    public string? Value { get; set; }

    /// <summary><c>secondary</c>, <c>warning</c> or <c>inverse</c>.</summary>
    public string? Kind { get; set; }

    public bool Start { get; set; }

    public bool Disabled { get; set; }

    /// <summary>Refuse a second press; on by default for buttons that send.</summary>
    public bool PreventDoubleClick { get; set; } = true;

    protected override Component Build(TagHelperContext context, Content? child) => new Button(child)
    {
        Href = Href,
        Type = Type,
        Name = Name,
        Value = Value,
        Classes = Kind is null ? null : "govuk-button--" + Kind,
        IsStart = Start,
        HasMarkup = Start,
        Disabled = Disabled,
        PreventDoubleClick = PreventDoubleClick && Href is null && Type == "submit" ? true : null,
    };
}

/// <summary><c>&lt;govuk-label for="q"&gt;Chercher&lt;/govuk-label&gt;</c></summary>
[HtmlTargetElement("govuk-label")]
public sealed class LabelTagHelper : DspTagHelper
{
    public string? For { get; set; }

    public string? Size { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new Label(child) { For = For, Classes = Size is null ? null : "govuk-label--" + Size };
}

/// <summary><c>&lt;govuk-hint id="…"&gt;…&lt;/govuk-hint&gt;</c></summary>
[HtmlTargetElement("govuk-hint")]
public sealed class HintTagHelper : DspTagHelper
{
    protected override Component Build(TagHelperContext context, Content? child) => new Hint(child);
}

/// <summary><c>&lt;govuk-error-message&gt;…&lt;/govuk-error-message&gt;</c></summary>
[HtmlTargetElement("govuk-error-message")]
public sealed class ErrorMessageTagHelper(ITexts texts) : DspTagHelper
{
    protected override Component Build(TagHelperContext context, Content? child) => new ErrorMessage(child, texts["form.error"]);
}

/// <summary><c>&lt;govuk-fieldset legend="…"&gt;fields&lt;/govuk-fieldset&gt;</c></summary>
[HtmlTargetElement("govuk-fieldset")]
public sealed class FieldsetTagHelper : DspTagHelper
{
    public string? Legend { get; set; }

    public string? LegendSize { get; set; }

    public bool LegendIsHeading { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new Fieldset
    {
        Legend = Legend is null ? null : new Legend(Legend) { IsPageHeading = LegendIsHeading, Classes = LegendSize is null ? null : "govuk-fieldset__legend--" + LegendSize },
        Body = child,
    };
}

/// <summary>
/// <c>&lt;govuk-error-summary /&gt;</c> lists the model's errors, each linked to its field; nothing when there is none.
/// <c>errors</c> gives them by hand.
/// </summary>
[HtmlTargetElement("govuk-error-summary", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ErrorSummaryTagHelper(ITexts texts) : DspTagHelper
{
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public IReadOnlyList<ErrorLine>? Errors { get; set; }

    protected override Component? Build(TagHelperContext context, Content? child)
    {
        var errors = Errors ?? [.. ViewContext.ModelState.Where(e => e.Value is { Errors.Count: > 0 }).Select(e =>
            new ErrorLine(e.Value!.Errors[0].ErrorMessage, e.Key.Length == 0 ? null : "#" + TagBuilder.CreateSanitizedId(e.Key, "_")))];
        return errors.Count == 0 ? null : new ErrorSummary(texts["form.errors"]) { Errors = errors, Description = child };
    }
}

/// <summary><c>&lt;govuk-details summary="…"&gt;…&lt;/govuk-details&gt;</c></summary>
[HtmlTargetElement("govuk-details")]
public sealed class DetailsTagHelper : DspTagHelper
{
    public string? Summary { get; set; }

    public bool Open { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new Details(Summary, child) { Open = Open };
}

/// <summary><c>&lt;govuk-summary-list&gt;</c> with <c>&lt;govuk-row key="…"&gt;value&lt;/govuk-row&gt;</c> inside.</summary>
[HtmlTargetElement("govuk-summary-list")]
public sealed class SummaryListTagHelper : DspTagHelper
{
    /// <summary>Title of a frame around the list.</summary>
    public string? CardTitle { get; set; }

    public override void Init(TagHelperContext context) => context.Items[typeof(SummaryRow)] = new List<SummaryRow>();

    protected override Component Build(TagHelperContext context, Content? child) => new SummaryList((List<SummaryRow>)context.Items[typeof(SummaryRow)])
    {
        Card = CardTitle is null ? null : new SummaryCard { Title = CardTitle },
    };
}

/// <summary>One row of <c>govuk-summary-list</c>; <c>action-href</c>, <c>action-text</c> and <c>action-what</c> add a link.</summary>
[HtmlTargetElement("govuk-row", ParentTag = "govuk-summary-list")]
public sealed class SummaryRowTagHelper : PartTagHelper<SummaryRow>
{
    public string? Key { get; set; }

    public string? ActionHref { get; set; }

    public string? ActionText { get; set; }

    /// <summary>What the action acts on, read out after its words.</summary>
    public string? ActionWhat { get; set; }

    protected override SummaryRow Part(Content? child) => new(Key, child)
    {
        Actions = ActionHref is null ? null : [new RowAction(ActionText, ActionHref, ActionWhat ?? Key)],
    };
}

/// <summary><c>&lt;govuk-table caption="…" head="…" rows="…" /&gt;</c></summary>
[HtmlTargetElement("govuk-table", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TableTagHelper : DspTagHelper
{
    public string? Caption { get; set; }

    /// <summary>Size of the caption: <c>s</c>, <c>m</c>, <c>l</c>.</summary>
    public string? CaptionSize { get; set; }

    public IReadOnlyList<Cell>? Head { get; set; }

    public IReadOnlyList<IReadOnlyList<Cell>> Rows { get; set; } = [];

    public bool FirstCellIsHeader { get; set; } = true;

    protected override Component Build(TagHelperContext context, Content? child) => new Table
    {
        Caption = Caption,
        CaptionClasses = CaptionSize is null ? null : "govuk-table__caption--" + CaptionSize,
        Head = Head,
        Rows = Rows,
        FirstCellIsHeader = FirstCellIsHeader,
    };
}

/// <summary><c>&lt;govuk-tag colour="green"&gt;…&lt;/govuk-tag&gt;</c></summary>
[HtmlTargetElement("govuk-tag")]
public sealed class TagTagHelper : DspTagHelper
{
    public string? Colour { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new Tag(child) { Classes = Colour is null ? null : "govuk-tag--" + Colour };
}

/// <summary>
/// <c>&lt;govuk-notification-banner text="…" success="true" /&gt;</c>. A success is read out politely (<c>role="status"</c>), a
/// failure at once.
/// </summary>
[HtmlTargetElement("govuk-notification-banner", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class NotificationBannerTagHelper(ITexts texts) : DspTagHelper
{
    public string? Text { get; set; }

    public bool Success { get; set; }

    public bool Failure { get; set; }

    public string? Heading { get; set; }

    protected override Component? Build(TagHelperContext context, Content? child) => Text is null && child is null ? null :
        new NotificationBanner(Heading is not null ? Content.Of(Heading)! : texts[Success ? "banner.success" : Failure ? "banner.failure" : "banner.important"])
        {
            Text = Text,
            Body = child,
            Success = Success,
            Role = Success ? "status" : Failure ? "alert" : null,
        };
}

/// <summary><c>&lt;govuk-inset-text&gt;…&lt;/govuk-inset-text&gt;</c></summary>
[HtmlTargetElement("govuk-inset-text")]
[HtmlTargetElement("govuk-inset")]
public sealed class InsetTextTagHelper : DspTagHelper
{
    protected override Component Build(TagHelperContext context, Content? child) => new InsetText(child);
}

/// <summary><c>&lt;govuk-warning-text&gt;…&lt;/govuk-warning-text&gt;</c></summary>
[HtmlTargetElement("govuk-warning-text")]
public sealed class WarningTextTagHelper(ITexts texts) : DspTagHelper
{
    protected override Component Build(TagHelperContext context, Content? child) => new WarningText(child, texts["warning.sign"]);
}

/// <summary><c>&lt;govuk-back-link href="…" /&gt;</c>; without content it says "Retour".</summary>
[HtmlTargetElement("govuk-back-link", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class BackLinkTagHelper(ITexts texts) : DspTagHelper
{
    public string Href { get; set; } = "";

    protected override Component Build(TagHelperContext context, Content? child) => new BackLink(child ?? texts["action.back"], Href);
}

/// <summary><c>&lt;govuk-breadcrumbs items="…" /&gt;</c></summary>
[HtmlTargetElement("govuk-breadcrumbs", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class BreadcrumbsTagHelper(ITexts texts) : DspTagHelper
{
    public IReadOnlyList<Crumb> Items { get; set; } = [];

    protected override Component Build(TagHelperContext context, Content? child) => new Breadcrumbs(texts["breadcrumbs.label"], Items) { CollapseOnMobile = true };
}

/// <summary><c>&lt;govuk-pagination current="2" count="5" address="@(n => …)" /&gt;</c>; nothing for a single page.</summary>
[HtmlTargetElement("govuk-pagination", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PaginationTagHelper(ITexts texts) : DspTagHelper
{
    /// <summary>The page shown, from 1.</summary>
    public int Current { get; set; } = 1;

    public int Count { get; set; }

    /// <summary>Address of a page.</summary>
    public Func<int, string> Address { get; set; } = null!;

    protected override Component? Build(TagHelperContext context, Content? child) => Count <= 1 ? null : new Pagination(texts["pagination.label"])
    {
        Pages = Pagination.Numbers(Current, Count, Address, n => texts["pagination.page", ("number", n)]),
        Previous = Current > 1 ? new StepLink(Address(Current - 1), Words("pagination.previous", Current - 1)) : null,
        Next = Current < Count ? new StepLink(Address(Current + 1), Words("pagination.next", Current + 1)) : null,
    };

    private Content Words(string key, int page) =>
        Content.Join(texts[key], new Element("span", "govuk-visually-hidden").Add(" ").Add(texts["pagination.nextPage", ("number", page)]));
}

/// <summary><c>&lt;govuk-panel heading="…"&gt;…&lt;/govuk-panel&gt;</c>: the end of a task.</summary>
[HtmlTargetElement("govuk-panel")]
public sealed class PanelTagHelper : DspTagHelper
{
    public string? Heading { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new Panel(Heading) { Body = child };
}

/// <summary><c>&lt;govuk-skip-link href="#main" /&gt;</c></summary>
[HtmlTargetElement("govuk-skip-link", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SkipLinkTagHelper(ITexts texts) : DspTagHelper
{
    public string Href { get; set; } = "#main";

    protected override Component Build(TagHelperContext context, Content? child) => new SkipLink(child ?? texts["skip.main"], Href);
}
