using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Vault;

namespace Dsp.Records;

/// <summary>What was destroyed, to be certified: the record, and when.</summary>
/// <param name="Complete">False where journal bodies younger than three years keep the key until their time comes (EHDS art. 9(2)).</param>
public sealed record Destruction(RecordId Record, DateTimeOffset At, bool Complete);

/// <summary>
/// The job of T6 (RGD 6.12.2019 art. 4(3)): ten years after closing the data go, and with them their logs, at the later of
/// this day and three years after the entry; then the record's key. Each run stands in the journal under the nil record. By lease.
/// </summary>
public sealed class DestroyExpired(Database database, ClockGate gate, IContentStore contents, People people, Leases leases, TimeProvider clock) : IOperation
{
    /// <summary>Longest life of an access-log line beyond the data it speaks of (EHDS art. 9(2)).</summary>
    private const int LogYears = 3;

    /// <returns>What was destroyed now; empty while another node is at it.</returns>
    public async Task<IReadOnlyList<Destruction>> RunAsync(CancellationToken cancel)
    {
        var done = new List<Destruction>();
        await using var lease = await leases.TakeAsync("destruction", TimeSpan.FromMinutes(5), cancel);
        if (lease is null) return done;
        await foreach (var record in DueRecords.ListAsync(database, clock.Now(), cancel))
        {
            using var permit = await gate.EnterAsync(record, JournalActions.Erase, "destruction", cancel);
            if (permit is null) continue;
            permit.Faulted = true;
            if (permit.Sheet.Closure is not { } closure || permit.Now < closure.DestroyFrom) continue;
            try
            {
                done.Add(await DestroyAsync(permit, lease, cancel));
            }
            catch (SheetChangedException)
            {
                // Reopened at the last moment, or the lease was lost: the next run looks again.
            }
        }
        return done;
    }

    private async Task<Destruction> DestroyAsync(Permit permit, Lease lease, CancellationToken cancel)
    {
        var newest = (await database.QueryAsync(row => row.InstantOrNull(0),
            "SELECT MAX(e.written_at) FROM journal_entries e JOIN journal_bodies b ON b.record_id = e.record_id AND b.entry_id = e.entry_id WHERE e.record_id = @record",
            cancel, ("record", permit.Record)))[0];
        var complete = newest is not { } at || permit.Now >= Deadlines.AddYears(at, LogYears);
        var batch = lease.Hold(new Batch());
        RecordRows.DestroyData(batch, permit.Record, permit.Now);
        if (complete)
        {
            RecordRows.DestroyRecord(batch, permit.Record);
            await ForgetHolderAsync(permit, batch, cancel);
        }
        else
        {
            // Logs of their own age stay readable for the authority until three years are over; nothing else is left to read.
            batch.Add(
                """
                DELETE FROM journal_bodies WHERE record_id = @record AND entry_id IN
                  (SELECT e.entry_id FROM journal_entries e WHERE e.record_id = @record AND e.written_at <= @old)
                """, ("record", permit.Record), ("old", Deadlines.AddYears(permit.Now, -LogYears)));
            batch.Add("UPDATE records SET due_at = @due WHERE record_id = @record", ("due", Deadlines.AddYears(newest!.Value, LogYears)), ("record", permit.Record));
        }
        permit.Entry = permit.Entry with { Detail = $"record {permit.Record}, closed {Instants.Text(permit.Sheet.Closure!.At)}, {(complete ? "complete" : "logs remain")}" };
        await permit.DestroyAsync(batch, cancel);
        await RecordRows.RemoveContentsAsync(database, contents, permit.Record, cancel);
        return new Destruction(permit.Record, permit.Now, complete);
    }

    /// <summary>A living person stays in the directory of people, without a record; after death nothing stays.</summary>
    private async Task ForgetHolderAsync(Permit permit, Batch batch, CancellationToken cancel)
    {
        if (await people.FindAsync(database, permit.Sheet.Holder, cancel) is not { } holder) return;
        if (holder.Details.DeathDate is null)
        {
            People.SetRecord(batch, holder.Id, null, instead: permit.Record);
            return;
        }
        batch.Add("DELETE FROM person_tokens WHERE person_id = @person", ("person", holder.Id));
        batch.Add("DELETE FROM persons WHERE person_id = @person", ("person", holder.Id));
    }
}
