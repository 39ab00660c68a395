using Dsp.Access;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>The holder reads the letters and notices of the own record, newest first.</summary>
public sealed class ReadNotices(AccessGate gate) : IOperation
{
    public Task<Outcome<IReadOnlyList<Notice>>> RunAsync(Caller caller, RecordId record, CancellationToken cancel) =>
        RecordAct.RunAsync<IReadOnlyList<Notice>>(gate, new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ReadState, JournalActions.ReadState), async permit =>
        {
            // Notices are the holder's post: a representative reads the state, not the letters.
            if (!permit.Facts.IsHolder) return Refusals.RoleMayNot;
            var batch = new Batch();
            var rows = Notice.Query(batch, permit.Record);
            await permit.SpendAsync(batch, cancel);
            return rows.Rows.Select(row => Notice.Open(permit.Key, row.Id, row.Sealed)).ToList();
        }, cancel);
}
