namespace Dsp.Interop.Cda;

/// <summary>A piece of narrative. The set is closed: what the source has beyond it is kept as its text.</summary>
public abstract record CdaNode;

/// <summary>Characters as the source wrote them, white space included.</summary>
public sealed record CdaTextRun(string Text) : CdaNode;

/// <summary>A forced line break.</summary>
public sealed record CdaLineBreak : CdaNode;

/// <summary>A run of content with the styles we know.</summary>
public sealed record CdaSpan(CdaStyle Style, string? Language, string? Anchor, IReadOnlyList<CdaNode> Children) : CdaNode;

/// <summary>A paragraph, with its caption when it has one.</summary>
public sealed record CdaParagraph(CdaStyle Style, string? Anchor, IReadOnlyList<CdaNode> Caption, IReadOnlyList<CdaNode> Children) : CdaNode;

/// <summary>A list; items may hold lists again.</summary>
public sealed record CdaList(bool Ordered, CdaListMarker Marker, IReadOnlyList<CdaNode> Caption, IReadOnlyList<CdaListItem> Items) : CdaNode;

/// <summary>One item of a list.</summary>
public sealed record CdaListItem(string? Anchor, IReadOnlyList<CdaNode> Caption, IReadOnlyList<CdaNode> Children);

/// <summary>A table: groups of rows in the order head, bodies, foot of the source.</summary>
public sealed record CdaTable(IReadOnlyList<CdaNode> Caption, IReadOnlyList<CdaRowGroup> Groups) : CdaNode;

/// <summary>Rows of a table's head, body or foot.</summary>
public sealed record CdaRowGroup(CdaRowGroupKind Kind, IReadOnlyList<CdaRow> Rows);

/// <summary>One row.</summary>
public sealed record CdaRow(string? Anchor, IReadOnlyList<CdaCell> Cells);

/// <summary>One cell.</summary>
/// <param name="ColumnSpan">1 to 1000.</param>
/// <param name="RowSpan">1 to 1000.</param>
public sealed record CdaCell(bool IsHeader, string? Scope, int ColumnSpan, int RowSpan, CdaStyle Style, string? Anchor, IReadOnlyList<CdaNode> Children);

/// <summary>A link of the source: to a place of this document, or to an address that is shown and never linked.</summary>
/// <param name="Target">The id inside this document, or null.</param>
/// <param name="Address">An http, https or mailto address to show as text, or null.</param>
public sealed record CdaLink(string? Target, string? Address, IReadOnlyList<CdaNode> Children) : CdaNode;

/// <summary>A note that content of another medium belongs here.</summary>
public sealed record CdaMediaNote(string Reference, IReadOnlyList<CdaNode> Caption) : CdaNode;

/// <summary>A footnote at its place in the text.</summary>
public sealed record CdaFootnote(string? Anchor, IReadOnlyList<CdaNode> Children) : CdaNode;

/// <summary>A further mark that points to a footnote.</summary>
public sealed record CdaFootnoteMark(string Target) : CdaNode;

/// <summary>Styles of the source that we keep; all others are dropped.</summary>
[Flags]
public enum CdaStyle
{
    None = 0,
    Bold = 1,
    Italic = 2,
    Underline = 4,
    Subscript = 8,
    Superscript = 16,
    Inserted = 32,
    Deleted = 64,
    Alert = 128,
    AlignRight = 256,
    AlignCenter = 512,
}

/// <summary>How the items of a list are marked.</summary>
public enum CdaListMarker
{
    Default,
    Arabic,
    SmallRoman,
    LargeRoman,
    SmallLetter,
    LargeLetter,
}

/// <summary>Which part of a table a group of rows is.</summary>
public enum CdaRowGroupKind
{
    Head,
    Body,
    Foot,
}
