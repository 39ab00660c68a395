using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>State and dates of a record, for its holder (while closed too), a representative, or an agent of the agency.</summary>
public sealed class ReadRecordState(AccessGate gate, Database database) : IOperation
{
    /// <summary>The caller's own record, or the one their token is for.</summary>
    public async Task<Outcome<RecordView>> OwnAsync(Caller caller, CancellationToken cancel) =>
        await RunAsync(caller, caller.OnlyRecord is { } only ? new RecordRef.ById(only) : await Acts.OwnRecordAsync(database, caller, cancel), cancel);

    public Task<Outcome<RecordView>> RunAsync(Caller caller, RecordRef record, CancellationToken cancel) =>
        RecordAct.RunAsync<RecordView>(gate, RecordAct.Request(caller, record, AccessAction.ReadState, caller.Kind == CallerKind.Agent ? JournalActions.CheckAccount : JournalActions.ReadState), async permit =>
        {
            await permit.SpendAsync(new Batch(), cancel);
            return RecordView.Of(permit.Record, permit.Sheet, permit.Now);
        }, cancel);
}
