using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>Whose a provider's statement is, and whether it contradicts what is known.</summary>
public sealed class Bindings(AccountStore accounts, Database database, ServiceKeys keys, People people, Directories directories, Alarms alarms, TimeProvider clock)
{
    /// <summary>
    /// The person whose number a provider has verified. One refusal for all that is not so: no number, a number nobody has or
    /// somebody who died had, an account that another subject of the same provider is bound to, a subject bound to another account.
    /// </summary>
    internal async Task<Outcome<(Entitled Who, AccountState State)>> EntitledAsync(ProviderStatement statement, string? device, CancellationToken cancel)
    {
        if (!statement.Proof.IsStrong) return Refusals.ProviderTooWeak;
        if (Number(statement) is not { } number) return Refusals.IdentityNotConnected;
        // The provider vouches for who it is, so the birth date is not asked for again.
        if (await accounts.EntitledAsync(number, null, cancel) is not { } who) return Refusals.IdentityNotConnected;
        var (_, bound) = await accounts.LoadByLookupAsync(statement.Proof.Lookup(keys), null, cancel);
        var state = await accounts.LoadAsync(who.Person, device, cancel);
        var second = state.Open.Any(f => f.Kind == FactorKind.External && f.Secret.Label == statement.Proof.Issuer);
        if (bound is null && !second) return (who, state);
        // One number for two subjects, or two numbers for one: the provider has mixed people up, or somebody pretends.
        alarms.Raise("provider-number-taken", who.Person, clock.Now());
        return Refusals.IdentityNotConnected;
    }

    /// <summary>The statement names somebody else than this person; one without a number contradicts nothing.</summary>
    internal async Task<bool> IsAnothersAsync(ProviderStatement statement, PersonId person, CancellationToken cancel)
    {
        if (statement.NationalNumber is null) return false;
        var own = (await LetterOut.EntitledAsync(database, people, directories, person, cancel))?.Details?.NationalNumber;
        // A professional whom the directory of people does not hold has no number to compare.
        if (own is null || Number(statement)?.Text == own) return false;
        alarms.Raise("provider-number-other", person, clock.Now());
        return true;
    }

    private LoginName? Number(ProviderStatement statement)
    {
        var today = Deadlines.DayOf(clock.Now());
        return Identifiers.Normalise(Identifiers.NationalNumber, statement.NationalNumber ?? "", today) is { } number && LoginName.Read(number, today) is { SaysBirthDate: true } name ? name : null;
    }
}
