using Dsp.Codes;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>What another person would be answered, by which sentence of the law.</summary>
/// <param name="Institution">The place of practice that decided; null where the person acts for none.</param>
public sealed record AnsweredDecision(bool Permitted, string Rule, string Sentence, string Article, InstitutionId? Institution);

/// <summary>
/// Tells the holder what another person would be answered now, by the same rules and the same code. A professional is asked
/// about at every place of practice, as if signed in there properly: permitted at one is permitted.
/// </summary>
public sealed class AskDecision(AccessGate gate, Database database, ServiceKeys keys, IItemSource items, TimeProvider clock) : IOperation
{
    private static readonly List<string> Order = [.. AccessRules.All.Select(r => r.Id)];

    /// <param name="action">Read, search or deposit: what the other person would do.</param>
    public async Task<Outcome<AnsweredDecision>> RunAsync(Caller caller, RecordId record, PersonId other, AccessAction action, DocumentId? document, CancellationToken cancel)
    {
        var places = await PlacesAsync(other, cancel);
        return await AskAsync(caller, record, other.ToString(), now => Askers(other, places, now), action, document, cancel);
    }

    /// <summary>What the contact point of a country would be answered, for a professional it has signed in.</summary>
    public async Task<Outcome<AnsweredDecision>> RunAsync(Caller caller, RecordId record, string country, AccessAction action, DocumentId? document, CancellationToken cancel) =>
        EuropeanCountries.Has(country)
            ? await AskAsync(caller, record, country, now => [new Caller { Kind = CallerKind.ContactPoint, Country = country, Strong = true, AuthenticatedAt = now }], action, document, cancel)
            : AllowCountry.Unknown;

    private async Task<Outcome<AnsweredDecision>> AskAsync(Caller caller, RecordId record, string named, Func<DateTimeOffset, IEnumerable<Caller>> askers, AccessAction action, DocumentId? document, CancellationToken cancel)
    {
        var request = new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ReadState, JournalActions.AskDecision)
        {
            Documents = document is { } d ? [d] : [], Detail = Acts.Detail(named, action.ToString()),
        };
        return await gate.ActAsync<AnsweredDecision>(request, async permit =>
        {
            if (!permit.Facts.IsHolder) return Refusals.RoleMayNot;
            var answers = new List<AnsweredDecision>();
            foreach (var asked in askers(permit.Now))
            {
                var (actor, item) = await gate.FactsForAsync(permit, asked, document is { } wanted ? items.One(wanted) : null, cancel);
                if (document is not null && item is null) return new AnsweredDecision(false, Missing.Id, Missing.Sentence, Missing.Article, asked.Institution);
                var decision = AccessRules.Decide(new AccessFacts(actor, permit.Record, permit.Sheet, action, item, permit.Now));
                answers.Add(new AnsweredDecision(decision.Permitted, decision.Rule.Id, decision.Rule.Sentence, decision.Rule.Article, asked.Institution));
            }
            // Of several refusals, the one that came furthest tells most.
            return answers.Find(a => a.Permitted) ?? answers.MaxBy(a => Order.IndexOf(a.Rule))!;
        }, cancel);
    }

    /// <summary>Asks about many documents at once, as one act.</summary>
    /// <returns>Those that the other person may read now.</returns>
    public async Task<Outcome<IReadOnlySet<DocumentId>>> RunAsync(Caller caller, RecordId record, PersonId other, IReadOnlyCollection<DocumentId> documents, CancellationToken cancel)
    {
        var places = await PlacesAsync(other, cancel);
        var request = new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ReadState, JournalActions.AskDecision) { Detail = Acts.Detail(other.ToString(), AccessAction.Read.ToString()) };
        return await gate.ActAsync<IReadOnlySet<DocumentId>>(request, async permit =>
        {
            if (!permit.Facts.IsHolder) return Refusals.RoleMayNot;
            var batch = new Batch();
            var open = items.Many(batch, record, documents);
            await database.ReadAsync(batch, cancel);
            var facts = open.Open(permit.Key, permit.Sheet);
            var readable = new HashSet<DocumentId>();
            foreach (var asked in Askers(other, places, permit.Now))
            {
                var (actor, _) = await gate.FactsForAsync(permit, asked, null, cancel);
                readable.UnionWith(facts.Where(f => AccessRules.Decide(new AccessFacts(actor, permit.Record, permit.Sheet, AccessAction.Read, f.Value, permit.Now)).Permitted).Select(f => f.Key));
            }
            return readable;
        }, cancel);
    }

    private static readonly AccessRule Missing = new("1-item", "the item exists", "domain 1.9", _ => Verdict.GoOn);

    private static IEnumerable<Caller> Askers(PersonId other, IReadOnlyList<(InstitutionId Institution, bool Collective)>? places, DateTimeOffset now)
    {
        var signedIn = new Caller { Kind = CallerKind.Professional, Person = other, Strong = true, AuthenticatedAt = now, MayAct = true };
        // Not in the directory: somebody who may represent the holder.
        if (places is null) return [signedIn with { Kind = CallerKind.Person, ThroughPortal = true }];
        if (places.Count == 0) return [signedIn];
        return places.Select(p => signedIn with
        {
            Institution = p.Institution,
            ThroughPortal = !p.Collective,
            ThroughProgramOf = p.Collective ? p.Institution : null,
        });
    }

    /// <returns>Null where the directory does not list the person.</returns>
    private async Task<IReadOnlyList<(InstitutionId, bool)>?> PlacesAsync(PersonId person, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var batch = new Batch();
        var listed = batch.Query(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.person_id = @person", ("person", person));
        var places = batch.Query(
            row => (Membership: MembershipRow.Read(row, 0, keys), Institution: InstitutionRow.Read(row, MembershipRow.Width, keys)),
            $"""
            SELECT {MembershipRow.Columns}, {InstitutionRow.Columns}
            FROM   memberships m JOIN institutions i ON i.institution_id = m.institution_id
            WHERE  m.person_id = @person ORDER BY m.institution_id
            """, ("person", person));
        await database.ReadAsync(batch, cancel);
        if (listed.First is null) return null;
        return [.. places.Rows.Where(p => p.Membership?.ValidAt(now) == true && p.Institution is not null).Select(p => (p.Institution!.Id, p.Institution.Kind == InstitutionKind.Collective))];
    }
}
