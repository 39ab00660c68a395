using Dsp.Access;
using Dsp.Documents;

namespace Dsp.Server.Portal;

/// <summary>All documents a caller may see, newest first by their own date: to be sorted so, they are read together, page after page.</summary>
public static class AllDocuments
{
    private const int PageSize = 200;

    public static async Task<Outcome<IReadOnlyList<StoredDocument>>> ReadAsync(FindDocuments find, Caller caller, RecordRef record, CancellationToken cancel, params IReadOnlyList<DocumentStatus> statuses)
    {
        var all = new List<StoredDocument>();
        (DateTimeOffset, DocumentId)? after = null;
        while (true)
        {
            var search = new DocumentSearch { Count = PageSize, MetadataOnly = true, After = after, Statuses = statuses.Count > 0 ? statuses : [DocumentStatus.Current] };
            var found = await find.RunAsync(caller, record, search, cancel);
            if (!found.Succeeded) return found.Refusal;
            all.AddRange(found.Value.Documents);
            if (!found.Value.More) return all.OrderByDescending(DocumentWords.SortDay).ThenByDescending(d => d.AddedAt).ToList();
            after = (all[^1].AddedAt, all[^1].Id);
        }
    }
}
