using System.Globalization;

namespace Dsp.Interop.Cda;

/// <summary>A point in time of HL7 v3 (<c>YYYY[MM[DD[hhmm[ss[.f]]]]][±zzzz]</c>), with the precision the source gave.</summary>
/// <param name="Local">The moment on the clock of the place where it was written; parts beyond the precision are the lowest.</param>
/// <param name="Offset">Distance from UTC, or null when the source does not say.</param>
/// <param name="Digits">How many digits of date and time the source gave: 4, 6, 8, 10, 12 or 14.</param>
public readonly record struct CdaTime(DateTime Local, TimeSpan? Offset, int Digits)
{
    private static readonly string[] Patterns = ["yyyy", "yyyyMM", "yyyyMMdd", "yyyyMMddHH", "yyyyMMddHHmm", "yyyyMMddHHmmss"];

    /// <summary>Reads the HL7 form; null when it is not one.</summary>
    public static CdaTime? Parse(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        var text = value.AsSpan().Trim();
        TimeSpan? offset = null;
        var sign = text.IndexOfAny('+', '-');
        if (sign > 0)
        {
            var zone = text[(sign + 1)..];
            if (zone.Length == 4 && int.TryParse(zone, NumberStyles.None, CultureInfo.InvariantCulture, out var hhmm) && hhmm % 100 < 60 && hhmm <= 1400)
            {
                var distance = new TimeSpan(hhmm / 100, hhmm % 100, 0);
                offset = text[sign] == '-' ? -distance : distance;
            }

            text = text[..sign];
        }

        var point = text.IndexOf('.');
        if (point > 0)
        {
            text = text[..point];
        }

        var pattern = text.Length is >= 4 and <= 14 && text.Length % 2 == 0 ? Patterns[(text.Length / 2) - 2] : null;
        return pattern is not null && DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new CdaTime(local, offset, text.Length)
            : null;
    }

    /// <summary>For people, no more precise than the source: "2026", "novembre 2026", "23 novembre 2026", "23 novembre 2026, 04:40".</summary>
    public string ToText(CultureInfo culture, string datePattern) => Digits switch
    {
        4 => Local.ToString("yyyy", culture),
        6 => Local.ToString("MMMM yyyy", culture),
        8 => Local.ToString(datePattern, culture),
        // Midnight written out is how many systems say "that day".
        _ when Local.TimeOfDay == TimeSpan.Zero => Local.ToString(datePattern, culture),
        _ => Local.ToString(datePattern, culture) + ", " + Local.ToString("HH:mm", CultureInfo.InvariantCulture),
    };
}
