using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The way in to what belongs to no record: the directory of people, registrations, feeds. Applies the rules about the caller
/// that the gate applies first, by the same code, and journals under the nil record.
/// </summary>
public sealed class CallerGate(Database database, ServiceKeys keys, JournalWriter journal, TimeProvider clock)
{
    private static readonly AccessRule[] AboutTheCaller = [.. AccessRules.All.TakeWhile(r => r.Id != "1-exists")];
    private static readonly AccessRule AgentListed = new("2-agent", "the agent is listed and in function", "A909 art. 10", f =>
        Verdict.DenyUnless(f.Caller.Kind != CallerKind.Agent || f.Actor.AgentNumber is not null, Refusals.NotListed));

    /// <summary>Asks for entry; a refusal's journal entry is committed before it is answered.</summary>
    public async Task<CallerEntered> EnterAsync(Caller caller, AccessAction action, string journalAction, CancellationToken cancel, string? query = null, string? detail = null)
    {
        var batch = new Batch();
        var asked = Ask(batch, caller);
        await database.ReadAsync(batch, cancel);
        var decided = asked.Decide(action, clock.Now());
        var entry = EntryOf(decided, journalAction) with { Query = query, Detail = detail };
        if (decided.Refusal is null) return new CallerEntered(decided.Facts.Actor, entry, null);
        var refused = new Batch();
        journal.Add(refused, entry, null);
        await database.CommitAsync(refused, cancel);
        return new CallerEntered(decided.Facts.Actor, entry, decided.Refusal);
    }

    /// <summary>The same question inside another round trip, for streams that ask again with every batch.</summary>
    internal CallerAsked Ask(Batch batch, Caller caller) => new(new ActorQuery(batch, caller, keys, [], deposit: false));

    internal JournalEntry EntryOf(CallerDecided decided, string action) => new()
    {
        Id = Ids.New(clock),
        Record = RecordId.None,
        At = decided.Facts.Now,
        Action = action,
        Person = decided.Facts.Caller.Person,
        PersonName = decided.Facts.Actor.Professional?.Name,
        Profession = decided.Facts.Caller.Kind switch
        {
            CallerKind.Professional => decided.Facts.Actor.Professional?.Profession,
            CallerKind.Agent => "agent",
            CallerKind.System => "system",
            _ => null,
        },
        Institution = decided.Facts.Actor.Institution?.Id,
        InstitutionName = decided.Facts.Actor.Institution?.Name,
        Software = decided.Facts.Actor.System?.Name ?? decided.Facts.Actor.Through?.Name ?? decided.Facts.Caller.Software,
        Automatic = decided.Facts.Caller.Kind == CallerKind.System,
        Permitted = decided.Refusal is null,
        Rule = decided.Rule,
        Call = decided.Facts.Caller.Call,
    };

    internal sealed class CallerAsked(ActorQuery query)
    {
        public CallerDecided Decide(AccessAction action, DateTimeOffset now)
        {
            var facts = new AccessFacts(query.Facts(now), RecordId.None, null, action, null, now);
            foreach (var rule in AboutTheCaller.Append(AgentListed))
                if (rule.Decide(facts) is { Permits: false } denied) return new CallerDecided(facts, rule.Id, denied.Refusal);
            return new CallerDecided(facts, "2-caller", null);
        }
    }

    internal sealed record CallerDecided(AccessFacts Facts, string Rule, Refusal? Refusal);
}

/// <summary>Entry for a caller: the facts and the pending entry that the operation commits with its effect; or the refusal.</summary>
public sealed record CallerEntered(ActorFacts Actor, JournalEntry Entry, Refusal? Refusal);
