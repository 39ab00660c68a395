using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>
/// Lists a record's documents as this caller may see them (ITI-18 FindDocuments, ITI-67), newest submission first. What is
/// hidden is absent: from the page, the total and the order of pages. The journal names the search, not the documents.
/// </summary>
public sealed class FindDocuments(AccessGate gate, Database database, Alarms alarms) : IOperation
{
    private const int Chunk = 500;

    /// <returns>
    /// The page; an empty one where there is no record, no relation or nothing visible: one and the same. A refusal only for
    /// what concerns the caller.
    /// </returns>
    public async Task<Outcome<FoundDocuments>> RunAsync(Caller caller, RecordRef patient, DocumentSearch search, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FindOnceAsync(caller, patient, search, cancel);
            }
            catch (SheetChangedException) when (attempt < 3)
            {
                // Decide again on the new sheet.
            }
        }
    }

    private async Task<Outcome<FoundDocuments>> FindOnceAsync(Caller caller, RecordRef patient, DocumentSearch search, CancellationToken cancel)
    {
        var entered = await gate.EnterAsync(new AccessRequest(caller, patient, AccessAction.Search, JournalActions.Search) { Query = search.AsSent }, cancel);
        if (entered.Permit is not { } permit)
            return entered.Refusal!.Kind == RefusalKind.NotFound ? new FoundDocuments(RecordId.None, [], More: false, search.WithTotal ? 0 : null) : entered.Refusal;
        using var _ = permit;
        try
        {
            return await WalkAsync(permit, search, cancel);
        }
        catch
        {
            permit.Faulted = true;
            throw;
        }
    }

    private async Task<FoundDocuments> WalkAsync(Permit permit, DocumentSearch search, CancellationToken cancel)
    {
        // Without conditions on sealed fields the page's rows are all that is opened, canonical bytes included.
        var direct = search.Criteria.Count == 0 && !search.WithTotal;
        var size = direct ? search.Count + 1 + permit.Sheet.Masks.Count : Chunk;
        var matches = new List<StoredDocument>();
        var total = 0;
        var after = (At: search.After?.AddedAt ?? DateTimeOffset.MaxValue, Document: search.After?.Document ?? default);
        while (true)
        {
            var batch = new Batch();
            var rows = Candidates(batch, permit, search, after, size, withFhir: direct && !search.MetadataOnly);
            await permit.SpendAsync(batch, cancel);
            foreach (var row in rows.Rows)
            {
                if (row.Open(permit.Key, permit.Sheet, alarms, permit.Now) is not { } document) continue;
                if (document.State.Status == DocumentStatus.Withdrawn || !permit.Visible(DocumentRow.Facts(document))) continue;
                if (!search.Criteria.All(c => c.Matches(document))) continue;
                total++;
                if (matches.Count <= search.Count) matches.Add(document);
            }
            if (rows.Rows.Count < size || (matches.Count > search.Count && !search.WithTotal)) break;
            after = (Instants.FromMicroseconds(rows.Rows[^1].AddedAt), rows.Rows[^1].Id);
        }
        var page = matches.Take(search.Count).ToList();
        if (!direct && !search.MetadataOnly && page.Count > 0) page = await WithFhirAsync(permit, page, cancel);
        return new FoundDocuments(permit.Record, page, matches.Count > search.Count, search.WithTotal ? total : null);
    }

    private static Slot<DocumentRow> Candidates(Batch batch, Permit permit, DocumentSearch search, (DateTimeOffset At, DocumentId Document) after, int size, bool withFhir) =>
        batch.Query(DocumentRow.Read, withFhir ? NewestWithFhir : Newest,
            ("record", permit.Record),
            ("status", DocumentRow.StatusText(search.Statuses.Count > 0 ? search.Statuses[0] : DocumentStatus.Current)),
            ("other", DocumentRow.StatusText(search.Statuses.Count > 1 ? search.Statuses[1] : search.Statuses.Count > 0 ? search.Statuses[0] : DocumentStatus.Current)),
            ("before", after.At), ("document", after.Document), ("count", (long)size));

    private const string Where =
        """

        FROM   documents d
        WHERE  d.record_id = @record AND d.status IN (@status, @other)
          AND  (d.added_at < @before OR (d.added_at = @before AND d.document_id < @document))
        ORDER  BY d.added_at DESC, d.document_id DESC
        LIMIT  @count
        """;

    private const string Newest = "SELECT " + DocumentRow.MetadataColumns + Where;
    private const string NewestWithFhir = "SELECT " + DocumentRow.Columns + Where;

    private async Task<List<StoredDocument>> WithFhirAsync(Permit permit, List<StoredDocument> page, CancellationToken cancel)
    {
        // The list is padded to a power of two, so that few texts are prepared.
        var width = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)page.Count);
        var ids = Enumerable.Range(0, width).Select(i => ("d" + i, (object?)page[Math.Min(i, page.Count - 1)].Id)).ToArray();
        var rows = await database.QueryAsync(row => (Id: new DocumentId(row.Guid(0)), Sealed: row.Bytes(1)),
            $"SELECT d.document_id, d.sealed_fhir FROM documents d WHERE d.record_id = @record AND d.document_id IN ({string.Join(", ", ids.Select(i => "@" + i.Item1))})", cancel,
            [("record", permit.Record), .. ids]);
        var bytes = rows.ToDictionary(r => r.Id, r => r.Sealed);
        return [.. page.Select(d => d with { Fhir = permit.Key.Open("documents", d.Id.Value, "fhir", 0, bytes[d.Id]) })];
    }
}
