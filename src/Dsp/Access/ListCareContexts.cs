using System.Security.Cryptography;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>One relation of the caller that is open now: identity and relation, nothing clinical.</summary>
/// <param name="Relation">individual, institution, emergency, circle or referring.</param>
public sealed record ListedCareContext(Guid Id, RecordId Record, PersonId Holder, string Relation, DateTimeOffset StartsAt, DateTimeOffset? EndsAt);

/// <summary>
/// The caller's own open relations, newest first: a professional's, and the institution's acted for. The rows that list them
/// are hints; each record's sheet is opened and the rules are asked, so that a block, an end or a closing is absent at once.
/// The list is journalled once, under no record: nothing of any record but the relation is read.
/// </summary>
public sealed class ListCareContexts(Database database, IKeyProvider provider, ServiceKeys keys, JournalWriter journal, Alarms alarms, TimeProvider clock) : IOperation
{
    private const int Most = 500;

    private const string Hinted =
        """
        SELECT h.relation_id, r.record_id, r.key_epoch, r.wrapped_key, r.sheet_version, r.sheet,
               (SELECT MAX(j.sheet_version) FROM journal_entries j WHERE j.record_id = r.record_id AND j.sheet_version IS NOT NULL)
        FROM   relations_by_actor h JOIN records r ON r.record_id = h.record_id
        WHERE  h.actor_id IN (@person, @institution) AND h.starts_at <= @now AND (h.ends_at IS NULL OR h.ends_at > @now)
        ORDER  BY h.starts_at DESC, h.relation_id DESC
        LIMIT  @most
        """;

    public async Task<Outcome<IReadOnlyList<ListedCareContext>>> RunAsync(Caller caller, CancellationToken cancel)
    {
        var now = clock.Now();
        var batch = new Batch();
        var actor = new ActorQuery(batch, caller, keys, [], deposit: false);
        await database.ReadAsync(batch, cancel);
        var facts = new AccessFacts(actor.Facts(now), RecordId.None, null, caller.Kind == CallerKind.System ? AccessAction.RegisterContext : AccessAction.Search, null, now);
        // Without a record the rules about the caller alone decide; past them the record is what is missing.
        var decision = AccessRules.Decide(facts);
        var mayList = caller.Kind is CallerKind.Professional or CallerKind.System;
        var refusal = !mayList ? Refusals.RoleMayNot : decision.Rule.Id == "1-exists" ? null : decision.Refusal;
        var effect = new Batch();
        journal.Add(effect, EntryOf(facts, decision, refusal), null);
        var hinted = refusal is not null ? null : effect.Query(HintedRow.Read, Hinted,
            ("person", caller.Person?.Value ?? Guid.Empty), ("institution", facts.Actor.Institution?.Id.Value ?? Guid.Empty), ("now", now), ("most", (long)Most));
        await database.CommitAsync(effect, cancel);
        if (refusal is not null) return refusal;

        var listed = new List<ListedCareContext>();
        foreach (var row in hinted!.Rows)
            if (Open(row, now) is { } sheet && Listed(facts with { Record = row.Record, Sheet = sheet }, row.Relation) is { } relation) listed.Add(relation);
        return listed;
    }

    private AccessSheet? Open(HintedRow row, DateTimeOffset now)
    {
        try
        {
            if (row.NewestJournalled is { } newest && newest != row.Version) throw new SealBrokenException("An older sheet was put back");
            return AccessSheet.Open(RecordKey.Unwrap(provider, row.Record, row.Epoch, row.WrappedKey), row.Version, row.Sheet);
        }
        catch (Exception e) when (e is SealBrokenException or CryptographicException or System.Text.Json.JsonException)
        {
            alarms.Raise("record-does-not-open", row.Record, now);
            return null;
        }
    }

    private static ListedCareContext? Listed(AccessFacts facts, Guid relation)
    {
        var sheet = facts.Sheet!;
        if (!AccessRules.Decide(facts).Permitted) return null;
        if (relation == facts.Record.Value)
            return facts.IsReferringDoctor ? new ListedCareContext(relation, facts.Record, sheet.Holder, "referring", sheet.Referring!.Since, sheet.Referring.Until) : null;
        if (sheet.Contexts.FirstOrDefault(c => c.Id == relation) is { } context)
            return context.IsValidAt(facts.Now) ? new ListedCareContext(context.Id, facts.Record, sheet.Holder, Relation.NameOf(context.Kind), context.StartsAt, context.EndsAt) : null;
        return sheet.Circle.FirstOrDefault(m => m.Id == relation && (m.EndsAt is null || facts.Now < m.EndsAt)) is { } member
            ? new ListedCareContext(member.Id, facts.Record, sheet.Holder, "circle", member.Since, member.EndsAt)
            : null;
    }

    private JournalEntry EntryOf(AccessFacts facts, Decision decision, Refusal? refusal) => new()
    {
        Id = Ids.New(clock),
        Record = RecordId.None,
        At = facts.Now,
        Action = JournalActions.ListContexts,
        Person = facts.Caller.Person,
        PersonName = facts.Actor.Professional?.Name,
        Profession = facts.Actor.Professional?.Profession,
        Institution = facts.Actor.Institution?.Id,
        InstitutionName = facts.Actor.Institution?.Name,
        Software = facts.Actor.System?.Name ?? facts.Actor.Through?.Name ?? facts.Caller.Software,
        Automatic = facts.Caller.Kind == CallerKind.System,
        Permitted = refusal is null,
        Rule = refusal is null ? "own-relations" : decision.Rule.Id,
        Call = facts.Caller.Call,
    };

    private sealed record HintedRow(Guid Relation, RecordId Record, int Epoch, byte[] WrappedKey, long Version, byte[] Sheet, long? NewestJournalled)
    {
        public static HintedRow Read(Row row) => new(row.Guid(0), new(row.Guid(1)), row.Int(2), row.Bytes(3), row.Long(4), row.Bytes(5), row.LongOrNull(6));
    }
}
