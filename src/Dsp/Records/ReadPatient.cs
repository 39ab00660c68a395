using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;

namespace Dsp.Records;

/// <summary>A patient as somebody with a relation sees them: identity only.</summary>
/// <param name="Active">False while the record is closed.</param>
public sealed record SeenPatient(RecordId Record, Person Person, bool Active);

/// <summary>Identity of one of the caller's own patients (ITI-78, by id or identifier): the holder's, or of whom a relation is open now.</summary>
public sealed class ReadPatient(AccessGate gate, People people) : IOperation
{
    private readonly ReadIdentity identity = new(people);

    /// <returns><see cref="Refusals.NotFound"/> for absent, closed, blocked and without relation alike.</returns>
    public Task<Outcome<SeenPatient>> RunAsync(Caller caller, RecordRef record, CancellationToken cancel)
    {
        // A professional needs the relation that a search needs. A system asks about nobody.
        var action = caller.Kind == CallerKind.Professional ? AccessAction.Search : AccessAction.ReadState;
        return RecordAct.RunAsync<SeenPatient>(gate, new AccessRequest(caller, record, action, JournalActions.LookUp), async permit =>
            new SeenPatient(permit.Record, await identity.RunAsync(permit, cancel), permit.Sheet.State != RecordState.Closed), cancel);
    }
}
