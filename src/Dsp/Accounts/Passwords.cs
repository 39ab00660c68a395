using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dsp.Accounts;

/// <summary>
/// Passwords as they are kept: PBKDF2 over HMAC-SHA-512, 210,000 rounds, a salt of 16 bytes; then sealed with the factor.
/// Checking one for somebody who has none costs the same.
/// </summary>
public static class Passwords
{
    /// <summary>Fewest characters. Length is what counts: no rule about kinds of characters, no forced change.</summary>
    public const int Shortest = 12;

    /// <summary>More are refused, so that nobody buys work with a long text.</summary>
    public const int Longest = 128;

    private const int Rounds = 210_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;

    /// <summary>Hashing takes a tenth of a second of one core: more at once than there are cores would only make all of them wait.</summary>
    private static readonly SemaphoreSlim Working = new(Math.Max(1, Environment.ProcessorCount));

    private static readonly string Nobodys = Written(Rounds, new byte[SaltLength], new byte[HashLength]);

    /// <summary>Long enough, not the name it belongs to, not one character or a run again and again.</summary>
    public static bool IsStrong(string password, string login)
    {
        if (password.Length is < Shortest or > Longest || password.Distinct().Count() < 5) return false;
        var folded = new string([.. password.Where(char.IsLetterOrDigit)]).ToUpperInvariant();
        var name = new string([.. login.Where(char.IsLetterOrDigit)]).ToUpperInvariant();
        return (name.Length == 0 || !folded.Contains(name, StringComparison.Ordinal)) && !CommonPasswords.All.Contains(folded);
    }

    internal static async Task<string> HashAsync(string password, CancellationToken cancel)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return Written(Rounds, salt, await DeriveAsync(password, salt, Rounds, cancel));
    }

    /// <param name="hash">Null: nobody's; the work is done all the same and the answer is no.</param>
    internal static async Task<bool> FitsAsync(string password, string? hash, CancellationToken cancel)
    {
        var parts = (hash ?? Nobodys).Split('$');
        var salt = Convert.FromBase64String(parts[1]);
        var found = await DeriveAsync(password.Length > Longest ? "" : password, salt, int.Parse(parts[0], CultureInfo.InvariantCulture), cancel);
        return CryptographicOperations.FixedTimeEquals(found, Convert.FromBase64String(parts[2])) & hash is not null & password.Length <= Longest;
    }

    private static async Task<byte[]> DeriveAsync(string password, byte[] salt, int rounds, CancellationToken cancel)
    {
        // One form of the same letters: a keyboard may send é as one sign or as two.
        var bytes = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        await Working.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(bytes, salt, rounds, HashAlgorithmName.SHA512, HashLength), cancel);
        }
        finally
        {
            Working.Release();
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static string Written(int rounds, byte[] salt, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
}

/// <summary>Passwords of twelve characters and more that are guessed first; letters and digits alone, upper case.</summary>
internal static class CommonPasswords
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "123456789012", "1234567890123", "123456789123", "123412341234", "ABCDEFGHIJKL", "QWERTYUIOPAS", "QWERTZUIOPAS", "AZERTYUIOPQS", "QWERTYUIOP123", "QWERTZUIOP123",
        "AZERTYUIOP123", "1Q2W3E4R5T6Y", "1QAZ2WSX3EDC", "PASSWORD1234", "PASSWORD12345", "PASSWORDPASSWORD", "MOTDEPASSE12", "MOTDEPASSE123", "MOTDEPASSE1234", "MONMOTDEPASSE",
        "PASSWORT1234", "PASSWORT12345", "MEINPASSWORT", "LUXEMBOURG12", "LUXEMBOURG123", "LUXEMBOURG1234", "LETZEBUERG12", "LETZEBUERG123", "LETMEIN12345", "ILOVEYOU1234",
        "ADMINISTRATOR", "ADMINADMIN123", "BONJOUR12345", "SOLEIL123456", "PORTUGAL1234", "BENFICA12345", "SENHASENHA12", "HALLOHALLO12", "WELCOME12345", "CHANGEME1234",
    };
}
