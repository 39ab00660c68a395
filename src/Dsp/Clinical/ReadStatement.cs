using Dsp.Access;
using Dsp.Documents;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Clinical;

/// <summary>
/// Opens what one document says, for whoever asks for one statement of it by name. As for a list, document and category decide;
/// what is masked, replaced, withdrawn or blocked was never there. The journal names the document, and is durable before
/// anything leaves.
/// </summary>
public sealed class ReadStatement(AccessGate gate, Database database, Alarms alarms, TimeProvider clock) : IOperation
{
    /// <param name="kinds">The kinds of facts that are wanted.</param>
    /// <param name="show">What is shown of them; null where none of them is the one asked for. Pure; called again where rights changed meanwhile.</param>
    /// <returns><see cref="Refusals.NotFound"/> for absent, hidden, forbidden and not in this document alike.</returns>
    public Task<Outcome<T>> RunAsync<T>(Caller caller, DocumentId document, IReadOnlyCollection<FactKind> kinds, Func<FoundFacts, T?> show, CancellationToken cancel)
        where T : class
    {
        var request = new AccessRequest(caller, new RecordRef.ByObject(document.Value), AccessAction.Read, JournalActions.ReadFacts) { Item = new DocumentItem(document, alarms, clock), Documents = [document] };
        return gate.ActAsync<T>(request, async permit =>
        {
            if (await VisibleReadings.FactsAsync(permit, database, alarms, document, cancel) is not { } reading) return Refusals.NotFound;
            if (show(ReadFacts.Select(permit, [reading], new FactQuery { Kinds = kinds })) is not { } shown) return Refusals.NotFound;
            await permit.SpendAsync(new Batch(), cancel);
            return shown;
        }, cancel);
    }
}
