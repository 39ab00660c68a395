using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// A professional's software looks for a person in the register (PDQm ITI-78, ITI-119; PIXm ITI-83), with the guards of the
/// portal's search (<see cref="FindPerson"/>): narrow, at most five, each search in the journal with who asked for what, and of
/// people without a relation their identity alone. A system without a person finds by identifiers of its own domain only.
/// </summary>
public sealed class FindPatients(CallerGate callers, AccessGate gate, Database database, People people, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <summary>More is nobody: a search is never a way to browse.</summary>
    public const int Most = 5;

    /// <summary>So many are looked at behind one birth date or name, no more.</summary>
    private const int MostLookedAt = 500;

    private readonly ReadPatient read = new(gate, people);

    /// <returns>At most <see cref="Most"/>, in the order of their ids; <see cref="Refusals.TooCostly"/> for too wide a search and for more hits.</returns>
    public Task<Outcome<IReadOnlyList<FoundPatient>>> RunAsync(Caller caller, PatientQuery query, CancellationToken cancel) =>
        AskAsync(caller, query, async domains =>
        {
            if (Refuse(query, domains) is { } refusal) return refusal;
            if (!query.IsNarrow) return Refusals.TooCostly;
            if (query.Unkept || query.Active == false) return new List<Person>();
            return await CandidatesAsync(query, cancel) is { } found ? found.Where(p => query.Fits(p.Details) && (p.Details.MergedInto is null || query.Ids.Contains(p.Id.Value))).ToList() : Refusals.TooCostly;
        }, cancel);

    /// <summary>Whom a claim may be, best first (PDQm ITI-119): graded, people who certainly are others left out.</summary>
    /// <param name="count">At most so many, up to <see cref="Most"/>.</param>
    public async Task<Outcome<IReadOnlyList<GradedPatient>>> MatchAsync(Caller caller, MatchClaim claim, bool onlyCertain, int count, string text, CancellationToken cancel)
    {
        var today = Deadlines.DayOf(clock.Now());
        var found = await AskAsync(caller, new PatientQuery { Text = text }, async domains =>
        {
            // Another institution's number grades nobody: it would tell who is treated there.
            claim = claim with { Identifiers = [.. claim.Identifiers.Where(i => MayName(i.System, caller, domains))] };
            if (!claim.IsNarrow) return Refusals.TooCostly;
            if (await CandidatesAsync(claim, cancel) is not { } candidates) return Refusals.TooCostly;
            var graded = candidates.Where(p => MatchGrades.Of(claim, p.Details, today).Grade != MatchGrade.CertainlyNot).ToList();
            var certain = graded.Where(p => MatchGrades.Of(claim, p.Details, today).Grade == MatchGrade.Certain).ToList();
            // Two certain ones are none: the caller asked for the one person.
            if (onlyCertain) return certain.Count == 1 ? certain : [];
            return graded.OrderByDescending(p => MatchGrades.Of(claim, p.Details, today).Score).ThenBy(p => p.Id.Value).Take(Math.Clamp(count, 1, Most)).ToList();
        }, cancel);
        if (!found.Succeeded) return found.Refusal;
        return found.Value.Select(p => new GradedPatient(p, MatchGrades.Of(claim, p.Person.Details, today)))
            .OrderByDescending(g => g.Match.Score).ThenBy(g => g.Patient.Person.Id.Value).ToList();
    }

    private async Task<Outcome<IReadOnlyList<FoundPatient>>> AskAsync(Caller caller, PatientQuery query, Func<KnownDomains, Task<Outcome<List<Person>>>> find, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, caller.Kind == CallerKind.Agent ? AccessAction.Administer : AccessAction.Search, JournalActions.LookUp, cancel, query: query.Text);
        if (entered.Refusal is not null) return entered.Refusal;
        var facts = new Batch();
        var known = KnownDomains.Query(facts, keys);
        await database.ReadAsync(facts, cancel);
        var domains = known();
        var found = MayNot(caller, query, domains) is { } role ? role : await find(domains);
        if (!found.Succeeded) return await RefuseAsync(entered, found.Refusal, cancel);

        var own = await OwnAsync(caller, found.Value, cancel);
        if (!own.Succeeded) return await RefuseAsync(entered, own.Refusal, cancel);
        // An institution's number tells who is treated there: it leads to a person for that institution, and where there is a relation.
        var today = Deadlines.DayOf(clock.Now());
        var shown = found.Value.Where(p => own.Value.ContainsKey(p.Id) || IsReached(p, query, caller, domains, today))
            .Select(p => Shown(p, own.Value.GetValueOrDefault(p.Id), caller, query, domains))
            .Where(p => query.Domains.Count == 0 || query.Correlates || p.Identifiers.Count > 0)
            .OrderBy(p => p.Person.Id.Value).ToList();
        if (query.Correlates && shown.Count == 0) return await RefuseAsync(entered, Refusals.SourceIdUnknown, cancel);
        var told = new Batch();
        journal.Add(told, shown.Count == 0 ? entered.Entry : entered.Entry with { Detail = "found person " + string.Join(", ", shown.Select(p => p.Person.Id)) }, null);
        await database.CommitAsync(told, cancel);
        return shown;
    }

    private async Task<Refusal> RefuseAsync(CallerEntered entered, Refusal refusal, CancellationToken cancel)
    {
        var batch = new Batch();
        journal.Add(batch, entered.Entry with { Permitted = false, Rule = refusal.Id == Refusals.SystemMayNot.Id || refusal.Id == Refusals.RoleMayNot.Id ? "0-role" : refusal.Id }, null);
        await database.CommitAsync(batch, cancel);
        return refusal;
    }

    /// <summary>A person looks up nobody; a system only whom it feeds (security 2: every other read needs a person).</summary>
    private static Refusal? MayNot(Caller caller, PatientQuery query, KnownDomains domains) => caller.Kind switch
    {
        CallerKind.Professional or CallerKind.Agent => caller.OnlyRecord is null ? null : Refusals.ScopeMissing,
        CallerKind.System when query.Correlates && !domains.Knows(query.Identifiers[0].System) => Refusals.SourceDomainUnknown,
        CallerKind.System => query.Identifiers.Count > 0 && query.Identifiers.All(i => domains.Find(i.System)?.System == caller.System) ? null : Refusals.SystemMayNot,
        _ => Refusals.RoleMayNot,
    };

    private static Refusal? Refuse(PatientQuery query, KnownDomains domains)
    {
        if (query.Correlates && !domains.Knows(query.Identifiers[0].System)) return Refusals.SourceDomainUnknown;
        return query.Domains.All(domains.Knows) ? null : query.Correlates ? Refusals.TargetDomainUnknown : Refusals.DomainNotFound;
    }

    private Task<List<Person>?> CandidatesAsync(PatientQuery query, CancellationToken cancel) => OpenAsync(batch =>
    {
        if (query.Identifiers.Count > 0) return [.. query.Identifiers.Select(i => ByIdentifier(batch, i))];
        if (query.Ids.Count > 0) return [.. query.Ids.Select(id => people.Query(batch, new PersonId(id)))];
        if (query.BirthDate is { } born) return [people.QueryByBirth(batch, PartialDate.Of(born), MostLookedAt)];
        return [.. from family in query.Families[0] from given in query.Givens[0] select people.QueryByName(batch, family.Text, given.Text, query.Gender!.Value, MostLookedAt)];
    }, cancel);

    private Task<List<Person>?> CandidatesAsync(MatchClaim claim, CancellationToken cancel) => OpenAsync(batch =>
    {
        var slots = claim.Identifiers.Select(i => ByIdentifier(batch, i)).ToList();
        if (claim.Families.Count > 0 && claim.BirthDate is { } born) slots.Add(people.QueryByBirth(batch, born, MostLookedAt));
        else if (claim.Families.Count > 0 && claim is { Givens.Count: > 0, Gender: { } gender }) slots.Add(people.QueryByName(batch, claim.Families[0], string.Join(' ', claim.Givens), gender, MostLookedAt));
        return slots;
    }, cancel);

    private Slot<SealedPerson> ByIdentifier(Batch batch, PersonIdentifier identifier) =>
        // A number nobody can have is searched for like any other, so that it costs and tells the same.
        people.QueryByToken(batch, Identifiers.TokenOf(keys, identifier.System, identifier.Value, Deadlines.DayOf(clock.Now())) ?? keys.Token("nobody", identifier.Value));

    /// <returns>Null where one of the questions finds too many.</returns>
    private async Task<List<Person>?> OpenAsync(Func<Batch, List<Slot<SealedPerson>>> ask, CancellationToken cancel)
    {
        var batch = new Batch();
        var slots = ask(batch);
        await database.ReadAsync(batch, cancel);
        if (slots.Exists(s => s.Rows.Count > MostLookedAt)) return null;
        return [.. slots.SelectMany(s => s.Rows).DistinctBy(r => r.Id).Select(people.Open)];
    }

    /// <summary>Of these people, the patients of whom a relation is open now; each is read under a permit of its own.</summary>
    private async Task<Outcome<Dictionary<PersonId, SeenPatient>>> OwnAsync(Caller caller, List<Person> found, CancellationToken cancel)
    {
        if (found.Count > Most) return Refusals.TooCostly;
        var own = new Dictionary<PersonId, SeenPatient>();
        if (caller.Kind != CallerKind.Professional) return own;
        var batch = new Batch();
        var hinted = found.Select(p => (Person: p, Slot: batch.Query(row => row.Guid(0),
            "SELECT h.relation_id FROM relations_by_actor h WHERE h.actor_id IN (@person, @institution) AND h.record_id = @record",
            ("person", caller.Person?.Value ?? Guid.Empty), ("institution", caller.Institution?.Value ?? Guid.Empty), ("record", p.Record?.Value ?? Guid.Empty)))).ToList();
        await database.ReadAsync(batch, cancel);
        // The hints say where it is worth asking; the gate decides, and its no is the answer of somebody without a relation.
        foreach (var (person, slot) in hinted)
        {
            if (slot.Rows.Count == 0 || person.Record is not { } record) continue;
            var seen = await read.RunAsync(caller, new RecordRef.ById(record), cancel);
            if (seen.Succeeded) own[person.Id] = seen.Value;
            else if (seen.Refusal.Kind != RefusalKind.NotFound) return seen.Refusal;
        }
        return own;
    }

    private static bool IsReached(Person person, PatientQuery query, Caller caller, KnownDomains domains, DateOnly today) =>
        query.Identifiers.Count == 0 || caller.Kind == CallerKind.Agent
        || query.Identifiers.Any(i => MayName(i.System, caller, domains) && person.Details.Identifiers.Any(own => own.System == i.System && own.Value == Identifiers.Normalise(i.System, i.Value, today)));

    private static bool MayName(string domain, Caller caller, KnownDomains domains) =>
        KnownDomains.IsAdministrative(domain)
        || (domains.Find(domain) is { } fed && (fed.System == caller.System || (fed.Institution is not null && fed.Institution == caller.Institution)));

    private static FoundPatient Shown(Person person, SeenPatient? own, Caller caller, PatientQuery query, KnownDomains domains)
    {
        var identifiers = person.Details.Identifiers.Where(i => i.Until is null && (own is not null || caller.Kind == CallerKind.Agent || MayName(i.System, caller, domains)))
            .Where(i => query.Domains.Count == 0 || query.Domains.Contains(i.System))
            .Where(i => !query.Correlates || i.System != query.Identifiers[0].System || i.Value != query.Identifiers[0].Value).ToList();
        return new FoundPatient(own?.Record.Value ?? person.Id.Value, person, own is not null, own?.Active ?? true, identifiers);
    }
}

/// <summary>A person found with how sure the match is.</summary>
public sealed record GradedPatient(FoundPatient Patient, Match Match);
