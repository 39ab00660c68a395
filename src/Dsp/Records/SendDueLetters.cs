using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>The job that sends every letter still owed: after affiliation, and after opening on request. By lease, in small commits.</summary>
public sealed class SendDueLetters(Database database, ClockGate gate, People people, ServiceKeys keys, Leases leases, TimeProvider clock) : IOperation
{
    /// <returns>How many letters were sent; 0 while another node is at it.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        await using var lease = await leases.TakeAsync("letters", TimeSpan.FromMinutes(2), cancel);
        if (lease is null) return 0;
        var sent = 0;
        await foreach (var record in DueRecords.ListAsync(database, clock.Now(), cancel))
        {
            using var permit = await gate.EnterAsync(record, JournalActions.SendLetter, "letters", cancel);
            if (permit is null) continue;
            permit.Faulted = true;
            if (permit.Sheet.LetterSentAt is not null || permit.Sheet.State == RecordState.Closed)
            {
                await DueRecords.ForgetPassedWindowAsync(database, permit, cancel);
                continue;
            }
            if (await people.FindAsync(database, permit.Sheet.Holder, cancel) is not { } holder) continue;
            var batch = lease.Hold(new Batch());
            var next = RecordNotices.Letter(permit, batch, keys, holder.Details, Ids.New(clock))!;
            try
            {
                await permit.ChangeSheetAsync(next, batch, cancel);
                sent++;
            }
            catch (SheetChangedException)
            {
                // An act came first, or the lease was lost: the next run looks again.
            }
        }
        return sent;
    }
}
