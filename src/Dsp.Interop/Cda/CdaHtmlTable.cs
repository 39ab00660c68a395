using System.Globalization;

namespace Dsp.Interop.Cda;

/// <summary>Tables, in a box that scrolls sideways on a narrow screen and can be reached with the keyboard for that.</summary>
internal static class CdaHtmlTable
{
    public static void Write(HtmlWriter html, CdaTable table, string? title, Func<string?, string?> id, Action<IReadOnlyList<CdaNode>> flow)
    {
        html.Open("div", ("class", "dsp-cda-scroll"), ("role", "group"), ("tabindex", "0"), ("aria-label", title ?? "…"))
            .Open("table", ("class", "govuk-table")).Line();
        if (table.Caption.Any(CdaHtmlNarrative.Shows))
        {
            html.Open("caption", ("class", "govuk-table__caption govuk-table__caption--s"));
            flow(table.Caption);
            html.Close("caption").Line();
        }

        foreach (var group in table.Groups.OrderBy(g => g.Kind))
        {
            var (element, style) = group.Kind switch
            {
                CdaRowGroupKind.Head => ("thead", "govuk-table__head"),
                CdaRowGroupKind.Foot => ("tfoot", "govuk-table__foot"),
                _ => ("tbody", "govuk-table__body"),
            };
            html.Open(element, ("class", style)).Line();
            foreach (var row in group.Rows)
            {
                html.Open("tr", ("class", "govuk-table__row"), ("id", id(row.Anchor)));
                foreach (var cell in row.Cells)
                {
                    Cell(html, cell, group.Kind, id, flow);
                }

                html.Close("tr").Line();
            }

            html.Close(element).Line();
        }

        html.Close("table").Close("div").Line();
    }

    /// <summary>The phrasing elements a style stands for, outermost first.</summary>
    public static IEnumerable<string> StyleTags(CdaStyle style)
    {
        if ((style & CdaStyle.Bold) != CdaStyle.None) { yield return "strong"; }
        if ((style & CdaStyle.Italic) != CdaStyle.None) { yield return "em"; }
        if ((style & CdaStyle.Underline) != CdaStyle.None) { yield return "u"; }
        if ((style & CdaStyle.Inserted) != CdaStyle.None) { yield return "ins"; }
        if ((style & CdaStyle.Deleted) != CdaStyle.None) { yield return "del"; }
        if ((style & CdaStyle.Subscript) != CdaStyle.None) { yield return "sub"; }
        if ((style & CdaStyle.Superscript) != CdaStyle.None) { yield return "sup"; }
    }

    private static void Cell(HtmlWriter html, CdaCell cell, CdaRowGroupKind kind, Func<string?, string?> id, Action<IReadOnlyList<CdaNode>> flow)
    {
        var element = cell.IsHeader ? "th" : "td";
        var style = (cell.IsHeader ? "govuk-table__header" : "govuk-table__cell")
            + ((cell.Style & CdaStyle.Bold) != CdaStyle.None && !cell.IsHeader ? " govuk-!-font-weight-bold" : "")
            + ((cell.Style & CdaStyle.AlignRight) != CdaStyle.None ? " dsp-cda-right" : "")
            + ((cell.Style & CdaStyle.AlignCenter) != CdaStyle.None ? " dsp-cda-center" : "");
        var scope = cell.IsHeader ? cell.Scope ?? (kind == CdaRowGroupKind.Head ? "col" : "row") : null;
        html.Open(element, ("class", style), ("scope", scope), ("colspan", Number(cell.ColumnSpan)), ("rowspan", Number(cell.RowSpan)), ("id", id(cell.Anchor)));
        flow(cell.Children);
        html.Close(element);
    }

    private static string? Number(int span) => span == 1 ? null : span.ToString(CultureInfo.InvariantCulture);
}
