using Dsp.Access;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Records;
using Dsp.Storage;

namespace Dsp.Clinical;

/// <summary>
/// Makes the summary of a record of what this caller may see of it (R45, R65; IPS). One entry of the gate for identity and
/// facts: the journal names each document a line comes from, and is durable before anything leaves.
/// </summary>
public sealed class ComposeSummary(AccessGate gate, Database database, Alarms alarms, People people, TimeProvider clock) : IOperation
{
    private readonly ReadIdentity identity = new(people);

    /// <returns><see cref="Refusals.NotFound"/> for absent, closed, blocked and without relation alike; a summary of nothing where nothing is visible.</returns>
    /// <param name="fromSigned">Where a version was signed, its lines and those of what came after it alone: what the doctor left out stays out.</param>
    /// <param name="kinds">Only these are read, shown and noted as read; null: a whole summary with its last measurements.</param>
    public Task<Outcome<PatientSummary>> RunAsync(Caller caller, RecordRef patient, CancellationToken cancel, bool fromSigned = false, IReadOnlyList<FactKind>? kinds = null)
    {
        // A software without a person asks about nobody: it would learn an identity.
        var action = caller.Kind == CallerKind.System ? AccessAction.ReadState : AccessAction.Search;
        return gate.ActAsync(new AccessRequest(caller, patient, action, JournalActions.ReadFacts), permit => ComposeAsync(permit, fromSigned, kinds, cancel), cancel);
    }

    private async Task<Outcome<PatientSummary>> ComposeAsync(Permit permit, bool fromSigned, IReadOnlyList<FactKind>? kinds, CancellationToken cancel)
    {
        var readings = await VisibleReadings.LoadAsync(permit, database, alarms, ReadingPart.Facts, cancel);
        var found = ReadFacts.Select(permit, readings, kinds is null ? LiveSummary.Query(LiveSummary.Whole) : new FactQuery { Kinds = [.. kinds] });
        var nobody = new Person(permit.Sheet.Holder, permit.Record, 0, new PersonDetails { Family = "", Given = "" });
        var summary = PatientSummary.Of(found, nobody, Ids.New(clock), permit.Now, fromSigned);
        permit.Entry = permit.Entry with { Documents = [.. summary.Statements.Select(s => s.Source.Id).Distinct()] };
        var batch = new Batch();
        var holder = identity.Query(batch, permit);
        await permit.SpendAsync(batch, cancel);
        return summary with { Holder = identity.Open(holder) };
    }
}
