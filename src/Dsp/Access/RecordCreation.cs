using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// Makes new records: the one act on a record for which no permit can exist. A record begins with its random key, wrapped
/// under the current epoch, its first sheet sealed as version 1, and the journal entry that says so.
/// </summary>
public sealed class RecordCreation(IKeyProvider provider, JournalWriter journal)
{
    private static readonly string[] Columns = ["record_id", "person_id", "created_at", "due_at", "key_epoch", "wrapped_key", "sheet_version", "sheet"];

    /// <summary>Adds one new record to the batch. The caller also says in the person's row which record it is.</summary>
    /// <param name="entry">Completed with the record and the sheet's version.</param>
    public void Add(Batch batch, RecordId record, AccessSheet first, JournalEntry entry) => AddAll(batch, [(record, first, entry)]);

    internal void AddAll(Batch batch, IReadOnlyList<(RecordId Record, AccessSheet First, JournalEntry Entry)> created)
    {
        var rows = new ManyRows("records", Columns);
        var entries = new List<(JournalEntry, RecordKey?)>(created.Count);
        foreach (var (record, first, entry) in created)
        {
            var key = RecordKey.Create(record);
            var epoch = provider.CurrentEpoch;
            rows.Add(record, first.Holder, first.CreatedAt, RecordDue.Of(first), epoch, key.Wrap(provider, epoch), 1L, first.Seal(key, 1));
            entries.Add((entry with { Record = record, SheetVersion = 1 }, key));
        }
        rows.AddTo(batch);
        journal.AddAll(batch, entries);
    }
}
