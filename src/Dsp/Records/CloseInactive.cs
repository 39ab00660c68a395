using Dsp.Access;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// The job that closes a record nobody used for ten years (RGD 6.12.2019 art. 4(4)). Use is read from the journal: the newest
/// entry of any kind counts, creation where there is none, so that a doubt keeps a record open. By lease.
/// </summary>
public sealed class CloseInactive(Database database, ClockGate gate, ServiceKeys keys, Leases leases, TimeProvider clock) : IOperation
{
    private const long Page = 500;

    /// <returns>How many were closed; 0 while another node is at it.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        await using var lease = await leases.TakeAsync("inactivity", TimeSpan.FromMinutes(5), cancel);
        if (lease is null) return 0;
        var now = clock.Now();
        // Two days of slack over the calendar's edges; the exact term is computed per record.
        var candidates = Deadlines.AddYears(now, -Deadlines.InactivityYears) + TimeSpan.FromDays(2);
        var closed = 0;
        for (var after = Guid.Empty; ;)
        {
            var page = await database.QueryAsync(row => (Record: row.Guid(0), Created: row.Instant(1), Used: row.InstantOrNull(2)),
                """
                SELECT r.record_id, r.created_at, (SELECT MAX(j.written_at) FROM journal_entries j WHERE j.record_id = r.record_id)
                FROM   records r
                WHERE  r.created_at <= @candidates AND r.record_id > @after
                ORDER  BY r.record_id LIMIT @page
                """, cancel, ("candidates", candidates), ("after", after), ("page", Page));
            foreach (var (record, created, used) in page)
            {
                var last = used is { } u && u > created ? u : created;
                if (now >= Deadlines.AddYears(last, Deadlines.InactivityYears) && await CloseAsync(new RecordId(record), last, lease, cancel)) closed++;
            }
            if (page.Count < Page) return closed;
            after = page[^1].Record;
        }
    }

    private async Task<bool> CloseAsync(RecordId record, DateTimeOffset last, Lease lease, CancellationToken cancel)
    {
        using var permit = await gate.EnterAsync(record, JournalActions.Close, "inactivity", cancel);
        if (permit is null) return false;
        permit.Faulted = true;
        if (permit.Sheet.State == RecordState.Closed) return false;
        permit.Entry = permit.Entry with { Detail = $"inactivity, last used {Instants.Text(last)}" };
        var batch = lease.Hold(new Batch());
        try
        {
            await permit.ChangeSheetAsync(Closing.Apply(permit, batch, keys, clock, ClosureReason.Inactivity, null, null), batch, cancel);
            return true;
        }
        catch (SheetChangedException)
        {
            // Somebody used the record at this moment, or the lease was lost: it is not inactive.
            return false;
        }
    }
}
