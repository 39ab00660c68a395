using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Notices;

/// <summary>What a holder is told about the record.</summary>
public enum NoticeKind
{
    /// <summary>The letter of RGD 6.12.2019 art. 2(3)(4); its date of sending starts T1.</summary>
    CreationLetter,
    /// <summary>A professional used a record its holder never activated (art. 3(3)).</summary>
    FirstProfessionalAccess,
    /// <summary>Closed: by the holder, by form, by inactivity or by death (art. 4).</summary>
    Closed,
    Reopened,
    /// <summary>A professional with a relation to the record lost the licence, for a time or for good (art. 7(4)).</summary>
    LicenceStopped,
    /// <summary>The referring function ends because the record was closed (RGD 15.11.2011 art. 2).</summary>
    ReferringDoctorEnded,
    /// <summary>An emergency department registered the holder (annex 1(3); domain 1.9).</summary>
    EmergencyRegistered,
    /// <summary>A member of an emergency department opened the record, with the reason given.</summary>
    EmergencySelfOpened,
    /// <summary>The holder does not recognise a line of the access history (RGD 6.12.2019 art. 8).</summary>
    AccessQuestioned,
    /// <summary>For the security officer: somebody opened many more records than usual.</summary>
    ManyRecordsOpened,
    /// <summary>For the security officer: somebody's access was stopped.</summary>
    AccessStopped,
    /// <summary>A letter with the code that activates an account, or replaces lost factors.</summary>
    ActivationCode,
    /// <summary>The second letter, whose code opens what was activated by the first.</summary>
    SecondCode,
    /// <summary>A letter that an activation has begun, with the code that stops it.</summary>
    StopCode,
    /// <summary>A list of ten one-time codes.</summary>
    CodeList,
    /// <summary>Signed in from a device that was not known.</summary>
    NewDevice,
    /// <summary>The addresses of an account changed; told to the former ones.</summary>
    ContactChanged,
    /// <summary>A factor was added, opened or removed, or a recovery was asked for.</summary>
    FactorChanged,
    /// <summary>The holder switched a country on: its contact point may read (MyHealth@EU).</summary>
    CountryAllowed,
    /// <summary>The holder switched a country off again.</summary>
    CountryForbidden,
}

/// <summary>
/// One notice as it is kept under the record's key: dated, typed. A letter has its text item by item, in the language it was
/// sent in; other notices have named values that the portal puts into its own sentences.
/// </summary>
public sealed record Notice(Guid Id, NoticeKind Kind, DateTimeOffset SentAt)
{
    public string? Language { get; init; }

    /// <summary>The letter's items, in the order of art. 2(3), then GDPR art. 14.</summary>
    public IReadOnlyList<LetterItem> Items { get; init; } = [];

    /// <summary>Who and when, for the portal's sentence: <c>person</c>, <c>institution</c>, <c>from</c>, <c>until</c>, <c>reason</c>.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Adds the notice to the batch; a second one of the same id is left out.</summary>
    internal void AddTo(Batch batch, RecordKey key) =>
        // The clear column tells letters from messages and nothing more.
        batch.Add("INSERT INTO notices (record_id, notice_id, kind, sent_at, sealed) VALUES (@record, @notice, @kind, @at, @sealed) ON CONFLICT (record_id, notice_id) DO NOTHING",
            ("record", key.Record), ("notice", Id), ("kind", Kind == NoticeKind.CreationLetter ? "letter" : "message"), ("at", SentAt),
            ("sealed", key.Seal("notices", Id, "content", 0, JsonSerializer.SerializeToUtf8Bytes(this, NoticeJson.Default.Notice))));

    /// <summary>Adds the query for all notices of a record, newest first; open the rows with <see cref="Open"/>.</summary>
    internal static Slot<(Guid Id, byte[] Sealed)> Query(Batch batch, RecordId record) =>
        batch.Query(row => (row.Guid(0), row.Bytes(1)), "SELECT notice_id, sealed FROM notices WHERE record_id = @record ORDER BY sent_at DESC, notice_id DESC", ("record", record));

    /// <exception cref="SealBrokenException">The row is not what was sealed.</exception>
    internal static Notice Open(RecordKey key, Guid id, byte[] bytes) =>
        JsonSerializer.Deserialize(key.Open("notices", id, "content", 0, bytes), NoticeJson.Default.Notice) ?? throw new SealBrokenException("The notice is empty");
}

/// <summary>The items a letter must have.</summary>
public enum LetterPart
{
    Creation,
    ActivationAndClosing,
    LoginIdentifiers,
    HowItWorks,
    RightToOppose,
    AccessAndWriteRights,
    ContentAtActivation,
    /// <summary>Information of GDPR art. 14.</summary>
    DataProtection,
}

/// <summary>One item of the letter: whole sentences.</summary>
public sealed record LetterItem(LetterPart Part, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(IdJson.Record), typeof(IdJson.Person)])]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(OutboxMessage))]
internal sealed partial class NoticeJson : JsonSerializerContext;
