using System.Security.Cryptography;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The one way in. Loads all facts of (caller, record, item) in one round trip, lets the rules decide, and on success
/// opens the record's key into a <see cref="Permit"/>. A refusal's journal entry is committed before the refusal is
/// answered, in the same shape whether the record exists or not.
/// </summary>
public sealed class AccessGate(Database database, IKeyProvider provider, ServiceKeys keys, JournalWriter journal, TimeProvider clock, Alarms alarms)
{
    private FoundRecord? nobody;

    private const string RecordColumns =
        """
        SELECT r.record_id, r.key_epoch, r.wrapped_key, r.sheet_version, r.sheet,
               (SELECT MAX(j.sheet_version) FROM journal_entries j WHERE j.record_id = r.record_id AND j.sheet_version IS NOT NULL),
               (SELECT o.opened_at FROM openings o WHERE o.actor_id = @actor AND o.record_id = r.record_id)
        """;

    private const string ById = $"{RecordColumns} FROM records r WHERE r.record_id = @record";

    private const string ByToken =
        $"""
        {RecordColumns}
        FROM   person_tokens t
               JOIN persons p ON p.person_id = t.person_id
               JOIN records r ON r.record_id = p.record_id
        WHERE  t.token = @token
        """;

    private const string ByObject = $"{RecordColumns} FROM object_ids o JOIN records r ON r.record_id = o.record_id WHERE o.object_id = @object";

    /// <summary>Asks for entry.</summary>
    /// <param name="request">What is asked, and what the journal says of it.</param>
    /// <returns>A permit to spend, or the refusal, whose entry is already committed.</returns>
    public async Task<Entered> EnterAsync(AccessRequest request, CancellationToken cancel)
    {
        var now = clock.Now();
        var batch = new Batch();
        var found = QueryRecord(batch, request.Record, BrakeQuery.ActorOf(request));
        var brake = BrakeQuery.For(batch, request, keys, now);
        var actor = new ActorQuery(batch, request.Caller, keys, request.ResponsibleRegisterIds, request.Action == AccessAction.Deposit);
        var item = request.Item?.Query(batch, request.Record);
        await database.ReadAsync(batch, cancel);

        var opened = OpenRecord(found.First, now);
        // What is not there takes the work of what is: an answer's time tells nothing (security 3).
        if (found.First is null) OpenRecord(NobodysRecord(now), now);
        var actorFacts = actor.Facts(now);
        var facts = new AccessFacts(actorFacts, opened?.Record ?? RecordId.None, opened?.Sheet, request.Action, null, now);
        if (request.Action == AccessAction.Deposit && request.Caller.Kind == CallerKind.System)
            facts = facts with { Actor = actorFacts with { Professional = actor.ResponsibleFor(request.ResponsibleRegisterIds, now) } };
        var itemThere = true;
        if (item is not null)
        {
            var itemFacts = opened is null ? null : item.Open(opened.Key, opened.Sheet);
            itemThere = itemFacts is not null;
            facts = facts with { Item = itemFacts };
        }
        if (brake is not null) facts = facts with { Brake = await brake.FactsAsync(now - found.First?.OpenedAt < BrakeQuery.Remembered, database, now, cancel) };
        var decision = AccessRules.Decide(facts);
        // An item that is not there is refused like one that is hidden, after the same rules.
        if (decision.Permitted && !itemThere) decision = new Decision(false, ItemMissing, Refusals.NotFound);
        var entry = EntryOf(request, facts, decision);
        if (decision.Permitted)
        {
            var permit = new Permit(facts, decision, opened!.Key, opened.Version, entry, journal, database, clock);
            if (facts.Brake is { Known: false } counts)
                permit.AlongWith = also =>
                {
                    brake!.Tell(also, counts, keys, alarms, now);
                    brake.Count(also, permit.Record, now);
                };
            return new Entered(permit, null) { Responsible = Responsibles(actor, request, now) };
        }

        var refused = new Batch();
        journal.Add(refused, entry, opened?.Key);
        if (decision.Rule.Id == AccessRules.BrakeRule) brake!.Tell(refused, facts.Brake!, keys, alarms, now);
        await database.CommitAsync(refused, cancel);
        return new Entered(null, decision.Refusal ?? Refusals.NotFound);
    }

    /// <summary>What would another person's request be answered, by the same code? Facts come from the directory as they are now.</summary>
    internal async Task<(ActorFacts Actor, ItemFacts? Item)> FactsForAsync(Permit permit, Caller other, IItemQuery? item, CancellationToken cancel)
    {
        var batch = new Batch();
        var actor = new ActorQuery(batch, other, keys, [], deposit: false);
        var query = item?.Query(batch, new RecordRef.ById(permit.Record));
        await permit.SpendAsync(batch, cancel);
        return (actor.Facts(permit.Now), query?.Open(permit.Key, permit.Sheet));
    }

    private static readonly AccessRule ItemMissing = new("1-item", "the item exists", "domain 1.9", _ => Verdict.GoOn);

    private static Func<IReadOnlyList<string>, ProfessionalFacts?> Responsibles(ActorQuery actor, AccessRequest request, DateTimeOffset now) =>
        request.Caller.Kind == CallerKind.System ? ids => actor.ResponsibleFor(ids, now) : _ => actor.Facts(now).Professional;

    private static Slot<FoundRecord> QueryRecord(Batch batch, RecordRef reference, Guid? actor) => reference switch
    {
        RecordRef.ById r => batch.Query(FoundRecord.Read, ById, ("record", r.Id), ("actor", actor ?? Guid.Empty)),
        RecordRef.ByToken t => batch.Query(FoundRecord.Read, ByToken, ("token", t.Token), ("actor", actor ?? Guid.Empty)),
        RecordRef.ByObject o => batch.Query(FoundRecord.Read, ByObject, ("object", o.Id), ("actor", actor ?? Guid.Empty)),
        _ => batch.Query(FoundRecord.Read, ById, ("record", RecordId.None), ("actor", Guid.Empty)),
    };

    /// <summary>A record of nobody with a sheet of the usual size, under the present epoch; kept in memory alone, and opened for its work only.</summary>
    private FoundRecord NobodysRecord(DateTimeOffset now)
    {
        if (nobody is { } known && known.Epoch == provider.CurrentEpoch) return known;
        var key = RecordKey.Create(new RecordId(Ids.New(clock)));
        var contexts = Enumerable.Range(0, 2).Select(_ => new CareContext(Ids.New(clock), CareContextKind.Individual, new PersonId(Ids.New(clock)), new InstitutionId(Ids.New(clock)), now, now));
        var sheet = new AccessSheet { Holder = new PersonId(Ids.New(clock)), State = RecordState.Active, CreatedAt = now, Contexts = [.. contexts] };
        return nobody = new FoundRecord(key.Record, provider.CurrentEpoch, key.Wrap(provider, provider.CurrentEpoch), 1, sheet.Seal(key, 1), null, null);
    }

    private OpenedRecord? OpenRecord(FoundRecord? found, DateTimeOffset now)
    {
        if (found is null) return null;
        try
        {
            var key = RecordKey.Unwrap(provider, found.Record, found.Epoch, found.WrappedKey);
            var sheet = AccessSheet.Open(key, found.Version, found.Sheet);
            // A sheet older than what the journal knows was put back: it opens nothing (security §1).
            if (found.NewestJournalled is { } newest && newest != found.Version) throw new SealBrokenException("An older sheet was put back");
            return new OpenedRecord(found.Record, key, sheet, found.Version);
        }
        catch (Exception e) when (e is SealBrokenException or CryptographicException or System.Text.Json.JsonException)
        {
            alarms.Raise("record-does-not-open", found.Record, now);
            return null;
        }
    }

    private JournalEntry EntryOf(AccessRequest request, AccessFacts facts, Decision decision)
    {
        var caller = request.Caller;
        var relation = facts.Relation;
        return new JournalEntry
        {
            Id = Ids.New(clock),
            Record = facts.Record,
            At = facts.Now,
            Action = request.JournalAction,
            Person = caller.Kind == CallerKind.System ? facts.Actor.Professional?.Person : caller.Person,
            PersonName = caller.Kind switch
            {
                CallerKind.Professional => facts.Actor.Professional?.Name,
                CallerKind.System => facts.Actor.Professional?.Name,
                CallerKind.Person => facts.Representation?.Name,
                _ => null,
            },
            Profession = caller.Kind switch
            {
                CallerKind.Professional => facts.Actor.Professional?.Profession,
                CallerKind.System => facts.Actor.Professional?.Profession,
                CallerKind.Agent => "agent",
                _ => facts.IsHolder ? "holder" : facts.Representation is not null ? "representative" : null,
            },
            Institution = facts.Actor.Institution?.Id ?? caller.Institution,
            InstitutionName = facts.Actor.Institution?.Name,
            Software = facts.Actor.System?.Name ?? facts.Actor.Through?.Name ?? caller.Software,
            Automatic = caller.Kind == CallerKind.System,
            OnBehalfOf = facts.Representation is not null ? facts.Sheet!.Holder : null,
            Documents = request.Documents,
            Query = request.Query,
            Context = relation?.Kind ?? (facts.IsHolder ? "holder" : facts.Representation is not null ? "representative" : caller.Kind == CallerKind.System ? "system" : null),
            ContextId = relation?.Id ?? facts.Representation?.Id,
            Permitted = decision.Permitted,
            Rule = decision.Rule.Id,
            Detail = request.Detail,
            Call = caller.Call,
        };
    }

    private sealed record FoundRecord(RecordId Record, int Epoch, byte[] WrappedKey, long Version, byte[] Sheet, long? NewestJournalled, DateTimeOffset? OpenedAt)
    {
        public static FoundRecord Read(Row row) => new(new(row.Guid(0)), row.Int(1), row.Bytes(2), row.Long(3), row.Bytes(4), row.LongOrNull(5), row.InstantOrNull(6));
    }

    private sealed record OpenedRecord(RecordId Record, RecordKey Key, AccessSheet Sheet, long Version);
}

/// <summary>What is asked of the gate, and what the journal will say of it.</summary>
public sealed record AccessRequest(Caller Caller, RecordRef Record, AccessAction Action, string JournalAction)
{
    /// <summary>The item asked for, where it is one.</summary>
    public IItemQuery? Item { get; init; }
    public IReadOnlyList<DocumentId> Documents { get; init; } = [];
    public string? Query { get; init; }
    public string? Detail { get; init; }

    /// <summary>A deposit's authors and authenticators by their register ids, for the responsible person.</summary>
    public IReadOnlyList<string> ResponsibleRegisterIds { get; init; } = [];
}

/// <summary>Adds the item's rows to the gate's round trip and opens its facts; implemented beside the item's store.</summary>
public interface IItemQuery
{
    IOpenItem Query(Batch batch, RecordRef record);
}

public interface IOpenItem
{
    /// <summary>The item's authenticated facts; null where it does not exist, is quarantined or does not open.</summary>
    ItemFacts? Open(RecordKey key, AccessSheet sheet);
}

/// <summary>A permit to spend, or the refusal.</summary>
public sealed record Entered(Permit? Permit, Refusal? Refusal)
{
    /// <summary>For a deposit: the responsible person an entry's register ids name, or the default one; null where there is none.</summary>
    public Func<IReadOnlyList<string>, ProfessionalFacts?> Responsible { get; init; } = _ => null;
}
