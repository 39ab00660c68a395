using System.Globalization;

namespace Dsp.Demo.Content;

/// <summary>Makes the national number of a person of the story: birth date, sequence and both check digits (law of 19 June 2013).</summary>
internal static class DemoNationalId
{
    private static readonly string[] Permutation = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];
    private static readonly string[] Dihedral = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];
    private const string Inverse = "0432156789";

    public static string For(DateOnly birth, string sequence)
    {
        var stem = birth.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + sequence;
        return stem + Luhn(stem) + Verhoeff(stem);
    }

    private static char Luhn(string digits)
    {
        var total = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 2 : 1);
            total += digit > 9 ? digit - 9 : digit;
        }

        return (char)('0' + ((10 - (total % 10)) % 10));
    }

    private static char Verhoeff(string digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            check = Dihedral[check][Permutation[(i + 1) % 8][digits[^(i + 1)] - '0'] - '0'] - '0';
        }

        return Inverse[check];
    }
}
