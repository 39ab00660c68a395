using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity.Software;

/// <summary>How a client proves itself.</summary>
public enum ClientKind
{
    /// <summary>Runs at a person's: holds no secret, proves nothing but its redirect address and PKCE.</summary>
    Public,
    /// <summary>Holds a private key, or a certificate, whose public part is registered.</summary>
    Confidential,
}

/// <summary>
/// A software as the protocols know it (A909 art. 11). Whose it is and who answers for it stands in its row of the directory
/// (<see cref="SystemRow"/>), its suspension too.
/// </summary>
/// <param name="KeySet">Its public keys and certificates, a JWK set (RFC 7517); null for a public client.</param>
/// <param name="Redirects">Addresses a code may be sent to, compared as text; separated by spaces.</param>
/// <param name="Scopes">The most it may ask for, separated by spaces.</param>
/// <param name="Description">What it does, in the owner's words; shown to the people who are asked.</param>
/// <param name="TestedAt">When its test phase began.</param>
/// <param name="AttestedAt">When the agency attested it; before that it opens nothing on a real installation.</param>
public sealed record ClientRow(
    string ClientId, SystemId System, ClientKind Kind, string? KeySet, string Redirects, string Scopes, string Description,
    DateTimeOffset RegisteredAt, DateTimeOffset? TestedAt, DateTimeOffset? AttestedAt)
{
    public const string Columns = "c.client_id, c.system_id, c.kind, c.key_set, c.redirects, c.scopes, c.description, c.registered_at, c.tested_at, c.attested_at, c.mac";
    public const int Width = 11;

    public IReadOnlyList<string> RedirectList => Redirects.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<string> ScopeList => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public byte[] Mac(ServiceKeys keys) => keys.RowMac("clients", ClientId, System.Value, Kind.ToString(), KeySet, Redirects, Scopes, Description, RegisteredAt, TestedAt, AttestedAt);

    /// <returns>Null where there is no row, or its MAC does not fit.</returns>
    public static ClientRow? Read(Row row, int at, ServiceKeys keys)
    {
        if (row.IsNull(at) || !Enum.TryParse<ClientKind>(row.Text(at + 2), out var kind)) return null;
        var read = new ClientRow(row.Text(at), new(row.Guid(at + 1)), kind, row.TextOrNull(at + 3), row.Text(at + 4), row.Text(at + 5), row.Text(at + 6),
            row.Instant(at + 7), row.InstantOrNull(at + 8), row.InstantOrNull(at + 9));
        return ProfessionalRow.Fits(read.Mac(keys), row.Bytes(at + 10)) ? read : null;
    }
}

/// <summary>A client with the software it is: both rows' MACs fit.</summary>
public sealed record RegisteredClient(ClientRow Client, SystemRow System)
{
    /// <summary>Registered, in test, attested or suspended, at an instant.</summary>
    public ClientState StateAt(DateTimeOffset now) =>
        System.SuspendedAt is { } suspended && now >= suspended ? ClientState.Suspended
        : Client.AttestedAt is { } attested && now >= attested ? ClientState.Attested
        : Client.TestedAt is { } tested && now >= tested ? ClientState.InTest
        : ClientState.Registered;

    /// <summary>A real installation lets attested software in; one that holds invented people, software in its test phase too.</summary>
    public bool MayEnterAt(DateTimeOffset now, bool demo) => StateAt(now) is var state && (state == ClientState.Attested || (demo && state == ClientState.InTest));
}

/// <summary>The phases of a connected software (A909 art. 11).</summary>
public enum ClientState { Registered, InTest, Attested, Suspended }

internal static class ClientStatements
{
    public static Batch Put(this Batch batch, ClientRow row, ServiceKeys keys) => batch.Add(
        """
        INSERT INTO clients (client_id, system_id, kind, key_set, redirects, scopes, description, registered_at, tested_at, attested_at, mac)
        VALUES (@client, @system, @kind, @keys, @redirects, @scopes, @description, @registered, @tested, @attested, @mac)
        ON CONFLICT (client_id) DO UPDATE SET system_id = @system, kind = @kind, key_set = @keys, redirects = @redirects, scopes = @scopes,
          description = @description, registered_at = @registered, tested_at = @tested, attested_at = @attested, mac = @mac
        """,
        ("client", row.ClientId), ("system", row.System), ("kind", row.Kind.ToString()), ("keys", row.KeySet), ("redirects", row.Redirects), ("scopes", row.Scopes),
        ("description", row.Description), ("registered", row.RegisteredAt), ("tested", row.TestedAt), ("attested", row.AttestedAt), ("mac", row.Mac(keys)));
}
