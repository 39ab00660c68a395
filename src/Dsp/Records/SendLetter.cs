using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>The agency sends the letter of creation by hand; what the clock does by itself is <see cref="SendDueLetters"/>. RGD 6.12.2019 art. 2(3)(4).</summary>
public sealed class SendLetter(AccessGate gate, Database database, People people, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <returns>The state with the date on which professionals may use the record; refused where the letter was sent before.</returns>
    public Task<Outcome<RecordView>> RunAsync(Caller caller, RecordRef record, CancellationToken cancel) =>
        RecordAct.RunAsync<RecordView>(gate, new AccessRequest(caller, record, AccessAction.Administer, JournalActions.SendLetter), async permit =>
        {
            var holder = await people.FindAsync(database, permit.Sheet.Holder, cancel) ?? throw new SealBrokenException("A record's holder is missing");
            var batch = new Batch();
            if (RecordNotices.Letter(permit, batch, keys, holder.Details, Ids.New(clock)) is not { } next) return Refusals.StateForbids;
            await permit.ChangeSheetAsync(next, batch, cancel);
            return RecordView.Of(permit.Record, next, permit.Now);
        }, cancel);
}
