using System.Globalization;
using Dsp.Clinical;
using Dsp.Interop.Cda;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Ips;

/// <summary>The text of a section: every line with its source, every denial as a dated quotation, every silence as such; all of it escaped.</summary>
internal sealed class IpsNarrative(IpsTexts texts, IpsWording wording)
{
    /// <summary>What a summary says of itself: that it may be incomplete, and by how much.</summary>
    public Narrative About(PatientSummary summary)
    {
        var html = new HtmlWriter();
        Paragraph(html, texts.MayBeIncomplete);
        Paragraph(html, Counts(summary));
        return Made(html, Narrative.NarrativeStatus.Generated);
    }

    public string Counts(PatientSummary summary) => string.Format(CultureInfo.InvariantCulture, texts.Counts, summary.Live.Documents, summary.WithoutFacts, summary.Unread, summary.Newer);

    public Narrative Section(SummaryPart part)
    {
        var html = new HtmlWriter();
        if (part.NotDocumented) Paragraph(html, texts.NotDocumented);
        if (part.Entries.Count > 0) Table(html, part.Entries);
        if (part.Denials.Count > 0)
        {
            Paragraph(html, texts.Quoted);
            List(html, part.Denials.Select(wording.Quotation));
        }
        if (part.Silences.Count > 0) List(html, part.Silences.Select(wording.Silence).Distinct());
        return Made(html, part.Denials.Count + part.Silences.Count > 0 ? Narrative.NarrativeStatus.Additional : Narrative.NarrativeStatus.Generated);
    }

    private void Table(HtmlWriter html, IReadOnlyList<SummaryEntry> entries)
    {
        html.Open("table").Open("thead").Open("tr");
        foreach (var head in new[] { texts.What, texts.Details, texts.Source }) html.Open("th").Text(head).Close("th");
        html.Close("tr").Close("thead").Open("tbody");
        foreach (var entry in entries)
        {
            html.Open("tr").Open("td").Text(wording.Name(entry.Shown)).Close("td");
            html.Open("td").Text(string.Join("; ", wording.Details(entry))).Close("td");
            html.Open("td").Text(wording.Sources(entry)).Close("td").Close("tr");
        }
        html.Close("tbody").Close("table");
    }

    private static void List(HtmlWriter html, IEnumerable<string> items)
    {
        html.Open("ul");
        foreach (var item in items) html.Open("li").Text(item).Close("li");
        html.Close("ul");
    }

    private static void Paragraph(HtmlWriter html, string text) => html.Open("p").Text(text).Close("p");

    private Narrative Made(HtmlWriter html, Narrative.NarrativeStatus status) => new()
    {
        Status = status,
        Div = $"<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"{texts.Language}\" xml:lang=\"{texts.Language}\">{html}</div>",
    };
}
