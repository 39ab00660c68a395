using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Codes;
using Dsp.Sealing;

namespace Dsp.Access;

/// <summary>
/// Everything the access rules read about one record: one sealed value, replaced by compare-and-swap on its version
/// (architecture §3). Immutable; an act makes the next sheet.
/// </summary>
public sealed record AccessSheet
{
    public required PersonId Holder { get; init; }
    // Written also where it is the first of its kind: a required member that is left out does not read back.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required RecordState State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the letter of art. 2(3) was sent; starts T1.</summary>
    public DateTimeOffset? LetterSentAt { get; init; }
    public DateTimeOffset? ActivatedAt { get; init; }
    public Closure? Closure { get; init; }

    /// <summary>Opened for a volunteer or by a facility: T1 does not delay it.</summary>
    public bool Voluntary { get; init; }
    public DateOnly? BirthDate { get; init; }
    public bool FirstProfessionalAccessTold { get; init; }
    public IReadOnlyList<CareContext> Contexts { get; init; } = [];
    public IReadOnlyList<CircleMember> Circle { get; init; } = [];
    public ReferringDoctor? Referring { get; init; }
    public IReadOnlyList<RecordBlock> Blocks { get; init; } = [];
    public IReadOnlyList<ItemMask> Masks { get; init; } = [];
    public IReadOnlyList<Representation> Representations { get; init; } = [];
    public IReadOnlyList<DepositObjection> Objections { get; init; } = [];
    public IReadOnlyList<DepositRequest> Requests { get; init; } = [];
    public IReadOnlyList<PresenceCode> Codes { get; init; } = [];

    /// <summary>Countries whose contact point may read (MyHealth@EU); a country that is not here is off.</summary>
    public IReadOnlyList<CountrySwitch> Abroad { get; init; } = [];

    /// <summary>Documents withdrawn as « mauvais patient »: absent for everyone at once, whatever their row says.</summary>
    public IReadOnlyList<DocumentId> Quarantined { get; init; } = [];

    /// <summary>The state at an instant: T1 opens a pending record by the clock alone. RGD 6.12.2019 art. 3(3).</summary>
    public RecordState StateAt(DateTimeOffset now) =>
        State == RecordState.PendingWindow && OpensAt is { } opens && now >= opens ? RecordState.OpenToProfessionals : State;

    /// <summary>When T1 ends; null before the letter is sent or once the window no longer matters.</summary>
    public DateTimeOffset? OpensAt => State == RecordState.PendingWindow && LetterSentAt is { } sent ? sent + Deadlines.ObjectionWindow : null;

    internal byte[] Seal(RecordKey key, long version) =>
        key.Seal("records", key.Record.Value, "sheet", version, JsonSerializer.SerializeToUtf8Bytes(this, AccessSheetJson.Default.AccessSheet));

    /// <exception cref="SealBrokenException">Another record's sheet, another version's, or altered.</exception>
    internal static AccessSheet Open(RecordKey key, long version, byte[] bytes) =>
        JsonSerializer.Deserialize(key.Open("records", key.Record.Value, "sheet", version, bytes), AccessSheetJson.Default.AccessSheet)
        ?? throw new SealBrokenException("The sheet is empty");
}

/// <summary>The record's life cycle (domain 1.10). Objection deletes the record; there is no state for it.</summary>
public enum RecordState
{
    /// <summary>Created; the letter is not sent yet.</summary>
    Created,
    /// <summary>Letter sent, T1 runs: only the holder, by activating.</summary>
    PendingWindow,
    /// <summary>T1 has ended without activation or objection: professionals may.</summary>
    OpenToProfessionals,
    /// <summary>The holder has activated.</summary>
    Active,
    /// <summary>Archived and inaccessible; reopening within ten years.</summary>
    Closed,
}

/// <summary>Why a record was closed; each with its source (RGD 6.12.2019 art. 4).</summary>
public enum ClosureReason { Holder, Form, Inactivity, Death }

public sealed record Closure(DateTimeOffset At, ClosureReason Reason, RecordState Before, PersonId? By, string? Note)
{
    /// <summary>T6: destroyed from then on.</summary>
    public DateTimeOffset DestroyFrom => Deadlines.AddYears(At, Deadlines.ReopeningYears);
}

public enum CareContextKind
{
    /// <summary>A person at one place, by presence code; at most 15 days.</summary>
    Individual,
    /// <summary>An institution, by admission; 45 days, renewable by 30.</summary>
    Institution,
    /// <summary>An emergency department, by registration; 24 h and 15 days.</summary>
    Emergency,
}

/// <summary>A therapeutic relation with its duration (RGD 6.12.2019 art. 7(2), annex 1(3)).</summary>
/// <param name="Person">Individual: the professional. Emergency self-registration: who registered.</param>
/// <param name="Institution">The place acted for; null only where an individual acts without one.</param>
/// <param name="Categories">Narrowed by the holder to these; null: the matrix alone.</param>
/// <param name="SelfOpened">Registered by a member of the department, not by its system: review and notice always.</param>
public sealed record CareContext(
    Guid Id, CareContextKind Kind, PersonId? Person, InstitutionId? Institution, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    IReadOnlyList<DataCategory>? Categories = null, string? Admission = null, bool SelfOpened = false)
{
    /// <summary>End of care as the professional or institution registered it.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Ended by the holder: no tail.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Registered by mistake, as the institution says: no tail.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>From the emergency department into the house.</summary>
    public DateTimeOffset? TransferredAt { get; init; }
    public int Renewals { get; init; }
    public string? Name { get; init; }
    public string? InstitutionName { get; init; }

    public bool IsValidAt(DateTimeOffset now) => now >= StartsAt && now < EndsAt && EndedAt is null && RevokedAt is null && CancelledAt is null;

    /// <summary>Deposit only, until 15 days after the registered end of care (art. 9(3)).</summary>
    public bool IsTailAt(DateTimeOffset now)
    {
        if (RevokedAt is not null || CancelledAt is not null || now < StartsAt || IsValidAt(now)) return false;
        var end = EndedAt ?? EndsAt;
        return now < end + Deadlines.DepositTail;
    }

    /// <summary>Counts what the institution changed since it registered the stay; from 1.</summary>
    [JsonIgnore]
    public int Version => 1 + Renewals + (TransferredAt is null ? 0 : 1) + (EndedAt is null ? 0 : 1) + (CancelledAt is null ? 0 : 1);
}

/// <summary>A standing relation the holder gave (cercle médical), to a person or an institution.</summary>
public sealed record CircleMember(Guid Id, PersonId? Person, InstitutionId? Institution, DateTimeOffset Since, DateTimeOffset? EndsAt, string Name);

/// <summary>The declared referring doctor (CSS art. 19bis); comes from the CNS only.</summary>
public sealed record ReferringDoctor(PersonId Person, DateTimeOffset Since, DateTimeOffset? Until, string Name);

/// <summary>Niveau privé: the whole record is closed to a person or an institution (art. 6(3) 1°).</summary>
public sealed record RecordBlock(Guid Id, PersonId? Person, InstitutionId? Institution, DateTimeOffset At, string Name);

/// <summary>Niveau restreint: one item is hidden from a person, an institution, or everyone but some (art. 6(3) 2°).</summary>
/// <param name="Except">Persons who still see it where it is hidden from everyone; the author always does.</param>
public sealed record ItemMask(
    Guid Id, DocumentId Document, PersonId? FromPerson, InstitutionId? FromInstitution, bool FromEveryone,
    IReadOnlyList<PersonId> Except, PersonId By, DateTimeOffset At);

public enum RepresentationKind
{
    /// <summary>DSP assistant the holder chose (EHDS art. 4(2)).</summary>
    Assistant,
    /// <summary>Parent; ends by itself on the eighteenth birthday.</summary>
    Parent,
    /// <summary>Guardian by judgment.</summary>
    Guardian,
}

/// <summary>Someone acting for the holder, within a scope and a time.</summary>
public sealed record Representation(Guid Id, PersonId Person, RepresentationKind Kind, DateTimeOffset From, DateTimeOffset? Until, IReadOnlyList<DataCategory>? Categories, string Name)
{
    /// <summary>Parents' links end at majority (PAT14 art. 13).</summary>
    public bool IsValidAt(DateTimeOffset now, DateOnly? birthDate) =>
        now >= From && (Until is null || now < Until)
        && (Kind != RepresentationKind.Parent || birthDate is null || now < Deadlines.StartOf(birthDate.Value.AddYears(18)));
}

/// <summary>The holder objected to a deposit before it was made (art. 6(3) al. 2); every given part must match.</summary>
public sealed record DepositObjection(
    Guid Id, string? Order, PersonId? Author, InstitutionId? Institution, DataCategory? Category, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset At);

/// <summary>The holder lets professionals of one country read, through its national contact point (EHDS art. 23).</summary>
/// <param name="Country">Two letters of ISO 3166-1, one of <see cref="EuropeanCountries"/>.</param>
public sealed record CountrySwitch(Guid Id, string Country, DateTimeOffset Since);

/// <summary>The holder asked a professional for a deposit: due within 15 days (art. 9(2)).</summary>
public sealed record DepositRequest(Guid Id, PersonId Professional, string What, DateTimeOffset At, DateTimeOffset DueAt);

/// <summary>An outstanding presence code as it is kept: tokens of the typed code and of its QR form, life, and what it will open.</summary>
public sealed record PresenceCode(Guid Id, byte[] Token, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, int Days, IReadOnlyList<DataCategory>? Categories, byte[]? QrToken = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true,
    Converters = [typeof(IdJson.Record), typeof(IdJson.Person), typeof(IdJson.Institution), typeof(IdJson.Document)])]
[JsonSerializable(typeof(AccessSheet))]
internal sealed partial class AccessSheetJson : JsonSerializerContext;
