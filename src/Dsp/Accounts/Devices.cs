using System.Security.Cryptography;
using System.Text.Json;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>What a person reads of a device: its browser and system, as the browser named them.</summary>
public sealed record DeviceDetails(string Name);

/// <summary>
/// A browser from which a person has signed in. It is no factor: it only keeps guesses made elsewhere from shutting its person
/// out, and its absence is told.
/// </summary>
public sealed record DeviceRow(PersonId Person, Guid Id, byte[] Token, DateTimeOffset FirstAt, DateTimeOffset LastAt, DeviceDetails Details)
{
    internal const string Columns = "d.person_id, d.device_id, d.token, d.first_at, d.last_at, d.sealed, d.mac";
    private const int SecretLength = 32;
    private const int LongestName = 80;

    /// <summary>The secret a browser keeps in a cookie; the database has its keyed token, another one for every person.</summary>
    internal static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretLength));

    internal static bool IsSecret(string? text) => text is { Length: SecretLength * 2 } && text.All(char.IsAsciiHexDigitLower);

    internal static byte[] TokenOf(ServiceKeys keys, PersonId person, string secret) => keys.Token("device", person.ToString(), secret);

    internal static DeviceRow? Read(Row row, ServiceKeys keys)
    {
        var read = (Person: new PersonId(row.Guid(0)), Id: row.Guid(1), Token: row.Bytes(2), First: row.Instant(3), Last: row.Instant(4), Sealed: row.Bytes(5));
        if (!keys.RowMacFits(row.Bytes(6), "account_devices", read.Person.Value, read.Id, Convert.ToHexString(read.Token), read.First, read.Last, Convert.ToHexString(read.Sealed))) return null;
        return new DeviceRow(read.Person, read.Id, read.Token, read.First, read.Last, JsonSerializer.Deserialize(keys.OpenIdentity("account_devices", read.Id, 0, read.Sealed), AccountJson.Default.DeviceDetails)!);
    }

    /// <summary>A new device, or this one seen again now.</summary>
    internal static DeviceRow Seen(Batch batch, ServiceKeys keys, TimeProvider clock, PersonId person, DeviceRow? known, string secret, string name)
    {
        var now = clock.Now();
        var row = known is null ? new DeviceRow(person, Ids.New(clock), TokenOf(keys, person, secret), now, now, new DeviceDetails(name.Length > LongestName ? name[..LongestName] : name)) : known with { LastAt = now };
        var bytes = keys.SealIdentity("account_devices", row.Id, 0, JsonSerializer.SerializeToUtf8Bytes(row.Details, AccountJson.Default.DeviceDetails));
        var mac = keys.RowMac("account_devices", person.Value, row.Id, Convert.ToHexString(row.Token), row.FirstAt, row.LastAt, Convert.ToHexString(bytes));
        batch.Add(
            """
            INSERT INTO account_devices (person_id, device_id, token, first_at, last_at, sealed, mac) VALUES (@person, @device, @token, @first, @last, @sealed, @mac)
            ON CONFLICT (person_id, device_id) DO UPDATE SET last_at = @last, sealed = @sealed, mac = @mac
            """,
            ("person", person), ("device", row.Id), ("token", row.Token), ("first", row.FirstAt), ("last", row.LastAt), ("sealed", bytes), ("mac", mac));
        return row;
    }
}

/// <summary>A session as its person reads it; whether it is in force stands in the session's own row.</summary>
internal sealed record AccountSessionRow(PersonId Person, SessionId Session, Guid Device, DateTimeOffset StartedAt, DateTimeOffset EndsAt, SignInLevel Level, string Methods)
{
    internal const string Columns = "s.person_id, s.session_id, s.device_id, s.started_at, s.ends_at, s.level, s.methods, s.mac";
    internal const int Width = 8;

    internal static AccountSessionRow? Read(Row row, ServiceKeys keys)
    {
        var read = new AccountSessionRow(new(row.Guid(0)), new(row.Guid(1)), row.Guid(2), row.Instant(3), row.Instant(4), (SignInLevel)row.Long(5), row.Text(6));
        return keys.RowMacFits(row.Bytes(7), "account_sessions", read.Authenticated()) ? read : null;
    }

    internal void Add(Batch batch, ServiceKeys keys) =>
        batch.Add("INSERT INTO account_sessions (person_id, session_id, device_id, started_at, ends_at, level, methods, mac) VALUES (@person, @session, @device, @started, @ends, @level, @methods, @mac)",
            ("person", Person), ("session", Session), ("device", Device), ("started", StartedAt), ("ends", EndsAt), ("level", (long)Level), ("methods", Methods), ("mac", keys.RowMac("account_sessions", Authenticated())));

    private object?[] Authenticated() => [Person.Value, Session.Value, Device, StartedAt, EndsAt, (long)Level, Methods];
}

/// <summary>How surely a session knows its person.</summary>
public enum SignInLevel
{
    None = 0,
    OneFactor = 1,
    /// <summary>Two factors of different kinds, or one that counts as two: what content asks for.</summary>
    TwoFactors = 2,
}
