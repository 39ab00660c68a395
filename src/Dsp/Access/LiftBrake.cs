using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>Somebody, or a software, whose access waits for the agency.</summary>
/// <param name="Name">As the directory names them; empty where it does not any more.</param>
public sealed record StoppedActor(Guid Actor, string Name, DateTimeOffset StoppedAt);

/// <summary>Lists whose access the brake has stopped, oldest first.</summary>
public sealed class ListStopped(Database database, ServiceKeys keys) : IOperation
{
    public async Task<IReadOnlyList<StoppedActor>> RunAsync(CancellationToken cancel)
    {
        var rows = await database.QueryAsync(row => (Brake: BrakeRow.Read(row, keys), Name: row.TextOrNull(5) ?? row.TextOrNull(6) ?? ""),
            $"""
            SELECT {BrakeRow.Columns}, p.given || ' ' || p.family, s.name
            FROM   brakes b
                   LEFT JOIN professionals p ON p.person_id = b.actor_id
                   LEFT JOIN systems s ON s.system_id = b.actor_id
            ORDER BY b.stopped_at, b.actor_id
            """, cancel);
        return [.. rows.Where(r => r.Brake is not { LiftedAt: not null, Genuine: true }).Select(r => new StoppedActor(r.Brake.Actor, r.Name, r.Brake.StoppedAt))];
    }
}

/// <summary>An agent in function lets somebody in again whom the brake stopped; from then on openings count anew. The journal names the agent.</summary>
public sealed class LiftBrake(CallerGate gate, Database database, ServiceKeys keys, JournalWriter journal) : IOperation
{
    /// <returns>Refused where nobody of this id is stopped.</returns>
    public async Task<Outcome<Done>> RunAsync(Caller caller, Guid actor, CancellationToken cancel)
    {
        var entered = await gate.EnterAsync(caller, AccessAction.Administer, JournalActions.Identity, cancel, detail: Acts.Detail("access let in again", Ids.Text(actor)));
        if (entered.Refusal is { } refusal) return refusal;
        if (entered.Actor.AgentNumber is not { } number) return Refusals.RoleMayNot;
        var rows = await database.QueryAsync(row => BrakeRow.Read(row, keys), $"SELECT {BrakeRow.Columns} FROM brakes b WHERE b.actor_id = @actor", cancel, ("actor", actor));
        var batch = new Batch();
        var found = rows is [{ } row, ..] && row is not { LiftedAt: not null, Genuine: true } ? row : null;
        found?.With(entered.Entry.At, number).Put(batch, keys);
        journal.Add(batch, found is null ? entered.Entry with { Permitted = false, Rule = Refusals.NotFound.Id } : entered.Entry, null);
        await database.CommitAsync(batch, cancel);
        return found is null ? Refusals.NotFound : new Done();
    }
}
