using System.Globalization;
using System.Text.RegularExpressions;
using Dsp.Documents;

namespace Dsp.Interop.Fhir;

/// <summary>
/// FHIR date, dateTime and instant. A text without a time covers its calendar span in Luxembourg; one with a time covers
/// its last written unit (a minute in a search, a second, a millisecond).
/// </summary>
public static partial class FhirDates
{
    /// <summary>Reads a date of any precision from 1800 to 2300; a time needs a zone unless <paramref name="zoneOptional"/>.</summary>
    public static bool TryParse(string? text, out PartialDate date, bool zoneOptional = false)
    {
        date = new PartialDate("", default, default);
        if (text is null || Form().Match(text) is not { Success: true } m) return false;
        var year = Number(m, "y");
        if (year is < 1800 or > 2300) return false;
        if (!m.Groups["m"].Success) return Span(text, new DateOnly(year, 1, 1), d => d.AddYears(1), out date);
        var month = Number(m, "m");
        if (month is < 1 or > 12) return false;
        if (!m.Groups["d"].Success) return Span(text, new DateOnly(year, month, 1), d => d.AddMonths(1), out date);
        var day = Number(m, "d");
        if (day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (!m.Groups["h"].Success) return Span(text, new DateOnly(year, month, day), d => d.AddDays(1), out date);

        var hour = Number(m, "h");
        var minute = Number(m, "i");
        var second = m.Groups["s"].Success ? Number(m, "s") : 0;
        if (hour > 23 || minute > 59 || second > 60) return false;
        var local = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Unspecified).AddSeconds(Math.Min(second, 59));
        var unit = m.Groups["s"].Success ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1);
        if (m.Groups["f"].Success)
        {
            var digits = m.Groups["f"].Value[..Math.Min(7, m.Groups["f"].Value.Length)];
            unit = TimeSpan.FromTicks((long)Math.Pow(10, 7 - digits.Length));
            local = local.AddTicks(long.Parse(digits, CultureInfo.InvariantCulture) * unit.Ticks);
        }
        DateTimeOffset from;
        if (m.Groups["z"].Success)
        {
            if (!TryOffset(m.Groups["z"].Value, out var offset)) return false;
            from = new DateTimeOffset(local, offset).ToUniversalTime();
        }
        else
        {
            if (!zoneOptional) return false;
            from = new DateTimeOffset(local, Luxembourg.GetUtcOffset(local)).ToUniversalTime();
        }
        date = new PartialDate(text, from, from + unit);
        return true;
    }

    /// <summary>The instant as a date that reads back equal, in UTC with milliseconds.</summary>
    public static PartialDate Of(DateTimeOffset at) => TryParse(Instants.Text(at), out var date) ? date : throw new ArgumentOutOfRangeException(nameof(at));

    private static readonly TimeZoneInfo Luxembourg = TimeZoneInfo.FindSystemTimeZoneById("Europe/Luxembourg");

    private static bool Span(string text, DateOnly first, Func<DateOnly, DateOnly> next, out PartialDate date)
    {
        date = new PartialDate(text, Deadlines.StartOf(first), Deadlines.StartOf(next(first)));
        return true;
    }

    private static bool TryOffset(string zone, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (zone is "Z") return true;
        offset = new TimeSpan(int.Parse(zone.AsSpan(1, 2), CultureInfo.InvariantCulture), int.Parse(zone.AsSpan(4, 2), CultureInfo.InvariantCulture), 0);
        if (zone[0] == '-') offset = -offset;
        return offset.Duration() <= TimeSpan.FromHours(14);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<y>[0-9]{4})(-(?<m>[0-9]{2})(-(?<d>[0-9]{2})(T(?<h>[0-9]{2}):(?<i>[0-9]{2})(:(?<s>[0-9]{2})(\.(?<f>[0-9]{1,9}))?)?(?<z>Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
