using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>
/// Somebody asks for a letter with a code: to activate an account, or because no factor is left. It goes to the address of the
/// register, whoever asks, and the answer is always the same: it says neither whether there is such a person nor an account.
/// </summary>
public sealed class AskForLetter(AccountStore accounts, SignInLimits limits, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(string? login, PartialDate? birth, SignInPlace place, CancellationToken cancel)
    {
        var now = clock.Now();
        var name = LoginName.Read(login, Deadlines.DayOf(now));
        var who = await accounts.EntitledAsync(name, birth, cancel);
        var attempt = await limits.BeginAsync("ask", name, place, null, cancel);
        if (!attempt.Allowed) return await signIns.FailAsync(null, Refusals.SignInSlowed, cancel);
        var person = who?.Person ?? default;
        var codes = await Codes.OfAsync(database, keys, person, cancel);
        var state = await accounts.LoadAsync(person, null, cancel);
        var batch = new Batch();
        var may = who is not null && !codes.Any(c => c.Purpose == CodePurpose.First && c.IssuedBy is null && now - c.MadeAt < AccountTerms.BetweenLetters);
        if (may) LetterOut.Post(batch, keys, clock, who!, codes, null);
        if (may && state.Account is { } account) AccountNotices.Tell(batch, keys, clock, account, NoticeKind.FactorChanged);
        signIns.Journal(batch, signIns.Changed(who?.Person, "account", may ? "letter asked for" : "letter asked for, none sent"));
        await database.CommitAsync(batch, cancel);
        return new Done();
    }
}

/// <summary>An agent has a letter sent, for somebody who cannot ask. The code is never shown to the agent.</summary>
public sealed class IssueLetter(CallerGate callers, AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, People people, Directories directories, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(Caller agent, PersonId person, CancellationToken cancel)
    {
        if (await Agency.EnterAsync(callers, agent, cancel) is { } refused) return refused;
        if (await LetterOut.EntitledAsync(database, people, directories, person, cancel) is not { } who) return Refusals.NotFound;
        var state = await accounts.LoadAsync(person, null, cancel);
        if (Agency.ChangedContact(state.Account, agent, clock.Now())) return Refusals.SecondAgentNeeded;
        var batch = new Batch();
        LetterOut.Post(batch, keys, clock, who, await Codes.OfAsync(database, keys, person, cancel), agent.Person!.Value.Value);
        if (state.Account is { } account) AccountNotices.Tell(batch, keys, clock, account, NoticeKind.FactorChanged);
        signIns.Journal(batch, signIns.Changed(person, "agent", "letter issued", agent.Person));
        await database.CommitAsync(batch, cancel);
        return new Done();
    }
}

/// <summary>The first letter: a new code ends the one before.</summary>
internal static class LetterOut
{
    public static void Post(Batch batch, ServiceKeys keys, TimeProvider clock, Entitled who, IReadOnlyList<CodeRow> codes, Guid? by)
    {
        var now = clock.Now();
        Codes.End(batch, keys, codes.Where(c => c.Purpose == CodePurpose.First), now);
        var (row, code) = CodeRow.New(batch, keys, clock, who.Person, CodePurpose.First, now, by);
        // Without a national number the name is not in the person's hands: the letter gives it, and the birth date is asked for.
        var name = who.Details is { NationalNumber: null, EHealthId: { } id } ? id : null;
        AccountNotices.Post(batch, keys, row.Id, who.Person, NoticeKind.ActivationCode, now, who.Language, ("code", LetterCodes.Printed(code)), ("until", Instants.Text(row.EndsAt)), ("login", name));
    }

    public static async Task<Entitled?> EntitledAsync(Database database, People people, Directories directories, PersonId person, CancellationToken cancel)
    {
        var listed = await directories.ProfessionalAsync(person, cancel);
        if (await people.FindAsync(database, person, cancel) is { Details.DeathDate: null } found) return new Entitled(person, found.Details) { RegisterId = listed?.RegisterId };
        return listed is { LicenceInForce: true } ? new Entitled(person, null) { RegisterId = listed.RegisterId } : null;
    }
}

/// <summary>What agents of the agency may do to accounts, and what one alone may not.</summary>
internal static class Agency
{
    public static async Task<Refusal?> EnterAsync(CallerGate callers, Caller caller, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.Administer, JournalActions.Identity, cancel);
        return entered.Refusal ?? (caller.Kind == CallerKind.Agent ? null : Refusals.RoleMayNot);
    }

    /// <summary>This agent redirected where the person is told, not long ago.</summary>
    public static bool ChangedContact(AccountRow? account, Caller agent, DateTimeOffset now) =>
        DidOf(account, agent, now).Any(h => h.Redirected);

    /// <summary>This agent had a code sent, or asked for a reset, not long ago.</summary>
    public static bool ReachedForSignIn(AccountRow? account, IReadOnlyList<CodeRow> codes, Caller agent, DateTimeOffset now) =>
        codes.Any(c => c.IssuedBy is { } by && by == agent.Person?.Value && now - c.MadeAt < AccountTerms.SameHand)
        || DidOf(account, agent, now).Any(h => !h.Redirected);

    private static IEnumerable<AgentHand> DidOf(AccountRow? account, Caller agent, DateTimeOffset now) =>
        (account?.Details.Hands ?? []).Where(h => h.Agent == agent.Person?.Value && now - h.At < AccountTerms.SameHand);
}
