using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>What a system says of a person under an identifier of its own domain.</summary>
/// <param name="Local">The identifier the message is about.</param>
/// <param name="Claimed">National number and eHealthID, where the system knows them.</param>
public sealed record FedPatient(PersonIdentifier Local, Registration Details, IReadOnlyList<PersonIdentifier> Claimed)
{
    /// <summary>False only beside <see cref="ReplacedBy"/>.</summary>
    public bool Active { get; init; } = true;

    /// <summary>The identifier of the same domain that goes on in place of the local one.</summary>
    public PersonIdentifier? ReplacedBy { get; init; }
}

/// <summary>To whom the identifier leads now.</summary>
/// <param name="Created">The identifier was not known before.</param>
public sealed record FedPerson(FoundPatient Patient, bool Created);

/// <summary>
/// The system that owns an identifier domain feeds its identities (PIXm ITI-104): add, revise, merge, un-merge. It makes and
/// opens no record, and changes no identity that the register knows: what is known beyond its domain is the agency's to merge.
/// An un-merge puts everything back: the merged identity is kept whole, and each identifier remembers where it came from.
/// </summary>
public sealed class FeedPatient(CallerGate callers, Database database, People people, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    private const int Attempts = 4;

    public async Task<Outcome<FedPerson>> RunAsync(Caller caller, FedPatient fed, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.RegisterContext, JournalActions.Identity, cancel, query: $"Patient?identifier={Uri.EscapeDataString($"{fed.Local.System}|{fed.Local.Value}")}", detail: $"feed of {fed.Local.System}");
        if (entered.Refusal is not null) return entered.Refusal;
        if (caller.System is not { } system) return await RefuseAsync(entered, Refusals.RoleMayNot, cancel);
        for (var attempt = 1; ; attempt++)
        {
            var known = await LoadAsync(fed, cancel);
            var batch = new Batch();
            var decided = new IdentityFeed(people, batch, system, known, clock.Now()).Decide(fed);
            if (!decided.Succeeded) return await RefuseAsync(entered, decided.Refusal, cancel);
            journal.Add(batch, entered.Entry with
            {
                Detail = $"feed of {fed.Local.System}: {decided.Value.Told}",
                Call = decided.Value.Created && entered.Entry.Call is { } call ? call with { Interaction = "create" } : entered.Entry.Call,
            }, null);
            try
            {
                await database.CommitAsync(batch, cancel);
                return new FedPerson(Shown(decided.Value.Person, system, known.Domains), decided.Value.Created);
            }
            catch (DuplicateKeyException e) when (e.Table == "person_tokens" && attempt < Attempts)
            {
                // The same identifier was fed at the same time: now it is known.
            }
            catch (SheetChangedException)
            {
                // The person changed meanwhile: read again.
                if (attempt == Attempts) return await RefuseAsync(entered, Refusals.SheetChanged, cancel);
            }
        }
    }

    /// <summary>A feed removes nobody: what was deposited under the identifier must be found for ten years. The attempt is journalled.</summary>
    public async Task<Refusal> RemoveAsync(Caller caller, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.RegisterContext, JournalActions.Identity, cancel, detail: "feed of a removal");
        return entered.Refusal ?? await RefuseAsync(entered, Refusals.RemovalNotOffered, cancel);
    }

    private async Task<Refusal> RefuseAsync(CallerEntered entered, Refusal refusal, CancellationToken cancel)
    {
        var batch = new Batch();
        journal.Add(batch, entered.Entry with { Permitted = false, Rule = refusal.Id }, null);
        await database.CommitAsync(batch, cancel);
        return refusal;
    }

    private async Task<FedFacts> LoadAsync(FedPatient fed, CancellationToken cancel)
    {
        var today = Deadlines.DayOf(clock.Now());
        var batch = new Batch();
        var domains = KnownDomains.Query(batch, keys);
        var here = Query(fed.Local);
        var other = fed.ReplacedBy is { } survivor ? Query(survivor) : null;
        var claimed = fed.Claimed.Select(Query).ToList();
        await database.ReadAsync(batch, cancel);
        var found = here.First is { } row ? people.Open(row) : null;
        var of = found?.Details.Identifiers.FirstOrDefault(i => i.System == fed.Local.System && i.Value == fed.Local.Value)?.Of;
        return new FedFacts(domains(), found, of is { } id ? await people.FindAsync(database, id, cancel) : null,
            other?.First is { } going ? people.Open(going) : null,
            [.. claimed.SelectMany(c => c.Rows).DistinctBy(r => r.Id).Select(people.Open)], today);

        Slot<SealedPerson> Query(PersonIdentifier identifier) =>
            people.QueryByToken(batch, Identifiers.TokenOf(keys, identifier.System, identifier.Value, today) ?? keys.Token("nobody", identifier.Value));
    }

    private static FoundPatient Shown(Person person, SystemId system, KnownDomains domains) =>
        new(person.Id.Value, person, Own: false, Active: true,
            [.. person.Details.Identifiers.Where(i => i.Until is null && (KnownDomains.IsAdministrative(i.System) || domains.Find(i.System)?.System == system))]);
}

/// <summary>Everything one message of a feed is decided on.</summary>
/// <param name="Here">To whom the local identifier leads now.</param>
/// <param name="Origin">From whom it came there by a merge.</param>
/// <param name="Survivor">To whom the replacing identifier leads.</param>
/// <param name="Claimed">To whom the administrative numbers lead.</param>
internal sealed record FedFacts(KnownDomains Domains, Person? Here, Person? Origin, Person? Survivor, IReadOnlyList<Person> Claimed, DateOnly Today);
