using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>
/// Begins a session of a person at a place, or of a system: the row that a cookie or a token names and that revocation
/// ends. Whoever calls has established who it is; a session proves nothing by itself.
/// </summary>
public sealed class StartSession(Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="subject">The person's id, or the system's.</param>
    /// <param name="institution">The place a professional acts for.</param>
    /// <param name="life">Until it ends by itself.</param>
    public async Task<SessionId> RunAsync(Guid subject, InstitutionId? institution, TimeSpan life, CancellationToken cancel)
    {
        var now = clock.Now();
        var row = new SessionRow(SessionId.New(clock), subject, institution, now, now + life, null);
        await database.CommitAsync(
            new Batch().Add(
                "INSERT INTO sessions (session_id, subject_id, institution_id, started_at, ends_at, revoked_at, mac) VALUES (@session, @subject, @institution, @started, @ends, NULL, @mac)",
                ("session", row.Id), ("subject", row.Subject), ("institution", row.Institution), ("started", row.StartedAt), ("ends", row.EndsAt), ("mac", row.Mac(keys))),
            cancel);
        return row.Id;
    }
}

/// <summary>Ends a session: signing out, or revoking a token. It acts on the next request.</summary>
public sealed class EndSession(Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <summary>One that is unknown, or ended before, stays as it is.</summary>
    public async Task RunAsync(SessionId session, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(row => SessionRow.Read(row, 0, keys), $"SELECT {SessionRow.Columns} FROM sessions e WHERE e.session_id = @session", cancel, ("session", session));
        if (rows.Count == 0 || rows[0] is not { RevokedAt: null } found) return;
        var ended = found with { RevokedAt = clock.Now() };
        await database.CommitAsync(
            new Batch().Add("UPDATE sessions SET revoked_at = @at, mac = @mac WHERE session_id = @session AND revoked_at IS NULL", ("at", ended.RevokedAt), ("mac", ended.Mac(keys)), ("session", session)), cancel);
    }
}
