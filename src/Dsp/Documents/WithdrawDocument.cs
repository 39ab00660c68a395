using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>Why a document is withdrawn.</summary>
public enum WithdrawalReason
{
    /// <summary>The author takes back an own item (A909 art. 6(5)).</summary>
    Author,
    /// <summary>« Mauvais patient »: quarantined at once for everyone (domain 1.9).</summary>
    WrongPatient,
}

/// <summary>
/// Withdraws a document: its author, or for a wrong patient also the holder and the agency. It is never found again; its
/// bytes and provenance stay until retention ends. A wrong-patient document is absent for everyone from that instant.
/// </summary>
public sealed class WithdrawDocument(AccessGate gate, Alarms alarms, TimeProvider clock) : IOperation
{
    public async Task<Outcome<DocumentState>> RunAsync(Caller caller, RecordId? record, DocumentId id, WithdrawalReason reason, CancellationToken cancel)
    {
        var action = caller.Kind switch
        {
            CallerKind.Person when reason == WithdrawalReason.WrongPatient => AccessAction.ManageRights,
            CallerKind.Agent => AccessAction.Administer,
            _ => AccessAction.Rectify,
        };
        for (var attempt = 1; ; attempt++)
        {
            var item = new DocumentItem(id, alarms, clock);
            var entered = await gate.EnterAsync(
                new AccessRequest(caller, record is { } r ? new RecordRef.ById(r) : new RecordRef.ByObject(id.Value), action, JournalActions.Withdraw) { Item = item, Documents = [id], Detail = reason.ToString() }, cancel);
            if (entered.Permit is not { } permit) return entered.Refusal!;
            using var _ = permit;
            try
            {
                var document = item.Document!;
                if (document.State.Status != DocumentStatus.Current)
                {
                    await permit.GiveUpAsync(Refusals.TargetNotCurrent, cancel);
                    return Refusals.TargetNotCurrent;
                }
                var state = new DocumentState(DocumentStatus.Withdrawn, permit.Now, Reason: reason.ToString(), By: permit.Entry.Person);
                // Its facts and words go with it, at once and for good (domain 1.9).
                var batch = new Batch().Add(DocumentRow.ChangeState(permit.Key, document, state))
                    .Add("DELETE FROM document_facts WHERE record_id = @record AND document_id = @document", ("record", permit.Record), ("document", id))
                    .Add(WaitingReadings.Remove(permit.Record, id))
                    .Add(ReportRow.Remove(permit.Record, id));
                if (reason == WithdrawalReason.WrongPatient)
                    await permit.ChangeSheetAsync(permit.Sheet with { Quarantined = [.. permit.Sheet.Quarantined, id] }, batch, cancel);
                else
                    await permit.SpendAsync(batch, cancel);
                return state;
            }
            catch (SheetChangedException)
            {
                permit.Faulted = true;
                if (attempt == 3) return Refusals.SheetChanged;
            }
            catch
            {
                permit.Faulted = true;
                throw;
            }
        }
    }
}
