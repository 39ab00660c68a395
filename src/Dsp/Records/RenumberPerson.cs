using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// A person gets a first or another national number (law of 19 June 2013 art. 1(3)(4)): a former one ends and keeps leading to
/// the person. A number that another person has is a conflict for the agency, never a merge by itself.
/// </summary>
public sealed class RenumberPerson(CallerGate callers, Database database, People people, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, PersonId person, string number, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.Administer, JournalActions.Identity, cancel, detail: $"number of person {person}");
        if (entered.Refusal is not null) return entered.Refusal;
        var read = NationalId.Read(number, Deadlines.DayOf(clock.Now()));
        if (read.Number is not { } wanted) return Registration.Number(read.Problem!.Value);
        for (var attempt = 1; ; attempt++)
        {
            if (await people.FindAsync(database, person, cancel) is not { } found) return Refusals.NotFound;
            if (found.Details.NationalNumber == wanted.Value) return new Done();
            var batch = new Batch();
            Change(batch, people, keys, found, wanted, await IsSuppressedAsync(found.Details, cancel), clock.Now());
            journal.Add(batch, entered.Entry, null);
            try
            {
                await database.CommitAsync(batch, cancel);
                return new Done();
            }
            catch (DuplicateKeyException e) when (e.Table == "person_tokens")
            {
                return Refusals.IdentifierTaken;
            }
            catch (SheetChangedException) when (attempt < 4)
            {
                // The person changed meanwhile: read again.
            }
        }
    }

    /// <summary>The change itself; an objection goes on under the new number.</summary>
    internal static void Change(Batch batch, People people, ServiceKeys keys, Person person, NationalId number, bool suppressed, DateTimeOffset now)
    {
        var added = new PersonIdentifier(Identifiers.NationalNumber, number.Value);
        // A number that comes back is the same number again, not a second one.
        var kept = person.Details.Identifiers.Where(i => !(i.System == added.System && i.Value == added.Value))
            .Select(i => i.System == Identifiers.NationalNumber && i.Until is null ? i with { Until = now } : i);
        var after = person.Details with { Identifiers = [.. kept, added] };
        people.Change(batch, person, after);
        if (suppressed) Suppressions.Add(batch, keys, after, now);
    }

    private async Task<bool> IsSuppressedAsync(PersonDetails details, CancellationToken cancel)
    {
        foreach (var identifier in details.Identifiers)
            if ((await database.QueryAsync(row => row.Long(0), "SELECT since FROM suppressions WHERE token = @token", cancel, ("token", Suppressions.TokenOf(keys, identifier)))).Count > 0) return true;
        return false;
    }
}
