using System.Text.Json;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>By what a person proves to be the one whose account it is.</summary>
public enum FactorKind
{
    Password,
    /// <summary>A code of six digits from an application (RFC 6238).</summary>
    Totp,
    /// <summary>A list of ten codes that came by post.</summary>
    Codes,
    /// <summary>A resident key on a device that verified its user: it counts as two factors.</summary>
    Passkey,
    /// <summary>The certificate of a card, known by its issuer and number.</summary>
    Card,
    /// <summary>A subject of an external identity provider.</summary>
    External,
}

/// <summary>What a factor keeps; sealed under the identity key. Which parts there are depends on the kind.</summary>
public sealed record FactorSecret
{
    /// <summary>Password: salt and hash, one-way.</summary>
    public string? Hash { get; init; }

    /// <summary>Application: the shared key of 20 bytes.</summary>
    public byte[]? Key { get; init; }

    /// <summary>Application: the last time step that was used; that one and older ones never work again.</summary>
    public long LastStep { get; init; }

    /// <summary>List: the keyed tokens of the codes not used yet.</summary>
    public IReadOnlyList<byte[]>? Left { get; init; }

    /// <summary>Passkey: its credential.</summary>
    public PasskeyCredential? Passkey { get; init; }

    /// <summary>What the person reads in the list of factors.</summary>
    public string? Label { get; init; }
}

/// <summary>The public part of a passkey, as it was registered, with the counter of its last use.</summary>
public sealed record PasskeyCredential(byte[] Id, byte[] PublicKey, uint SignCount, IReadOnlyList<string> Transports, bool BackupEligible, bool BackedUp, DateTimeOffset CreatedAt);

/// <summary>One factor of one person.</summary>
/// <param name="OpenedAt">When a second channel confirmed it; before, it opens nothing.</param>
public sealed record FactorRow(PersonId Person, Guid Id, FactorKind Kind, byte[]? Lookup, long Version, DateTimeOffset AddedAt, DateTimeOffset? OpenedAt, FactorSecret Secret)
{
    internal const string Columns = "f.person_id, f.factor_id, f.kind, f.lookup, f.version, f.added_at, f.opened_at, f.sealed, f.mac";

    public bool IsOpen => OpenedAt is not null;

    /// <returns>Null for a row whose MAC does not fit: it does not exist.</returns>
    internal static FactorRow? Read(Row row, ServiceKeys keys)
    {
        if (!Enum.TryParse<FactorKind>(row.Text(2), out var kind)) return null;
        var (person, id, lookup, version, bytes) = (new PersonId(row.Guid(0)), row.Guid(1), row.BytesOrNull(3), row.Long(4), row.Bytes(7));
        var (added, opened) = (row.Instant(5), row.InstantOrNull(6));
        if (!keys.RowMacFits(row.Bytes(8), "factors", Authenticated(person, id, kind, lookup, version, added, opened, bytes))) return null;
        return new FactorRow(person, id, kind, lookup, version, added, opened, JsonSerializer.Deserialize(keys.OpenIdentity("factors", id, version, bytes), AccountJson.Default.FactorSecret)!);
    }

    internal void Add(Batch batch, ServiceKeys keys)
    {
        var (bytes, mac) = Seal(keys);
        batch.Add("INSERT INTO factors (person_id, factor_id, kind, lookup, version, added_at, opened_at, sealed, mac) VALUES (@person, @factor, @kind, @lookup, @version, @added, @opened, @sealed, @mac)",
            ("person", Person), ("factor", Id), ("kind", Kind.ToString()), ("lookup", Lookup), ("version", Version), ("added", AddedAt), ("opened", OpenedAt), ("sealed", bytes), ("mac", mac));
    }

    /// <summary>Replaces the factor where it is still at the version read: of two uses of one code, one is kept.</summary>
    internal void Change(Batch batch, ServiceKeys keys, FactorSecret after, DateTimeOffset? opened)
    {
        var next = this with { Version = Version + 1, Secret = after, OpenedAt = opened };
        var (bytes, mac) = next.Seal(keys);
        batch.Add(new Statement("UPDATE factors SET version = @version, opened_at = @opened, sealed = @sealed, mac = @mac WHERE person_id = @person AND factor_id = @factor AND version = @before",
            [("version", next.Version), ("opened", opened), ("sealed", bytes), ("mac", mac), ("person", Person), ("factor", Id), ("before", Version)])
        { Changes = 1 });
    }

    internal void Use(Batch batch, ServiceKeys keys, FactorSecret after) => Change(batch, keys, after, OpenedAt);

    internal void Remove(Batch batch) =>
        batch.Add(new Statement("DELETE FROM factors WHERE person_id = @person AND factor_id = @factor", [("person", Person), ("factor", Id)]) { Changes = 1 });

    private (byte[] Sealed, byte[] Mac) Seal(ServiceKeys keys)
    {
        var bytes = keys.SealIdentity("factors", Id, Version, JsonSerializer.SerializeToUtf8Bytes(Secret, AccountJson.Default.FactorSecret));
        return (bytes, keys.RowMac("factors", Authenticated(Person, Id, Kind, Lookup, Version, AddedAt, OpenedAt, bytes)));
    }

    private static object?[] Authenticated(PersonId person, Guid id, FactorKind kind, byte[]? lookup, long version, DateTimeOffset added, DateTimeOffset? opened, byte[] bytes) =>
        [person.Value, id, kind.ToString(), lookup is null ? null : Convert.ToHexString(lookup), version, added, opened, Convert.ToHexString(bytes)];
}
