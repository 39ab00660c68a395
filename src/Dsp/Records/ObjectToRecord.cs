using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Vault;

namespace Dsp.Records;

/// <summary>What an objection led to.</summary>
public enum ObjectionEffect
{
    /// <summary>In the window: the record and its key are gone; a suppression entry remembers not to make it again.</summary>
    Deleted,
    /// <summary>Once open, an objection to sharing closes the record.</summary>
    Closed,
}

/// <summary>
/// The right to oppose (RGD 6.12.2019 art. 3(1)). Before the record opened it is deleted and does not come back with the next
/// affiliation event; the person stays in the directory of people, so that searching tells nobody of the objection.
/// </summary>
public sealed class ObjectToRecord(AccessGate gate, Database database, People people, ServiceKeys keys, IContentStore contents, TimeProvider clock) : IOperation
{
    /// <param name="note">An agent: the letter's reference.</param>
    public Task<Outcome<ObjectionEffect>> RunAsync(Caller caller, RecordRef record, CancellationToken cancel, string? note = null) =>
        RecordAct.RunAsync<ObjectionEffect>(gate, RecordAct.Request(caller, record, AccessAction.Close, JournalActions.Object, note), async permit =>
        {
            if (permit.Sheet.State == RecordState.Closed) return Refusals.RecordClosed;
            if (permit.Sheet.StateAt(permit.Now) is not (RecordState.Created or RecordState.PendingWindow))
            {
                var closing = new Batch();
                var reason = caller.Kind == CallerKind.Person ? ClosureReason.Holder : ClosureReason.Form;
                await permit.ChangeSheetAsync(Closing.Apply(permit, closing, keys, clock, reason, caller.Person, note), closing, cancel);
                return ObjectionEffect.Closed;
            }
            var holder = await people.FindAsync(database, permit.Sheet.Holder, cancel) ?? throw new SealBrokenException("A record's holder is missing");
            var batch = new Batch();
            Suppressions.Add(batch, keys, holder.Details, permit.Now);
            People.SetRecord(batch, holder.Id, null, instead: permit.Record);
            RecordRows.DestroyData(batch, permit.Record, permit.Now);
            RecordRows.DestroyRecord(batch, permit.Record);
            // The objector's own name does not stay behind; an agent who enters a letter is named.
            permit.Entry = permit.Entry with { Person = caller.Kind == CallerKind.Agent ? caller.Person : null, Detail = $"record {permit.Record}" };
            await permit.DestroyAsync(batch, cancel);
            await RecordRows.RemoveContentsAsync(database, contents, permit.Record, cancel);
            return ObjectionEffect.Deleted;
        }, cancel);
}
