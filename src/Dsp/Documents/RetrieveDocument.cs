using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;
using Dsp.Vault;

namespace Dsp.Documents;

/// <summary>An opened document and its bytes, or the part of them that was asked for.</summary>
/// <param name="Bytes">Pieces of at most 64 KiB, to be read once.</param>
public sealed record OpenedDocument(StoredDocument Document, long Offset, long Count, IAsyncEnumerable<ReadOnlyMemory<byte>> Bytes)
{
    /// <summary>What was read in it, where that was asked for and something was.</summary>
    public OpenedReading? Reading { get; init; }
}

/// <summary>
/// Opens one document's bytes (ITI-43, ITI-68). The journal entry is durable before the first byte. Superseded versions stay
/// retrievable; a withdrawn one is gone for those who could see it, and absent for everyone else.
/// </summary>
public sealed class RetrieveDocument(AccessGate gate, ContentVault vault, Database database, Alarms alarms, TimeProvider clock) : IOperation
{
    /// <param name="record">The record it must be in; null where only the document's id is known.</param>
    /// <param name="range">First byte and count, decided once the length is known; null: all.</param>
    /// <param name="withReading">What was read in the document is opened with it.</param>
    /// <param name="formerByHistory">A superseded document is opened for who may see the record's history only; for others who could have read it, it is gone (standards U4).</param>
    /// <returns><see cref="Refusals.NotFound"/> for absent, hidden and forbidden alike; <see cref="Refusals.RangeNotSatisfiable"/>.</returns>
    public async Task<Outcome<OpenedDocument>> RunAsync(Caller caller, RecordId? record, DocumentId document, Func<long, (long Offset, long Count)?>? range, CancellationToken cancel, bool withReading = false, bool formerByHistory = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OpenOnceAsync(caller, record, document, range, withReading, formerByHistory, cancel);
            }
            catch (SheetChangedException) when (attempt < 3)
            {
                // Decide again on the new sheet.
            }
        }
    }

    private async Task<Outcome<OpenedDocument>> OpenOnceAsync(Caller caller, RecordId? record, DocumentId id, Func<long, (long Offset, long Count)?>? range, bool withReading, bool formerByHistory, CancellationToken cancel)
    {
        var item = new DocumentItem(id, alarms, clock);
        var entered = await gate.EnterAsync(
            new AccessRequest(caller, record is { } r ? new RecordRef.ById(r) : new RecordRef.ByObject(id.Value), AccessAction.Read, JournalActions.Read) { Item = item, Documents = [id] }, cancel);
        if (entered.Permit is not { } permit) return entered.Refusal!;
        using var _ = permit;
        try
        {
            var document = item.Document!;
            if (document.State.Status == DocumentStatus.Withdrawn)
            {
                await permit.GiveUpAsync(Refusals.Withdrawn, cancel);
                return permit.Facts.IsHolder || permit.Facts.IsOwnItem ? Refusals.Withdrawn : Refusals.NotFound;
            }
            if (formerByHistory && document.State.Status == DocumentStatus.Superseded && !permit.SeesHistory)
            {
                await permit.GiveUpAsync(Refusals.Superseded, cancel);
                return Refusals.Superseded;
            }
            var wanted = range is null ? (Offset: 0L, Count: document.Size) : range(document.Size);
            if (wanted is not { } part)
            {
                await permit.GiveUpAsync(Refusals.RangeNotSatisfiable, cancel);
                return Refusals.RangeNotSatisfiable;
            }
            var reading = withReading ? await VisibleReadings.OfAsync(permit, database, alarms, id, cancel) : null;
            var content = new ContentRef(document.Content, document.Entry.ContentSalt, document.Size, document.Entry.Inline);
            var bytes = await vault.OpenAsync(permit, content, part.Offset, part.Count, cancel);
            return new OpenedDocument(document, part.Offset, part.Count, bytes) { Reading = reading };
        }
        catch
        {
            permit.Faulted = true;
            throw;
        }
    }
}

/// <summary>Reads one document's entry without its bytes (FHIR read of a DocumentReference, a portal page about it).</summary>
public sealed class ReadDocumentEntry(AccessGate gate, Alarms alarms, TimeProvider clock) : IOperation
{
    /// <returns>As <see cref="RetrieveDocument"/>.</returns>
    public async Task<Outcome<StoredDocument>> RunAsync(Caller caller, RecordId? record, DocumentId id, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var item = new DocumentItem(id, alarms, clock, withFhir: true);
            var entered = await gate.EnterAsync(
                new AccessRequest(caller, record is { } r ? new RecordRef.ById(r) : new RecordRef.ByObject(id.Value), AccessAction.Read, JournalActions.Read) { Item = item, Documents = [id], Detail = "entry" }, cancel);
            if (entered.Permit is not { } permit) return entered.Refusal!;
            using var _ = permit;
            try
            {
                var document = item.Document!;
                if (document.State.Status == DocumentStatus.Withdrawn)
                {
                    await permit.GiveUpAsync(Refusals.Withdrawn, cancel);
                    return permit.Facts.IsHolder || permit.Facts.IsOwnItem ? Refusals.Withdrawn : Refusals.NotFound;
                }
                await permit.SpendAsync(new Batch(), cancel);
                return document;
            }
            catch (SheetChangedException) when (attempt < 3)
            {
                permit.Faulted = true;
            }
            catch
            {
                permit.Faulted = true;
                throw;
            }
        }
    }
}
