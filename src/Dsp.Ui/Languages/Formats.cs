using System.Globalization;

namespace Dsp.Ui.Languages;

/// <summary>
/// Dates, sizes, names and numbers as people read them. Month and day words come from the texts, not from the machine's
/// culture data, whose forms differ by version and are wrong in places ("1 mars" for "1er mars"). Times are Luxembourg's.
/// </summary>
public sealed class Formats(ITexts texts)
{
    private static readonly TimeZoneInfo Luxembourg = TimeZoneInfo.FindSystemTimeZoneById("Europe/Luxembourg");

    /// <summary>"1er mars 2026", "1. März 2026", "1 March 2026": for patients.</summary>
    public string LongDate(DateOnly date) => texts["date.long", ("day", Day(date)), ("month", Month(date)), ("year", date.Year)];

    /// <summary>The long date in Luxembourg at that instant.</summary>
    public string LongDate(DateTimeOffset instant) => LongDate(LocalDate(instant));

    /// <summary>"Mercredi 18 novembre 2026", with a capital: the heading of a day.</summary>
    public string DayHeading(DateOnly date) =>
        Capital(texts["date.withWeekday", ("weekday", texts[$"date.weekday.{(int)date.DayOfWeek}"]), ("date", LongDate(date))]);

    /// <summary>"Novembre 2026", with a capital: the heading of a month.</summary>
    public string MonthHeading(DateOnly date) => Capital(texts["date.month", ("month", Month(date)), ("year", date.Year)]);

    /// <summary>"18/11/2026" in every language: for professionals.</summary>
    public string ShortDate(DateOnly date) => date.ToString("dd'/'MM'/'yyyy", CultureInfo.InvariantCulture);

    /// <summary>The short date in Luxembourg at that instant.</summary>
    public string ShortDate(DateTimeOffset instant) => ShortDate(LocalDate(instant));

    /// <summary>"11/2026" in every language: under a point of a curve.</summary>
    public static string MonthAndYear(DateTimeOffset instant) => LocalDate(instant).ToString("MM'/'yyyy", CultureInfo.InvariantCulture);

    /// <summary>"14:32", Luxembourg time.</summary>
    public string Time(DateTimeOffset instant) => Local(instant).ToString("HH':'mm", CultureInfo.InvariantCulture);

    /// <summary>"18 novembre 2026 à 14:32".</summary>
    public string LongDateTime(DateTimeOffset instant) => texts["date.at", ("date", LongDate(instant)), ("time", Time(instant))];

    /// <summary>"18/11/2026 14:32".</summary>
    public string ShortDateTime(DateTimeOffset instant) => ShortDate(instant) + " " + Time(instant);

    /// <summary>For the <c>datetime</c> attribute: the instant in UTC, ISO 8601.</summary>
    public static string Machine(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The calendar date in Luxembourg at that instant.</summary>
    public static DateOnly LocalDate(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant).DateTime);

    /// <summary>"42 ans"; under two years in months, under one month in days.</summary>
    /// <param name="birth">Date of birth.</param>
    /// <param name="today">Today in Luxembourg; not before <paramref name="birth"/>.</param>
    public string Age(DateOnly birth, DateOnly today)
    {
        var months = ((today.Year - birth.Year) * 12) + today.Month - birth.Month - (today.Day < birth.Day ? 1 : 0);
        return months switch
        {
            >= 24 => texts["age.years", ("count", months / 12)],
            >= 1 => texts["age.months", ("count", months)],
            _ => texts["age.days", ("count", Math.Max(0, today.DayNumber - birth.DayNumber))],
        };
    }

    /// <summary>"1,4 Mo", "12 ko", "310 octets": powers of 1000.</summary>
    public string Size(long bytes) => bytes switch
    {
        < 1000 => texts["size.bytes", ("count", bytes)],
        < 999_500 => texts["size.kilobytes", ("size", Number(Math.Round(bytes / 1000m)))],
        < 999_950_000 => texts["size.megabytes", ("size", Number(Math.Round(bytes / 1_000_000m, 1)))],
        _ => texts["size.gigabytes", ("size", Number(Math.Round(bytes / 1_000_000_000m, 1)))],
    };

    /// <summary>A number without grouping (a dot between thousands reads as a decimal one elsewhere): "1234,5", in English "1234.5".</summary>
    public string Number(decimal value)
    {
        var text = value.ToString("0.############", CultureInfo.InvariantCulture);
        return texts.Language == Language.English ? text : text.Replace('.', ',');
    }

    /// <summary>"1984 0312 991 14"; eleven digits: "1984 0312 991". Anything else is returned as it is.</summary>
    public static string NationalNumber(string digits) => digits.Length is 13 or 11 && digits.All(char.IsAsciiDigit)
        ? $"{digits[..4]} {digits[4..8]} {digits[8..11]} {digits[11..]}".TrimEnd()
        : digits;

    /// <summary>"WEBERSCHEID Emma": lists and identity bars.</summary>
    public static string Name(string family, string? given) => $"{family.ToUpperInvariant()} {given}".Trim();

    /// <summary>"Emma WEBERSCHEID": in a sentence to the patient.</summary>
    public static string NameInSentence(string family, string? given) => $"{given} {family.ToUpperInvariant()}".Trim();

    private string Day(DateOnly date) => date.Day == 1 ? texts["date.first"] : date.Day.ToString(CultureInfo.InvariantCulture);

    private string Month(DateOnly date) => texts[string.Create(CultureInfo.InvariantCulture, $"date.month.{date.Month}")];

    private static DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Luxembourg);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
