using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>A holder whom the caller represents now.</summary>
public sealed record RepresentedHolder(RecordId Record, Person Holder, RepresentationKind Kind, DateTimeOffset? Until);

/// <summary>
/// The records a person may use for somebody else. The rows that list them are hints; the gate is asked for each, so that an
/// ended link, a closed record or a coming of age is absent at once.
/// </summary>
public sealed class ListRepresented(AccessGate gate, Database database, ReadIdentity identity) : IOperation
{
    private const long Most = 50;

    public async Task<Outcome<IReadOnlyList<RepresentedHolder>>> RunAsync(Caller caller, CancellationToken cancel)
    {
        if (caller is not { Kind: CallerKind.Person, Person: { } person }) return Refusals.RoleMayNot;
        var hinted = await database.QueryAsync(row => new RecordId(row.Guid(0)),
            "SELECT DISTINCT record_id FROM relations_by_actor WHERE actor_id = @person ORDER BY record_id LIMIT @most", cancel, ("person", person), ("most", Most));
        var found = new List<RepresentedHolder>();
        foreach (var record in hinted)
        {
            var one = await RecordAct.RunAsync<RepresentedHolder>(gate, new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ReadState, JournalActions.ReadState), async permit =>
            {
                if (permit.Facts.Representation is not { } link) return Refusals.NotFound;
                return new RepresentedHolder(permit.Record, await identity.RunAsync(permit, cancel), link.Kind, link.Until);
            }, cancel);
            if (one.Succeeded) found.Add(one.Value);
            else if (one.Refusal.Kind != RefusalKind.NotFound) return one.Refusal;
        }
        return found;
    }
}
