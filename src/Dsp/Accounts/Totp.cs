using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Dsp.Accounts;

/// <summary>Time-based one-time passwords (RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds, one step either side.</summary>
public static class Totp
{
    public const int KeyLength = 20;
    private const int StepSeconds = 30;
    private const int Digits = 6;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyLength);

    /// <summary>The code an application shows at that instant.</summary>
    public static string CodeAt(ReadOnlySpan<byte> key, DateTimeOffset at) => Code(key, StepOf(at));

    /// <summary>
    /// The time step whose code this is, later than the last one used; null where it is none. Every step of the window is
    /// computed and compared, so that the time says nothing.
    /// </summary>
    internal static long? StepOf(ReadOnlySpan<byte> key, string code, long lastStep, DateTimeOffset now)
    {
        var typed = Digits == code.Length ? code : new string('x', Digits);
        long? found = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1; step++)
        {
            var fits = CryptographicOperations.FixedTimeEquals(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Code(key, step).AsSpan()), System.Runtime.InteropServices.MemoryMarshal.AsBytes(typed.AsSpan()));
            if (fits && step > lastStep && found is null) found = step;
        }
        return found;
    }

    /// <summary>What an application reads from the picture. It names nobody: whoever sees the screen learns a key, not whose.</summary>
    public static string Address(ReadOnlySpan<byte> key) => $"otpauth://totp/DSP?secret={KeyText(key)}&issuer=DSP";

    /// <summary>The key as it is typed where no picture can be read.</summary>
    public static string KeyText(ReadOnlySpan<byte> key)
    {
        var text = new System.Text.StringBuilder(key.Length * 8 / 5);
        var (buffer, bits) = (0, 0);
        foreach (var value in key)
        {
            (buffer, bits) = ((buffer << 8) | value, bits + 8);
            while (bits >= 5) text.Append(Base32[(buffer >> (bits -= 5)) & 31]);
            buffer &= (1 << bits) - 1;
        }
        return text.ToString();
    }

    private static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepSeconds;

    private static string Code(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238 as every application speaks it; HMAC-SHA-1 as a keyed function is sound.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var value = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0x0f)..]) & 0x7fffffff;
        return (value % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
