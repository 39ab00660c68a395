using System.Globalization;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Ui.Govuk;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>The filter of a list of documents, as its GET form sends it: no words, which travel in a body; what cannot be read is said and filters nothing.</summary>
public sealed record DocumentFilter(DataCategory? Category, DateOnly? From, DateOnly? To, bool DateWrong)
{
    public bool IsEmpty => Category is null && From is null && To is null;

    public static DocumentFilter Of(string? category, string? from, string? to)
    {
        var (first, last) = (Day(from), Day(to));
        return new DocumentFilter(Enum.TryParse<DataCategory>(category, out var known) ? known : null, first, last,
            (first is null && !string.IsNullOrWhiteSpace(from)) || (last is null && !string.IsNullOrWhiteSpace(to)));
    }

    public bool Matches(StoredDocument document)
    {
        var day = DocumentWords.SortDay(document);
        return (Category is null || document.Metadata.Category == Category)
            && (From is null || day >= From) && (To is null || day <= To);
    }

    /// <summary>The categories by name in the page's language, under "all".</summary>
    public static IReadOnlyList<SelectItem> Categories(ITexts texts, IEnumerable<DataCategory> among) =>
        [new SelectItem(texts["filter.all"], ""), .. among.Select(c => new SelectItem(texts.Category(c.ToString()), c.ToString())).OrderBy(i => i.Text, StringComparer.Create(CultureInfo.GetCultureInfo(texts.Language.Culture), ignoreCase: true))];

    /// <summary>As a date field sends it, or as people type it: 2026-12-31, 31/12/2026, 31.12.2026.</summary>
    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text?.Trim(), ["yyyy-MM-dd", "d/M/yyyy", "d.M.yyyy", "d M yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
