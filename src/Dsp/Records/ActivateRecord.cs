using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>The holder activates the record: from then on professionals need not wait for T1. RGD 6.12.2019 art. 3(2).</summary>
public sealed class ActivateRecord(AccessGate gate) : IOperation
{
    public Task<Outcome<RecordView>> RunAsync(Caller caller, RecordId record, CancellationToken cancel) =>
        RecordAct.RunAsync<RecordView>(gate, new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ManageRights, JournalActions.Activate), async permit =>
        {
            if (permit.Sheet.State is RecordState.Active or RecordState.Closed) return Refusals.StateForbids;
            var next = permit.Sheet with { State = RecordState.Active, ActivatedAt = permit.Now };
            await permit.ChangeSheetAsync(next, new Batch(), cancel);
            return RecordView.Of(permit.Record, next, permit.Now);
        }, cancel);
}
