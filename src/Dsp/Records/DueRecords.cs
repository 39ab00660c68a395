using System.Runtime.CompilerServices;
using Dsp.Access;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>Records whose hint says that a term has come; the sheet decides.</summary>
internal static class DueRecords
{
    private const long Page = 200;

    public static async IAsyncEnumerable<RecordId> ListAsync(Database database, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (dueAt, after) = (DateTimeOffset.UnixEpoch.AddYears(-300), Guid.Empty);
        while (true)
        {
            var page = await database.QueryAsync(row => (Record: row.Guid(0), Due: row.Instant(1)),
                """
                SELECT record_id, due_at FROM records
                WHERE  due_at <= @now AND (due_at > @due OR (due_at = @due AND record_id > @after))
                ORDER  BY due_at, record_id LIMIT @page
                """, cancel, ("now", now), ("due", dueAt), ("after", after), ("page", Page));
            foreach (var row in page) yield return new RecordId(row.Record);
            if (page.Count < Page) yield break;
            (after, dueAt) = page[^1];
        }
    }

    /// <summary>T1 ends by the clock alone and asks nothing of anybody: only its hint goes, so that the index stays short.</summary>
    public static Task ForgetPassedWindowAsync(Database database, Permit permit, CancellationToken cancel) =>
        permit.Sheet.StateAt(permit.Now) != RecordState.OpenToProfessionals
            ? Task.CompletedTask
            : database.CommitAsync(new Batch().Add("UPDATE records SET due_at = NULL WHERE record_id = @record AND sheet_version = @version",
                ("record", permit.Record), ("version", permit.SheetVersion)), cancel);
}
