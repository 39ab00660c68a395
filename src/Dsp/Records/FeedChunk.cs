using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// Some lines of a feed, no two of the same correlation id or person, applied with two round trips: one for the facts, one for
/// all effects. Lines that change a record's sheet are then applied one by one under their own permit.
/// </summary>
internal sealed class FeedChunk(FeedParts parts, Caller caller, string source, FeedAnswer answer)
{
    private readonly List<(FeedLine Line, string Outcome, bool Replayed)> counted = [];
    private readonly List<(FeedLine Line, FeedPerson Read, Person Person)> single = [];
    private readonly ManyRows events = new("feed_events", ["source", "correlation_id", "received_at", "outcome", "digest", "sealed"]);
    private readonly List<object?[]> eventRows = [];
    private readonly List<NewPerson> people = [];
    private readonly List<(RecordId Record, AccessSheet First, JournalEntry Entry)> created = [];
    private readonly List<(JournalEntry, RecordKey?)> entries = [];
    private readonly Batch changes = new();

    /// <exception cref="DuplicateKeyException">Another feed was faster with one of the people: apply the lines again, one by one.</exception>
    /// <exception cref="SheetChangedException">A person changed meanwhile: the same.</exception>
    /// <returns>The refusal where the caller may no longer; nothing of the chunk was applied.</returns>
    public async Task<Refusal?> ApplyAsync(IReadOnlyList<FeedLine> lines, CancellationToken cancel)
    {
        var now = parts.Clock.Now();
        var today = Deadlines.DayOf(now);
        var facts = new Batch();
        var asked = parts.Callers.Ask(facts, caller);
        var items = lines.Select(line => new Item(line, line.Digest(parts.Keys), today)).ToList();
        var known = FeedFacts.Query(facts, parts.Keys, source, items);
        await parts.Database.ReadAsync(facts, cancel);
        var decided = asked.Decide(AccessAction.Administer, now);
        if (decided.Refusal is not null) return decided.Refusal;

        foreach (var item in items) Decide(item, known(), decided, now);
        await CommitAsync(cancel);
        foreach (var (line, read, person) in single) await ApplyOneAsync(line, read, person, now, cancel);
        foreach (var (line, outcome, replayed) in counted) answer.Count(line, outcome, replayed);
        return null;
    }

    private void Decide(Item item, FeedFacts known, CallerGate.CallerDecided decided, DateTimeOffset now)
    {
        var line = item.Line;
        if (known.Events.TryGetValue(item.Correlation, out var before))
        {
            var same = before.Digest.AsSpan().SequenceEqual(item.Digest);
            counted.Add((line, same ? before.Outcome : FeedOutcomes.IdReused, same));
            return;
        }
        if (item.Read is not { } read)
        {
            Keep(item, item.Reason!, now);
            return;
        }
        var person = known.PersonOf(parts, item.Token!);
        switch (line.Event!.Type)
        {
            case FeedPerson.Affiliation when person is null:
                Affiliate(item, read, known, decided, now);
                break;
            case FeedPerson.Affiliation when Differs(read, person!):
            case FeedPerson.Identity when person is not null && Differs(read, person):
                Keep(item, FeedOutcomes.BirthDateDiffers, now);
                break;
            case FeedPerson.Affiliation when person!.Record is null && person.Details.DeathDate is null && !known.IsSuppressed(item.Suppression!):
                var record = RecordId.New(parts.Clock);
                People.SetRecord(changes, person.Id, record, null);
                created.Add((record, NewSheets.ByAffiliation(person.Id, person.Details, now), Created(decided)));
                Keep(item, FeedOutcomes.Created, now);
                break;
            case FeedPerson.Affiliation when person!.Record is null:
                Keep(item, FeedOutcomes.Suppressed, now);
                break;
            case FeedPerson.Affiliation or FeedPerson.Identity or FeedPerson.End when person is not null:
                Change(item, read, person, decided, now);
                break;
            case FeedPerson.Renumbering when person is not null:
                Renumber(item, read, person, known, decided, now);
                break;
            case FeedPerson.Death when person is { Record: null }:
                parts.People.Change(changes, person, person.Details with { DeathDate = read.Date });
                entries.Add((parts.Callers.EntryOf(decided, JournalActions.Identity) with { Detail = $"death of person {person.Id}, feed {line.Event.Id}" }, null));
                Keep(item, FeedOutcomes.Changed, now);
                break;
            case FeedPerson.ReferringDoctor or FeedPerson.ReferringDoctorEnd when person is { Record: null }:
                Keep(item, FeedOutcomes.NoRecord, now);
                break;
            case FeedPerson.Death or FeedPerson.ReferringDoctor or FeedPerson.ReferringDoctorEnd when person is not null:
                single.Add((line, read, person));
                break;
            default:
                Keep(item, FeedOutcomes.UnknownPerson, now);
                break;
        }
    }

    private static bool Differs(FeedPerson read, Person person) =>
        read.BirthDate is { } born && person.Details.BirthDate is { } before && born != before;

    private void Affiliate(Item item, FeedPerson read, FeedFacts known, CallerGate.CallerDecided decided, DateTimeOffset now)
    {
        // Objected to before, and the person is no longer in the directory: nothing is made again (R4).
        if (known.IsSuppressed(item.Suppression!))
        {
            Keep(item, FeedOutcomes.Suppressed, now);
            return;
        }
        var id = PersonId.New(parts.Clock);
        var record = RecordId.New(parts.Clock);
        var details = read.NewDetails(item.Line.Event!);
        people.Add(new NewPerson(id, record, details));
        created.Add((record, NewSheets.ByAffiliation(id, details, now), Created(decided)));
        Keep(item, FeedOutcomes.Created, now);
    }

    private JournalEntry Created(CallerGate.CallerDecided decided) => parts.Callers.EntryOf(decided, JournalActions.Create);

    private void Change(Item item, FeedPerson read, Person person, CallerGate.CallerDecided decided, DateTimeOffset now)
    {
        var after = read.Merge(item.Line.Event!, person.Details);
        // Records compare their lists by reference; the list itself is untouched by a merge.
        if (after == person.Details)
        {
            Keep(item, FeedOutcomes.Known, now);
            return;
        }
        parts.People.Change(changes, person, after);
        entries.Add((parts.Callers.EntryOf(decided, JournalActions.Identity) with { Detail = $"person {person.Id}, feed {item.Line.Event!.Id}" }, null));
        Keep(item, FeedOutcomes.Changed, now);
    }

    private void Renumber(Item item, FeedPerson read, Person person, FeedFacts known, CallerGate.CallerDecided decided, DateTimeOffset now)
    {
        var number = read.NewNumber!.Value;
        if (known.PersonOf(parts, item.NewToken!) is { } other && other.Id != person.Id)
        {
            Keep(item, FeedOutcomes.NewNumberTaken, now);
            return;
        }
        if (person.Details.NationalNumber == number.Value)
        {
            Keep(item, FeedOutcomes.Known, now);
            return;
        }
        RenumberPerson.Change(changes, parts.People, parts.Keys, person, number, known.IsSuppressed(item.Suppression!), now);
        entries.Add((parts.Callers.EntryOf(decided, JournalActions.Identity) with { Detail = $"number of person {person.Id}, feed {item.Line.Event!.Id}" }, null));
        Keep(item, FeedOutcomes.Changed, now);
    }

    /// <summary>Remembers what became of a line; a quarantined one is kept whole, sealed.</summary>
    private void Keep(Item item, string outcome, DateTimeOffset now)
    {
        counted.Add((item.Line, outcome, false));
        eventRows.Add(RowOf(item, outcome, now));
    }

    private object?[] RowOf(Item item, string outcome, DateTimeOffset now)
    {
        var quarantined = outcome is not (FeedOutcomes.Created or FeedOutcomes.Changed or FeedOutcomes.Known or FeedOutcomes.Suppressed);
        var row = new Guid(item.Digest.AsSpan(0, 16), bigEndian: true);
        return [source, item.Correlation, now, outcome, item.Digest, quarantined ? parts.Keys.SealIdentity("feed_events", row, 0, System.Text.Encoding.UTF8.GetBytes(item.Line.Raw)) : null];
    }

    private async Task CommitAsync(CancellationToken cancel)
    {
        if (eventRows.Count == 0) return;
        var batch = new Batch();
        // Unique keys in one order everywhere, so that parallel feeds wait for each other and never in a ring.
        parts.People.AddAll(batch, people);
        foreach (var row in eventRows.OrderBy(r => (string)r[1]!, StringComparer.Ordinal)) events.Add(row);
        events.AddTo(batch);
        batch.Append(changes);
        parts.Creation.AddAll(batch, created);
        parts.Journal.AddAll(batch, entries);
        await parts.Database.CommitAsync(batch, cancel);
    }

    private async Task ApplyOneAsync(FeedLine line, FeedPerson read, Person person, DateTimeOffset now, CancellationToken cancel)
    {
        var item = new Item(line, line.Digest(parts.Keys), Deadlines.DayOf(now));
        var record = new RecordRef.ById(person.Record!.Value);
        var with = EventOf(item, FeedOutcomes.Changed, now);
        var day = read.Date is { IsWhole: true } whole ? whole.Earliest : (DateOnly?)null;
        var refusal = line.Event!.Type switch
        {
            FeedPerson.Death => (await parts.Death.RunAsync(caller, record, read.Date!.Value, $"feed {line.Event.Id}", with, cancel)).Refusal,
            FeedPerson.ReferringDoctor => (await parts.Referring.RunAsync(caller, record, line.Event.Doctor ?? "", day, with, cancel)).Refusal,
            _ => (await parts.Referring.EndAsync(caller, record, line.Event.Doctor, day, with, cancel)).Refusal,
        };
        var outcome = refusal switch
        {
            null => FeedOutcomes.Changed,
            { Id: var id } when id == Refusals.NotListed.Id => FeedOutcomes.UnknownDoctor,
            { Id: var id } when id == Refusals.StateForbids.Id && line.Event.Type == FeedPerson.ReferringDoctorEnd => FeedOutcomes.NotReferring,
            { } other => $"refused: {other.Text}",
        };
        if (refusal is not null) await parts.Database.CommitAsync(EventOf(item, outcome, now), cancel);
        counted.Add((line, outcome, false));
    }

    private Batch EventOf(Item item, string outcome, DateTimeOffset now)
    {
        var batch = new Batch();
        var rows = new ManyRows("feed_events", ["source", "correlation_id", "received_at", "outcome", "digest", "sealed"]);
        rows.Add(RowOf(item, outcome, now));
        rows.AddTo(batch);
        return batch;
    }

    /// <summary>A line with its keys.</summary>
    internal sealed class Item
    {
        public Item(FeedLine line, byte[] digest, DateOnly today)
        {
            (Line, Digest) = (line, digest);
            if (line.Event is null) Reason = line.Problem;
            else (Read, Reason) = FeedPerson.Of(line.Event, today);
            // A line without an id of its own is remembered by its content.
            Correlation = line.Event?.Id is { Length: > 0 and <= 128 } id && Reason != FeedOutcomes.NoId ? id : "line-" + Convert.ToHexStringLower(digest);
        }

        public FeedLine Line { get; }
        public byte[] Digest { get; }
        public FeedPerson? Read { get; }
        public string? Reason { get; }
        public string Correlation { get; }
        public string? Token { get; set; }
        public string? NewToken { get; set; }
        public string? Suppression { get; set; }
    }
}

/// <summary>What a feed is applied with.</summary>
internal sealed record FeedParts(
    CallerGate Callers, Database Database, People People, RecordCreation Creation, JournalWriter Journal, ServiceKeys Keys, TimeProvider Clock, RecordDeath Death, DeclareReferringDoctor Referring);
