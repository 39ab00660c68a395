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
/// bytes and provenance stay until retention ends. A wrong-patient document is absent for everyone from that instant. What was
/// signed of it goes with it: a summary that rests on what is no more gives way to the live one.
/// </summary>
public sealed class WithdrawDocument(AccessGate gate, Database database, Alarms alarms, TimeProvider clock) : IOperation
{
    /// <summary>The reason that stands in what was signed of a withdrawn document.</summary>
    public const string SourceWithdrawn = "SourceWithdrawn";

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
                var batch = new Batch();
                Withdraw(batch, permit, document, state);
                var signed = await SignedOfAsync(permit, id, cancel);
                foreach (var made in signed) Withdraw(batch, permit, made, state with { Reason = SourceWithdrawn });
                if (signed.Count > 0) permit.Entry = permit.Entry with { Documents = [id, .. signed.Select(s => s.Id)] };
                // The sheet goes on to its next version in either case: a signature decided before this decides again.
                await permit.ChangeSheetAsync(reason == WithdrawalReason.WrongPatient ? permit.Sheet with { Quarantined = [.. permit.Sheet.Quarantined, id] } : permit.Sheet, batch, cancel);
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

    /// <summary>Its facts and words go with it, at once and for good (domain 1.9).</summary>
    private static void Withdraw(Batch batch, Permit permit, StoredDocument document, DocumentState state) => batch
        .Add(DocumentRow.ChangeState(permit.Key, document, state))
        .Add("DELETE FROM document_facts WHERE record_id = @record AND document_id = @document", ("record", permit.Record), ("document", document.Id))
        .Add(WaitingReadings.Remove(permit.Record, document.Id))
        .Add(ReportRow.Remove(permit.Record, document.Id));

    /// <summary>The current signed summaries, and their items, that were made of this document among others.</summary>
    private async Task<IReadOnlyList<StoredDocument>> SignedOfAsync(Permit permit, DocumentId source, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(DocumentRow.Read, $"SELECT {DocumentRow.MetadataColumns} FROM documents d WHERE d.record_id = @record AND d.status = 'current'", cancel, ("record", permit.Record));
        return [.. rows.Select(r => r.Open(permit.Key, permit.Sheet, alarms, permit.Now)).OfType<StoredDocument>().Where(d => d.Id != source && d.Entry.Facts.Sources?.Any(s => s.Document == source) == true)];
    }
}
