using System.Security.Cryptography;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The way in for what the law lets time alone do to a record: the letter after creation, closing by inactivity, destruction
/// (RGD 6.12.2019 art. 2(3), 4(3)(4)). There is no caller and no content; the permit carries a journal entry like any other.
/// </summary>
public sealed class ClockGate(Database database, IKeyProvider provider, JournalWriter journal, TimeProvider clock, Alarms alarms)
{
    private static readonly AccessRule ByAnOperator = new("reindex", "a named operator has the software read again what older rules have read", "security 1", _ => Verdict.Permit);
    private static readonly AccessRule AfterTheDeposit = new("read-text", "the software ends reading what a deposit brought", "decision 0015", _ => Verdict.Permit);
    private static readonly AccessRule AsSubscribed = new("notify", "who subscribed is told of a document they may read now", "security 3", _ => Verdict.Permit);
    private static readonly AccessRule ByTheClock = new("clock", "a term of the law has come", "A909 art. 2(3), 4", _ => Verdict.Permit);

    /// <returns>Null where the record is gone or does not open; the latter alarms.</returns>
    internal Task<Permit?> EnterAsync(RecordId record, string journalAction, string job, CancellationToken cancel) => EnterAsync(record, journalAction, job, ByTheClock, cancel);

    /// <summary>
    /// The way in for <c>dsp reindex</c>: the software reads contents again, and nobody sees them. Never a job: a person with
    /// the operator's rights starts it, is named in every record's journal, and the holder sees that line.
    /// </summary>
    internal async Task<Permit?> EnterToReadAgainAsync(RecordId record, string operatorName, CancellationToken cancel)
    {
        var permit = await EnterAsync(record, JournalActions.Reindex, "dsp reindex", ByAnOperator, cancel);
        if (permit is not null) permit.Entry = permit.Entry with { PersonName = operatorName, Automatic = false };
        return permit;
    }

    /// <summary>
    /// The way in for what a deposit left to be read (PDF, pictures): for a document that waits, and for nothing else. The entry
    /// is durable before its content opens; what is read goes back sealed, and nobody sees it here.
    /// </summary>
    internal Task<Permit?> EnterToReadTextAsync(RecordId record, CancellationToken cancel) => EnterAsync(record, JournalActions.ReadText, "dsp reading", AfterTheDeposit, cancel);

    /// <summary>
    /// The way in to decide whether a subscriber is told of a document: the rules are asked for that person, and the entry that names
    /// them is durable before anything leaves. No content is opened.
    /// </summary>
    internal Task<Permit?> EnterToNotifyAsync(RecordId record, CancellationToken cancel) => EnterAsync(record, JournalActions.Notify, "dsp notify", AsSubscribed, cancel);

    private async Task<Permit?> EnterAsync(RecordId record, string journalAction, string job, AccessRule rule, CancellationToken cancel)
    {
        var now = clock.Now();
        var found = await database.QueryAsync(
            row => (Epoch: row.Int(0), Wrapped: row.Bytes(1), Version: row.Long(2), Sheet: row.Bytes(3), Newest: row.LongOrNull(4)),
            """
            SELECT r.key_epoch, r.wrapped_key, r.sheet_version, r.sheet,
                   (SELECT MAX(j.sheet_version) FROM journal_entries j WHERE j.record_id = r.record_id AND j.sheet_version IS NOT NULL)
            FROM   records r WHERE r.record_id = @record
            """, cancel, ("record", record));
        if (found.Count == 0) return null;
        var row = found[0];
        try
        {
            var key = RecordKey.Unwrap(provider, record, row.Epoch, row.Wrapped);
            var sheet = AccessSheet.Open(key, row.Version, row.Sheet);
            if (row.Newest is { } newest && newest != row.Version) throw new SealBrokenException("An older sheet was put back");
            var caller = new Caller { Kind = CallerKind.System, Software = job };
            var facts = new AccessFacts(new ActorFacts { Caller = caller }, record, sheet, AccessAction.Administer, null, now);
            var entry = new JournalEntry
            {
                Id = Ids.New(clock), Record = record, At = now, Action = journalAction, Software = job, Automatic = true, Permitted = true, Rule = rule.Id,
            };
            return new Permit(facts, new Decision(true, rule, null), key, row.Version, entry, journal, database, clock);
        }
        catch (Exception e) when (e is SealBrokenException or CryptographicException or System.Text.Json.JsonException)
        {
            alarms.Raise("record-does-not-open", record, now);
            return null;
        }
    }
}
