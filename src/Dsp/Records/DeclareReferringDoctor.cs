using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// The health fund tells who is the referring doctor (CSS art. 19bis; RGD 6.12.2019 art. 9(4)): a standing relation, from the
/// first of the month after the notification unless a day is given (RGD 15.11.2011 art. 1).
/// </summary>
public sealed class DeclareReferringDoctor(AccessGate gate, Database database, ServiceKeys keys) : IOperation
{
    public Task<Outcome<Done>> RunAsync(Caller caller, RecordRef record, string doctorRegisterId, DateOnly? from, CancellationToken cancel) =>
        RunAsync(caller, record, doctorRegisterId, from, new Batch(), cancel);

    /// <param name="with">Statements that commit with the declaration.</param>
    internal Task<Outcome<Done>> RunAsync(Caller caller, RecordRef record, string doctorRegisterId, DateOnly? from, Batch with, CancellationToken cancel) =>
        RecordAct.RunAsync<Done>(gate, Request(caller, record, $"declared: {doctorRegisterId}"), async permit =>
        {
            var found = await database.QueryAsync(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.register_id = @register", cancel, ("register", doctorRegisterId));
            if (found.Count == 0 || found[0] is not { Group: MatrixGroup.DOC } doctor || !doctor.LicenceInForceAt(permit.Now)) return Refusals.NotListed;
            if (permit.Sheet.State == RecordState.Closed) return Refusals.StateForbids;
            var since = Deadlines.StartOf(from ?? Deadlines.FirstOfNextMonth(permit.Now));
            var batch = Hints(with.Copy(), permit.Record)
                .Add("INSERT INTO relations_by_actor (actor_id, record_id, relation_id, starts_at, ends_at) VALUES (@actor, @record, @relation, @from, NULL)",
                    ("actor", doctor.Person), ("record", permit.Record), ("relation", permit.Record), ("from", since));
            await permit.ChangeSheetAsync(permit.Sheet with { Referring = new ReferringDoctor(doctor.Person, since, null, doctor.Name) }, batch, cancel);
            return new Done();
        }, cancel);

    /// <summary>The function ends on a day, else at once.</summary>
    /// <param name="doctorRegisterId">Null: whoever it is.</param>
    internal Task<Outcome<Done>> EndAsync(Caller caller, RecordRef record, string? doctorRegisterId, DateOnly? until, Batch with, CancellationToken cancel) =>
        RecordAct.RunAsync<Done>(gate, Request(caller, record, "ended"), async permit =>
        {
            if (permit.Sheet.Referring is not { } referring) return Refusals.StateForbids;
            if (doctorRegisterId is not null)
            {
                var named = await database.QueryAsync(row => new PersonId(row.Guid(0)), "SELECT person_id FROM professionals WHERE register_id = @register", cancel, ("register", doctorRegisterId));
                if (named.Count == 0 || named[0] != referring.Person) return Refusals.StateForbids;
            }
            var end = until is { } day ? Deadlines.StartOf(day) : permit.Now;
            var batch = with.Copy().Add("UPDATE relations_by_actor SET ends_at = @end WHERE record_id = @record AND relation_id = @record", ("end", end), ("record", permit.Record));
            await permit.ChangeSheetAsync(permit.Sheet with { Referring = referring with { Until = end } }, batch, cancel);
            return new Done();
        }, cancel);

    /// <summary>The hint row of the referring relation carries the record's id as relation: there is one at a time.</summary>
    private static Batch Hints(Batch batch, RecordId record) =>
        batch.Add("DELETE FROM relations_by_actor WHERE record_id = @record AND relation_id = @record", ("record", record));

    private static AccessRequest Request(Caller caller, RecordRef record, string detail) =>
        new(caller, record, AccessAction.Administer, JournalActions.ReferringDoctor) { Detail = detail };
}

/// <summary>The health fund or the agency ends the referring function.</summary>
public sealed class EndReferringDoctor(AccessGate gate, Database database, ServiceKeys keys) : IOperation
{
    public Task<Outcome<Done>> RunAsync(Caller caller, RecordRef record, DateOnly? until, CancellationToken cancel) =>
        new DeclareReferringDoctor(gate, database, keys).EndAsync(caller, record, null, until, new Batch(), cancel);
}
