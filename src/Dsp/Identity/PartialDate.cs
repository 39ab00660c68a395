using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dsp.Identity;

/// <summary>
/// A date as it was given: a year, a year and a month, or a whole day. Written <c>2018</c>, <c>2018-05</c>, <c>2018-05-17</c>.
/// </summary>
[JsonConverter(typeof(PartialDateJson))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct PartialDate(int Year, int? Month = null, int? Day = null)
{
    public bool IsWhole => Month is not null && Day is not null;

    public DateOnly Earliest => new(Year, Month ?? 1, Day is { } d ? Math.Min(d, DateTime.DaysInMonth(Year, Month ?? 1)) : 1);

    /// <summary>The last day it can be.</summary>
    public DateOnly Latest => new(Year, Month ?? 12, Day is { } d && Month is not null ? d : DateTime.DaysInMonth(Year, Month ?? 12));

    public static PartialDate Of(DateOnly day) => new(day.Year, day.Month, day.Day);

    /// <summary>Reads the written form; a day without its month does not exist in it.</summary>
    public static bool TryParse(string? text, out PartialDate date)
    {
        date = default;
        var parts = (text ?? "").Split('-');
        if (parts.Length > 3 || parts[0].Length != 4 || parts.Skip(1).Any(p => p.Length != 2) || !parts.All(p => p.All(char.IsAsciiDigit))) return false;
        var numbers = parts.Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        if (numbers[0] < 1 || numbers.Skip(1).Any(n => n == 0)) return false;
        date = new PartialDate(numbers[0], numbers.Length > 1 ? numbers[1] : null, numbers.Length > 2 ? numbers[2] : null);
        return date.Exists;
    }

    /// <summary>Eight digits; 00 stands for an unknown month or day.</summary>
    internal static bool TryDigits(ReadOnlySpan<char> digits, out PartialDate date)
    {
        date = Parts(digits);
        return date.Exists;
    }

    /// <summary>A known day of an unknown month says less than a year: it is left out.</summary>
    internal static PartialDate OfDigits(ReadOnlySpan<char> digits)
    {
        var read = Parts(digits);
        return read.Month is null ? read with { Day = null } : read;
    }

    private static PartialDate Parts(ReadOnlySpan<char> digits)
    {
        var month = int.Parse(digits.Slice(4, 2), CultureInfo.InvariantCulture);
        var day = int.Parse(digits.Slice(6, 2), CultureInfo.InvariantCulture);
        return new PartialDate(int.Parse(digits[..4], CultureInfo.InvariantCulture), month == 0 ? null : month, day == 0 ? null : day);
    }

    private bool Exists => Year is >= 1 and <= 9999 && Month is null or (>= 1 and <= 12)
        && (Day is null || (Day >= 1 && Day <= (Month is { } m ? DateTime.DaysInMonth(Year, m) : 31)));

    public override string ToString() => (Month, Day) switch
    {
        (null, _) => Year.ToString("D4", CultureInfo.InvariantCulture),
        ({ } m, null) => string.Create(CultureInfo.InvariantCulture, $"{Year:D4}-{m:D2}"),
        ({ } m, { } d) => string.Create(CultureInfo.InvariantCulture, $"{Year:D4}-{m:D2}-{d:D2}"),
    };
}

/// <summary>The written form in JSON.</summary>
internal sealed class PartialDateJson : JsonConverter<PartialDate>
{
    public override PartialDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PartialDate.TryParse(reader.GetString(), out var date) ? date : throw new JsonException("Not a date");

    public override void Write(Utf8JsonWriter writer, PartialDate value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
