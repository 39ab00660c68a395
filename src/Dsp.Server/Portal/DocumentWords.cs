using System.Globalization;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>Documents as the pages name them.</summary>
public sealed class DocumentWords(ITexts texts, Formats formats)
{
    /// <summary>The title as sent; without one the name of the type, else of the category.</summary>
    public string Title(StoredDocument document) =>
        string.IsNullOrWhiteSpace(document.Metadata.Title) ? TypeName(document) ?? Category(document) : document.Metadata.Title;

    /// <summary>The language of the title as sent, where it is one the pages mark; the page's own needs no mark.</summary>
    public string? TitleLang(StoredDocument document) =>
        string.IsNullOrWhiteSpace(document.Metadata.Title) || LanguageOf(document) is not { } code || code == texts.Language.Code ? null : code;

    /// <summary>The language the document is written in, where it is not the page's.</summary>
    public string? WrittenLang(StoredDocument document) => LanguageOf(document) is { } code && code != texts.Language.Code ? code : null;

    public string Category(StoredDocument document) => texts.Category(document.Metadata.Category.ToString());

    /// <summary>The name of a listed type in the page's language, else what the source called it.</summary>
    public string? TypeName(StoredDocument document) =>
        document.Metadata.Type is not { } type ? null : DocumentTypes.Find(type.Code)?.Name(texts.Language.Code) ?? type.Display;

    /// <summary>Where it comes from: the holder, the institution, else the first author.</summary>
    public string Source(StoredDocument document) =>
        document.Entry.FromHolder ? texts["documents.mine"]
        : document.Entry.InstitutionName ?? document.Metadata.Authors.Select(a => a.Institution).FirstOrDefault(i => i is not null)
            ?? Author(document) ?? document.Entry.DepositedByName ?? texts["notDocumented"];

    public string? Author(StoredDocument document) =>
        document.Metadata.Authors.Select(a => a.Name).FirstOrDefault(n => n.Length > 0) ?? document.Entry.DepositedByName;

    /// <summary>The day the document speaks of; null where the source sent none, or no whole day.</summary>
    public static DateOnly? DayOf(StoredDocument document) => WhenOf(document) is not { } when ? null
        : DateOnly.TryParseExact(when.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : when.Text.Length > 10 ? Formats.LocalDate(when.From) : null;

    /// <summary>For the order and the months of lists: the document's day, else that of its deposit.</summary>
    public static DateOnly SortDay(StoredDocument document) => DayOf(document) ?? Formats.LocalDate(WhenOf(document)?.From ?? document.AddedAt);

    public string LongDate(StoredDocument document) => DayOf(document) is { } day ? formats.LongDate(day) : WhenOf(document)?.Text ?? texts["documents.undated"];

    public string ShortDate(StoredDocument document) => DayOf(document) is { } day ? formats.ShortDate(day) : WhenOf(document)?.Text ?? texts["documents.undated"];

    /// <summary>"en allemand", where the document is in another language than the page.</summary>
    public string? WrittenIn(StoredDocument document) =>
        LanguageOf(document) is { } code && code != texts.Language.Code ? texts.WrittenIn(code)?.Text : null;

    /// <summary>What stands under the title in the patient's lists.</summary>
    public IReadOnlyList<string?> Facts(StoredDocument document) => [Category(document), Source(document), LongDate(document), WrittenIn(document)];

    /// <summary>What stands under the title in a professional's lists: dates in figures, the kind of file.</summary>
    public IReadOnlyList<string?> ShortFacts(StoredDocument document) =>
        [Category(document), document.Entry.FromHolder ? texts["document.fromHolder"].Text : Source(document), ShortDate(document), Kind(document)];

    /// <summary>PDF, CDA, FHIR, JPEG, PNG; else the type as sent.</summary>
    public static string Kind(StoredDocument document) => document.Metadata.MimeType switch
    {
        "application/pdf" => "PDF",
        "image/jpeg" => "JPEG",
        "image/png" => "PNG",
        "application/fhir+json" or "application/fhir+xml" => "FHIR",
        _ when IsCda(document) => "CDA",
        var other => other,
    };

    /// <summary>A document of HL7 CDA by its type as sent: shown as a page of ours.</summary>
    public static bool IsCda(StoredDocument document) => document.Metadata.MimeType is "text/xml" or "application/xml" or "application/hl7-cda+xml" or "application/cda+xml";

    private static string? LanguageOf(StoredDocument document) =>
        document.Metadata.Language is { Length: >= 2 } sent ? sent.Split('-', '_')[0].ToLowerInvariant() : null;

    private static PartialDate? WhenOf(StoredDocument document) => document.Metadata.Period?.Start ?? document.Metadata.Creation ?? document.Metadata.Date;
}
