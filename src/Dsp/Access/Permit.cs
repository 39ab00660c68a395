using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The proof that the gate let a caller in: for one record, one action, one request. It carries the record's open key and
/// the pending journal entry; the first <see cref="SpendAsync"/> commits that entry with its statements, and no byte
/// leaves before. Only the gate makes one; an unspent permit is a fault that <see cref="Dispose"/> reports.
/// </summary>
public sealed class Permit : IDisposable
{
    /// <summary>Longest life of a permit until its first byte.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly JournalWriter journal;
    private readonly Database database;
    private readonly DateTimeOffset until;
    private readonly TimeProvider clock;
    private bool spent;

    internal Permit(AccessFacts facts, Decision decision, RecordKey key, long sheetVersion, JournalEntry entry, JournalWriter journal, Database database, TimeProvider clock)
    {
        (Facts, Rule, Key, SheetVersion, Entry, this.journal, this.database, this.clock) = (facts, decision.Rule, key, sheetVersion, entry, journal, database, clock);
        until = facts.Now + Life;
    }

    public RecordId Record => Facts.Record;
    public Caller Caller => Facts.Caller;
    public AccessSheet Sheet => Facts.Sheet!;
    public DateTimeOffset Now => Facts.Now;
    public AccessRule Rule { get; }
    public AccessFacts Facts { get; }
    public long SheetVersion { get; }

    /// <summary>The entry that the first spending writes; an operation may complete it before.</summary>
    public JournalEntry Entry { get; internal set; }

    internal RecordKey Key { get; }

    /// <summary>What the gate itself keeps with the first spending.</summary>
    internal Action<Batch>? AlongWith { get; set; }

    /// <summary>May this caller see this item, by the same rules? What is not visible does not exist for the caller.</summary>
    public bool Visible(ItemFacts item) => AccessRules.Decide(Facts with { Item = item, Action = AccessAction.Read }).Permitted;

    /// <summary>May this caller see the record's history, by the same rules?</summary>
    public bool SeesHistory => AccessRules.Decide(Facts with { Item = null, Action = AccessAction.ReadHistory }).Permitted;

    /// <summary>Would this deposit pass, item by item? Null: yes.</summary>
    public Refusal? RefusalOfDeposit(ItemFacts item, ProfessionalFacts? responsible)
    {
        var actor = responsible is null ? Facts.Actor : Facts.Actor with { Professional = responsible };
        var decision = AccessRules.Decide(Facts with { Item = item, Actor = actor, Action = AccessAction.Deposit });
        return decision.Permitted ? null : decision.Refusal;
    }

    /// <summary>Commits the journal entry and the batch as one, guarded by the sheet's version; then its queries' rows are there.</summary>
    /// <exception cref="SheetChangedException">Rights changed since the decision; nothing was kept and nothing read.</exception>
    public async Task SpendAsync(Batch batch, CancellationToken cancel)
    {
        if (clock.GetUtcNow() > until && !spent) throw new SheetChangedException();
        if (!spent)
        {
            journal.Add(batch, Entry, Key);
            AlongWith?.Invoke(batch);
            batch.Guard ??= new Guard(Record, SheetVersion);
        }
        try
        {
            await database.CommitAsync(batch, cancel);
        }
        catch
        {
            Faulted = true;
            throw;
        }
        spent = true;
    }

    /// <summary>Replaces the sheet with the next one, with the journal entry and the hint rows, in one commit.</summary>
    public async Task ChangeSheetAsync(AccessSheet next, Batch batch, CancellationToken cancel)
    {
        if (spent) throw new InvalidOperationException("A permit changes the sheet once, as its first effect");
        var version = SheetVersion + 1;
        Entry = Entry with { SheetVersion = version };
        batch.Guard = new Guard(Record, SheetVersion, Exclusive: true);
        batch.Add("UPDATE records SET sheet = @sheet, sheet_version = @version, due_at = @due WHERE record_id = @record",
            ("sheet", next.Seal(Key, version)), ("version", version), ("due", RecordDue.Of(next)), ("record", Record));
        ChoiceRows.Keep(batch, this, next, version);
        await SpendAsync(batch, cancel);
    }

    /// <summary>
    /// Destroys the record's rows in one commit. The record's own journal ends with it, so what is said of the destruction
    /// stands under the nil record; the guard is exclusive, so nothing slips in between.
    /// </summary>
    internal async Task DestroyAsync(Batch batch, CancellationToken cancel)
    {
        if (spent) throw new InvalidOperationException("A permit destroys as its first effect");
        if (clock.GetUtcNow() > until) throw new SheetChangedException();
        batch.Guard = new Guard(Record, SheetVersion, Exclusive: true);
        journal.Add(batch, Entry with { Record = RecordId.None }, null);
        await database.CommitAsync(batch, cancel);
        spent = true;
    }

    /// <summary>Gives the permit up: the decision was made, and the operation found that nothing is to be done or shown.</summary>
    public async Task GiveUpAsync(Refusal refusal, CancellationToken cancel)
    {
        if (spent) return;
        Entry = Entry with { Permitted = false, Rule = refusal.Id, Documents = [] };
        await SpendAsync(new Batch(), cancel);
    }

    /// <exception cref="InvalidOperationException">The permit was never spent: a read or an act without its journal entry.</exception>
    public void Dispose()
    {
        if (!spent && !Faulted) throw new InvalidOperationException("A permit was not spent: its journal entry is missing");
    }

    /// <summary>Set by an operation that ends in an exception: nothing was read, so nothing is owed to the journal.</summary>
    internal bool Faulted { get; set; }
}
