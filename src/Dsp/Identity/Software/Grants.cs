using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity.Software;

/// <summary>
/// What was allowed and issued to software. Rows carry their MAC: a code set back to unused by whoever writes the database does
/// not exist. Ending a grant ends its session, which every decision looks at.
/// </summary>
public sealed class Grants(Database database, ServiceKeys keys, TimeProvider clock)
{
    public const string Valid = "valid";
    public const string Revoked = "revoked";

    /// <summary>Starts a grant with its session.</summary>
    /// <param name="subject">The person, or the system.</param>
    /// <param name="life">How long anything issued under it can be good.</param>
    public async Task<GrantRow> StartAsync(string clientId, Guid subject, InstitutionId? institution, string scopes, TimeSpan life, CancellationToken cancel)
    {
        var now = clock.Now();
        var session = new SessionRow(SessionId.New(clock), subject, institution, now, now + life, null);
        var grant = new GrantRow(session.Id.Value, clientId, Ids.Text(subject), Valid, scopes, now);
        await database.CommitAsync(Put(new Batch().Put(session, keys), grant), cancel);
        return grant;
    }

    /// <returns>Null where there is none, or its MAC does not fit.</returns>
    public async Task<GrantRow?> FindAsync(Guid grant, CancellationToken cancel) =>
        await database.QueryAsync(row => GrantRow.Read(row, keys), $"SELECT {GrantRow.Columns} FROM oauth_grants g WHERE g.grant_id = @grant", cancel, ("grant", grant)) is [{ } row, ..] ? row : null;

    /// <summary>Ends a grant: its session, and everything issued under it.</summary>
    /// <returns>How many tokens ended.</returns>
    public async Task<int> EndAsync(Guid grant, CancellationToken cancel)
    {
        var batch = new Batch();
        if (await FindAsync(grant, cancel) is { Status: Valid } row) Put(batch, row with { Status = Revoked });
        var sessions = await database.QueryAsync(r => SessionRow.Read(r, 0, keys), $"SELECT {SessionRow.Columns} FROM sessions e WHERE e.session_id = @session", cancel, ("session", grant));
        if (sessions is [{ RevokedAt: null } session, ..]) batch.Put(session with { RevokedAt = clock.Now() }, keys);
        var issued = (await IssuedUnderAsync(grant, cancel)).Where(t => t.Status != Revoked).ToList();
        foreach (var token in issued) Put(batch, token with { Status = Revoked, Version = token.Version + 1 });
        if (batch.Count > 0) await database.CommitAsync(batch, cancel);
        return issued.Count;
    }

    /// <summary>The session of a grant is in force: what is issued under it is good.</summary>
    public async Task<bool> IsInForceAsync(Guid grant, CancellationToken cancel) =>
        await database.QueryAsync(r => SessionRow.Read(r, 0, keys), $"SELECT {SessionRow.Columns} FROM sessions e WHERE e.session_id = @session", cancel, ("session", grant)) is [{ } session, ..]
        && session.InForceAt(clock.Now());

    public Task AddAsync(IssuedRow token, CancellationToken cancel) => database.CommitAsync(Put(new Batch(), token), cancel);

    /// <summary>Keeps a change.</summary>
    /// <param name="token">As it is to be, at the version it was read.</param>
    /// <returns>The row as it is now; null where somebody else changed it first: nothing was kept.</returns>
    public async Task<IssuedRow?> ChangeAsync(IssuedRow token, CancellationToken cancel)
    {
        var next = token with { Version = token.Version + 1 };
        try
        {
            await database.CommitAsync(new Batch().Add(new Statement(
                """
                UPDATE oauth_tokens SET grant_id = @grant, client_id = @client, subject = @subject, kind = @kind, status = @status, reference = @reference,
                       created_at = @created, expires_at = @expires, redeemed_at = @redeemed, version = @version, sealed = @sealed, mac = @mac
                WHERE  token_id = @token AND version = @before
                """,
                [.. Parameters(next), ("before", token.Version)])
            { Changes = 1 }), cancel);
            return next;
        }
        catch (SheetChangedException)
        {
            return null;
        }
    }

    public async Task<IssuedRow?> FindIssuedAsync(Guid token, CancellationToken cancel) =>
        await database.QueryAsync(row => IssuedRow.Read(row, keys), $"SELECT {IssuedRow.Columns} FROM oauth_tokens t WHERE t.token_id = @token", cancel, ("token", token)) is [{ } row, ..] ? row : null;

    public async Task<IssuedRow?> FindReferencedAsync(string reference, CancellationToken cancel) =>
        await database.QueryAsync(row => IssuedRow.Read(row, keys), $"SELECT {IssuedRow.Columns} FROM oauth_tokens t WHERE t.reference = @reference", cancel, ("reference", reference)) is [{ } row, ..] ? row : null;

    public async Task<IReadOnlyList<IssuedRow>> IssuedUnderAsync(Guid grant, CancellationToken cancel) =>
        [.. (await database.QueryAsync(row => IssuedRow.Read(row, keys), $"SELECT {IssuedRow.Columns} FROM oauth_tokens t WHERE t.grant_id = @grant ORDER BY t.token_id", cancel, ("grant", grant))).OfType<IssuedRow>()];

    /// <summary>Forgets what ended before an instant.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancel) => database.CommitAsync(new Batch()
        .Add("DELETE FROM oauth_tokens WHERE expires_at < @before", ("before", before))
        .Add("DELETE FROM oauth_grants WHERE created_at < @before AND NOT EXISTS (SELECT 1 FROM oauth_tokens t WHERE t.grant_id = oauth_grants.grant_id)", ("before", before)), cancel);

    private Batch Put(Batch batch, GrantRow row) => batch.Add(
        """
        INSERT INTO oauth_grants (grant_id, client_id, subject, status, scopes, created_at, mac) VALUES (@grant, @client, @subject, @status, @scopes, @created, @mac)
        ON CONFLICT (grant_id) DO UPDATE SET status = @status, scopes = @scopes, mac = @mac
        """,
        ("grant", row.Id), ("client", row.ClientId), ("subject", row.Subject), ("status", row.Status), ("scopes", row.Scopes), ("created", row.CreatedAt), ("mac", row.Mac(keys)));

    private Batch Put(Batch batch, IssuedRow row) => batch.Add(
        """
        INSERT INTO oauth_tokens (token_id, grant_id, client_id, subject, kind, status, reference, created_at, expires_at, redeemed_at, version, sealed, mac)
        VALUES (@token, @grant, @client, @subject, @kind, @status, @reference, @created, @expires, @redeemed, @version, @sealed, @mac)
        ON CONFLICT (token_id) DO UPDATE SET status = @status, version = @version, mac = @mac
        """,
        Parameters(row));

    private (string, object?)[] Parameters(IssuedRow row) =>
    [
        ("token", row.Id), ("grant", row.Grant), ("client", row.ClientId), ("subject", row.Subject), ("kind", row.Kind), ("status", row.Status), ("reference", row.Reference),
        ("created", row.CreatedAt), ("expires", row.ExpiresAt), ("redeemed", row.RedeemedAt), ("version", row.Version), ("sealed", row.Sealed(keys)), ("mac", row.Mac(keys)),
    ];
}
