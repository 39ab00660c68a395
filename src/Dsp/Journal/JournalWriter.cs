using System.Security.Cryptography;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Journal;

/// <summary>
/// Puts entries into a caller's batch: plain inserts, no shared counter, no lock. The batch's commit is the entry's.
/// Entries of no record (unknown patient, look-ups, sign-ins) take the same shape under the nil record.
/// </summary>
/// <param name="feed">A collector is configured: each entry leaves a row to be sent, in the same commit.</param>
public sealed class JournalWriter(ServiceKeys keys, bool feed = false)
{
    private readonly Guid origin = new(RandomNumberGenerator.GetBytes(16));
    private readonly RunNumbers numbers = new();

    /// <summary>Gives the entry its place in this run; the batch's fate settles the number.</summary>
    private JournalEntry Stamp(Batch batch, JournalEntry entry)
    {
        var numbered = numbers.Take();
        batch.Settled += kept =>
        {
            numbers.Settle(numbered, kept);
            if (kept) entry.Call?.Tell();
        };
        return entry with { Origin = origin, Number = numbered.Number, SettledBelow = numbered.SettledBelow, Abandoned = numbered.Abandoned };
    }

    /// <param name="key">The record's key; null only for entries of the nil record.</param>
    public void Add(Batch batch, JournalEntry entry, RecordKey? key)
    {
        var (stamped, commitment, body) = Seal(batch, entry, key);
        batch.Add(
            "INSERT INTO journal_entries (record_id, entry_id, written_at, sheet_version, commitment) VALUES (@record, @entry, @at, @sheet, @commitment)",
            ("record", stamped.Record), ("entry", stamped.Id), ("at", stamped.At), ("sheet", stamped.SheetVersion), ("commitment", commitment));
        batch.Add(
            "INSERT INTO journal_bodies (record_id, entry_id, sealed) VALUES (@record, @entry, @sealed)",
            ("record", stamped.Record), ("entry", stamped.Id), ("sealed", body));
        batch.Add(
            "INSERT INTO journal_unsealed (entry_id, record_id, written_at, commitment) VALUES (@entry, @record, @at, @commitment)",
            ("entry", stamped.Id), ("record", stamped.Record), ("at", stamped.At), ("commitment", commitment));
        if (feed) AuditFeed.Add(batch, keys, stamped);
    }

    /// <summary>The entries of many records in one commit, with few statements.</summary>
    public void AddAll(Batch batch, IReadOnlyList<(JournalEntry Entry, RecordKey? Key)> entries)
    {
        var written = new ManyRows("journal_entries", ["record_id", "entry_id", "written_at", "sheet_version", "commitment"]);
        var bodies = new ManyRows("journal_bodies", ["record_id", "entry_id", "sealed"]);
        var unsealed = new ManyRows("journal_unsealed", ["entry_id", "record_id", "written_at", "commitment"]);
        var sent = new ManyRows("audit_feed", AuditFeed.Columns);
        foreach (var (entry, key) in entries)
        {
            var (stamped, commitment, body) = Seal(batch, entry, key);
            written.Add(stamped.Record, stamped.Id, stamped.At, stamped.SheetVersion, commitment);
            bodies.Add(stamped.Record, stamped.Id, body);
            unsealed.Add(stamped.Id, stamped.Record, stamped.At, commitment);
            if (feed) sent.Add(stamped.Id, stamped.At, AuditFeed.Seal(keys, stamped));
        }
        written.AddTo(batch);
        bodies.AddTo(batch);
        unsealed.AddTo(batch);
        sent.AddTo(batch);
    }

    private (JournalEntry Stamped, byte[] Commitment, byte[] Body) Seal(Batch batch, JournalEntry entry, RecordKey? key)
    {
        var stamped = Stamp(batch, entry);
        var canonical = CanonicalEntry.Write(stamped);
        var body = new byte[CanonicalEntry.SaltLength + canonical.Length];
        RandomNumberGenerator.Fill(body.AsSpan(0, CanonicalEntry.SaltLength));
        canonical.CopyTo(body, CanonicalEntry.SaltLength);
        var commitment = CanonicalEntry.Commitment(body.AsSpan(0, CanonicalEntry.SaltLength), canonical);
        return (stamped, commitment, key is null ? keys.SealNobody("journal_bodies", stamped.Id, body) : key.Seal("journal_bodies", stamped.Id, "body", 0, body));
    }

    /// <summary>Opens a body: its salt and entry.</summary>
    /// <exception cref="SealBrokenException">The body was altered or moved.</exception>
    public (byte[] Salt, byte[] Canonical) Open(RecordId record, Guid entry, byte[] sealedBody, RecordKey? key)
    {
        var body = record == RecordId.None ? keys.OpenNobody("journal_bodies", entry, sealedBody) : key!.Open("journal_bodies", entry, "body", 0, sealedBody);
        return (body[..CanonicalEntry.SaltLength], body[CanonicalEntry.SaltLength..]);
    }
}
