using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>What is searched for: one identifier, or names and a whole birth date.</summary>
public abstract record PersonSearch
{
    private PersonSearch() { }

    public sealed record ByIdentifier(string System, string Value) : PersonSearch;

    /// <param name="Gender">Null: any.</param>
    public sealed record ByName(string Family, string Given, PartialDate BirthDate, Gender? Gender = null) : PersonSearch;
}

/// <summary>A person found: identity only. It never says whether there is a record, nor in which state.</summary>
/// <param name="Reference">For the gate; good for a person without a record too.</param>
public sealed record PersonHit(PersonId Person, string Family, string Given, PartialDate? BirthDate, string? Commune, RecordRef Reference);

/// <summary>What a search found; too many is answered with nobody, so that a search is never a way to browse.</summary>
public sealed record PeopleFound(IReadOnlyList<PersonHit> Hits, bool TooMany);

/// <summary>
/// A professional or an agent looks for a person (R41): strictly, at most five, and every search stands in the journal under
/// the nil record with who asked for what.
/// </summary>
public sealed class FindPerson(CallerGate callers, Database database, People people, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    private const int Most = 5;

    public async Task<Outcome<PeopleFound>> RunAsync(Caller caller, PersonSearch search, CancellationToken cancel)
    {
        var action = caller.Kind == CallerKind.Agent ? AccessAction.Administer : AccessAction.Search;
        var entered = await callers.EnterAsync(caller, action, JournalActions.LookUp, cancel, query: search.ToString());
        if (entered.Refusal is not null) return entered.Refusal;
        // A person looks up nobody: that is the professionals' and the agency's act.
        var batch = new Batch();
        if (caller.Kind is not (CallerKind.Professional or CallerKind.Agent))
        {
            journal.Add(batch, entered.Entry with { Permitted = false, Rule = "0-role" }, null);
            await database.CommitAsync(batch, cancel);
            return Refusals.RoleMayNot;
        }
        var slots = Query(batch, search).ToList();
        journal.Add(batch, entered.Entry, null);
        await database.CommitAsync(batch, cancel);
        var rows = slots.SelectMany(s => s.Rows).DistinctBy(r => r.Id).ToList();
        return rows.Count > Most ? new PeopleFound([], TooMany: true) : new PeopleFound([.. rows.Select(people.Open).Select(HitOf)], TooMany: false);
    }

    private IEnumerable<Slot<SealedPerson>> Query(Batch batch, PersonSearch search)
    {
        switch (search)
        {
            case PersonSearch.ByIdentifier by:
                // A number nobody can have is searched for like any other, so that it costs and tells the same.
                var token = Identifiers.TokenOf(keys, by.System, by.Value, Deadlines.DayOf(clock.Now()));
                yield return people.QueryByToken(batch, token ?? keys.Token("nobody", by.Value));
                break;
            case PersonSearch.ByName by:
                foreach (var gender in by.Gender is { } one ? [one] : Enum.GetValues<Gender>())
                    yield return people.QueryByNameAndBirth(batch, by.Family, by.Given, gender, by.BirthDate);
                break;
        }
    }

    private PersonHit HitOf(Person person) =>
        new(person.Id, person.Details.Family, person.Details.Given, person.Details.BirthDate, person.Details.Address?.City,
            new RecordRef.ByToken(Identifiers.TokenOf(keys, person.Details.Identifiers[^1])));
}
