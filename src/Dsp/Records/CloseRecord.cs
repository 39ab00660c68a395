using Dsp.Access;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// The holder closes the record, online or by a form that an agent enters: at once nothing of it is there for anybody but the
/// holder's state, history and reopening. RGD 6.12.2019 art. 4(1)(6).
/// </summary>
public sealed class CloseRecord(AccessGate gate, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="note">An agent: the form's reference.</param>
    public Task<Outcome<RecordView>> RunAsync(Caller caller, RecordRef record, CancellationToken cancel, string? note = null) =>
        RecordAct.RunAsync<RecordView>(gate, RecordAct.Request(caller, record, AccessAction.Close, JournalActions.Close, note), async permit =>
        {
            if (permit.Sheet.State == RecordState.Closed) return Refusals.RecordClosed;
            var batch = new Batch();
            var reason = caller.Kind == CallerKind.Person ? ClosureReason.Holder : ClosureReason.Form;
            var next = Closing.Apply(permit, batch, keys, clock, reason, caller.Person, note);
            await permit.ChangeSheetAsync(next, batch, cancel);
            return RecordView.Of(permit.Record, next, permit.Now);
        }, cancel);
}
