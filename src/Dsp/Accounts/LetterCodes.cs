using System.Security.Cryptography;

namespace Dsp.Accounts;

/// <summary>Codes that travel on paper: symbols that are not taken for one another (no 0, O, 1, I), in groups of four.</summary>
public static class LetterCodes
{
    private const string Symbols = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const int LetterLength = 12;
    private const int ListLength = 8;

    /// <summary>How many codes a posted list has.</summary>
    public const int OfAList = 10;

    /// <summary>Sixty bits.</summary>
    internal static string NewForALetter() => RandomNumberGenerator.GetString(Symbols, LetterLength);

    internal static string NewForAList() => RandomNumberGenerator.GetString(Symbols, ListLength);

    /// <summary>As typed: case, spaces and hyphens do not matter.</summary>
    internal static string Normalised(string typed) => new([.. typed.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '·')).Select(char.ToUpperInvariant).Take(64)]);

    /// <summary>As printed.</summary>
    public static string Printed(string code) => string.Join(' ', code.Chunk(4).Select(group => new string(group)));
}
