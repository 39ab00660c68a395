using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>Within ten years a closed record opens again as it was, in the application or by request. Not after death. RGD 6.12.2019 art. 4(2).</summary>
public sealed class ReopenRecord(AccessGate gate, Database database, People people, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public Task<Outcome<RecordView>> RunAsync(Caller caller, RecordRef record, CancellationToken cancel, string? note = null) =>
        RecordAct.RunAsync<RecordView>(gate, RecordAct.Request(caller, record, AccessAction.Reopen, JournalActions.Reopen, note), async permit =>
        {
            var sheet = permit.Sheet;
            if (sheet.State != RecordState.Closed || sheet.Closure is not { } closure) return Refusals.StateForbids;
            if (closure.Reason == ClosureReason.Death || permit.Now >= closure.DestroyFrom) return Refusals.StateForbids;
            // A death told after the holder closed leaves the closing as it was, and ends reopening.
            if (await people.FindAsync(database, sheet.Holder, cancel) is not { Details.DeathDate: null }) return Refusals.StateForbids;
            var next = sheet with { State = closure.Before, Closure = null };
            var batch = new Batch();
            RecordNotices.Tell(permit, batch, keys, NoticeKind.Reopened, new Dictionary<string, string>(), Ids.New(clock));
            await permit.ChangeSheetAsync(next, batch, cancel);
            return RecordView.Of(permit.Record, next, permit.Now);
        }, cancel);
}
