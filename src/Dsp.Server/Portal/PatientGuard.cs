using System.Globalization;
using Dsp.Identity;

namespace Dsp.Server.Portal;

/// <summary>
/// The guard against writing into the wrong record (ux 7): where the record has been open for long, the first name and the
/// last three digits of the number are asked for. Twins share a birth year, so the year is no check.
/// </summary>
public static class PatientGuard
{
    /// <summary>A record open for longer than this may be another patient's by now.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(30);

    private const int Digits = 3;

    /// <summary>When a page was shown, to be sent along with its links and forms.</summary>
    public static string Stamp(TimeProvider clock) => clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>An unreadable or missing stamp asks too.</summary>
    public static bool Asks(string? stamp, TimeProvider clock) =>
        !long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_799
        || DateTimeOffset.FromUnixTimeSeconds(seconds) is var at && (clock.GetUtcNow() - at > Fresh || at > clock.GetUtcNow() + TimeSpan.FromMinutes(1));

    /// <summary>The first given name, accents and case aside, and the last digits of the number; without a number, those of the eHealthID.</summary>
    public static bool Fits(PersonDetails details, string? given, string? digits)
    {
        var number = details.NationalNumber ?? details.EHealthId ?? "";
        var first = details.Given.Split(' ', '-')[0];
        return number.Length >= Digits && string.Equals(digits?.Trim(), number[^Digits..], StringComparison.Ordinal)
            && CultureInfo.InvariantCulture.CompareInfo.Compare(given?.Trim() ?? "", first, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) == 0;
    }
}
