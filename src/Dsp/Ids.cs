using System.Globalization;

namespace Dsp;

/// <summary>Makes ids. Every id is a UUIDv7 (RFC 9562 §5.7) whose time is the platform clock's, so that keys sort by creation.</summary>
public static class Ids
{
    /// <summary>A new UUIDv7 at the clock's present instant; unguessable in its 74 random bits.</summary>
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>Reads an id as it travels on the wires: 36 characters, hyphens, any case.</summary>
    /// <returns>False for anything else, the nil id included.</returns>
    public static bool TryParse(string? text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && id != Guid.Empty;

    /// <summary>The wire form: lower-case, hyphens.</summary>
    public static string Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>The same id as an OID, in the arc 2.25 (ITU-T X.667): what MHD asks of a submission set's unique id.</summary>
    public static string Oid(Guid id) => "urn:oid:2.25." + new System.Numerics.BigInteger(id.ToByteArray(bigEndian: true), isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
}

/// <summary>One shared care record; equals its FHIR Patient.id.</summary>
public readonly record struct RecordId(Guid Value)
{
    /// <summary>The nil record: what is journalled for attempts on records that do not exist.</summary>
    public static readonly RecordId None;
    public static RecordId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A natural person, whatever the roles: holder, professional, representative, agent.</summary>
public readonly record struct PersonId(Guid Value)
{
    public static PersonId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>An individual practice or a collectivité de santé.</summary>
public readonly record struct InstitutionId(Guid Value)
{
    public static InstitutionId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>A connected software with its responsible person.</summary>
public readonly record struct SystemId(Guid Value)
{
    public static SystemId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>One document; equals its FHIR DocumentReference.id, its Binary id and its XDS entryUUID.</summary>
public readonly record struct DocumentId(Guid Value)
{
    public static DocumentId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>One sealed content in the vault.</summary>
public readonly record struct ContentId(Guid Value)
{
    public static ContentId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>One submission set (XDS); the FHIR List.id.</summary>
public readonly record struct SubmissionId(Guid Value)
{
    public static SubmissionId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>One folder (XDS); the FHIR List.id.</summary>
public readonly record struct FolderId(Guid Value)
{
    public static FolderId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>One signed-in session or issued token; what revocation names.</summary>
public readonly record struct SessionId(Guid Value)
{
    public static SessionId New(TimeProvider clock) => new(Ids.New(clock));
    public override string ToString() => Ids.Text(Value);
}

/// <summary>Instants as the stores keep them: whole microseconds since 1970-01-01 UTC.</summary>
public static class Instants
{
    /// <summary>Now, cut to microseconds, so that what is stored reads back equal.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => FromMicroseconds(ToMicroseconds(clock.GetUtcNow()));

    public static long ToMicroseconds(DateTimeOffset at) =>
        (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long value) =>
        DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond);

    /// <summary>FHIR instant: UTC with milliseconds.</summary>
    public static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
