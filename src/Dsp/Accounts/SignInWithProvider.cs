using Dsp.Access;
using Dsp.Identity;
using Dsp.Identity.Software;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>What a provider said of a person, beside the proof itself.</summary>
/// <param name="NationalNumber">The number it has verified, as it came; null where it says none.</param>
public sealed record ProviderStatement(BindingProof Proof, string? NationalNumber);

/// <summary>
/// Signs in by an external identity that is bound to an account. The binding alone says whose; a number that the provider states
/// beside it must be that person's, so that neither a mixed-up provider nor a mixed-up binding opens another person's record.
/// </summary>
public sealed class SignInWithProvider(AccountStore accounts, SignIns signIns, Bindings bindings, ServiceKeys keys) : IOperation
{
    /// <returns>Not connected: no account has this identity; <see cref="ReadProviderOffer"/> says what its person may do.</returns>
    public async Task<Outcome<SignedIn>> RunAsync(ProviderStatement statement, SignInPlace place, TimeSpan life, CancellationToken cancel)
    {
        if (!statement.Proof.IsStrong) return await signIns.FailAsync(null, Refusals.ProviderTooWeak, cancel);
        var (state, factor) = await accounts.LoadByLookupAsync(statement.Proof.Lookup(keys), place.Device, cancel);
        if (factor is not { Kind: FactorKind.External, IsOpen: true }) return await signIns.FailAsync(state, Refusals.IdentityNotConnected, cancel);
        if (await bindings.IsAnothersAsync(statement, state.Person, cancel)) return await signIns.FailAsync(state, Refusals.IdentityNotConnected, cancel);
        return await signIns.SucceedAsync(state, null, new Batch(), ["ext"], place, life, cancel);
    }
}

/// <summary>What somebody may do whom a provider has proven, and whose identity is not connected yet.</summary>
/// <param name="HasAccount">There is an account already: the identity is connected to it.</param>
/// <param name="Waits">Something was set up with a letter and waits for its second channel.</param>
public sealed record ProviderOffer(bool HasAccount, bool Waits);

/// <summary>Tells a strongly proven person, and nobody else, how activation goes on.</summary>
public sealed class ReadProviderOffer(Bindings bindings, SignIns signIns) : IOperation
{
    public async Task<Outcome<ProviderOffer>> RunAsync(ProviderStatement statement, CancellationToken cancel)
    {
        var found = await bindings.EntitledAsync(statement, null, cancel);
        if (!found.Succeeded) return await signIns.FailAsync(null, found.Refusal, cancel);
        return new ProviderOffer(found.Value.State.Account is not null && found.Value.State.Open.Any(), found.Value.State.Waiting.Any());
    }
}

/// <summary>What the person says of what waits.</summary>
public enum WaitingFactors
{
    /// <summary>"I did not do this": it goes.</summary>
    Remove,
    /// <summary>"It was me": it opens, and takes the place of what was there before.</summary>
    Open,
}

/// <summary>
/// Activation in one sitting by an external identity (R13): no letter, because the provider has checked the person. It opens at
/// once and binds the identity to the account. What a letter had begun opens only where the person says that it was theirs:
/// whoever stole the letter must not be let in by its victim.
/// </summary>
public sealed class ActivateByProvider(Bindings bindings, SignIns signIns, Database database, ServiceKeys keys, Alarms alarms, TimeProvider clock) : IOperation
{
    /// <param name="contact">Where the person is told; an account that is open keeps its own.</param>
    /// <param name="once">Names this answer of the provider: it activates once.</param>
    public async Task<Outcome<SignedIn>> RunAsync(ProviderStatement statement, string once, Contact contact, string language, WaitingFactors waiting, SignInPlace place, TimeSpan life, CancellationToken cancel)
    {
        var now = clock.Now();
        var found = await bindings.EntitledAsync(statement, place.Device, cancel);
        if (!found.Succeeded) return await signIns.FailAsync(null, found.Refusal, cancel);
        if (!ChangeContact.IsWellFormed(contact)) return Refusals.InvalidMetadata.Because("An e-mail address has an @, a phone number 6 to 15 digits.").At("contact");
        var (who, state) = found.Value;

        var batch = new Batch();
        UsedProofs.Spend(batch, keys, "provider-activation", "", once, now + SignInWithPasskey.ProofsKept);
        var account = state.Account ?? new AccountRow(who.Person, 1, new AccountDetails { CreatedAt = now, Contact = contact, Language = language });
        if (state.Account is null) AccountRow.Put(batch, keys, who.Person, null, account.Details);
        else if (!state.Open.Any()) account = Believe(batch, account, contact, language);
        if (state.Account is not null) AccountNotices.Tell(batch, keys, clock, account, NoticeKind.FactorChanged);
        var begun = state.Waiting.ToList();
        if (begun.Count > 0) await SettleAsync(batch, state, begun, waiting, now, cancel);
        foreach (var identifier in who.Names) AccountStore.AddName(batch, keys, identifier, who.Person);
        new FactorRow(who.Person, Ids.New(clock), FactorKind.External, statement.Proof.Lookup(keys), 1, now, now, new FactorSecret { Label = statement.Proof.Issuer }).Add(batch, keys);
        Codes.End(batch, keys, await Codes.OfAsync(database, keys, who.Person, cancel), now);
        signIns.Journal(batch, signIns.Changed(who.Person, "account", state.Account is null ? "activated by provider" : "external identity connected"));
        var signedIn = await signIns.SucceedAsync(state with { Account = account }, null, batch, ["ext"], place, life, cancel);
        // Somebody had a letter who should not have it: that is for the security officer.
        if (signedIn.Succeeded && begun.Count > 0 && waiting == WaitingFactors.Remove) alarms.Raise("activation-stopped", who.Person, now);
        return signedIn;
    }

    /// <summary>Nothing was open yet: the addresses are whose who had the letter, and this person gives the own ones.</summary>
    private AccountRow Believe(Batch batch, AccountRow account, Contact contact, string language)
    {
        var details = account.Details with { Contact = contact, Language = language };
        account.Change(batch, keys, details);
        return account with { Details = details };
    }

    private async Task SettleAsync(Batch batch, AccountState state, IReadOnlyList<FactorRow> begun, WaitingFactors choice, DateTimeOffset now, CancellationToken cancel)
    {
        if (choice == WaitingFactors.Remove)
        {
            foreach (var factor in begun) factor.Remove(batch);
            return;
        }
        foreach (var factor in begun) factor.Change(batch, keys, factor.Secret, now);
        // As when the second letter opens it: what was there before goes, with its sessions and devices.
        var replaced = state.Open.ToList();
        foreach (var factor in replaced) factor.Remove(batch);
        if (replaced.Count == 0) return;
        Sessions.EndAll(batch, keys, await Sessions.OfAsync(database, keys, state.Person, cancel), now, except: null);
        batch.Add("DELETE FROM account_devices WHERE person_id = @person", ("person", state.Person));
    }
}

/// <summary>Takes a provider's answer once: whoever brings it again brings nothing.</summary>
public sealed class TakeProviderAnswer(Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="state">The state the request was begun with.</param>
    /// <returns>False: it was taken before.</returns>
    public async Task<bool> RunAsync(string state, CancellationToken cancel)
    {
        var batch = new Batch();
        UsedProofs.Spend(batch, keys, "provider-state", "", state, clock.Now() + SignInWithPasskey.ProofsKept);
        try
        {
            await database.CommitAsync(batch, cancel);
            return true;
        }
        catch (DuplicateKeyException)
        {
            return false;
        }
    }
}
