using System.Runtime.ExceptionServices;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Vault;

namespace Dsp.Documents;

/// <summary>The rows of <c>waiting_readings</c>: documents whose text is read after the deposit.</summary>
internal static class WaitingReadings
{
    public static ManyRows Rows() => new("waiting_readings", ["record_id", "document_id", "due_at", "tries"]);

    public static void Add(ManyRows rows, RecordId record, DocumentId document, DateTimeOffset at) => rows.Add(record, document, at, 0L);

    public static Statement Remove(RecordId record, DocumentId document) =>
        new("DELETE FROM waiting_readings WHERE record_id = @record AND document_id = @document", [("record", record), ("document", document)]);
}

/// <summary>
/// Reads the text of documents that were too costly to read in their deposit (PDF, pictures), on every node, each in a
/// process of its own, and seals it as a deposit does. The queue is rows, so a restart forgets nothing; a document that ends
/// its reader three times is given up, with the reason in its sheet. Nothing is shown to anybody (decision 0015).
/// </summary>
public sealed class ReadWaiting(Database database, ClockGate gate, ContentVault vault, IContentReader reader, People people, ServiceKeys keys, Alarms alarms, TimeProvider clock) : IOperation
{
    private const int MostTries = 3;
    private const int Page = 20;

    /// <summary>Half of this machine reads; the other half serves those who wait for pages.</summary>
    private static readonly int Together = Math.Max(1, Environment.ProcessorCount / 2);

    /// <returns>How many documents were read or given up.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var done = 0;
        for (var after = Guid.Empty; ;)
        {
            var next = await NextAsync(after, Page, cancel);
            if (next.Count == 0 && after == Guid.Empty) return done;
            after = next.Count < Page ? Guid.Empty : next[^1].Record.Value;
            Exception? notTaken = null;
            await Parallel.ForEachAsync(next, new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancel }, async (one, stop) =>
            {
                try
                {
                    if (!await TakeAsync(one.Record, one.Document, one.Tries, stop)) return;
                }
#pragma warning disable CA1031 // The others of the page go on; it is thrown after them.
                catch (Exception e) when (!stop.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    notTaken = e;
                    return;
                }
                try
                {
                    if (await ReadAsync(one.Record, one.Document, one.Tries, stop)) Interlocked.Increment(ref done);
                }
#pragma warning disable CA1031 // Whatever it is, it is this document's: its try is counted, the readings beside it go on.
                catch (Exception) when (!stop.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    alarms.Raise("reading-failed", one.Document, clock.Now());
                }
            });
            // What cannot be counted would be begun without end.
            if (notTaken is not null) ExceptionDispatchInfo.Throw(notTaken);
        }
    }

    /// <summary>
    /// Counted before it begins, so that what takes the whole process with it is not begun for ever; and put off, so that no
    /// other node begins it too.
    /// </summary>
    private async Task<bool> TakeAsync(RecordId record, DocumentId document, long tries, CancellationToken cancel)
    {
        try
        {
            await database.CommitAsync(new Batch().Add(new Statement(Taken, [("record", record), ("document", document), ("tries", tries), ("due", clock.Now() + After(tries))]) { Changes = 1 }), cancel);
            return true;
        }
        catch (SheetChangedException)
        {
            return false;
        }
    }

    private const string Taken = "UPDATE waiting_readings SET tries = tries + 1, due_at = @due WHERE record_id = @record AND document_id = @document AND tries = @tries";

    private static TimeSpan After(long tries) => TimeSpan.FromMinutes(tries switch { 0 => 15, 1 => 60, _ => 24 * 60 });

    /// <summary>One of each record, record after record: thousands that wait in one keep nobody else waiting.</summary>
    private async Task<IReadOnlyList<(RecordId Record, DocumentId Document, long Tries)>> NextAsync(Guid after, int count, CancellationToken cancel) =>
        await database.QueryAsync(row => (Record: new RecordId(row.Guid(0)), Document: new DocumentId(row.Guid(1)), Tries: row.Long(2)),
            """
            SELECT record_id, document_id, tries
            FROM   (SELECT record_id, document_id, tries, ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY due_at, document_id) AS turn
                    FROM waiting_readings WHERE due_at <= @now AND record_id > @after) w
            WHERE  turn = 1 ORDER BY record_id LIMIT @count
            """, cancel, ("now", clock.Now()), ("after", after), ("count", (long)count));

    /// <summary>Nothing was opened: it was no try. A closed record is looked at once a day.</summary>
    private async Task<bool> PutOffAsync(RecordId record, DocumentId document, long tries, TimeSpan by, CancellationToken cancel)
    {
        await database.CommitAsync(new Batch().Add("UPDATE waiting_readings SET tries = @tries, due_at = @due WHERE record_id = @record AND document_id = @document AND tries = @tries + 1",
            ("record", record), ("document", document), ("tries", tries), ("due", clock.Now() + by)), cancel);
        return false;
    }

    /// <param name="tries">Those before this one. None is left: what ended each of them is not begun again, its content stays shut.</param>
    private async Task<bool> ReadAsync(RecordId record, DocumentId id, long tries, CancellationToken cancel)
    {
        var last = tries + 1 >= MostTries;
        using var permit = await gate.EnterToReadTextAsync(record, cancel);
        if (permit is null) return false;
        permit.Faulted = true;
        // An archive is inaccessible, to its reader too; after it is reopened its turn comes.
        if (permit.Sheet.State == RecordState.Closed) return await PutOffAsync(record, id, tries, TimeSpan.FromDays(1), cancel);
        var rows = await database.QueryAsync(DocumentRow.Read, "SELECT " + DocumentRow.MetadataColumns + " FROM documents d WHERE d.record_id = @record AND d.document_id = @document AND d.status <> 'withdrawn'", cancel,
            ("record", record), ("document", id));
        if (rows.Count == 0 || rows[0].Open(permit.Key, permit.Sheet, alarms, permit.Now) is not { } document) return await RemoveAsync(record, id, cancel);
        permit.Entry = permit.Entry with { Documents = [id] };
        try
        {
            if (tries >= MostTries)
            {
                await permit.SpendAsync((await GivenUpAsync(permit, document, cancel)).Add(WaitingReadings.Remove(record, id)), cancel);
                return true;
            }
            var content = await vault.WholeAsync(permit, document, cancel);
            var reading = await reader.ReadWholeAsync(document.Metadata, content, cancel);
            if (reading.Again && !last) return false;
            await permit.SpendAsync((await people.SealAsync(permit, database, keys, document, reading, cancel)).Add(WaitingReadings.Remove(record, id)), cancel);
            return true;
        }
        catch (SealBrokenException)
        {
            alarms.Raise("content-does-not-open", id, permit.Now);
            return await RemoveAsync(record, id, cancel);
        }
        catch (SheetChangedException)
        {
            // Rights changed while it began; nothing was opened, and its turn comes again.
            return await PutOffAsync(record, id, tries, After(0), cancel);
        }
    }

    /// <summary>Why there is no text, beside all that the deposit read and found.</summary>
    private async Task<Batch> GivenUpAsync(Permit permit, StoredDocument document, CancellationToken cancel)
    {
        var batch = new Batch();
        if (await FactRow.OfAsync(database, permit.Key, document.Id, cancel) is not { } kept) return batch;
        var reading = reader.GiveUp(kept);
        var differences = (await ReportRow.FindingsAsync(database, keys, document.Record, document.Id, cancel)).FirstOrDefault(f => f.Id == DepositFindings.WrongPatient)?.Parts ?? [];
        return batch.Add(FactRow.Replace(permit.Key, document.Id, reading)).Add(ReportRow.Put(keys, document, reading.FindingsWith(differences)));
    }

    private async Task<bool> RemoveAsync(RecordId record, DocumentId document, CancellationToken cancel)
    {
        await database.CommitAsync(new Batch().Add(WaitingReadings.Remove(record, document)), cancel);
        return false;
    }
}

/// <summary>What was read after the deposit, as it goes into the rows.</summary>
internal static class LateReading
{
    /// <summary>The sheet and the source's report, both in the place of what was there.</summary>
    public static async Task<Batch> SealAsync(this People people, Permit permit, Database database, ServiceKeys keys, StoredDocument document, DocumentReading reading, CancellationToken cancel)
    {
        IReadOnlyList<string> differences = [];
        if (reading.Patient is { IsEmpty: false } claim && document.Entry is { PatientConfirmed: false, FromHolder: false } && await people.FindAsync(database, permit.Sheet.Holder, cancel) is { } holder)
            differences = PatientMatch.Differences(claim, holder.Details, Deadlines.DayOf(permit.Now));
        return new Batch().Add(FactRow.Replace(permit.Key, document.Id, reading)).Add(ReportRow.Put(keys, document, reading.FindingsWith(differences)));
    }
}

/// <summary>A document's bytes in one piece, for readers of the platform's own.</summary>
internal static class WholeContent
{
    public static async Task<byte[]> WholeAsync(this ContentVault vault, Permit permit, StoredDocument document, CancellationToken cancel)
    {
        var bytes = new byte[document.Size];
        var at = 0;
        var pieces = await vault.OpenAsync(permit, new ContentRef(document.Content, document.Entry.ContentSalt, document.Size, document.Entry.Inline), 0, document.Size, cancel);
        await foreach (var piece in pieces.WithCancellation(cancel))
        {
            piece.CopyTo(bytes.AsMemory(at));
            at += piece.Length;
        }
        return bytes;
    }
}
