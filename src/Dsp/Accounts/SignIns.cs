using Dsp.Identity;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>Somebody who has proven who they are.</summary>
/// <param name="Methods">What was proven, in the words of RFC 8176 where it has one: <c>pwd</c>, <c>otp</c>, <c>list</c>, <c>hwk</c>, <c>sc</c>, <c>ext</c>.</param>
/// <param name="DeviceSecret">What this browser keeps, so that it is known the next time.</param>
public sealed record SignedIn(PersonId Person, SessionId Session, SignInLevel Level, IReadOnlyList<string> Methods, string DeviceSecret);

/// <summary>The common end of every way to sign in: one commit keeps the use of the factors, the session, the device, what is told and the journal's line.</summary>
public sealed class SignIns(Database database, ServiceKeys keys, JournalWriter journal, TimeProvider clock)
{
    /// <param name="uses">Changes of the factors that were used; where one was used meanwhile, nobody is signed in.</param>
    internal async Task<Outcome<SignedIn>> SucceedAsync(AccountState state, Attempt? attempt, Batch uses, IReadOnlyList<string> methods, SignInPlace place, TimeSpan life, CancellationToken cancel)
    {
        var now = clock.Now();
        var secret = DeviceRow.IsSecret(place.Device) ? place.Device! : DeviceRow.NewSecret();
        var session = new SessionRow(SessionId.New(clock), state.Person.Value, null, now, now + life, null);
        uses.Put(session, keys);
        var device = DeviceRow.Seen(uses, keys, clock, state.Person, state.Device, secret, place.DeviceName);
        new AccountSessionRow(state.Person, session.Id, device.Id, now, session.EndsAt, SignInLevel.TwoFactors, string.Join(' ', methods)).Add(uses, keys);
        if (attempt is not null) SignInLimits.Forget(uses, attempt);
        if (state.Device is null && state.Account is { } account) AccountNotices.Tell(uses, keys, clock, account, NoticeKind.NewDevice);
        journal.Add(uses, Entry(state.Person, true, string.Join(' ', methods)), null);
        try
        {
            await database.CommitAsync(uses, cancel);
        }
        catch (Exception e) when (e is SheetChangedException or DuplicateKeyException)
        {
            // The same code or proof was used by another request between reading and writing.
            return await FailAsync(state, Refusals.SignInFailed, cancel);
        }
        return new SignedIn(state.Person, session.Id, SignInLevel.TwoFactors, methods, secret);
    }

    /// <summary>Journals an attempt that led nowhere; the line costs the same whether there is such an account or not.</summary>
    internal async Task<Refusal> FailAsync(AccountState? state, Refusal refusal, CancellationToken cancel)
    {
        var batch = new Batch();
        journal.Add(batch, Entry(state?.Account?.Person, false, refusal.Id), null);
        await database.CommitAsync(batch, cancel);
        return refusal;
    }

    /// <summary>A line about an account: its changes are identity, under the nil record.</summary>
    internal JournalEntry Changed(PersonId? person, string rule, string detail, PersonId? by = null) => new()
    {
        Id = Ids.New(clock), Record = RecordId.None, At = clock.Now(), Action = JournalActions.Identity, Person = by ?? person, OnBehalfOf = by is null ? null : person,
        Software = "portal", Permitted = true, Rule = rule, Detail = detail,
    };

    internal void Journal(Batch batch, JournalEntry entry) => journal.Add(batch, entry, null);

    private JournalEntry Entry(PersonId? person, bool permitted, string detail) => new()
    {
        Id = Ids.New(clock), Record = RecordId.None, At = clock.Now(), Action = JournalActions.SignIn, Person = person, Software = "portal", Permitted = permitted, Rule = "account", Detail = detail,
    };
}
