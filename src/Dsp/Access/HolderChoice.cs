using Dsp.Codes;

namespace Dsp.Access;

/// <summary>What kind of decision a choice is.</summary>
public enum ChoiceKind
{
    /// <summary>The law's default for the whole record: open after T1 or activation, or closed (A909 art. 3, 4).</summary>
    General,
    /// <summary>A standing relation to somebody (cercle médical).</summary>
    Circle,
    /// <summary>The whole record is closed to somebody: niveau privé (art. 6(3) 1°).</summary>
    Block,
    /// <summary>One document is hidden from somebody: niveau restreint (art. 6(3) 2°).</summary>
    Mask,
    /// <summary>A deposit is objected to (art. 6(3) al. 2).</summary>
    Objection,
    /// <summary>One country of MyHealth@EU may read.</summary>
    Country,
}

/// <summary>
/// One decision of the holder as it stands at one version of the access sheet. Its id is the block's, the mask's, the
/// membership's …, the record's for the general one: every door speaks of the same thing by the same id.
/// </summary>
public sealed record HolderChoice(Guid Id, ChoiceKind Kind, DateTimeOffset Since)
{
    public PersonId? Person { get; init; }
    public InstitutionId? Institution { get; init; }

    /// <summary>The actor's name as it stood.</summary>
    public string? Name { get; init; }

    /// <summary>The person represents the holder; the directory does not list them.</summary>
    public bool Representative { get; init; }

    /// <summary>Circle: its end, where one was given. General, closed: until when it can be reopened.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Mask: the hidden document.</summary>
    public DocumentId? Document { get; init; }

    /// <summary>Mask: hidden from everyone …</summary>
    public bool FromEveryone { get; init; }

    /// <summary>… but these.</summary>
    public IReadOnlyList<PersonId> Except { get; init; } = [];

    /// <summary>Objection: the order whose result is meant, the category, and the time of what is objected to.</summary>
    public string? Order { get; init; }
    public DataCategory? Category { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }

    /// <summary>Country: two letters of ISO 3166-1.</summary>
    public string? Country { get; init; }

    /// <summary>General: the record is closed, for this reason.</summary>
    public ClosureReason? Closed { get; init; }

    /// <summary>General: professionals may from then on; null where nothing is waited for.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>General: the letter of art. 2(3) is not sent yet; nobody but the holder may.</summary>
    public bool LetterDue { get; init; }

    /// <summary>When the choice was taken back; null while it holds.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It holds at an instant: not taken back, and its end has not come.</summary>
    public bool HoldsAt(DateTimeOffset now) => EndedAt is null && (Kind == ChoiceKind.General || Until is null || now < Until);

    /// <summary>General: nobody but the holder may yet, since T1 runs or the letter is not sent (A909 art. 3(3)).</summary>
    public bool WaitsAt(DateTimeOffset now) => Kind == ChoiceKind.General && Closed is null && (LetterDue || now < OpensAt);

    /// <summary>Every choice that one sheet holds, the general one first.</summary>
    internal static IEnumerable<HolderChoice> AllOf(RecordId record, AccessSheet sheet) =>
    [
        General(record, sheet),
        .. sheet.Circle.Select(m => new HolderChoice(m.Id, ChoiceKind.Circle, m.Since) { Person = m.Person, Institution = m.Institution, Name = m.Name, Until = m.EndsAt }),
        .. sheet.Blocks.Select(b => new HolderChoice(b.Id, ChoiceKind.Block, b.At) { Person = b.Person, Institution = b.Institution, Name = b.Name }),
        .. sheet.Masks.Select(m => Of(m, sheet)),
        .. sheet.Objections.Select(o => new HolderChoice(o.Id, ChoiceKind.Objection, o.At) { Person = o.Author, Institution = o.Institution, Order = o.Order, Category = o.Category, From = o.From, To = o.To }),
        .. sheet.Abroad.Select(a => new HolderChoice(a.Id, ChoiceKind.Country, a.Since) { Country = a.Country }),
    ];

    private static HolderChoice General(RecordId record, AccessSheet sheet) => new(record.Value, ChoiceKind.General, sheet.Closure?.At ?? sheet.ActivatedAt ?? sheet.CreatedAt)
    {
        Closed = sheet.Closure?.Reason, Until = sheet.Closure?.DestroyFrom, OpensAt = sheet.OpensAt, LetterDue = sheet.State == RecordState.Created,
    };

    private static HolderChoice Of(ItemMask mask, AccessSheet sheet)
    {
        var representative = sheet.Representations.FirstOrDefault(r => r.Person == mask.FromPerson);
        return new(mask.Id, ChoiceKind.Mask, mask.At)
        {
            Person = mask.FromPerson, Institution = mask.FromInstitution, Document = mask.Document, FromEveryone = mask.FromEveryone, Except = mask.Except,
            Representative = representative is not null, Name = representative?.Name,
        };
    }
}

/// <summary>A choice as it stood from one change of the sheet to the next.</summary>
/// <param name="Version">The sheet version that made it; 0 for how it stood before versions were kept.</param>
/// <param name="At">When it was made so.</param>
/// <param name="By">In which role; null where that was not kept.</param>
/// <param name="Person">Who made it so; null where a machine did, or it was not kept.</param>
public sealed record ChoiceVersion(HolderChoice Choice, long Version, DateTimeOffset At, CallerKind? By, PersonId? Person);
