using System.Globalization;

namespace Dsp.Server.Portal;

/// <summary>A date in three fields, as people typed it.</summary>
public static class TypedDate
{
    /// <summary>The day, or null where the three fields are no date.</summary>
    public static DateOnly? Of(string? day, string? month, string? year) =>
        Number(day) is { } d && Number(month) is { } m && Number(year) is { } y && y is >= 1850 and <= 9999 && m is >= 1 and <= 12 && d >= 1 && d <= DateTime.DaysInMonth(y, m)
            ? new DateOnly(y, m, d) : null;

    /// <summary>The three fields of a day.</summary>
    public static (string Day, string Month, string Year) Typed(DateOnly day) => (Text(day.Day), Text(day.Month), Text(day.Year));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(string? text) => int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
