using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>The way in to one's own account: a session in force, whose person it is, and where asked for a factor proven just now.</summary>
internal static class OwnAccount
{
    public static async Task<Outcome<AccountState>> EnterAsync(AccountStore accounts, Database database, ServiceKeys keys, TimeProvider clock, Caller caller, bool fresh, CancellationToken cancel)
    {
        if (caller is not { Kind: CallerKind.Person or CallerKind.Professional, Person: { } person, Session: { } session, Strong: true }) return Refusals.NotSignedIn;
        if (!await SessionStands.IsInForceAsync(database, keys, clock, session, person.Value, cancel)) return Refusals.NotSignedIn;
        if (fresh && !caller.IsFreshAt(clock.GetUtcNow())) return Refusals.FreshFactorNeeded;
        return await accounts.LoadAsync(person, null, cancel);
    }
}

/// <summary>Whether a session is in force at this instant: what a page asks before it shows anything.</summary>
public sealed class SessionStands(Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public Task<bool> RunAsync(SessionId session, PersonId person, CancellationToken cancel) => IsInForceAsync(database, keys, clock, session, person.Value, cancel);

    internal static async Task<bool> IsInForceAsync(Database database, ServiceKeys keys, TimeProvider clock, SessionId session, Guid subject, CancellationToken cancel)
    {
        var found = await database.QueryAsync(row => SessionRow.Read(row, 0, keys), $"SELECT {SessionRow.Columns} FROM sessions e WHERE e.session_id = @session", cancel, ("session", session));
        return found is [{ } row, ..] && row.Subject == subject && row.InForceAt(clock.Now());
    }
}

/// <summary>A factor proven again, for acts that ask for a fresh one (security 2).</summary>
public sealed class ProveAgain(AccountStore accounts, SignInLimits limits, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <summary>A one-time code of the session's own account.</summary>
    /// <returns>The instant from which the session is fresh.</returns>
    public async Task<Outcome<DateTimeOffset>> RunAsync(Caller caller, string? code, SignInPlace place, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: false, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        var attempt = await limits.BeginAsync(caller.Session!.Value, place, cancel);
        if (!attempt.Allowed) return await signIns.FailAsync(entered.Value, Refusals.SignInSlowed, cancel);
        var uses = new Batch();
        if (OneTimeCode.Use(uses, keys, entered.Value.Open, code ?? "", clock.Now()) is null) return await signIns.FailAsync(entered.Value, Refusals.SignInFailed, cancel);
        SignInLimits.Forget(uses, attempt);
        return await KeepAsync(uses, entered.Value, cancel);
    }

    /// <summary>A passkey of the session's own account; another person's proves nothing here.</summary>
    public async Task<Outcome<DateTimeOffset>> RunAsync(Caller caller, PasskeyProof proof, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: false, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        var lookup = FindPasskey.Lookup(keys, proof.CredentialId);
        var own = entered.Value.Open.FirstOrDefault(f => f.Lookup is { } known && known.AsSpan().SequenceEqual(lookup));
        var uses = new Batch();
        if (!SignInWithPasskey.Use(uses, keys, own, proof, clock.Now())) return await signIns.FailAsync(entered.Value, Refusals.SignInFailed, cancel);
        return await KeepAsync(uses, entered.Value, cancel);
    }

    /// <summary>A card or an external identity of the session's own account; another person's proves nothing here.</summary>
    /// <param name="at">When it was proven, as its issuer says; null: just now.</param>
    public async Task<Outcome<DateTimeOffset>> RunAsync(Caller caller, BindingProof proof, DateTimeOffset? at, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: false, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        var lookup = proof.Lookup(keys);
        var own = entered.Value.Open.Any(f => f.Kind == proof.Kind && f.Lookup is { } known && known.AsSpan().SequenceEqual(lookup));
        if (!own || !proof.IsStrong) return await signIns.FailAsync(entered.Value, Refusals.SignInFailed, cancel);
        var kept = await KeepAsync(new Batch(), entered.Value, cancel);
        return kept.Succeeded && at < kept.Value ? at.Value : kept;
    }

    private async Task<Outcome<DateTimeOffset>> KeepAsync(Batch uses, AccountState state, CancellationToken cancel)
    {
        signIns.Journal(uses, signIns.Changed(state.Person, "account", "factor proven again"));
        try
        {
            await database.CommitAsync(uses, cancel);
            return clock.Now();
        }
        catch (Exception e) when (e is SheetChangedException or DuplicateKeyException)
        {
            return await signIns.FailAsync(state, Refusals.SignInFailed, cancel);
        }
    }
}
