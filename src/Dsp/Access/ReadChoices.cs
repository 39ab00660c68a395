using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>The choices of one record as one caller may know them.</summary>
/// <param name="Versions">Every version of every choice, oldest first within a choice; ended ones too.</param>
public sealed record KnownChoices(RecordId Record, PersonId Holder, DateTimeOffset At, IReadOnlyList<ChoiceVersion> Versions)
{
    /// <summary>Each choice as it stands, the general one first, then newest first.</summary>
    public IReadOnlyList<ChoiceVersion> Newest =>
        [.. Versions.GroupBy(v => v.Choice.Id).Select(g => g.MaxBy(v => v.Version)!).OrderBy(v => v.Choice.Kind == ChoiceKind.General ? 0 : 1).ThenByDescending(v => v.Choice.Since).ThenByDescending(v => v.Choice.Id)];

    /// <summary>One choice as it stands; null where there never was one of this id.</summary>
    public ChoiceVersion? Find(Guid id) => Versions.Where(v => v.Choice.Id == id).MaxBy(v => v.Version);

    /// <summary>Its versions, newest first.</summary>
    public IReadOnlyList<ChoiceVersion> HistoryOf(Guid id) => [.. Versions.Where(v => v.Choice.Id == id).OrderByDescending(v => v.Version)];
}

/// <summary>One choice as it stands, among the others of its record.</summary>
public sealed record KnownChoice(KnownChoices Of, ChoiceVersion Version);

/// <summary>
/// What the holder decided, and how it came to be. The holder knows all of it; while the record is closed, the general choice
/// alone (A909 art. 4(6)). Somebody who represents the holder learns that the record is open, and nothing of blocks, masks,
/// earlier closings or numbers (security 3). Nobody else has this door.
/// </summary>
public sealed class ReadChoices(AccessGate gate, Database database) : IOperation
{
    /// <summary>One choice by its id: of the launch's record, else of the caller's own; or the general one of a record the caller represents.</summary>
    public async Task<Outcome<KnownChoice>> RunAsync(Caller caller, Guid id, CancellationToken cancel)
    {
        var own = caller.OnlyRecord is { } only ? new RecordRef.ById(only) : await Acts.OwnRecordAsync(database, caller, cancel);
        var known = await RunAsync(caller, own, cancel);
        if (known.Succeeded && known.Value.Find(id) is { } found) return new KnownChoice(known.Value, found);
        if (!known.Succeeded && known.Refusal.Kind != RefusalKind.NotFound) return known.Refusal;
        if (caller.OnlyRecord is not null || own is RecordRef.ById { Id: var mine } && mine.Value == id) return Refusals.NotFound;
        var represented = await RunAsync(caller, new RecordRef.ById(new RecordId(id)), cancel);
        return represented.Succeeded ? new KnownChoice(represented.Value, represented.Value.Find(id)!) : represented.Refusal;
    }

    public async Task<Outcome<KnownChoices>> RunAsync(Caller caller, RecordRef record, CancellationToken cancel) =>
        await gate.ActAsync<KnownChoices>(new AccessRequest(caller, record, AccessAction.ReadState, JournalActions.ReadChoices), async permit =>
        {
            if (caller.Kind != CallerKind.Person) return Refusals.RoleMayNot;
            var batch = new Batch();
            var rows = ChoiceRows.Query(batch, permit.Record);
            await permit.SpendAsync(batch, cancel);
            var standing = HolderChoice.AllOf(permit.Record, permit.Sheet).ToList();
            if (!permit.Facts.IsHolder) return Known(permit, [ChoiceRows.First(standing[0])]);
            var kept = rows.Rows.Select(r => ChoiceRows.Open(permit.Key, r)).ToList();
            var older = standing.Where(c => kept.TrueForAll(k => k.Choice.Id != c.Id)).Select(ChoiceRows.First);
            return Known(permit, [.. kept.Concat(older).Where(v => permit.Sheet.State != RecordState.Closed || v.Choice.Kind == ChoiceKind.General)]);
        }, cancel);

    private static KnownChoices Known(Permit permit, IReadOnlyList<ChoiceVersion> versions) => new(permit.Record, permit.Sheet.Holder, permit.Now, versions);
}
