using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>
/// Lists a record's submission sets and folders as this caller may see them (ITI-66), newest first. A list shows its visible members;
/// one without any is absent: from the page, the total and the order of pages. The journal names the search.
/// </summary>
public sealed class FindLists(AccessGate gate, Alarms alarms) : IOperation
{
    private const int Chunk = 500;

    /// <returns>The page; an empty one where there is no record, no relation or nothing visible: one and the same. A refusal only for what concerns the caller.</returns>
    public async Task<Outcome<FoundLists>> RunAsync(Caller caller, RecordRef patient, ListSearch search, CancellationToken cancel)
    {
        var found = await gate.ActAsync(new AccessRequest(caller, patient, AccessAction.Search, JournalActions.Search) { Query = search.AsSent }, permit => WalkAsync(permit, search, cancel), cancel);
        return found.Refusal is { Kind: RefusalKind.NotFound } ? new FoundLists(RecordId.None, [], [], More: false, 0) : found;
    }

    private async Task<Outcome<FoundLists>> WalkAsync(Permit permit, ListSearch search, CancellationToken cancel)
    {
        var page = new List<DocumentList>();
        var total = 0;
        HashSet<DocumentId>? visible = null;
        var place = (At: DateTimeOffset.MaxValue, List: Guid.Empty);
        while (true)
        {
            var batch = new Batch();
            var documents = visible is null ? VisibleDocuments.Query(batch, permit.Record) : null;
            var rows = batch.Query(ListRow.Read, ListRow.Newest,
                ("record", permit.Record), ("kind", Number(search.Kinds[0])), ("other", Number(search.Kinds[^1])), ("before", place.At), ("list", place.List), ("count", (long)Chunk));
            await permit.SpendAsync(batch, cancel);
            visible ??= VisibleDocuments.Of(permit, documents!, alarms);
            foreach (var row in rows.Rows)
            {
                if (row.Open(permit, visible.Contains, alarms) is not { } list || !search.Criteria.All(c => c(list))) continue;
                total++;
                if (page.Count <= search.Count && IsAfter(list, search.After)) page.Add(list);
            }
            if (rows.Rows.Count < Chunk) break;
            place = (Instants.FromMicroseconds(rows.Rows[^1].AddedAt), rows.Rows[^1].Id);
        }
        var lists = page.Take(search.Count).ToList();
        var members = search.WithDocuments && lists.Count > 0 ? await DocumentsAsync(permit, lists, cancel) : [];
        return new FoundLists(permit.Record, lists, members, page.Count > search.Count, total);
    }

    private static long Number(ListKind kind) => kind == ListKind.Folder ? 1 : 0;

    private static bool IsAfter(DocumentList list, (DateTimeOffset AddedAt, Guid List)? after) =>
        after is not { } place || list.AddedAt < place.AddedAt || (list.AddedAt == place.AddedAt && string.CompareOrdinal(Ids.Text(list.Id), Ids.Text(place.List)) < 0);

    /// <summary>The members of these lists, each once: visible, or they would not be members here.</summary>
    private async Task<IReadOnlyList<StoredDocument>> DocumentsAsync(Permit permit, IReadOnlyList<DocumentList> lists, CancellationToken cancel)
    {
        var found = new List<StoredDocument>();
        foreach (var part in lists.SelectMany(l => l.Members.Select(m => m.Document)).Distinct().Chunk(64))
        {
            // The list is padded to one width, so that one text is prepared.
            var ids = Enumerable.Range(0, 64).Select(i => ("d" + i, (object?)part[Math.Min(i, part.Length - 1)])).ToArray();
            var batch = new Batch();
            var rows = batch.Query(DocumentRow.Read,
                $"SELECT {DocumentRow.Columns} FROM documents d WHERE d.record_id = @record AND d.document_id IN ({string.Join(", ", ids.Select(i => "@" + i.Item1))}) ORDER BY d.added_at DESC, d.document_id DESC",
                [("record", permit.Record), .. ids]);
            await permit.SpendAsync(batch, cancel);
            found.AddRange(rows.Rows.Select(r => r.Open(permit.Key, permit.Sheet, alarms, permit.Now)).OfType<StoredDocument>());
        }
        return found;
    }
}

/// <summary>Reads one submission set or folder by its id.</summary>
public sealed class ReadList(AccessGate gate, Alarms alarms) : IOperation
{
    /// <returns><see cref="Refusals.NotFound"/> for absent, hidden and forbidden alike.</returns>
    public async Task<Outcome<DocumentList>> RunAsync(Caller caller, Guid list, CancellationToken cancel)
    {
        // That nothing of it may be seen is the answer of a search that was let in and journalled, not a refusal of the gate.
        var request = new AccessRequest(caller, new RecordRef.ByObject(list), AccessAction.Search, JournalActions.Search) { Query = "List?_id=" + Ids.Text(list) };
        var found = await gate.ActAsync<DocumentList[]>(request, async permit =>
        {
            var batch = new Batch();
            var documents = VisibleDocuments.Query(batch, permit.Record);
            var rows = batch.Query(ListRow.Read, ListRow.One, ("record", permit.Record), ("list", list));
            await permit.SpendAsync(batch, cancel);
            return rows.First?.Open(permit, VisibleDocuments.Of(permit, documents, alarms).Contains, alarms) is { } one ? new[] { one } : Array.Empty<DocumentList>();
        }, cancel);
        return !found.Succeeded ? found.Refusal : found.Value is [var shown] ? shown : Refusals.NotFound;
    }
}
