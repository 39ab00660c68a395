using Dsp.Codes;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The health fund's feed declares, changes or ends the referring doctor (CSS art. 19bis; RGD 15.11.2011). The mission begins
/// on the first day of the month after the notification where the feed says no other day.
/// </summary>
public sealed class SetReferringDoctor(AccessGate gate, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="doctor">Null ends the mission now.</param>
    public async Task<Outcome<Done>> RunAsync(Caller caller, RecordRef record, PersonId? doctor, DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancel)
    {
        var listed = doctor is null ? null : await FindAsync(doctor.Value, cancel);
        return await gate.ActAsync<Done>(new AccessRequest(caller, record, AccessAction.Administer, JournalActions.ReferringDoctor), async permit =>
        {
            if (doctor is not null && listed is null) return ActorRef.NotListed;
            if (listed is { Group: not MatrixGroup.DOC }) return Refusals.InvalidMetadata.Because("A referring doctor is a general practitioner or a paediatrician (CSS art. 19bis).").At("doctor");
            var begins = since ?? Deadlines.StartOf(Deadlines.FirstOfNextMonth(clock.GetUtcNow()));
            var batch = new Batch();
            // One referring doctor at a time: the function has the record's own id as its relation.
            RelationHints.Remove(batch, permit.Record, permit.Record.Value);
            if (listed is not null) RelationHints.Begin(batch, listed.Person.Value, permit.Record, permit.Record.Value, begins, until);
            permit.Entry = permit.Entry with { Detail = Acts.Detail(listed?.Name ?? permit.Sheet.Referring?.Name) };
            await permit.ChangeSheetAsync(permit.Sheet with { Referring = listed is null ? null : new ReferringDoctor(listed.Person, begins, until, listed.Name) }, batch, cancel);
            return new Done();
        }, cancel);
    }

    private async Task<ProfessionalRow?> FindAsync(PersonId doctor, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.person_id = @person", cancel, ("person", doctor));
        return rows.Count > 0 ? rows[0] : null;
    }
}

/// <summary>
/// The agency writes down who represents the holder, after it has seen the proof (PAT14 art. 13, 14; EHDS art. 4(2)). A
/// parent's link ends by itself on the eighteenth birthday.
/// </summary>
public sealed class SetRepresentation(AccessGate gate, TimeProvider clock) : IOperation
{
    /// <param name="categories">The scope; null: everything the holder may read but what is confidential against representatives.</param>
    /// <param name="proof">What the agency has seen, for the journal.</param>
    /// <returns>The id of the link.</returns>
    public async Task<Outcome<Guid>> RunAsync(
        Caller caller, RecordId record, PersonId person, RepresentationKind kind, string name, DateTimeOffset? until, IReadOnlyList<DataCategory>? categories, string proof, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(proof)) return Refusals.MissingMetadata.Because("Say which proof was seen: birth certificate, judgment, or the holder's mandate.").At("proof");
        return await gate.ActAsync<Guid>(Request(caller, record), async permit =>
        {
            if (person == permit.Sheet.Holder) return Refusals.InvalidMetadata.Because("Nobody represents themselves.").At("person");
            var known = permit.Sheet.Representations.FirstOrDefault(r => r.Person == person && r.Kind == kind);
            var link = new Representation(known?.Id ?? Ids.New(clock), person, kind, known?.From ?? permit.Now, until, categories, name);
            permit.Entry = permit.Entry with { Detail = Acts.Detail(kind.ToString(), name, proof) };
            var batch = new Batch();
            RelationHints.Begin(batch, person.Value, permit.Record, link.Id, link.From, link.Until);
            await permit.ChangeSheetAsync(permit.Sheet with { Representations = [.. permit.Sheet.Representations.Where(r => r.Id != link.Id), link] }, batch, cancel);
            return link.Id;
        }, cancel);
    }

    internal static AccessRequest Request(Caller caller, RecordId record) =>
        new(caller, new RecordRef.ById(record), AccessAction.Administer, JournalActions.Representative);
}

/// <summary>The agency ends a representation, at once; the link stays in the sheet with its end.</summary>
public sealed class EndRepresentation(AccessGate gate) : IOperation
{
    public Task<Outcome<Done>> RunAsync(Caller caller, RecordId record, Guid link, CancellationToken cancel) =>
        gate.ActAsync<Done>(SetRepresentation.Request(caller, record), async permit =>
        {
            if (permit.Sheet.Representations.FirstOrDefault(r => r.Id == link) is not { } found) return Refusals.NotFound;
            permit.Entry = permit.Entry with { Detail = found.Name };
            var ended = found with { Until = found.Until is { } until && until < permit.Now ? until : permit.Now };
            await permit.ChangeSheetAsync(permit.Sheet with { Representations = [.. permit.Sheet.Representations.Select(r => r.Id == link ? ended : r)] }, new Batch(), cancel);
            return new Done();
        }, cancel);
}
