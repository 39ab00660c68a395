using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>Sign-in leaves a session that every decision looks at (security 2).</summary>
public sealed class StartSession(Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="subject">The person, or the system a token was issued to.</param>
    public async Task<SessionId> RunAsync(Guid subject, InstitutionId? institution, TimeSpan life, CancellationToken cancel)
    {
        var now = clock.Now();
        var row = new SessionRow(SessionId.New(clock), subject, institution, now, now + life, null);
        await database.CommitAsync(new Batch().Put(row, keys), cancel);
        return row.Id;
    }
}

/// <summary>Ends a session or token: the next decision refuses it.</summary>
public sealed class RevokeSession(Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <returns>Refused where there is no such session; ending it twice keeps the first instant.</returns>
    public async Task<Outcome<Done>> RunAsync(SessionId session, CancellationToken cancel)
    {
        var found = await database.QueryAsync(row => SessionRow.Read(row, 0, keys), $"SELECT {SessionRow.Columns} FROM sessions e WHERE e.session_id = @session", cancel, ("session", session));
        if (found.Count == 0 || found[0] is not { } row) return Refusals.NotFound;
        if (row.RevokedAt is null) await database.CommitAsync(new Batch().Put(row with { RevokedAt = clock.Now() }, keys), cancel);
        return new Done();
    }
}
