namespace Dsp.Interop.Pdf;

/// <summary>A document to be written as a tagged PDF on A4 paper. The same document always gives the same bytes.</summary>
/// <param name="Title">Shown as the window's title by readers; say nothing here that must not show there.</param>
/// <param name="Language">BCP 47 tag of the text, for example <c>fr-LU</c>.</param>
/// <param name="Created">The date written into the file; the caller's, never the machine's clock.</param>
/// <param name="Blocks">Content from top to bottom; pages break by themselves.</param>
public sealed record PdfDocument(string Title, string Language, DateTimeOffset Created, IReadOnlyList<PdfBlock> Blocks)
{
    /// <summary>Author in the file's properties, or null.</summary>
    public string? Author { get; init; }

    /// <summary>One line at the top of every page, or empty.</summary>
    public string Header { get; init; } = "";

    /// <summary>One line at the bottom of every page, left of the page number, or empty.</summary>
    public string Footer { get; init; } = "";

    /// <summary>Words for "page x of y" in the document's language.</summary>
    public Func<int, int, string> PageNumber { get; init; } = static (page, of) => $"{page} / {of}";
}

/// <summary>A piece of content. The set is closed.</summary>
public abstract record PdfBlock;

/// <summary>A heading of level 1 to 4.</summary>
public sealed record PdfHeading(int Level, string Text) : PdfBlock;

/// <summary>A paragraph; a line feed breaks the line.</summary>
public sealed record PdfParagraph(string Text, bool Bold = false) : PdfBlock;

/// <summary>A list with bullets.</summary>
public sealed record PdfList(IReadOnlyList<string> Items) : PdfBlock;

/// <summary>Labels with their values, in two columns.</summary>
public sealed record PdfFields(IReadOnlyList<(string Label, string Value)> Rows) : PdfBlock;

/// <summary>A table with a head row, repeated on every page it continues on. Short rows end in empty cells.</summary>
public sealed record PdfTable(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows) : PdfBlock;

/// <summary>Free space of some points (1/72 inch).</summary>
public sealed record PdfSpace(double Points) : PdfBlock;
