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
public sealed class ReadChoices(AccessGate gate, Database database, Alarms alarms) : IOperation
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
            var versions = Versions(permit, standing, rows.Rows);
            return Known(permit, [.. versions.Where(v => permit.Sheet.State != RecordState.Closed || v.Choice.Kind == ChoiceKind.General)]);
        }, cancel);

    /// <summary>
    /// The kept versions, corrected by the sheet: it alone says what holds. A row that does not open, or that was taken away, is an
    /// alarm and changes nothing of what is true now.
    /// </summary>
    private List<ChoiceVersion> Versions(Permit permit, List<HolderChoice> standing, IReadOnlyList<(Guid Choice, long Version, byte[] Sealed)> rows)
    {
        var kept = new List<ChoiceVersion>();
        foreach (var row in rows)
            if (ChoiceRows.TryOpen(permit.Key, row) is { } version) kept.Add(version);
            else alarms.Raise("choice-does-not-open", permit.Record, permit.Now);
        foreach (var newest in kept.GroupBy(v => v.Choice.Id).Select(g => g.MaxBy(v => v.Version)!).ToList())
        {
            var now = standing.Find(c => c.Id == newest.Choice.Id);
            if (now is null ? newest.Choice.EndedAt is not null : ChoiceRows.Same(now, newest.Choice)) continue;
            alarms.Raise("choice-version-missing", permit.Record, permit.Now);
            kept.Add(new ChoiceVersion(now ?? newest.Choice with { EndedAt = permit.Now }, permit.SheetVersion, permit.Now, null, null));
        }
        return [.. kept, .. standing.Where(c => kept.TrueForAll(k => k.Choice.Id != c.Id)).Select(ChoiceRows.First)];
    }

    private static KnownChoices Known(Permit permit, IReadOnlyList<ChoiceVersion> versions) => new(permit.Record, permit.Sheet.Holder, permit.Now, versions);
}
