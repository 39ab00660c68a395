using Dsp.Access;
using Dsp.Storage;
using Dsp.Vault;

namespace Dsp.Records;

/// <summary>
/// Every row that belongs to one record, for its destruction. A test compares this list with the schema. The journal's
/// commitments and seals stay: they say nothing without salt and body.
/// </summary>
internal static class RecordRows
{
    /// <summary>Tables whose key begins with the record, apart from the journal and the record itself.</summary>
    public static readonly string[] Data = ["documents", "document_facts", "waiting_readings", "deposit_reports", "submission_sets", "folders", "contents", "notices", "choice_versions"];

    /// <summary>Global tables with rows of one record.</summary>
    public static readonly string[] Pointers = ["object_ids", "unique_ids", "relations_by_actor", "openings", "subscription_events"];

    /// <summary>Adds the deletion of everything but journal bodies and the record's own row. Larger contents are left as intents, which the sweep or <see cref="RemoveContentsAsync"/> takes.</summary>
    public static void DestroyData(Batch batch, RecordId record, DateTimeOffset now)
    {
        batch.Add(
            """
            INSERT INTO content_intents (record_id, content_id, started_at)
            SELECT record_id, content_id, @at FROM documents d
            WHERE  record_id = @record AND NOT EXISTS (SELECT 1 FROM contents c WHERE c.record_id = d.record_id AND c.content_id = d.content_id)
            ON CONFLICT (record_id, content_id) DO NOTHING
            """, ("record", record), ("at", now));
        // The first two have no index by record; a record without documents has no pointers to look for.
        foreach (var table in Pointers[..2])
            batch.Add($"DELETE FROM {table} WHERE record_id = @record AND EXISTS (SELECT 1 FROM documents d WHERE d.record_id = @record)", ("record", record));
        foreach (var table in Pointers[2..]) batch.Add($"DELETE FROM {table} WHERE record_id = @record", ("record", record));
        foreach (var table in Data) batch.Add($"DELETE FROM {table} WHERE record_id = @record", ("record", record));
    }

    /// <summary>Adds the deletion of the rest: the journal's bodies and the record's row with its key. Nothing sealed opens afterwards.</summary>
    public static void DestroyRecord(Batch batch, RecordId record)
    {
        batch.Add("DELETE FROM journal_bodies WHERE record_id = @record", ("record", record));
        batch.Add("DELETE FROM records WHERE record_id = @record", ("record", record));
    }

    /// <summary>Removes the larger contents that the destruction left as intents.</summary>
    public static async Task RemoveContentsAsync(Database database, IContentStore store, RecordId record, CancellationToken cancel)
    {
        var left = await database.QueryAsync(row => new ContentId(row.Guid(0)), "SELECT content_id FROM content_intents WHERE record_id = @record", cancel, ("record", record));
        foreach (var content in left)
        {
            await store.RemoveAsync(record, content, cancel);
            await database.CommitAsync(new Batch().Add("DELETE FROM content_intents WHERE record_id = @record AND content_id = @content", ("record", record), ("content", content)), cancel);
        }
    }
}
