using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// Rows of <c>relations_by_actor</c>: hints for a professional's lists, written in the batch that changes the sheet. They
/// decide nothing: every list checks the sheet again.
/// </summary>
internal static class RelationHints
{
    public static void Begin(Batch batch, Guid actor, RecordId record, Guid relation, DateTimeOffset startsAt, DateTimeOffset? endsAt) =>
        batch.Add(
            """
            INSERT INTO relations_by_actor (actor_id, record_id, relation_id, starts_at, ends_at) VALUES (@actor, @record, @relation, @starts, @ends)
            ON CONFLICT (actor_id, record_id, relation_id) DO UPDATE SET starts_at = @starts, ends_at = @ends
            """,
            ("actor", actor), ("record", record), ("relation", relation), ("starts", startsAt), ("ends", endsAt));

    public static void Move(Batch batch, RecordId record, Guid relation, DateTimeOffset endsAt) =>
        batch.Add("UPDATE relations_by_actor SET ends_at = @ends WHERE record_id = @record AND relation_id = @relation", ("ends", endsAt), ("record", record), ("relation", relation));

    public static void Remove(Batch batch, RecordId record, Guid relation) =>
        batch.Add("DELETE FROM relations_by_actor WHERE record_id = @record AND relation_id = @relation", ("record", record), ("relation", relation));

    /// <summary>The record in which this caller has a relation of that id; nobody's where there is none.</summary>
    public static async Task<RecordRef> RecordOfAsync(Database database, Caller caller, InstitutionId? institution, Guid relation, CancellationToken cancel)
    {
        if (caller.Kind == CallerKind.Person) return await Acts.OwnRecordAsync(database, caller, cancel);
        var found = await database.QueryAsync(row => new RecordId(row.Guid(0)),
            "SELECT record_id FROM relations_by_actor WHERE actor_id IN (@person, @institution) AND relation_id = @relation", cancel,
            ("person", caller.Person?.Value ?? Guid.Empty), ("institution", institution?.Value ?? Guid.Empty), ("relation", relation));
        return found.Count > 0 ? new RecordRef.ById(found[0]) : new RecordRef.Nobody();
    }
}
