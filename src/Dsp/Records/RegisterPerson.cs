using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// The agency registers a person, with or without opening a record on request (RGD 6.12.2019 art. 2(2)). A record asked for
/// opens at once: T1 does not delay a volunteer, and lifts an earlier objection.
/// </summary>
public sealed class RegisterPerson(CallerGate callers, Database database, People people, RecordCreation creation, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Registered>> RunAsync(Caller caller, Registration registration, bool openRecord, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.Administer, JournalActions.Identity, cancel, detail: "register");
        if (entered.Refusal is not null) return entered.Refusal;
        var completed = registration.Complete(Deadlines.DayOf(clock.Now()));
        if (!completed.Succeeded) return completed.Refusal;
        return await new NewPeople(database, people, creation, journal, keys, clock).AddAsync(completed.Value, openRecord, entered.Entry, cancel);
    }
}
