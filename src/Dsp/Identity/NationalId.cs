using System.Globalization;

namespace Dsp.Identity;

/// <summary>Why a text is not a national number; each has its own sentence on the pages and its own id in answers.</summary>
public enum NationalIdProblem
{
    Empty,
    /// <summary>Something else than digits and spaces.</summary>
    NotDigits,
    /// <summary>Neither 13 digits nor the 11 of before 2014.</summary>
    WrongLength,
    /// <summary>The first eight digits are no calendar day; 00 for an unknown month or day is accepted.</summary>
    NoSuchDate,
    /// <summary>The birth date lies after today.</summary>
    FutureDate,
    /// <summary>The twelfth digit (Luhn over the first eleven) does not fit.</summary>
    FirstCheckDigit,
    /// <summary>The thirteenth digit (Verhoeff over the first eleven) does not fit.</summary>
    SecondCheckDigit,
    /// <summary>The eleventh digit of an old number does not fit (RGD 21.12.1987 art. 1).</summary>
    OldCheckDigit,
}

/// <summary>What reading a typed number gave: the number, or the first problem found.</summary>
/// <param name="DateIncomplete">Accepted with a warning: month or day is 00, unknown at registration.</param>
/// <param name="Converted">Eleven digits were read and completed to thirteen.</param>
public readonly record struct NationalIdReading(NationalId? Number, NationalIdProblem? Problem, bool DateIncomplete = false, bool Converted = false);

/// <summary>
/// The national identification number: birth date YYYYMMDD, three digits unique for that date, a Luhn and a Verhoeff digit,
/// both over the first eleven (law of 19 June 2013 art. 1). Not immutable: a wrong number is replaced, so it is never a key.
/// Sex is never read from it.
/// </summary>
public readonly record struct NationalId
{
    public const int Length = 13;
    private const int OldLength = 11;
    private const string Inverse = "0432156789";
    private static readonly string[] Dihedral =
        ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];
    private static readonly string[] Permutation =
        ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];
    private static readonly int[] OldWeights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

    private readonly string? digits;

    private NationalId(string digits) => this.digits = digits;

    /// <summary>Thirteen digits.</summary>
    public string Value => digits ?? throw new InvalidOperationException("No number was read");

    /// <summary>The date in the number; the month or the day is absent where the register did not know it.</summary>
    public PartialDate BirthDate => PartialDate.OfDigits(Value.AsSpan(0, 8));

    public override string ToString() => Value;

    /// <summary>Reads a number as people type it: 13 digits, or 11 from before 2014; spaces are removed.</summary>
    /// <param name="today">The day in Luxembourg, from the platform clock: nobody is born after it.</param>
    public static NationalIdReading Read(string? text, DateOnly today)
    {
        var digits = (text ?? "").Replace(" ", "", StringComparison.Ordinal).Replace("\u00A0", "", StringComparison.Ordinal).Replace("\u202F", "", StringComparison.Ordinal);
        if (digits.Length == 0) return Wrong(NationalIdProblem.Empty);
        if (!digits.All(char.IsAsciiDigit)) return Wrong(NationalIdProblem.NotDigits);
        if (digits.Length is not (Length or OldLength)) return Wrong(NationalIdProblem.WrongLength);
        if (!PartialDate.TryDigits(digits.AsSpan(0, 8), out var born)) return Wrong(NationalIdProblem.NoSuchDate);
        if (born.Earliest > today) return Wrong(NationalIdProblem.FutureDate);
        var first = digits[..OldLength];
        if (digits.Length == OldLength)
        {
            if (!OldCheckDigitFits(first)) return Wrong(NationalIdProblem.OldCheckDigit);
            return new NationalIdReading(Complete(first), null, !born.IsWhole, Converted: true);
        }
        if (digits[11] - '0' != LuhnDigit(first)) return Wrong(NationalIdProblem.FirstCheckDigit);
        if (digits[12] - '0' != VerhoeffDigit(first)) return Wrong(NationalIdProblem.SecondCheckDigit);
        return new NationalIdReading(new NationalId(digits), null, !born.IsWhole);
    }

    /// <summary>Adds the two check digits to the eleven digits of a date and an order.</summary>
    internal static NationalId Complete(string first) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{first}{LuhnDigit(first)}{VerhoeffDigit(first)}"));

    internal static int LuhnDigit(ReadOnlySpan<char> digits)
    {
        var total = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var value = digits[^(i + 1)] - '0';
            if (i % 2 == 0) value *= 2;
            total += value > 9 ? value - 9 : value;
        }
        return (10 - (total % 10)) % 10;
    }

    internal static int VerhoeffDigit(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
            check = Dihedral[check][Permutation[(i + 1) % 8][digits[^(i + 1)] - '0'] - '0'] - '0';
        return Inverse[check] - '0';
    }

    /// <summary>Two rules: 11 − r, and 12 − r for dates whose orders ran out (RGD 21.12.1987 art. 1).</summary>
    private static bool OldCheckDigitFits(string first)
    {
        var rest = OldWeights.Select((weight, i) => weight * (first[i] - '0')).Sum() % 11;
        var digit = first[10] - '0';
        var byFirstRule = rest switch { 0 => 0, 1 => -1, _ => 11 - rest };
        var bySecondRule = rest switch { 0 => 1, 1 => 0, 2 => -1, _ => 12 - rest };
        return digit == byFirstRule || digit == bySecondRule;
    }

    private static NationalIdReading Wrong(NationalIdProblem problem) => new(null, problem);
}
