using System.Text.Json;
using Dsp.Access;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>A row of <c>submission_sets</c> or <c>folders</c>, and the way it opens: a row whose clear columns do not agree with what is sealed does not exist.</summary>
internal sealed record ListRow(bool IsFolder, Guid Id, long AddedAt, long Version, byte[] Sealed)
{
    private const string Columns = "SELECT l.folder, l.list_id, l.added_at, l.version, l.sealed";

    private const string Both =
        """
        FROM  (SELECT CAST(0 AS bigint) AS folder, s.submission_id AS list_id, s.added_at, CAST(0 AS bigint) AS version, s.sealed FROM submission_sets s WHERE s.record_id = @record
               UNION ALL
               SELECT CAST(1 AS bigint) AS folder, f.folder_id AS list_id, f.added_at, f.version, f.sealed FROM folders f WHERE f.record_id = @record) l
        """;

    /// <summary>Newest first, from a place on.</summary>
    public const string Newest =
        $"""
        {Columns}
        {Both}
        WHERE  l.folder IN (@kind, @other) AND (l.added_at < @before OR (l.added_at = @before AND l.list_id < @list))
        ORDER  BY l.added_at DESC, l.list_id DESC
        LIMIT  @count
        """;

    public const string One = $"{Columns}\n{Both}\nWHERE  l.list_id = @list";

    /// <summary>Every folder of a record.</summary>
    public const string Folders = $"{Columns}\n{Both}\nWHERE  l.folder = 1";

    public static ListRow Read(Row row) => new(row.Long(0) == 1, row.Guid(1), row.Long(2), row.Long(3), row.Bytes(4));

    /// <returns>The list as this reader sees it; null where nothing of it is visible or the row is not what was sealed.</returns>
    public DocumentList? Open(Permit permit, Func<DocumentId, bool> visible, Alarms alarms) =>
        IsFolder
            ? OpenFolder(permit.Key, alarms, permit.Now) is { } stored ? DocumentList.Of(stored.Folder, permit.Record, visible) : null
            : OpenSubmission(permit.Key, alarms, permit.Now) is { } submission ? DocumentList.Of(submission, permit.Record, visible) : null;

    public StoredFolder? OpenFolder(RecordKey key, Alarms alarms, DateTimeOffset now) =>
        Opened(alarms, now, () => JsonSerializer.Deserialize(key.Open(StoredFolder.Table, Id, "folder", Version, Sealed), DocumentJson.Default.Folder)!, f => f.Id.Value == Id && Agrees(f.AddedAt)) is { } folder
            ? new StoredFolder(folder, Version) : null;

    private Submission? OpenSubmission(RecordKey key, Alarms alarms, DateTimeOffset now) =>
        Opened(alarms, now, () => JsonSerializer.Deserialize(key.Open("submission_sets", Id, "submission", 0, Sealed), DocumentJson.Default.Submission)!, s => s.Id.Value == Id && Agrees(s.SubmittedAt));

    private bool Agrees(DateTimeOffset at) => AddedAt == Instants.ToMicroseconds(at);

    private T? Opened<T>(Alarms alarms, DateTimeOffset now, Func<T> open, Func<T, bool> agrees) where T : class
    {
        try
        {
            if (open() is var opened && agrees(opened)) return opened;
        }
        catch (Exception e) when (e is SealBrokenException or JsonException)
        {
            // Told below.
        }
        alarms.Raise("list-row-does-not-open", Ids.Text(Id), now);
        return null;
    }
}

/// <summary>Which of a record's documents a caller may see, asked once for all lists of an answer.</summary>
internal static class VisibleDocuments
{
    /// <summary>The rows of every document of the record, in the batch's round trip.</summary>
    public static Slot<DocumentRow> Query(Batch batch, RecordId record) =>
        batch.Query(DocumentRow.Read, $"SELECT {DocumentRow.MetadataColumns} FROM documents d WHERE d.record_id = @record", ("record", record));

    /// <summary>The visible ones; what is withdrawn is in no list.</summary>
    public static HashSet<DocumentId> Of(Permit permit, Slot<DocumentRow> rows, Alarms alarms) =>
        [.. rows.Rows.Select(r => r.Open(permit.Key, permit.Sheet, alarms, permit.Now)).OfType<StoredDocument>()
            .Where(d => d.State.Status != DocumentStatus.Withdrawn && permit.Visible(DocumentRow.Facts(d))).Select(d => d.Id)];
}
