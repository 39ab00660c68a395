using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>Whose record it is and what the caller's access rests on: the bar above every page of a record.</summary>
/// <param name="Relation">individual, institution, emergency, circle or referring; null for the holder and representatives.</param>
/// <param name="RelationId">The care context or membership, where the relation is one.</param>
/// <param name="Until">The end of the relation, where it has one.</param>
/// <param name="Group">The matrix column the caller reads and writes in, for this record.</param>
public sealed record RecordHead(RecordId Record, Person Holder, string? Relation, Guid? RelationId, DateTimeOffset? Since, DateTimeOffset? Until, MatrixGroup? Group);

/// <summary>
/// The holder's identity for somebody who may use the record: a professional with a relation, a representative. Where there is
/// no relation the answer is the neutral one, whatever the record's state.
/// </summary>
public sealed class ReadRecordHead(AccessGate gate, ReadIdentity identity) : IOperation
{
    public Task<Outcome<RecordHead>> RunAsync(Caller caller, RecordRef record, CancellationToken cancel)
    {
        var action = caller.Kind == CallerKind.Professional ? AccessAction.Search : AccessAction.ReadState;
        return RecordAct.RunAsync<RecordHead>(gate, new AccessRequest(caller, record, action, JournalActions.ReadState), async permit =>
        {
            var holder = await identity.RunAsync(permit, cancel);
            var relation = permit.Facts.Relation;
            var context = permit.Sheet.Contexts.FirstOrDefault(c => c.Id == relation?.Id);
            var member = permit.Sheet.Circle.FirstOrDefault(m => m.Id == relation?.Id);
            return new RecordHead(permit.Record, holder, relation?.Kind, relation?.Id, context?.StartsAt ?? member?.Since,
                context?.EndsAt ?? member?.EndsAt ?? (relation?.Kind == "referring" ? permit.Sheet.Referring?.Until : null), permit.Facts.Group);
        }, cancel);
    }
}
