using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// The date of death arrived, from social security or by certificate: the record closes and does not open again.
/// RGD 6.12.2019 art. 4(5). A record its holder had closed keeps that closing and its date.
/// </summary>
public sealed class RecordDeath(AccessGate gate, Database database, People people, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="source">Where the date comes from: the feed, or the certificate's reference. Journalled.</param>
    public Task<Outcome<RecordView>> RunAsync(Caller caller, RecordRef record, PartialDate died, string source, CancellationToken cancel) =>
        RunAsync(caller, record, died, source, new Batch(), cancel);

    internal Task<Outcome<RecordView>> RunAsync(Caller caller, RecordRef record, PartialDate died, string source, Batch with, CancellationToken cancel) =>
        RecordAct.RunAsync<RecordView>(gate, new AccessRequest(caller, record, AccessAction.Administer, JournalActions.Close) { Detail = $"death, {source}" }, async permit =>
        {
            var holder = await people.FindAsync(database, permit.Sheet.Holder, cancel) ?? throw new SealBrokenException("A record's holder is missing");
            var batch = with.Copy();
            if (holder.Details.DeathDate != died) people.Change(batch, holder, holder.Details with { DeathDate = died });
            if (permit.Sheet.State == RecordState.Closed)
            {
                await permit.SpendAsync(batch, cancel);
                return RecordView.Of(permit.Record, permit.Sheet, permit.Now);
            }
            var next = Closing.Apply(permit, batch, keys, clock, ClosureReason.Death, caller.Person, source);
            await permit.ChangeSheetAsync(next, batch, cancel);
            return RecordView.Of(permit.Record, next, permit.Now);
        }, cancel);
}
