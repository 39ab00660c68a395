using Dsp.Access;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Storage;

namespace Dsp.Server.Portal;

/// <summary>A person confirmed by identity: what the page shows, and how the gate is asked.</summary>
public sealed record ConfirmedPatient(Person Person, RecordRef Reference);

/// <summary>Shows one person again by id, as an audited search of its own: an address that was kept opens no more than a search would.</summary>
public sealed class ConfirmPatient(Database database, People people, FindPerson find)
{
    /// <returns>Neutral where there is nobody; a refusal about the caller else.</returns>
    public async Task<Outcome<ConfirmedPatient>> RunAsync(Caller caller, PersonId person, CancellationToken cancel)
    {
        var known = await people.FindAsync(database, person, cancel);
        var identifier = known?.Details.Identifiers[^1] ?? new PersonIdentifier(Identifiers.EHealthId, "");
        var found = await find.RunAsync(caller, new PersonSearch.ByIdentifier(identifier.System, identifier.Value), cancel);
        if (!found.Succeeded) return found.Refusal;
        return known is not null && found.Value.Hits is [var hit] && hit.Person == person ? new ConfirmedPatient(known, hit.Reference) : Refusals.NotFound;
    }
}
