using Dsp.Access;
using Dsp.Identity;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>
/// The person adds or replaces a factor of the own account: with a factor proven just now, and told by message. It is open at
/// once, because the session itself was opened by two.
/// </summary>
public sealed class AddFactor(AccountStore accounts, SignIns signIns, Bindings bindings, Database database, ServiceKeys keys, People people, Directories directories, TimeProvider clock) : IOperation
{
    /// <summary>A password or an application in the place of the present one, or one more passkey.</summary>
    public async Task<Outcome<Done>> RunAsync(Caller caller, NewFactors wanted, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: true, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        if (entered.Value is not { Account: { } account } state) return Refusals.NotFound;
        var batch = new Batch();
        var replaced = new List<FactorRow>();
        if (wanted.Password is { } password)
        {
            var names = (await LetterOut.EntitledAsync(database, people, directories, state.Person, cancel))?.Names.Select(n => n.Value) ?? [];
            foreach (var name in names)
                if (!Passwords.IsStrong(password, name)) return Refusals.PasswordTooWeak;
            var made = await SetUp.PasswordAsync(clock, state.Person, "", password, open: true, cancel);
            if (!made.Succeeded) return made.Refusal;
            made.Value.Add(batch, keys);
            replaced.AddRange(state.Open.Where(f => f.Kind == FactorKind.Password));
        }
        if (wanted.TotpKey is { } key)
        {
            if (SetUp.OfTotp(clock, state.Person, key, wanted.TotpCode, open: true) is not { } made) return Refusals.FactorInvalid;
            made.Add(batch, keys);
            replaced.AddRange(state.Open.Where(f => f.Kind == FactorKind.Totp));
        }
        if (wanted.Passkey is { } passkey) SetUp.OfPasskey(keys, clock, state.Person, passkey, wanted.PasskeyLabel, open: true).Add(batch, keys);
        foreach (var factor in replaced) factor.Remove(batch);
        return await KeepAsync(batch, account, "factor added", cancel);
    }

    /// <summary>Binds a card or an external identity that the edge has verified just now.</summary>
    public async Task<Outcome<Done>> RunAsync(Caller caller, BindingProof proof, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: true, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        if (entered.Value is not { Account: { } account }) return Refusals.NotFound;
        if (!proof.IsStrong) return Refusals.FactorInvalid;
        var now = clock.Now();
        var batch = new Batch();
        new FactorRow(account.Person, Ids.New(clock), proof.Kind, proof.Lookup(keys), 1, now, now, new FactorSecret { Label = proof.Issuer }).Add(batch, keys);
        return await KeepAsync(batch, account, "binding added", cancel);
    }

    /// <summary>Binds an external identity, unless its provider says that it is somebody else's.</summary>
    public async Task<Outcome<Done>> RunAsync(Caller caller, ProviderStatement statement, CancellationToken cancel)
    {
        if (!statement.Proof.IsStrong) return Refusals.ProviderTooWeak;
        if (caller.Person is { } person && await bindings.IsAnothersAsync(statement, person, cancel)) return Refusals.IdentityNotConnected;
        return await RunAsync(caller, statement.Proof, cancel);
    }

    private async Task<Outcome<Done>> KeepAsync(Batch batch, AccountRow account, string what, CancellationToken cancel)
    {
        AccountNotices.Tell(batch, keys, clock, account, NoticeKind.FactorChanged);
        signIns.Journal(batch, signIns.Changed(account.Person, "account", what));
        try
        {
            await database.CommitAsync(batch, cancel);
            return new Done();
        }
        catch (DuplicateKeyException)
        {
            return Refusals.FactorTaken;
        }
        catch (SheetChangedException)
        {
            return Refusals.FactorInvalid;
        }
    }
}

/// <summary>The person removes a factor, unless nobody could sign in any more without it.</summary>
public sealed class RemoveFactor(AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, Guid factor, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: true, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        var state = entered.Value;
        if (state.Account is null || state.Open.FirstOrDefault(f => f.Id == factor) is not { } gone) return Refusals.NotFound;
        if (!LeavesAWayIn([.. state.Open.Where(f => f.Id != factor)])) return Refusals.LastWayIn;
        var batch = new Batch();
        gone.Remove(batch);
        // Who removes a factor may fear that somebody else has it.
        Sessions.EndAll(batch, keys, await Sessions.OfAsync(database, keys, state.Person, cancel), clock.Now(), except: caller.Session);
        AccountNotices.Tell(batch, keys, clock, state.Account, NoticeKind.FactorChanged);
        signIns.Journal(batch, signIns.Changed(state.Person, "account", "factor removed"));
        try
        {
            await database.CommitAsync(batch, cancel);
            return new Done();
        }
        catch (SheetChangedException)
        {
            return Refusals.NotFound;
        }
    }

    private static bool LeavesAWayIn(IReadOnlyList<FactorRow> rest) =>
        rest.Any(f => f.Kind is FactorKind.Passkey or FactorKind.Card or FactorKind.External)
        || (rest.Any(f => f.Kind == FactorKind.Password) && rest.Any(f => f.Kind is FactorKind.Totp or FactorKind.Codes));
}

/// <summary>Ten one-time codes by post, to the address of the register; they are never shown on a screen. A new list ends the one before.</summary>
public sealed class OrderCodeList(AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, People people, Directories directories, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: true, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        if (entered.Value is not { Account: { } account } state) return Refusals.NotFound;
        var language = (await LetterOut.EntitledAsync(database, people, directories, state.Person, cancel))?.Language ?? account.Details.Language;
        var id = Ids.New(clock);
        var list = Enumerable.Range(0, LetterCodes.OfAList).Select(_ => LetterCodes.NewForAList()).ToList();
        var batch = new Batch();
        foreach (var old in state.Open.Where(f => f.Kind == FactorKind.Codes))
        {
            old.Remove(batch);
            Outbox.Withdraw(batch, old.Id);
        }
        new FactorRow(state.Person, id, FactorKind.Codes, null, 1, clock.Now(), clock.Now(), new FactorSecret { Left = [.. list.Select(c => OneTimeCode.ListToken(keys, state.Person, id, c))] }).Add(batch, keys);
        AccountNotices.Post(batch, keys, id, state.Person, NoticeKind.CodeList, clock.Now(), language, ("codes", string.Join('\n', list.Select(LetterCodes.Printed))));
        AccountNotices.Tell(batch, keys, clock, account, NoticeKind.FactorChanged);
        signIns.Journal(batch, signIns.Changed(state.Person, "account", "list of codes posted"));
        await database.CommitAsync(batch, cancel);
        return new Done();
    }
}
