using System.Globalization;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Govuk;

/// <summary>One cell of a <see cref="Table"/>.</summary>
public sealed record Cell(Content? Body)
{
    /// <summary><c>numeric</c> aligns figures to the right.</summary>
    public string? Format { get; init; }

    public string? Classes { get; init; }

    public int? ColSpan { get; init; }

    public int? RowSpan { get; init; }

    public Attributes Attributes { get; init; } = Attributes.None;

    public static implicit operator Cell(string? text) => new(Content.Of(text));
}

/// <summary>Data in rows and columns; never used for layout.</summary>
public sealed record Table : Component
{
    public string? Caption { get; init; }

    public string? CaptionClasses { get; init; }

    public IReadOnlyList<Cell>? Head { get; init; }

    public IReadOnlyList<IReadOnlyList<Cell>> Rows { get; init; } = [];

    /// <summary>The first cell names its row.</summary>
    public bool FirstCellIsHeader { get; init; }

    public override IHtmlContent Build()
    {
        var table = new Element("table", "govuk-table", Classes).With(Attributes)
            .Add(string.IsNullOrEmpty(Caption) ? null : new Element("caption", "govuk-table__caption", CaptionClasses).Add(Caption));
        if (Head is not null)
        {
            table.Add(new Element("thead", "govuk-table__head")
                .Add(new Element("tr", "govuk-table__row").AddAll(Head.Select(cell => Fill(Header(cell, "col"), cell)))));
        }

        return table.Add(new Element("tbody", "govuk-table__body").AddAll(Rows.Select(Row)));
    }

    private Element Row(IReadOnlyList<Cell> cells) => new Element("tr", "govuk-table__row").AddAll(cells.Select((cell, i) =>
        i == 0 && FirstCellIsHeader
            ? Fill(new Element("th", "govuk-table__header", cell.Classes).With("scope", "row"), cell)
            : Fill(new Element("td", "govuk-table__cell", Formatted("govuk-table__cell", cell), cell.Classes), cell)));

    private static Element Header(Cell cell, string scope) =>
        new Element("th", "govuk-table__header", Formatted("govuk-table__header", cell), cell.Classes).With("scope", scope);

    private static string? Formatted(string block, Cell cell) => string.IsNullOrEmpty(cell.Format) ? null : $"{block}--{cell.Format}";

    private static Element Fill(Element element, Cell cell) => element
        .With("colspan", cell.ColSpan?.ToString(CultureInfo.InvariantCulture)).With("rowspan", cell.RowSpan?.ToString(CultureInfo.InvariantCulture))
        .With(cell.Attributes).Add(cell.Body);
}

/// <summary>A link at the end of a row or card.</summary>
/// <param name="Text">Its words, such as "Modifier".</param>
/// <param name="Href">Its address.</param>
/// <param name="HiddenText">What it acts on, read out after the words.</param>
public sealed record RowAction(Content? Text, string Href, string? HiddenText = null)
{
    public string? Classes { get; init; }

    public Attributes Attributes { get; init; } = Attributes.None;
}

/// <summary>One row of a <see cref="SummaryList"/>.</summary>
public sealed record SummaryRow(Content? Key, Content? Value)
{
    public string? Classes { get; init; }

    public string? KeyClasses { get; init; }

    public string? ValueClasses { get; init; }

    public string? ActionsClasses { get; init; }

    /// <summary>Null: the row has none and says so when others have; empty is kept apart, as the source does.</summary>
    public IReadOnlyList<RowAction>? Actions { get; init; }
}

/// <summary>A frame with a title around a <see cref="SummaryList"/>.</summary>
public sealed record SummaryCard : Component
{
    public Content? Title { get; init; }

    public string? TitleClasses { get; init; }

    public int HeadingLevel { get; init; } = 2;

    public IReadOnlyList<RowAction> Actions { get; init; } = [];

    public string? ActionsClasses { get; init; }

    public Content? Body { get; init; }

    public override IHtmlContent Build()
    {
        var wrapper = new Element("div", "govuk-summary-card__title-wrapper")
            .Add(Title is null ? null : new Element(Heading.Of(HeadingLevel), "govuk-summary-card__title", TitleClasses).Add(Title));
        if (Actions.Count == 1)
        {
            wrapper.Add(new Element("div", "govuk-summary-card__actions", ActionsClasses).Add(Link(Actions[0], Title)));
        }
        else if (Actions.Count > 1)
        {
            wrapper.Add(new Element("ul", "govuk-summary-card__actions", ActionsClasses)
                .AddAll(Actions.Select(a => new Element("li", "govuk-summary-card__action").Add(Link(a, Title)))));
        }

        return new Element("div", "govuk-summary-card", Classes).With(Attributes)
            .Add(wrapper).Add(new Element("div", "govuk-summary-card__content").Add(Body));
    }

    internal static Element Link(RowAction action, Content? cardTitle)
    {
        var link = new Element("a", "govuk-link", action.Classes).With("href", action.Href).With(action.Attributes).Add(action.Text);
        if (string.IsNullOrEmpty(action.HiddenText) && cardTitle is null)
        {
            return link;
        }

        var hidden = new Element("span", "govuk-visually-hidden").Add(string.IsNullOrEmpty(action.HiddenText) ? null : " " + action.HiddenText);
        return link.Add(cardTitle is null ? hidden : hidden.Add(" (").Add(cardTitle).Add(")"));
    }
}

/// <summary>Facts as pairs of key and value, with links to change them.</summary>
public sealed record SummaryList(IReadOnlyList<SummaryRow> Rows) : Component
{
    public SummaryCard? Card { get; init; }

    public override IHtmlContent Build()
    {
        var anyActions = Rows.Any(row => row.Actions is { Count: > 0 });
        var list = new Element("dl", "govuk-summary-list", Classes).With(Attributes).AddAll(Rows.Select(row => Row(row, anyActions)));
        return Card is null ? list : Card with { Body = list };
    }

    private Element Row(SummaryRow row, bool anyActions)
    {
        var element = new Element("div", "govuk-summary-list__row", anyActions && row.Actions is null ? "govuk-summary-list__row--no-actions" : null, row.Classes)
            .Add(new Element("dt", "govuk-summary-list__key", row.KeyClasses).Add(row.Key))
            .Add(new Element("dd", "govuk-summary-list__value", row.ValueClasses).Add(row.Value));
        if (row.Actions is not { Count: > 0 } actions)
        {
            return element;
        }

        return element.Add(new Element("dd", "govuk-summary-list__actions", row.ActionsClasses).Add(actions.Count == 1
            ? SummaryCard.Link(actions[0], Card?.Title)
            : new Element("ul", "govuk-summary-list__actions-list")
                .AddAll(actions.Select(a => new Element("li", "govuk-summary-list__actions-list-item").Add(SummaryCard.Link(a, Card?.Title))))));
    }
}
