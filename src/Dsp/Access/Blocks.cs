using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// Niveau privé: the holder closes the whole record to a professional or an institution (RGD 6.12.2019 art. 6(3) 1°). From
/// then on the record is absent for them, in an emergency too; the author of a document has no exception.
/// </summary>
public sealed class BlockFromRecord(AccessGate gate, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="acknowledgedRisk">The text on risks to health that the holder confirmed (art. 6(3)), for the journal.</param>
    /// <returns>The id of the block; blocking the same one again answers the first.</returns>
    public async Task<Outcome<Guid>> RunAsync(Caller caller, RecordId record, ActorRef actor, string? acknowledgedRisk, CancellationToken cancel)
    {
        if (!actor.IsOne) return ActorRef.NotGiven;
        var name = await actor.NameAsync(database, keys, cancel);
        return await gate.ManageAsync<Guid>(caller, record, JournalActions.Block, async permit =>
        {
            if (name is null) return ActorRef.NotListed;
            permit.Entry = permit.Entry with { Detail = Acts.Detail(name, acknowledgedRisk) };
            if (permit.Sheet.Blocks.FirstOrDefault(b => actor.Is(b.Person, b.Institution)) is { } known)
            {
                await permit.SpendAsync(new Batch(), cancel);
                return known.Id;
            }
            // Hint rows stay: lists check the sheet, and lifting the block brings back what was there.
            var block = new RecordBlock(Ids.New(clock), actor.Person, actor.Institution, permit.Now, name);
            await permit.ChangeSheetAsync(permit.Sheet with { Blocks = [.. permit.Sheet.Blocks, block] }, new Batch(), cancel);
            return block.Id;
        }, cancel);
    }
}

/// <summary>The holder lifts a block.</summary>
public sealed class Unblock(AccessGate gate) : IOperation
{
    public Task<Outcome<Done>> RunAsync(Caller caller, RecordId record, Guid block, CancellationToken cancel) =>
        gate.ManageAsync<Done>(caller, record, JournalActions.Unblock, async permit =>
        {
            if (permit.Sheet.Blocks.FirstOrDefault(b => b.Id == block) is not { } found) return Refusals.NotFound;
            permit.Entry = permit.Entry with { Detail = found.Name };
            await permit.ChangeSheetAsync(permit.Sheet with { Blocks = [.. permit.Sheet.Blocks.Where(b => b.Id != block)] }, new Batch(), cancel);
            return new Done();
        }, cancel);
}
