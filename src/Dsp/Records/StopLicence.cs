using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// The Minister notified that a licence stops, for a time or for good: the rights end at once, since every decision reads the
/// licence, and the holders concerned are told (RGD 6.12.2019 art. 7(4)).
/// </summary>
public sealed class StopLicence(CallerGate callers, Database database, ServiceKeys keys, JournalWriter journal, TimeProvider clock) : IOperation
{
    private const int Together = 100;

    /// <param name="until">The end of a temporary stop; null: for good, until returned.</param>
    /// <returns>How many holders are told.</returns>
    public async Task<Outcome<int>> RunAsync(Caller caller, PersonId professional, DateTimeOffset from, DateTimeOffset? until, CancellationToken cancel)
    {
        if (until <= from) return Refusals.InvalidMetadata.Because("The stop ends before it begins.");
        var changed = await Licences.ChangeAsync(callers, database, keys, journal, clock, caller, professional, row => row with { StoppedFrom = from, StoppedUntil = until },
            $"licence of {professional} stopped from {Instants.Text(from)}", cancel);
        return changed.Succeeded ? await TellAsync(changed.Value, from, until, cancel) : changed.Refusal;
    }

    /// <summary>Repeating the same stop tells nobody twice: a message's id is made from stop and record.</summary>
    private async Task<int> TellAsync(ProfessionalRow row, DateTimeOffset from, DateTimeOffset? until, CancellationToken cancel)
    {
        var now = clock.Now();
        var told = 0;
        for (var after = Guid.Empty; ;)
        {
            var page = await database.QueryAsync(r => (Record: r.Guid(0), Holder: r.Guid(1)),
                """
                SELECT DISTINCT a.record_id, r.person_id
                FROM   relations_by_actor a JOIN records r ON r.record_id = a.record_id
                WHERE  a.actor_id = @actor AND a.record_id > @after AND (a.ends_at IS NULL OR a.ends_at > @now)
                ORDER  BY a.record_id LIMIT @together
                """, cancel, ("actor", row.Person), ("after", after), ("now", now), ("together", (long)Together));
            var batch = new Batch();
            foreach (var (record, holder) in page)
            {
                var id = Outbox.IdFor(keys, NoticeKind.LicenceStopped, row.Person.ToString(), Instants.Text(from), Ids.Text(record));
                Outbox.Add(batch, keys, new OutboxMessage(id, OutboxChannel.Neutral, new PersonId(holder), new RecordId(record), NoticeKind.LicenceStopped, now)
                {
                    Values = new Dictionary<string, string> { ["person"] = row.Name, ["from"] = Instants.Text(from), ["until"] = until is { } end ? Instants.Text(end) : "" },
                });
            }
            if (page.Count > 0) await database.CommitAsync(batch, cancel);
            told += page.Count;
            if (page.Count < Together) return told;
            after = page[^1].Record;
        }
    }
}

/// <summary>A stopped licence returns before its announced end, or after a stop for good was lifted.</summary>
public sealed class ReturnLicence(CallerGate callers, Database database, ServiceKeys keys, JournalWriter journal, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, PersonId professional, CancellationToken cancel)
    {
        var changed = await Licences.ChangeAsync(callers, database, keys, journal, clock, caller, professional, row => row with { StoppedFrom = null, StoppedUntil = null },
            $"licence of {professional} returned", cancel);
        return changed.Succeeded ? new Done() : changed.Refusal;
    }
}

/// <summary>The row of a licence, changed with its journal entry in one commit.</summary>
internal static class Licences
{
    public static async Task<Outcome<ProfessionalRow>> ChangeAsync(
        CallerGate callers, Database database, ServiceKeys keys, JournalWriter journal, TimeProvider clock, Caller caller, PersonId professional,
        Func<ProfessionalRow, ProfessionalRow> change, string detail, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.Administer, JournalActions.Identity, cancel, detail: detail);
        if (entered.Refusal is not null) return entered.Refusal;
        var found = await database.QueryAsync(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.person_id = @person", cancel, ("person", professional));
        if (found.Count == 0 || found[0] is not { } before) return Refusals.NotFound;
        var after = change(before);
        var batch = new Batch().Put(after, keys);
        journal.Add(batch, entered.Entry with { At = clock.Now() }, null);
        await database.CommitAsync(batch, cancel);
        return after;
    }
}
