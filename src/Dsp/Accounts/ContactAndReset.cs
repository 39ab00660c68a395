using Dsp.Access;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>
/// Where a person is told: changed by the person with a fresh factor, or by an agent who has not reached for the sign-in. Both
/// the former addresses and the new ones are told; for a week the former ones go on being told.
/// </summary>
public sealed class ChangeContact(CallerGate callers, AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    private const int Longest = 254;

    /// <summary>The person's own change.</summary>
    public async Task<Outcome<Done>> RunAsync(Caller caller, Contact contact, string language, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: true, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        return entered.Value.Account is { } account ? await KeepAsync(account, contact, language, null, cancel) : Refusals.NotFound;
    }

    /// <summary>An agent's change, at the person's request.</summary>
    public async Task<Outcome<Done>> RunAsync(Caller agent, PersonId person, Contact contact, CancellationToken cancel)
    {
        if (await Agency.EnterAsync(callers, agent, cancel) is { } refused) return refused;
        var state = await accounts.LoadAsync(person, null, cancel);
        if (state.Account is not { } account) return Refusals.NotFound;
        if (Agency.ReachedForSignIn(account, await Codes.OfAsync(database, keys, person, cancel), agent, clock.Now())) return Refusals.SecondAgentNeeded;
        return await KeepAsync(account, contact, account.Details.Language, agent.Person, cancel);
    }

    /// <summary>An e-mail address or phone number that could be one; both may be left out.</summary>
    public static bool IsWellFormed(Contact contact) =>
        (contact.Email is null || (contact.Email.Length <= Longest && contact.Email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < contact.Email.Length - 1 && !contact.Email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))
        && (contact.Phone is null || (contact.Phone.Count(char.IsAsciiDigit) is >= 6 and <= 15 && contact.Phone.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '.' or '-' or '/' or '(' or ')')));

    private async Task<Outcome<Done>> KeepAsync(AccountRow account, Contact contact, string language, PersonId? agent, CancellationToken cancel)
    {
        if (!IsWellFormed(contact)) return Refusals.InvalidMetadata.Because("An e-mail address has an @, a phone number 6 to 15 digits.").At("contact");
        var now = clock.Now();
        var before = account.Details;
        var changed = contact != before.Contact;
        var after = changed
            ? before with { Contact = contact, FormerContact = before.ToldAt(now), ContactChangedAt = now, Language = language }
            : before with { Language = language };
        if (changed && agent is { } hand) after = after.WithHand(hand.Value, redirected: true, now);
        var batch = new Batch();
        account.Change(batch, keys, after);
        if (changed)
        {
            AccountNotices.Tell(batch, keys, clock, account.Person, before.ToldAt(now), NoticeKind.ContactChanged);
            AccountNotices.Tell(batch, keys, clock, account.Person, contact, NoticeKind.ContactChanged);
        }
        signIns.Journal(batch, signIns.Changed(account.Person, agent is null ? "account" : "agent", "contact changed", agent));
        try
        {
            await database.CommitAsync(batch, cancel);
            return new Done();
        }
        catch (SheetChangedException)
        {
            return Refusals.VersionStale;
        }
    }
}

/// <summary>
/// Two agents take every factor of an account away and have a letter sent: for somebody whose account is in other hands. The
/// first asks, another one does it; neither may have redirected the person's messages. The letter opens nothing by itself.
/// </summary>
public sealed class ResetSignIn(CallerGate callers, AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, Identity.People people, Identity.Directories directories, TimeProvider clock) : IOperation
{
    private static readonly TimeSpan Waits = TimeSpan.FromDays(7);

    /// <returns>Whether the reset is done; false: a second agent is waited for.</returns>
    public async Task<Outcome<bool>> RunAsync(Caller agent, PersonId person, CancellationToken cancel)
    {
        if (await Agency.EnterAsync(callers, agent, cancel) is { } refused) return refused;
        var now = clock.Now();
        var state = await accounts.LoadAsync(person, null, cancel);
        if (state.Account is not { } account) return Refusals.NotFound;
        if (Agency.ChangedContact(account, agent, now)) return Refusals.SecondAgentNeeded;
        var hand = agent.Person!.Value.Value;
        var asked = account.Details is { ResetAskedBy: { } first, ResetAskedAt: { } at } && now - at < Waits ? first : (Guid?)null;
        if (asked == hand) return Refusals.SecondAgentNeeded;
        var batch = new Batch();
        AccountNotices.Tell(batch, keys, clock, account, NoticeKind.FactorChanged);
        account.Change(batch, keys, account.Details.WithHand(hand, redirected: false, now) with { ResetAskedBy = asked is null ? hand : null, ResetAskedAt = asked is null ? now : null });
        if (asked is null)
        {
            signIns.Journal(batch, signIns.Changed(person, "agent", "reset asked for", agent.Person));
            await database.CommitAsync(batch, cancel);
            return false;
        }
        foreach (var factor in state.Factors) factor.Remove(batch);
        Sessions.EndAll(batch, keys, await Sessions.OfAsync(database, keys, person, cancel), now, except: null);
        batch.Add("DELETE FROM account_devices WHERE person_id = @person", ("person", person));
        var codes = await Codes.OfAsync(database, keys, person, cancel);
        Codes.End(batch, keys, codes.Where(c => c.Purpose != CodePurpose.First), now);
        if (await LetterOut.EntitledAsync(database, people, directories, person, cancel) is { } who) LetterOut.Post(batch, keys, clock, who, codes, hand);
        signIns.Journal(batch, signIns.Changed(person, "agent", "sign-in reset", agent.Person));
        await database.CommitAsync(batch, cancel);
        return true;
    }
}
