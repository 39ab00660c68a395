using System.Globalization;

namespace Dsp.Interop.Cda;

/// <summary>How a document is rendered.</summary>
/// <param name="Labels">The words around the content, in the reader's language.</param>
/// <param name="HeadingLevel">Level of the document's title, 1 to 4; sections follow below it.</param>
/// <param name="AttachmentAddress">Gives the address, on this origin, where the server hands out an attachment; null or an address elsewhere leaves a note without a link.</param>
public sealed record CdaRendering(CdaLabels Labels, int HeadingLevel = 1, Func<CdaAttachment, string?>? AttachmentAddress = null)
{
    /// <summary>Rendering with the built-in labels of a culture.</summary>
    public static CdaRendering In(CultureInfo culture) => new(CdaLabels.For(culture));
}

/// <summary>
/// Shows a document as HTML of ours. The result has no script, style, frame, form, event handler or address outside this
/// page and origin, whatever the document holds, and so works under <c>default-src 'none'; style-src 'self'</c>.
/// </summary>
public static class CdaHtml
{
    /// <summary>An <c>article</c> element with header facts and sections, to be put inside a page.</summary>
    public static string Render(CdaDocument document, CultureInfo culture) => Render(document, CdaRendering.In(culture));

    /// <inheritdoc cref="Render(CdaDocument, CultureInfo)"/>
    public static string Render(CdaDocument document, CdaRendering rendering)
    {
        var html = new HtmlWriter();
        Article(html, document, rendering);
        return html.ToString();
    }

    /// <summary>A warning in the reader's language in place of a document that cannot be read.</summary>
    public static string Render(CdaProblem problem, CdaRendering rendering)
    {
        var html = new HtmlWriter();
        Warning(html, problem, rendering);
        return html.ToString();
    }

    /// <summary>A whole page whose title, as on every page that may show up in a browser's history, says nothing about the content.</summary>
    /// <param name="styleSheet">Path of the style sheet on this origin, beginning with a slash.</param>
    public static string Page(CdaDocument document, CdaRendering rendering, string styleSheet) =>
        Page(rendering, styleSheet, html => Article(html, document, rendering));

    /// <summary>A whole page with the warning of <see cref="Render(CdaProblem, CdaRendering)"/>.</summary>
    public static string Page(CdaProblem problem, CdaRendering rendering, string styleSheet) =>
        Page(rendering, styleSheet, html => Warning(html, problem, rendering));

    private static string Page(CdaRendering rendering, string styleSheet, Action<HtmlWriter> content)
    {
        if (!HtmlWriter.IsLocal(styleSheet))
        {
            throw new ArgumentException("The style sheet is a path of this origin.", nameof(styleSheet));
        }

        var html = new HtmlWriter();
        html.Doctype();
        html.Open("html", ("lang", rendering.Labels.LanguageTag), ("class", "govuk-template")).Line();
        html.Open("head").Open("meta", ("charset", "utf-8"))
            .Open("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1, viewport-fit=cover"))
            .Open("meta", ("name", "robots"), ("content", "noindex"))
            .Open("title").Text("DSP").Close("title")
            .Open("link", ("rel", "stylesheet"), ("href", styleSheet)).Close("head").Line();
        html.Open("body", ("class", "govuk-template__body")).Open("div", ("class", "govuk-width-container"))
            .Open("main", ("class", "govuk-main-wrapper"), ("id", "main")).Line();
        content(html);
        html.Close("main").Close("div").Close("body").Close("html").Line();
        return html.ToString();
    }

    private static void Warning(HtmlWriter html, CdaProblem problem, CdaRendering rendering) =>
        html.Open("div", ("class", "govuk-inset-text dsp-cda-problem"), ("lang", rendering.Labels.LanguageTag))
            .Open("p", ("class", "govuk-body")).Text(rendering.Labels.Unsupported).Close("p")
            .Open("p", ("class", "govuk-hint")).Text("DSP-CDA-" + problem.Kind).Close("p")
            .Close("div");

    private static void Article(HtmlWriter html, CdaDocument document, CdaRendering rendering)
    {
        var labels = rendering.Labels;
        var language = document.Header.Language;
        html.Open("article", ("class", "dsp-cda"), ("lang", labels.LanguageTag)).Line();
        Heading(html, rendering, 0, document.Header.Title ?? labels.Untitled, document.Header.Title is null ? null : language);
        html.Open("dl", ("class", "govuk-summary-list dsp-cda-facts")).Line();
        foreach (var fact in CdaFacts.Of(document.Header, labels))
        {
            html.Open("div", ("class", "govuk-summary-list__row"))
                .Open("dt", ("class", "govuk-summary-list__key")).Text(fact.Label).Close("dt")
                .Open("dd", ("class", "govuk-summary-list__value"), ("lang", fact.Own ? language : null));
            for (var i = 0; i < fact.Values.Count; i++)
            {
                if (i > 0)
                {
                    html.Open("br");
                }

                html.Text(fact.Values[i]);
            }

            html.Close("dd").Close("div").Line();
        }

        html.Close("dl").Line();
        html.Open("div", ("class", "dsp-cda-body"), ("lang", language)).Line();
        var narrative = new CdaHtmlNarrative(html, document, rendering);
        foreach (var section in document.Sections)
        {
            Section(html, narrative, section, rendering, depth: 1);
        }

        if (document.Body is { } body)
        {
            Attachment(html, body, rendering);
        }

        html.Close("div").Close("article").Line();
    }

    private static void Section(HtmlWriter html, CdaHtmlNarrative narrative, CdaSection section, CdaRendering rendering, int depth)
    {
        html.Open("section", ("class", "dsp-cda-section"), ("lang", section.Language)).Line();
        var title = section.Title ?? section.Code?.Display;
        if (title is not null)
        {
            Heading(html, rendering, depth, title, language: null);
        }

        narrative.Write(section.Narrative, title);
        if (section.Sections.Count == 0 && !section.Narrative.Any(CdaHtmlNarrative.Shows))
        {
            var note = section.NullFlavor is not null ? rendering.Labels.NoInformation : section.HasEntries ? rendering.Labels.NoReadableText : rendering.Labels.NotGiven;
            html.Open("p", ("class", "govuk-hint"), ("lang", rendering.Labels.LanguageTag)).Text(note).Close("p").Line();
        }

        foreach (var inner in section.Sections)
        {
            Section(html, narrative, inner, rendering, depth + 1);
        }

        html.Close("section").Line();
    }

    private static void Heading(HtmlWriter html, CdaRendering rendering, int depth, string text, string? language)
    {
        var element = "h" + Math.Min(6, Math.Clamp(rendering.HeadingLevel, 1, 4) + depth).ToString(CultureInfo.InvariantCulture);
        var size = depth switch { 0 => "govuk-heading-l", 1 => "govuk-heading-m", _ => "govuk-heading-s" };
        html.Open(element, ("class", size), ("lang", language)).Text(text).Close(element).Line();
    }

    private static void Attachment(HtmlWriter html, CdaAttachment body, CdaRendering rendering)
    {
        if (body.Text is { } text)
        {
            foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Where(l => !string.IsNullOrWhiteSpace(l)))
            {
                html.Open("p", ("class", "govuk-body")).Text(line).Close("p").Line();
            }

            return;
        }

        var labels = rendering.Labels;
        html.Open("p", ("class", "govuk-body"), ("lang", labels.LanguageTag))
            .Text(string.Format(labels.Culture, labels.OtherMedium, body.MediaType)).Close("p").Line();
        var address = body.Bytes is null ? null : rendering.AttachmentAddress?.Invoke(body);
        if (address is not null && HtmlWriter.IsLocal(address))
        {
            html.Open("p", ("class", "govuk-body"), ("lang", labels.LanguageTag))
                .Open("a", ("class", "govuk-link"), ("href", address)).Text(labels.OpenAttachment).Close("a").Close("p").Line();
        }
        else if (body.Bytes is null)
        {
            html.Open("p", ("class", "govuk-body"), ("lang", labels.LanguageTag))
                .Text(labels.NotEnclosed + (body.Reference is { } reference ? " (" + reference + ")" : "")).Close("p").Line();
        }
    }
}
