using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>Adds one person, and where asked the record on request, in one commit.</summary>
internal sealed class NewPeople(Database database, People people, RecordCreation creation, JournalWriter journal, ServiceKeys keys, TimeProvider clock)
{
    /// <param name="entry">The pending entry of who registers.</param>
    public async Task<Outcome<Registered>> AddAsync(PersonDetails details, bool openRecord, JournalEntry entry, CancellationToken cancel)
    {
        var now = clock.Now();
        var person = PersonId.New(clock);
        RecordId? record = openRecord ? RecordId.New(clock) : null;
        var batch = new Batch();
        people.Add(batch, new NewPerson(person, record, details));
        if (record is { } id)
        {
            creation.Add(batch, id, NewSheets.OnRequest(person, details, now), entry with { Action = JournalActions.Create });
            Suppressions.Lift(batch, keys, details);
        }
        else
        {
            journal.Add(batch, entry, null);
        }
        try
        {
            await database.CommitAsync(batch, cancel);
        }
        catch (DuplicateKeyException e) when (e.Table == "person_tokens")
        {
            return Refusals.IdentifierTaken;
        }
        return new Registered(person, record, details.EHealthId!, Identifiers.TokenOf(keys, details.Identifiers.First(i => i.System == Identifiers.EHealthId)));
    }
}
