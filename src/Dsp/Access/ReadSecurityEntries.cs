using Dsp.Identity;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The security officer reads what the journal says of no record: sign-ins, tokens, refused calls, look-ups in the registers, acts of the agency,
/// the service itself. A record's own journal is sealed under the record's key and is its holder's to read: there is no way to it
/// here. The reading stands in the journal like any other.
/// </summary>
public sealed class ReadSecurityEntries(CallerGate gate, Database database, JournalWriter journal) : IOperation
{
    private const int Most = 200;
    private const int Chunk = 500;

    /// <summary>So many entries are opened for one page; then it is given as far as it came, and continues.</summary>
    private const int MostOpened = 20_000;

    private const string Newest =
        """
        SELECT e.entry_id, b.sealed
        FROM   journal_entries e
               JOIN journal_bodies b ON b.record_id = e.record_id AND b.entry_id = e.entry_id
        WHERE  e.record_id = @record AND e.entry_id < @before AND e.written_at >= @from AND e.written_at < @to
        ORDER  BY e.entry_id DESC
        LIMIT  @count
        """;

    /// <param name="wanted">Period, count and where to continue; newest first.</param>
    /// <param name="fits">Which entries; pure.</param>
    /// <param name="asked">What the line about this reading says was asked.</param>
    /// <returns><see cref="Refusals.RoleMayNot"/> for everybody else.</returns>
    public async Task<Outcome<History>> RunAsync(Caller caller, WantedHistory wanted, Func<JournalEntry, bool> fits, string asked, CancellationToken cancel)
    {
        if (wanted.Count is < 1 or > Most) return Refusals.ParameterInvalid.Because("A page has 1 to 200 entries.").At("_count");
        var entered = await gate.EnterAsync(caller, AccessAction.Administer, JournalActions.ReadHistory, cancel, query: asked);
        if (entered.Refusal is { } refusal) return refusal;
        var batch = new Batch();
        if (entered.Actor.AgentRole != AgentRow.SecurityOfficer)
        {
            journal.Add(batch, entered.Entry with { Permitted = false, Rule = Refusals.RoleMayNot.Id }, null);
            await database.CommitAsync(batch, cancel);
            return Refusals.RoleMayNot;
        }
        // The first look and the line about it are one commit; what it finds was there before it.
        var before = wanted.After ?? new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff");
        var rows = Query(batch, wanted, before);
        journal.Add(batch, entered.Entry, null);
        await database.CommitAsync(batch, cancel);
        var lines = new List<HistoryLine>();
        for (var opened = 0; ;)
        {
            foreach (var row in rows.Rows)
            {
                var entry = CanonicalEntry.Read(journal.Open(RecordId.None, row.Id, row.Sealed, null).Canonical);
                if (fits(entry)) lines.Add(new HistoryLine(null, entry));
            }
            if (lines.Count > wanted.Count) return new History([.. lines.Take(wanted.Count)], lines[wanted.Count - 1].Entry.Id);
            if (rows.Rows.Count < Chunk) return new History(lines, null);
            before = rows.Rows[^1].Id;
            if ((opened += rows.Rows.Count) >= MostOpened) return new History(lines, before);
            var next = new Batch();
            rows = Query(next, wanted, before);
            await database.ReadAsync(next, cancel);
        }
    }

    private static Slot<(Guid Id, byte[] Sealed)> Query(Batch batch, WantedHistory wanted, Guid before) =>
        batch.Query(row => (row.Guid(0), row.Bytes(1)), Newest,
            ("record", RecordId.None), ("before", before), ("from", wanted.From ?? DateTimeOffset.MinValue), ("to", wanted.To ?? DateTimeOffset.MaxValue), ("count", (long)Chunk));
}
