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
