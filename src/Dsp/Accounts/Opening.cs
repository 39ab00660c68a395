using Dsp.Access;
using Dsp.Identity;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>A second channel has spoken: what waits opens, what was there before goes, with its sessions and devices.</summary>
internal static class Opening
{
    public static async Task<Outcome<Done>> OpenAsync(Batch batch, AccountState state, string by, PersonId? agent, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.Now();
        foreach (var factor in state.Waiting) factor.Change(batch, keys, factor.Secret, now);
        var replaced = state.Open.ToList();
        foreach (var factor in replaced) factor.Remove(batch);
        if (replaced.Count > 0)
        {
            Sessions.EndAll(batch, keys, await Sessions.OfAsync(database, keys, state.Person, cancel), now, except: null);
            batch.Add("DELETE FROM account_devices WHERE person_id = @person", ("person", state.Person));
        }
        var codes = await Codes.OfAsync(database, keys, state.Person, cancel);
        // The stop code would undo what its own person has confirmed.
        Codes.End(batch, keys, codes.Where(c => c.Purpose == CodePurpose.Stop || (agent is not null && c.Purpose == CodePurpose.Second)), now);
        AccountNotices.Tell(batch, keys, clock, state.Account!, NoticeKind.FactorChanged);
        signIns.Journal(batch, signIns.Changed(state.Person, agent is null ? "account" : "agent", "account opened: " + by, agent));
        try
        {
            await database.CommitAsync(batch, cancel);
            return new Done();
        }
        catch (SheetChangedException)
        {
            return Refusals.LetterCodeRefused;
        }
    }
}

/// <summary>
/// An agent has seen the person and the identity document. Not the one who had the code sent or redirected the messages: one
/// agent alone never takes over an account.
/// </summary>
public sealed class ConfirmIdentity(CallerGate callers, AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="document">Which document was seen, for the journal.</param>
    public async Task<Outcome<Done>> RunAsync(Caller agent, PersonId person, string document, CancellationToken cancel)
    {
        if (await Agency.EnterAsync(callers, agent, cancel) is { } refused) return refused;
        if (string.IsNullOrWhiteSpace(document)) return Refusals.MissingMetadata.Because("Say which identity document was seen.").At("document");
        var state = await accounts.LoadAsync(person, null, cancel);
        if (state.Account is null || !state.Waiting.Any()) return Refusals.NotFound;
        var codes = await Codes.OfAsync(database, keys, person, cancel);
        if (Agency.ChangedContact(state.Account, agent, clock.Now()) || Agency.ReachedForSignIn(state.Account, codes, agent, clock.Now())) return Refusals.SecondAgentNeeded;
        return await Opening.OpenAsync(new Batch(), state, "identity checked in person: " + document.Trim(), agent.Person, signIns, database, keys, clock, cancel);
    }
}

/// <summary>What a provider said of a person, beside the proof itself.</summary>
/// <param name="IdentifierSystem">The system of <paramref name="Identifier"/>: the national number, or the eHealthID.</param>
public sealed record ProviderStatement(BindingProof Proof, string IdentifierSystem, string Identifier);

/// <summary>
/// Activation in one sitting by an external identity (R13): no letter, because the provider has checked the person. It opens at
/// once, binds the identity to the account, and opens what a letter had begun.
/// </summary>
public sealed class ActivateByProvider(AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<SignedIn>> RunAsync(ProviderStatement statement, Contact contact, string language, SignInPlace place, TimeSpan life, CancellationToken cancel)
    {
        var now = clock.Now();
        var text = Identifiers.Normalise(statement.IdentifierSystem, statement.Identifier, Deadlines.DayOf(now));
        var name = LoginName.Read(text, Deadlines.DayOf(now));
        // The provider vouches for who it is, so the birth date is not asked for again.
        if (!statement.Proof.IsStrong || text is null || await EntitledAsync(name, cancel) is not { } who) return await signIns.FailAsync(null, Refusals.SignInFailed, cancel);
        var state = await accounts.LoadAsync(who.Person, place.Device, cancel);
        var batch = new Batch();
        var account = state.Account ?? new AccountRow(who.Person, 1, new AccountDetails { CreatedAt = now, Contact = contact, Language = language });
        if (state.Account is null) AccountRow.Put(batch, keys, who.Person, null, account.Details);
        else AccountNotices.Tell(batch, keys, clock, account, NoticeKind.FactorChanged);
        foreach (var waiting in state.Waiting) waiting.Change(batch, keys, waiting.Secret, now);
        foreach (var identifier in who.Names) AccountStore.AddName(batch, keys, identifier, who.Person);
        new FactorRow(who.Person, Ids.New(clock), statement.Proof.Kind, statement.Proof.Lookup(keys), 1, now, now, new FactorSecret { Label = statement.Proof.Issuer }).Add(batch, keys);
        Codes.End(batch, keys, await Codes.OfAsync(database, keys, who.Person, cancel), now);
        return await signIns.SucceedAsync(state with { Account = account }, null, batch, ["ext"], place, life, cancel);
    }

    private async Task<Entitled?> EntitledAsync(LoginName name, CancellationToken cancel) =>
        name.SaysBirthDate ? await accounts.EntitledAsync(name, null, cancel) : null;
}
