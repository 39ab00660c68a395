using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>Everything the holder decided about access, at one instant.</summary>
/// <param name="Record">The record.</param>
/// <param name="At">The instant.</param>
/// <param name="Contexts">Care contexts that give reading now, or deposits after their end; newest first.</param>
public sealed record Rights(
    RecordId Record, DateTimeOffset At, IReadOnlyList<CareContext> Contexts, IReadOnlyList<CircleMember> Circle, ReferringDoctor? Referring,
    IReadOnlyList<RecordBlock> Blocks, IReadOnlyList<ItemMask> Masks, IReadOnlyList<Representation> Representations)
{
    /// <summary>Countries that are switched on (MyHealth@EU); every other is off.</summary>
    public IReadOnlyList<CountrySwitch> Abroad { get; init; } = [];

    /// <summary>The persons who have or had a relation by name: whom the holder can leave a hidden document to.</summary>
    public IReadOnlyList<(PersonId Person, string Name)> NamedPersons =>
    [
        .. new[] { Referring is { } r ? (r.Person, r.Name) : default }
            .Concat(Circle.Where(m => m.Person is not null).Select(m => (m.Person!.Value, m.Name)))
            .Concat(Contexts.Where(c => c.Person is not null && c.Name is not null).Select(c => (c.Person!.Value, c.Name!)))
            .Where(p => p.Item1 != default).DistinctBy(p => p.Item1),
    ];
}

/// <summary>Shows the holder who has access, who is kept out and which documents are hidden: the page of the holder's decisions.</summary>
public sealed class ReadRights(AccessGate gate) : IOperation
{
    /// <returns>For the holder alone: a representative learns nothing of blocks and masks (security 3).</returns>
    public Task<Outcome<Rights>> RunAsync(Caller caller, RecordId record, CancellationToken cancel) =>
        gate.ManageAsync<Rights>(caller, record, JournalActions.ReadState, async permit =>
        {
            var (sheet, now) = (permit.Sheet, permit.Now);
            await permit.SpendAsync(new Batch(), cancel);
            return new Rights(permit.Record, now,
                [.. sheet.Contexts.Where(c => c.IsValidAt(now) || c.IsTailAt(now)).OrderByDescending(c => c.StartsAt)],
                [.. sheet.Circle.Where(m => m.EndsAt is null || now < m.EndsAt).OrderByDescending(m => m.Since)],
                sheet.Referring is { } r && (r.Until is null || now < r.Until) ? r : null,
                sheet.Blocks, sheet.Masks, [.. sheet.Representations.Where(r => r.IsValidAt(now, sheet.BirthDate))])
            { Abroad = sheet.Abroad };
        }, cancel);
}
