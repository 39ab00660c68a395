using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// A person without a national number asks for a record while being cared for (R2; RGD 6.12.2019 art. 2(2)): a listed
/// professional, or the software of an institution, enters the identity; an eHealthID is assigned and the record is open at once.
/// </summary>
public sealed class OpenForUnnumbered(CallerGate callers, Database database, People people, RecordCreation creation, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="somebodyElse">The person entering compared with a same-named one and confirms that this is another.</param>
    /// <param name="reference">The facility's reference of the signed request, journalled.</param>
    public async Task<Outcome<Registered>> RunAsync(Caller caller, Registration registration, bool somebodyElse, string? reference, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.RegisterContext, JournalActions.Create, cancel, detail: reference);
        if (entered.Refusal is not null) return entered.Refusal;
        if (entered.Actor.Institution is null) return Refusals.NotListed;
        if (registration.NationalNumber is not null) return Refusals.InvalidMetadata.Because("A person with a national number has a record by affiliation, or asks the agency for one.");
        var completed = registration.Complete(Deadlines.DayOf(clock.Now()));
        if (!completed.Succeeded) return completed.Refusal;
        if (!somebodyElse && await IsKnownAsync(completed.Value, cancel)) return Refusals.MaybeSamePerson;
        return await new NewPeople(database, people, creation, journal, keys, clock).AddAsync(completed.Value, openRecord: true, entered.Entry, cancel);
    }

    private async Task<bool> IsKnownAsync(PersonDetails details, CancellationToken cancel)
    {
        var batch = new Batch();
        var same = people.QueryByNameAndBirth(batch, details.Family, details.Given, details.Gender, details.BirthDate!.Value);
        await database.ReadAsync(batch, cancel);
        return same.Rows.Count > 0;
    }
}
