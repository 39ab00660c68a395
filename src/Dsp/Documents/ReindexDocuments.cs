using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Vault;

namespace Dsp.Documents;

/// <summary>What a run did.</summary>
/// <param name="Failed">Documents whose content did not open; each raised an alarm, and stays as it was read before.</param>
public sealed record Reindexed(int Records, int Documents, int Failed);

/// <summary>
/// Reads documents again whose facts were read by older rules, or not at all (<c>dsp reindex</c>). Started by an operator who is
/// named; closed records are left alone; one journal entry per record, durable before its first content is opened. Stopped at any point, it goes on where it was.
/// </summary>
public sealed class ReindexDocuments(Database database, ClockGate gate, ContentVault vault, IContentReader reader, People people, ServiceKeys keys, Alarms alarms) : IOperation
{
    private const int Page = 200;

    /// <param name="told">Called after each record.</param>
    public async Task<Reindexed> RunAsync(string operatorName, Action<Reindexed>? told, CancellationToken cancel)
    {
        var done = new Reindexed(0, 0, 0);
        for (var after = Guid.Empty; ;)
        {
            var records = await database.QueryAsync(row => row.Guid(0), Outdated, cancel, ("rules", (long)reader.Rules), ("after", after), ("page", (long)Page));
            foreach (var record in records)
            {
                var (documents, failed) = await RecordAsync(new RecordId(record), operatorName, cancel);
                done = new Reindexed(done.Records + (documents + failed > 0 ? 1 : 0), done.Documents + documents, done.Failed + failed);
                told?.Invoke(done);
                after = record;
            }
            if (records.Count < Page) return done;
        }
    }

    private const string Outdated =
        """
        SELECT DISTINCT d.record_id FROM documents d LEFT JOIN document_facts f ON f.record_id = d.record_id AND f.document_id = d.document_id
        WHERE  d.status <> 'withdrawn' AND (f.rules IS NULL OR f.rules < @rules) AND d.record_id > @after
        ORDER  BY d.record_id LIMIT @page
        """;

    private async Task<(int Documents, int Failed)> RecordAsync(RecordId record, string operatorName, CancellationToken cancel)
    {
        using var permit = await gate.EnterToReadAgainAsync(record, operatorName, cancel);
        if (permit is null) return (0, 0);
        permit.Faulted = true;
        // An archive is inaccessible, to better rules too; what it holds is read again after it is reopened.
        if (permit.Sheet.State == RecordState.Closed) return (0, 0);
        var rows = await database.QueryAsync(DocumentRow.Read, OfRecord, cancel, ("record", record), ("rules", (long)reader.Rules));
        var documents = rows.Select(r => r.Open(permit.Key, permit.Sheet, alarms, permit.Now)).OfType<StoredDocument>().Where(d => d.State.Status != DocumentStatus.Withdrawn).ToList();
        if (documents.Count == 0) return (0, 0);
        permit.Entry = permit.Entry with { Documents = [.. documents.Select(d => d.Id)], Detail = $"rules {reader.Rules.ToString(System.Globalization.CultureInfo.InvariantCulture)}" };
        var failed = 0;
        foreach (var document in documents)
        {
            try
            {
                var content = await vault.WholeAsync(permit, document, cancel);
                var reading = await reader.ReadWholeAsync(document.Metadata, content, cancel);
                await permit.SpendAsync((await people.SealAsync(permit, database, keys, document, reading, cancel)).Add(WaitingReadings.Remove(record, document.Id)), cancel);
            }
            catch (SealBrokenException)
            {
                alarms.Raise("content-does-not-open", document.Id, permit.Now);
                failed++;
            }
        }
        return (documents.Count - failed, failed);
    }

    private const string OfRecord =
        "SELECT " + DocumentRow.MetadataColumns
        + """

          FROM   documents d LEFT JOIN document_facts f ON f.record_id = d.record_id AND f.document_id = d.document_id
          WHERE  d.record_id = @record AND d.status <> 'withdrawn' AND (f.rules IS NULL OR f.rules < @rules)
          """;
}
