using Dsp.Ui.Govuk;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Dsp.Ui.Parts;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dsp.Ui.TagHelpers;

/// <summary><c>&lt;dsp-callout tone="Danger" heading="…"&gt;&lt;p class="dsp-p"&gt;…&lt;/p&gt;&lt;/dsp-callout&gt;</c></summary>
[HtmlTargetElement("dsp-callout")]
public sealed class CalloutTagHelper : DspTagHelper
{
    public Tone Tone { get; set; }

    public string? Heading { get; set; }

    public int HeadingLevel { get; set; } = 3;

    protected override Component Build(TagHelperContext context, Content? child) => new Callout(Tone, child) { Title = Heading, HeadingLevel = HeadingLevel };
}

/// <summary><c>&lt;dsp-pill tone="Warn"&gt;…&lt;/dsp-pill&gt;</c></summary>
[HtmlTargetElement("dsp-pill")]
public sealed class PillTagHelper : DspTagHelper
{
    public Tone Tone { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new Pill(Tone, child);
}

/// <summary><c>&lt;dsp-badge&gt;2&lt;/dsp-badge&gt;</c></summary>
[HtmlTargetElement("dsp-badge")]
public sealed class BadgeTagHelper : DspTagHelper
{
    protected override Component Build(TagHelperContext context, Content? child) => new Badge(child);
}

/// <summary><c>&lt;dsp-visibility to="SomePeople" count="2" /&gt;</c></summary>
[HtmlTargetElement("dsp-visibility", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class VisibilityTagHelper(ITexts texts) : DspTagHelper
{
    public Visibility To { get; set; }

    public int Count { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new VisibilityPill(texts, To, Count);
}

/// <summary><c>&lt;dsp-grid&gt;</c> with <c>dsp-card</c> or <c>dsp-access-card</c> inside.</summary>
[HtmlTargetElement("dsp-grid")]
public sealed class GridTagHelper : DspTagHelper
{
    protected override Component Build(TagHelperContext context, Content? child) => new CardGrid(child);
}

/// <summary><c>&lt;dsp-card heading="…" href="…" text="…" /&gt;</c></summary>
[HtmlTargetElement("dsp-card", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class CardTagHelper : DspTagHelper
{
    public string Heading { get; set; } = "";

    public string? HeadingLang { get; set; }

    public int HeadingLevel { get; set; } = 3;

    public string? Href { get; set; }

    public string? Text { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) =>
        new Card(Heading) { TitleLang = HeadingLang, Href = Href, Text = Text, Body = child, HeadingLevel = HeadingLevel };
}

/// <summary><c>&lt;dsp-list&gt;</c> with <c>dsp-document</c>, <c>dsp-log-line</c> or <c>li</c> inside.</summary>
[HtmlTargetElement("dsp-list")]
public sealed class ListTagHelper : DspTagHelper
{
    protected override Component Build(TagHelperContext context, Content? child) => new RowList(child);
}

/// <summary><c>&lt;dsp-document heading="…" heading-lang="de" href="…" badge="…" facts="@([…])"&gt;pills, links&lt;/dsp-document&gt;</c></summary>
[HtmlTargetElement("dsp-document", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class DocumentTagHelper(ITexts texts) : DspTagHelper
{
    public string Heading { get; set; } = "";

    /// <summary>Language of the title; left out when it is the page's.</summary>
    public string? HeadingLang { get; set; }

    public string Href { get; set; } = "";

    public string? Badge { get; set; }

    public IReadOnlyList<string?> Facts { get; set; } = [];

    protected override Component Build(TagHelperContext context, Content? child) => new DocumentRow(Heading, Href)
    {
        TitleLang = HeadingLang == texts.Language.Code ? null : HeadingLang,
        Badge = Badge,
        Facts = Facts,
        Actions = child,
    };
}

/// <summary><c>&lt;dsp-action href="…" what="Analyse de sang"&gt;Gérer&lt;/dsp-action&gt;</c></summary>
[HtmlTargetElement("dsp-action", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ActionTagHelper : DspTagHelper
{
    public string Href { get; set; } = "";

    public string Text { get; set; } = "";

    public string What { get; set; } = "";

    public string? WhatLang { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new ActionLink(Text, Href, What) { WhatLang = WhatLang };
}

/// <summary><c>&lt;dsp-access-card name="…" facts="@([…])" rights="…" until="…" last-read="…"&gt;links&lt;/dsp-access-card&gt;</c></summary>
[HtmlTargetElement("dsp-access-card", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class AccessCardTagHelper : DspTagHelper
{
    public string Name { get; set; } = "";

    public IReadOnlyList<string?> Facts { get; set; } = [];

    /// <summary>What they may do, in words: a green pill.</summary>
    public string? Rights { get; set; }

    public string? Until { get; set; }

    public string? LastRead { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new AccessCard(Name)
    {
        Facts = Facts,
        Rights = string.IsNullOrEmpty(Rights) ? null : Content.Of(new Pill(Tone.Ok, Rights)),
        Until = Until,
        LastRead = LastRead,
        Actions = child,
    };
}

/// <summary><c>&lt;dsp-log-line sentence="…" facts="@([…])" report-href="…" report-what="…" /&gt;</c></summary>
[HtmlTargetElement("dsp-log-line", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class LogLineTagHelper(ITexts texts) : DspTagHelper
{
    public string Sentence { get; set; } = "";

    public bool Emergency { get; set; }

    public IReadOnlyList<string?> Facts { get; set; } = [];

    /// <summary>Where the reader says that the access is unknown; none on one's own acts.</summary>
    public string? ReportHref { get; set; }

    /// <summary>Which access, read out after the link's words.</summary>
    public string? ReportWhat { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) =>
        new LogSentence(Emergency ? texts["log.emergency", ("sentence", Sentence)] : Content.Of(Sentence)!)
        {
            IsEmergency = Emergency,
            Facts = Facts,
            More = child,
            Report = ReportHref is null ? null : new ActionLink(texts["action.report"], ReportHref, ReportWhat ?? Sentence),
        };
}

/// <summary><c>&lt;dsp-filter label="…" action="…"&gt;fields&lt;/dsp-filter&gt;</c>: a GET form.</summary>
[HtmlTargetElement("dsp-filter")]
public sealed class FilterTagHelper(ITexts texts) : DspTagHelper
{
    public string Label { get; set; } = "";

    public string Action { get; set; } = "";

    public string? Submit { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new FilterForm(Label, Action, child, Submit ?? texts["action.filter"]);
}

/// <summary><c>&lt;dsp-patient name="…" sex="Female" birth="…" age="…" number="…" /&gt;</c>; usually set as <c>Frame.Bar</c>.</summary>
[HtmlTargetElement("dsp-patient", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PatientTagHelper(ITexts texts) : DspTagHelper
{
    public string Name { get; set; } = "";

    public Sex Sex { get; set; }

    public string Birth { get; set; } = "";

    public string Age { get; set; } = "";

    public string? Number { get; set; }

    public string? Allergies { get; set; }

    public IReadOnlyList<string?> Facts { get; set; } = [];

    public string? ChangeHref { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new PatientBar(texts, Name, Sex, Birth, Age)
    {
        NationalNumber = Number,
        Allergies = Allergies,
        Facts = Facts,
        Actions = child,
        ChangeHref = ChangeHref,
    };
}

/// <summary><c>&lt;dsp-code code="7K4M2QXD" payload="…" until="14:42" /&gt;</c></summary>
[HtmlTargetElement("dsp-code", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class CodeTagHelper(ITexts texts) : DspTagHelper
{
    public string Code { get; set; } = "";

    public string? Payload { get; set; }

    public string? Until { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new PresenceCode(texts, Code) { Payload = Payload, Until = Until };
}

/// <summary><c>&lt;dsp-upload name="file" label="…" types="PDF, JPEG, PNG" max-size="20 Mo" accept=".pdf,.jpg,.png" /&gt;</c></summary>
[HtmlTargetElement("dsp-upload", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class UploadTagHelper(ITexts texts) : DspTagHelper
{
    public string Name { get; set; } = "file";

    public string Label { get; set; } = "";

    public string Types { get; set; } = "";

    public string MaxSize { get; set; } = "";

    public string? Accept { get; set; }

    public string? Error { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new Upload(texts, Name, Label, Types, MaxSize)
    {
        Accept = Accept,
        Error = string.IsNullOrEmpty(Error) ? null : new ErrorMessage(Error, texts["form.error"]),
    };
}

/// <summary><c>&lt;dsp-print-sheet heading="…" person="…" printed-at="…" paper="A6"&gt;…&lt;/dsp-print-sheet&gt;</c></summary>
[HtmlTargetElement("dsp-print-sheet")]
public sealed class PrintSheetTagHelper(ITexts texts) : DspTagHelper
{
    public string Heading { get; set; } = "";

    public string Person { get; set; } = "";

    public string PrintedAt { get; set; } = "";

    public Paper Paper { get; set; }

    protected override Component Build(TagHelperContext context, Content? child) => new PrintSheet(texts, Heading, Person, PrintedAt, child) { Paper = Paper };
}
