using System.Text;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity.Software;

/// <summary>What a software was allowed by a person, or as itself. Its id is the session's: when that ends, everything issued under it ends.</summary>
/// <param name="Subject">The person, or the system.</param>
public sealed record GrantRow(Guid Id, string ClientId, string Subject, string Status, string Scopes, DateTimeOffset CreatedAt)
{
    internal const string Columns = "g.grant_id, g.client_id, g.subject, g.status, g.scopes, g.created_at, g.mac";

    internal byte[] Mac(ServiceKeys keys) => keys.RowMac("oauth_grants", Id, ClientId, Subject, Status, Scopes, CreatedAt);

    internal static GrantRow? Read(Row row, ServiceKeys keys)
    {
        var read = new GrantRow(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Instant(5));
        return ProfessionalRow.Fits(read.Mac(keys), row.Bytes(6)) ? read : null;
    }
}

/// <summary>A code, a refresh token, a pushed request or an access token that was issued.</summary>
/// <param name="Reference">Hash of the text that stands for it, where one does.</param>
/// <param name="Payload">The token itself, where only its reference was handed out; sealed at rest.</param>
/// <param name="Version">Counts the changes: two that redeem the same token at once do not both succeed.</param>
public sealed record IssuedRow(
    Guid Id, Guid? Grant, string? ClientId, string? Subject, string Kind, string Status, string? Reference,
    DateTimeOffset? CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RedeemedAt, string? Payload, long Version)
{
    internal const string Columns = "t.token_id, t.grant_id, t.client_id, t.subject, t.kind, t.status, t.reference, t.created_at, t.expires_at, t.redeemed_at, t.sealed, t.version, t.mac";

    internal byte[] Mac(ServiceKeys keys) => keys.RowMac("oauth_tokens", Id, Grant, ClientId, Subject, Kind, Status, Reference, CreatedAt, ExpiresAt, RedeemedAt, Version);

    internal byte[]? Sealed(ServiceKeys keys) => Payload is null ? null : keys.SealIdentity("oauth_tokens", Id, 0, Encoding.UTF8.GetBytes(Payload));

    internal static IssuedRow? Read(Row row, ServiceKeys keys)
    {
        var id = row.Guid(0);
        var read = new IssuedRow(id, row.GuidOrNull(1), row.TextOrNull(2), row.TextOrNull(3), row.Text(4), row.Text(5), row.TextOrNull(6),
            row.InstantOrNull(7), row.InstantOrNull(8), row.InstantOrNull(9), null, row.Long(11));
        if (!ProfessionalRow.Fits(read.Mac(keys), row.Bytes(12))) return null;
        try
        {
            return row.BytesOrNull(10) is { } payload ? read with { Payload = Encoding.UTF8.GetString(keys.OpenIdentity("oauth_tokens", id, 0, payload)) } : read;
        }
        catch (SealBrokenException)
        {
            return null;
        }
    }
}
