using Dsp.Identity;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>The code of a letter was right: with this the rest of the activation goes on, for half an hour, in one browser.</summary>
public sealed record ActivationTicket(PersonId Person, Guid Code, string Login, DateTimeOffset Until);

/// <summary>The factors somebody sets up: a password and an application, or a passkey, or both.</summary>
public sealed record NewFactors
{
    public string? Password { get; init; }
    public byte[]? TotpKey { get; init; }

    /// <summary>What the application shows: it was set up rightly.</summary>
    public string? TotpCode { get; init; }
    public PasskeyCredential? Passkey { get; init; }
    public string? PasskeyLabel { get; init; }
}

/// <summary>What an activation led to: nothing is open yet.</summary>
/// <param name="SecondLetterAt">When the letter with the second code leaves.</param>
public sealed record Activated(DateTimeOffset SecondLetterAt);

/// <summary>The first step by letter: name, birth date where the name does not say it, and the code.</summary>
public sealed class BeginActivation(LetterCodeDoor door, TimeProvider clock) : IOperation
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    public async Task<Outcome<ActivationTicket>> RunAsync(string? login, PartialDate? birth, string? code, SignInPlace place, CancellationToken cancel)
    {
        var name = LoginName.Read(login, Deadlines.DayOf(clock.Now()));
        var tried = await door.TryAsync(CodePurpose.First, name, birth, code ?? "", place, cancel);
        return tried.Succeeded ? new ActivationTicket(tried.Value.Who.Person, tried.Value.Code.Id, name.Text, clock.Now() + Life) : tried.Refusal;
    }
}

/// <summary>
/// The last step: factors are set up, and wait. Whoever holds the letter may be a thief, so nothing opens before a second
/// channel speaks: the register address gets a letter at once that says so, with a code that stops it, and a second code
/// three days later. What worked before goes on working until then.
/// </summary>
public sealed class ActivateAccount(AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, People people, Directories directories, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Activated>> RunAsync(ActivationTicket ticket, NewFactors factors, Contact contact, string language, CancellationToken cancel)
    {
        var now = clock.Now();
        var codes = await Codes.OfAsync(database, keys, ticket.Person, cancel);
        var first = codes.FirstOrDefault(c => c.Id == ticket.Code && c.Purpose == CodePurpose.First);
        if (first is not { UsedAt: null } || now >= first.EndsAt || now >= ticket.Until) return Refusals.LetterCodeRefused;
        if (await LetterOut.EntitledAsync(database, people, directories, ticket.Person, cancel) is not { } who) return Refusals.LetterCodeRefused;
        var made = await SetUp.MakeAsync(keys, clock, ticket.Person, ticket.Login, factors, open: false, cancel);
        if (!made.Succeeded) return made.Refusal;
        var state = await accounts.LoadAsync(ticket.Person, null, cancel);

        var batch = new Batch();
        first.Change(batch, keys, first with { UsedAt = now });
        Codes.End(batch, keys, codes.Where(c => c.Purpose != CodePurpose.First), now);
        foreach (var old in state.Waiting) old.Remove(batch);
        foreach (var factor in made.Value) factor.Add(batch, keys);
        if (state.Account is { } account) AccountNotices.Tell(batch, keys, clock, account, NoticeKind.FactorChanged);
        else AccountRow.Put(batch, keys, ticket.Person, null, new AccountDetails { CreatedAt = now, Contact = contact, Language = language });
        foreach (var name in who.Names) AccountStore.AddName(batch, keys, name, ticket.Person);

        var (stop, stopCode) = CodeRow.New(batch, keys, clock, ticket.Person, CodePurpose.Stop, now, null);
        AccountNotices.Post(batch, keys, stop.Id, ticket.Person, NoticeKind.StopCode, now, who.Language, ("code", LetterCodes.Printed(stopCode)), ("until", Instants.Text(stop.EndsAt)));
        var (second, secondCode) = CodeRow.New(batch, keys, clock, ticket.Person, CodePurpose.Second, now + AccountTerms.SecondLetter, null);
        AccountNotices.Post(batch, keys, second.Id, ticket.Person, NoticeKind.SecondCode, second.ValidFrom, who.Language, ("code", LetterCodes.Printed(secondCode)), ("until", Instants.Text(second.EndsAt)));
        signIns.Journal(batch, signIns.Changed(ticket.Person, "account", state.Account is null ? "activated by letter, waits" : "recovered by letter, waits"));
        try
        {
            await database.CommitAsync(batch, cancel);
        }
        catch (SheetChangedException)
        {
            return Refusals.LetterCodeRefused;
        }
        catch (DuplicateKeyException)
        {
            return Refusals.FactorTaken;
        }
        return new Activated(second.ValidFrom);
    }
}

/// <summary>The code of the second letter opens what the first one began.</summary>
public sealed class ConfirmSecondLetter(LetterCodeDoor door, AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(string? login, PartialDate? birth, string? code, SignInPlace place, CancellationToken cancel)
    {
        var tried = await door.TryAsync(CodePurpose.Second, LoginName.Read(login, Deadlines.DayOf(clock.Now())), birth, code ?? "", place, cancel);
        if (!tried.Succeeded) return tried.Refusal;
        var state = await accounts.LoadAsync(tried.Value.Who.Person, null, cancel);
        if (state.Account is null || !state.Waiting.Any()) return Refusals.LetterCodeRefused;
        var batch = new Batch();
        tried.Value.Code.Change(batch, keys, tried.Value.Code with { UsedAt = clock.Now() });
        return await Opening.OpenAsync(batch, state, "second letter", null, signIns, database, keys, clock, cancel);
    }
}

/// <summary>Stops an activation somebody else began: the code of the letter that told of it is enough, and what waits is gone.</summary>
public sealed class StopActivation(LetterCodeDoor door, AccountStore accounts, SignIns signIns, Access.Alarms alarms, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(string? login, PartialDate? birth, string? code, SignInPlace place, CancellationToken cancel)
    {
        var tried = await door.TryAsync(CodePurpose.Stop, LoginName.Read(login, Deadlines.DayOf(clock.Now())), birth, code ?? "", place, cancel);
        if (!tried.Succeeded) return tried.Refusal;
        var person = tried.Value.Who.Person;
        var state = await accounts.LoadAsync(person, null, cancel);
        var batch = new Batch();
        tried.Value.Code.Change(batch, keys, tried.Value.Code with { UsedAt = clock.Now() });
        Codes.End(batch, keys, (await Codes.OfAsync(database, keys, person, cancel)).Where(c => c.Purpose != CodePurpose.Stop), clock.Now());
        foreach (var factor in state.Waiting) factor.Remove(batch);
        // An account that this activation made goes with it, and with it the addresses that were given.
        if (!state.Open.Any())
            batch.Add("DELETE FROM account_names WHERE person_id = @person", ("person", person)).Add("DELETE FROM accounts WHERE person_id = @person", ("person", person));
        signIns.Journal(batch, signIns.Changed(person, "account", "activation stopped by its person"));
        await database.CommitAsync(batch, cancel);
        // Somebody had the letter who should not have it: that is for the security officer.
        alarms.Raise("activation-stopped", person, clock.Now());
        return new Done();
    }
}
