using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>From whom an item is hidden: one actor, or everyone but some persons.</summary>
public sealed record MaskFrom
{
    private MaskFrom() { }

    public ActorRef? Actor { get; private init; }

    /// <summary>Who still sees it where it is hidden from everyone.</summary>
    public IReadOnlyList<PersonId> Except { get; private init; } = [];

    public static MaskFrom One(ActorRef actor) => new() { Actor = actor };

    public static MaskFrom Everyone(params IReadOnlyList<PersonId> except) => new() { Except = except };
}

/// <summary>
/// Niveau restreint: the holder hides one document from a person, an institution, or everyone (RGD 6.12.2019 art. 6(3) 2°).
/// It leaves no gap, count or hint for them (EHDS art. 8). Its author always sees it; to hide it from its author is refused.
/// </summary>
public sealed class MaskItem(AccessGate gate, Database database, ServiceKeys keys, IItemSource items, TimeProvider clock) : IOperation
{
    /// <param name="acknowledgedRisk">The text on risks to health that the holder confirmed (art. 6(3)), for the journal.</param>
    /// <returns>The id of the mask; the same mask again answers the first.</returns>
    public async Task<Outcome<Guid>> RunAsync(Caller caller, RecordId record, DocumentId document, MaskFrom from, string? acknowledgedRisk, CancellationToken cancel)
    {
        if (from.Actor is { IsOne: false }) return ActorRef.NotGiven;
        var listed = from.Actor is null ? null : await from.Actor.NameAsync(database, keys, cancel);
        var request = new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ManageRights, JournalActions.Mask) { Item = items.One(document), Documents = [document] };
        return await gate.ActAsync<Guid>(request, async permit =>
        {
            // Representatives are not in the directory; the sheet knows them.
            var name = from.Actor is null ? "everyone" : listed ?? permit.Sheet.Representations.FirstOrDefault(r => r.Person == from.Actor.Person)?.Name;
            if (name is null) return ActorRef.NotListed;
            if (from.Actor?.Person is { } person && person == permit.Facts.Item!.DepositedBy) return FromItsAuthor;
            permit.Entry = permit.Entry with { Detail = Acts.Detail(name, acknowledgedRisk) };
            var mask = new ItemMask(Ids.New(clock), document, from.Actor?.Person, from.Actor?.Institution, from.Actor is null, from.Except, permit.Sheet.Holder, permit.Now);
            if (permit.Sheet.Masks.FirstOrDefault(m => Same(m, mask)) is { } known)
            {
                await permit.SpendAsync(new Batch(), cancel);
                return known.Id;
            }
            await permit.ChangeSheetAsync(permit.Sheet with { Masks = [.. permit.Sheet.Masks, mask] }, new Batch(), cancel);
            return mask.Id;
        }, cancel);
    }

    internal static readonly Refusal FromItsAuthor = Refusals.InvalidMetadata
        .Because("A document cannot be hidden from its author (PAT14 art. 18(2)). Hide it from others, or close the record to this person.").At("from");

    private static bool Same(ItemMask one, ItemMask other) =>
        one.Document == other.Document && one.FromPerson == other.FromPerson && one.FromInstitution == other.FromInstitution
        && one.FromEveryone == other.FromEveryone && one.Except.ToHashSet().SetEquals(other.Except);
}

/// <summary>The holder shows a hidden document again.</summary>
public sealed class Unmask(AccessGate gate) : IOperation
{
    public Task<Outcome<Done>> RunAsync(Caller caller, RecordId record, Guid mask, CancellationToken cancel) =>
        gate.ManageAsync<Done>(caller, record, JournalActions.Unmask, async permit =>
        {
            if (permit.Sheet.Masks.FirstOrDefault(m => m.Id == mask) is not { } found) return Refusals.NotFound;
            permit.Entry = permit.Entry with { Documents = [found.Document] };
            await permit.ChangeSheetAsync(permit.Sheet with { Masks = [.. permit.Sheet.Masks.Where(m => m.Id != mask)] }, new Batch(), cancel);
            return new Done();
        }, cancel);
}

/// <summary>The three plain choices of the portal.</summary>
public enum Visibility
{
    /// <summary>Whoever has a relation, within the law.</summary>
    MyCarers,
    /// <summary>Those named, and the author.</summary>
    Some,
    /// <summary>The holder, and the author.</summary>
    OnlyMe,
}

/// <summary>Says who sees one document; replaces every earlier mask of it.</summary>
public sealed class SetVisibility(AccessGate gate, IItemSource items, TimeProvider clock) : IOperation
{
    /// <param name="some">The persons who see it, for <see cref="Visibility.Some"/> only.</param>
    public async Task<Outcome<Done>> RunAsync(Caller caller, RecordId record, DocumentId document, Visibility visibility, IReadOnlyList<PersonId> some, string? acknowledgedRisk, CancellationToken cancel)
    {
        if (visibility == Visibility.Some && some.Count == 0) return Refusals.MissingMetadata.Because("Name at least one person, or choose that only you see it.").At("some");
        var request = new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ManageRights, JournalActions.SetVisibility)
        {
            Item = items.One(document), Documents = [document], Detail = Acts.Detail(visibility.ToString(), acknowledgedRisk),
        };
        return await gate.ActAsync<Done>(request, async permit =>
        {
            var masks = permit.Sheet.Masks.Where(m => m.Document != document);
            if (visibility != Visibility.MyCarers)
                masks = masks.Append(new ItemMask(Ids.New(clock), document, null, null, FromEveryone: true, visibility == Visibility.Some ? some : [], permit.Sheet.Holder, permit.Now));
            await permit.ChangeSheetAsync(permit.Sheet with { Masks = [.. masks] }, new Batch(), cancel);
            return new Done();
        }, cancel);
    }
}
