using System.Security.Cryptography;
using Dsp.Sealing;

namespace Dsp.Identity;

/// <summary>The identifier systems of the affinity domain and how one of their values becomes a look-up token.</summary>
public static class Identifiers
{
    /// <summary>National number, 13 digits.</summary>
    public const string NationalNumber = "urn:oid:1.3.182.4.4";

    /// <summary>The agency's patient id, 10 digits: every person has one; the only one of a person without a national number.</summary>
    public const string EHealthId = "urn:oid:1.3.182.2.4.2";

    /// <summary>This product's own root (X.667, from a UUID), so that no production OID is squatted.</summary>
    public const string TestRoot = "2.25.217348095612340987164520931847561203945";

    /// <summary>Register ids of professionals.</summary>
    public const string ProfessionalRegister = $"urn:oid:{TestRoot}.1";

    /// <summary>Register ids of institutions.</summary>
    public const string InstitutionRegister = $"urn:oid:{TestRoot}.2";

    internal const int EHealthIdLength = 10;

    /// <summary>
    /// The token by which the gate finds a record (<c>RecordRef.ByToken</c>): numbers are normalised first, so that 13 digits,
    /// the old 11 and typed spaces lead to the same person, and replaced numbers keep leading there.
    /// </summary>
    /// <param name="today">The day in Luxembourg.</param>
    /// <returns>Null for a value of a form that nobody can have: answer it like an unknown one (<c>RecordRef.Nobody</c>).</returns>
    public static byte[]? TokenOf(ServiceKeys keys, string system, string value, DateOnly today) =>
        Normalise(system, value, today) is { } normal ? TokenOf(keys, new PersonIdentifier(system, normal)) : null;

    internal static byte[] TokenOf(ServiceKeys keys, PersonIdentifier identifier) => keys.Token("identifier", identifier.System, identifier.Value);

    /// <summary>The value as it is kept; null where its form is impossible.</summary>
    public static string? Normalise(string system, string value, DateOnly today)
    {
        switch (system)
        {
            case NationalNumber:
                return NationalId.Read(value, today).Number?.Value;
            case EHealthId:
                var digits = value.Replace(" ", "", StringComparison.Ordinal);
                return digits.Length == EHealthIdLength && digits.All(char.IsAsciiDigit) ? digits : null;
            default:
                var text = value.Trim();
                return text.Length is > 0 and <= 128 && system.Length is > 0 and <= 256 ? text : null;
        }
    }

    /// <summary>A new eHealthID: ten random digits, the first not 0; the unique token refuses the rare double.</summary>
    internal static string NewEHealthId() => RandomNumberGenerator.GetInt32(1, 10) + RandomNumberGenerator.GetString("0123456789", EHealthIdLength - 1);
}
