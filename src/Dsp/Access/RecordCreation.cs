using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>Makes a record where none is: its key, wrapped, and its first sheet, sealed, with the entry that says so.</summary>
public sealed class RecordCreation(IKeyProvider provider, JournalWriter journal, TimeProvider clock)
{
    /// <summary>Adds the record's row and its journal entry (sheet version 1) to a batch; nothing exists before the batch commits.</summary>
    /// <param name="entry">The entry but for its record and sheet version, which are set here.</param>
    public RecordId AddTo(Batch batch, AccessSheet sheet, JournalEntry entry)
    {
        var record = RecordId.New(clock);
        var key = RecordKey.Create(record);
        var epoch = provider.CurrentEpoch;
        batch.Add(
            """
            INSERT INTO records (record_id, person_id, created_at, due_at, key_epoch, wrapped_key, sheet_version, sheet)
            VALUES (@record, @person, @created, @due, @epoch, @key, 1, @sheet)
            """,
            ("record", record), ("person", sheet.Holder), ("created", sheet.CreatedAt), ("due", RecordDue.Of(sheet)),
            ("epoch", epoch), ("key", key.Wrap(provider, epoch)), ("sheet", sheet.Seal(key, 1)));
        journal.Add(batch, entry with { Record = record, SheetVersion = 1 }, key);
        return record;
    }
}
