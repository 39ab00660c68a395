using Dsp.Identity;
using Dsp.Ui.Languages;
using Dsp.Ui.Parts;

namespace Dsp.Server.Portal;

/// <summary>People as the pages name them.</summary>
public static class PersonWords
{
    /// <summary>A birth date in figures, as precise as it is known: 12/03/1984, 03/1984 or 1984.</summary>
    public static string Birth(Formats formats, PartialDate date) => date switch
    {
        { Month: { } month, Day: { } day } => formats.ShortDate(new DateOnly(date.Year, month, day)),
        { Month: { } month } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{month:D2}/{date.Year:D4}"),
        _ => date.Year.ToString("D4", System.Globalization.CultureInfo.InvariantCulture),
    };

    public static Sex SexOf(Gender gender) => gender switch
    {
        Gender.Female => Sex.Female,
        Gender.Male => Sex.Male,
        Gender.Other => Sex.Other,
        _ => Sex.Unknown,
    };

    /// <summary>"médecin généraliste" in the page's language, with a capital; what is no profession of the register as it is.</summary>
    public static string? Profession(ITexts texts, string? name)
    {
        if (string.IsNullOrEmpty(name) || name is "holder" or "representative" or "agent" or "system") return null;
        var words = texts.Profession(name).Text;
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
