using System.Globalization;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Ips;

/// <summary>The words of a summary around what its sources say, in the reader's language.</summary>
public sealed record IpsTexts
{
    /// <summary>Writes the months.</summary>
    public required CdaLabels Labels { get; init; }
    public required string Title { get; init; }
    public required string About { get; init; }

    /// <summary>That it may be incomplete, and of what it is made; whole sentences.</summary>
    public required string MayBeIncomplete { get; init; }

    /// <summary>{0} visible documents, {1} without a line here, {2} unread, {3} newer than the newest line.</summary>
    public required string Counts { get; init; }
    public required string What { get; init; }
    public required string Details { get; init; }
    public required string Source { get; init; }
    public required string NotDocumented { get; init; }
    public required string Denied { get; init; }
    public required string Quoted { get; init; }
    public required string Silent { get; init; }
    public required string Disputed { get; init; }
    public required string Active { get; init; }
    public required string Over { get; init; }
    public required string StatusNotSaid { get; init; }
    public required string Refuted { get; init; }
    public required string Ordered { get; init; }
    public required string Proposed { get; init; }
    public required string Dispensed { get; init; }
    public required string From { get; init; }
    public required string Until { get; init; }
    public required string Severity { get; init; }
    public required string Reaction { get; init; }
    public required string LaboratoryRange { get; init; }
    public required string Lot { get; init; }
    public required string AsNeeded { get; init; }
    public required string NoName { get; init; }

    /// <summary>Titles of the sections by their LOINC code.</summary>
    public required IReadOnlyDictionary<string, string> Sections { get; init; }

    /// <summary>Two letters.</summary>
    public string Language => Labels.LanguageTag;

    public static IpsTexts For(CultureInfo culture) => culture.TwoLetterISOLanguageName switch
    {
        "de" => IpsWords.German,
        "en" => IpsWords.English,
        "lb" => IpsWords.Luxembourgish,
        "pt" => IpsWords.Portuguese,
        _ => IpsWords.French,
    };
}
