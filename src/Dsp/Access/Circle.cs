using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The holder gives a professional or an institution a standing relation (cercle médical), until a date or until taken back.
/// It lengthens the time only: the matrix stays the ceiling. Adding the same one again changes the date.
/// </summary>
public sealed class AddToCircle(AccessGate gate, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="still">Where given: refused as stale unless the membership stands as the caller last saw it.</param>
    /// <returns>The id of the membership.</returns>
    public async Task<Outcome<Guid>> RunAsync(Caller caller, RecordId record, ActorRef actor, DateTimeOffset? endsAt, CancellationToken cancel, Func<CircleMember?, bool>? still = null)
    {
        if (!actor.IsOne) return ActorRef.NotGiven;
        var name = await actor.NameAsync(database, keys, cancel);
        return await gate.ManageAsync<Guid>(caller, record, JournalActions.AddToCircle, async permit =>
        {
            if (name is null) return ActorRef.NotListed;
            if (endsAt <= permit.Now) return Refusals.InvalidMetadata.Because("The end lies in the past.").At("endsAt");
            var known = permit.Sheet.Circle.FirstOrDefault(m => actor.Is(m.Person, m.Institution));
            if (still?.Invoke(known) == false) return Refusals.VersionStale;
            var member = new CircleMember(known?.Id ?? Ids.New(clock), actor.Person, actor.Institution, known?.Since ?? permit.Now, endsAt, name);
            var batch = new Batch();
            RelationHints.Begin(batch, actor.Id, permit.Record, member.Id, member.Since, member.EndsAt);
            permit.Entry = permit.Entry with { Detail = Acts.Detail(name, endsAt is { } end ? Instants.Text(end) : null) };
            await permit.ChangeSheetAsync(permit.Sheet with { Circle = [.. permit.Sheet.Circle.Where(m => m.Id != member.Id), member] }, batch, cancel);
            return member.Id;
        }, cancel);
    }
}

/// <summary>The holder takes a standing relation back, at once.</summary>
public sealed class RemoveFromCircle(AccessGate gate) : IOperation
{
    public Task<Outcome<Done>> RunAsync(Caller caller, RecordId record, Guid member, CancellationToken cancel) =>
        gate.ManageAsync<Done>(caller, record, JournalActions.RemoveFromCircle, async permit =>
        {
            if (permit.Sheet.Circle.FirstOrDefault(m => m.Id == member) is not { } found) return Refusals.NotFound;
            var batch = new Batch();
            RelationHints.Remove(batch, permit.Record, member);
            permit.Entry = permit.Entry with { Detail = found.Name };
            await permit.ChangeSheetAsync(permit.Sheet with { Circle = [.. permit.Sheet.Circle.Where(m => m.Id != member)] }, batch, cancel);
            return new Done();
        }, cancel);
}
