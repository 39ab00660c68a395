using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>The conservatory measure of RGD 6.12.2019 art. 11: the software's next call is refused, until it is resumed.</summary>
public sealed class SuspendSystem(CallerGate callers, Database database, ServiceKeys keys, JournalWriter journal, TimeProvider clock) : IOperation
{
    /// <param name="suspended">False resumes.</param>
    public async Task<Outcome<Done>> RunAsync(Caller caller, SystemId system, bool suspended, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.Administer, JournalActions.Identity, cancel, detail: $"system {system} {(suspended ? "suspended" : "resumed")}");
        if (entered.Refusal is not null) return entered.Refusal;
        // A software does not judge software: this is the agency's act.
        if (caller.Kind != CallerKind.Agent) return Refusals.RoleMayNot;
        var found = await database.QueryAsync(row => SystemRow.Read(row, 0, keys), $"SELECT {SystemRow.Columns} FROM systems s WHERE s.system_id = @system", cancel, ("system", system));
        if (found.Count == 0 || found[0] is not { } row) return Refusals.NotFound;
        var batch = new Batch().Put(row with { SuspendedAt = suspended ? row.SuspendedAt ?? clock.Now() : null }, keys);
        journal.Add(batch, entered.Entry, null);
        await database.CommitAsync(batch, cancel);
        return new Done();
    }
}
