using System.Security.Cryptography;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>
/// Where codes of letters are tried: every try counts before it is compared, and name, birth date and code are wrong in one
/// and the same way, at one and the same cost, whether there is such a person, account or letter or not.
/// </summary>
public sealed class LetterCodeDoor(AccountStore accounts, SignInLimits limits, Database database, ServiceKeys keys, JournalWriter journal, Alarms alarms, TimeProvider clock)
{
    internal async Task<Outcome<(Entitled Who, CodeRow Code)>> TryAsync(CodePurpose purpose, LoginName name, PartialDate? birth, string typed, SignInPlace place, CancellationToken cancel)
    {
        var who = await accounts.EntitledAsync(name, birth, cancel);
        var attempt = await limits.BeginAsync("letter", name, place, null, cancel);
        if (!attempt.Allowed) return await FailAsync(Refusals.SignInSlowed, cancel);
        var now = clock.Now();
        var person = who?.Person ?? default;
        var codes = await Codes.OfAsync(database, keys, person, cancel);
        var live = codes.LastOrDefault(c => c.Purpose == purpose && c.MayBeTriedAt(now));
        var counted = live is null ? null : live with { Tries = live.Tries + 1 };
        var batch = new Batch();
        if (counted is not null) live!.Change(batch, keys, counted);
        else batch.Add("UPDATE activation_codes SET tries = tries WHERE person_id = @person AND code_id = @person", ("person", person));
        try
        {
            await database.CommitAsync(batch, cancel);
        }
        catch (SheetChangedException)
        {
            return await FailAsync(Refusals.LetterCodeRefused, cancel);
        }
        var token = CodeRow.TokenOf(keys, person, purpose, typed);
        var fits = CryptographicOperations.FixedTimeEquals(token, live?.Code ?? new byte[token.Length]);
        if (!fits || who is null || counted is null)
        {
            if (counted is { Tries: AccountTerms.CodeTries }) alarms.Raise("letter-code-guessed", counted.Id, now);
            return await FailAsync(Refusals.LetterCodeRefused, cancel);
        }
        var done = new Batch();
        SignInLimits.Forget(done, attempt);
        await database.CommitAsync(done, cancel);
        return (who, counted);
    }

    private async Task<Refusal> FailAsync(Refusal refusal, CancellationToken cancel)
    {
        var batch = new Batch();
        journal.Add(batch, new JournalEntry
        {
            Id = Ids.New(clock), Record = RecordId.None, At = clock.Now(), Action = JournalActions.SignIn, Software = "portal", Permitted = false, Rule = "letter-code", Detail = refusal.Id,
        }, null);
        await database.CommitAsync(batch, cancel);
        return refusal;
    }
}
