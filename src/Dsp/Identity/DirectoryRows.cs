using Dsp.Codes;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

// Directory rows as they stand in the database. Each knows its columns in the order of the SELECT and of the MAC: a row
// whose MAC does not fit does not exist (security §1).

/// <summary>A listed professional; licence dates from the register, stops from the Minister (A909 art. 7(4)).</summary>
public sealed record ProfessionalRow(
    PersonId Person, string RegisterId, string Family, string Given, string Profession, MatrixGroup Group, string? Specialty,
    DateTimeOffset LicenceFrom, DateTimeOffset? LicenceUntil, DateTimeOffset? StoppedFrom, DateTimeOffset? StoppedUntil)
{
    public const string Columns = "p.person_id, p.register_id, p.family, p.given, p.profession, p.matrix_group, p.specialty, p.licence_from, p.licence_until, p.stopped_from, p.stopped_until, p.mac";
    public const int Width = 12;

    public string Name => $"{Family.ToUpperInvariant()} {Given}";

    /// <summary>A temporary stop ends and the licence returns.</summary>
    public bool LicenceInForceAt(DateTimeOffset now) =>
        now >= LicenceFrom && (LicenceUntil is null || now < LicenceUntil)
        && !(StoppedFrom is { } stop && now >= stop && (StoppedUntil is null || now < StoppedUntil));

    public byte[] Mac(ServiceKeys keys) => keys.RowMac("professionals", Person.Value, RegisterId, Family, Given, Profession, Group.ToString(), Specialty, LicenceFrom, LicenceUntil, StoppedFrom, StoppedUntil);

    /// <returns>Null where there is no row, or its MAC does not fit.</returns>
    public static ProfessionalRow? Read(Row row, int at, ServiceKeys keys)
    {
        if (row.IsNull(at) || !Enum.TryParse<MatrixGroup>(row.Text(at + 5), out var group)) return null;
        var read = new ProfessionalRow(new(row.Guid(at)), row.Text(at + 1), row.Text(at + 2), row.Text(at + 3), row.Text(at + 4), group, row.TextOrNull(at + 6),
            row.Instant(at + 7), row.InstantOrNull(at + 8), row.InstantOrNull(at + 9), row.InstantOrNull(at + 10));
        return Fits(read.Mac(keys), row.Bytes(at + 11)) ? read : null;
    }

    internal static bool Fits(byte[] expected, byte[] found) => System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(expected, found);
}

public enum InstitutionKind
{
    /// <summary>Individual practice: portal or conformant program.</summary>
    Practice,
    /// <summary>Collectivité de santé: its attested program only, unless the portal is attested for it.</summary>
    Collective,
}

public sealed record InstitutionRow(InstitutionId Id, string RegisterId, string Name, InstitutionKind Kind, bool EmergencyDepartment, bool PortalAttested)
{
    public const string Columns = "i.institution_id, i.register_id, i.name, i.kind, i.emergency_department, i.portal_attested, i.mac";
    public const int Width = 7;

    public byte[] Mac(ServiceKeys keys) => keys.RowMac("institutions", Id.Value, RegisterId, Name, Kind.ToString(), EmergencyDepartment, PortalAttested);

    public static InstitutionRow? Read(Row row, int at, ServiceKeys keys)
    {
        if (row.IsNull(at) || !Enum.TryParse<InstitutionKind>(row.Text(at + 3), out var kind)) return null;
        var read = new InstitutionRow(new(row.Guid(at)), row.Text(at + 1), row.Text(at + 2), kind, row.Bool(at + 4), row.Bool(at + 5));
        return ProfessionalRow.Fits(read.Mac(keys), row.Bytes(at + 6)) ? read : null;
    }
}

/// <summary>A professional's membership of an institution: the place of practice.</summary>
/// <param name="Emergency">Works in its emergency department.</param>
public sealed record MembershipRow(InstitutionId Institution, PersonId Person, string Unit, bool Emergency, DateTimeOffset From, DateTimeOffset? Until)
{
    public const string Columns = "m.institution_id, m.person_id, m.unit, m.emergency, m.valid_from, m.valid_until, m.mac";
    public const int Width = 7;

    public bool ValidAt(DateTimeOffset now) => now >= From && (Until is null || now < Until);

    public byte[] Mac(ServiceKeys keys) => keys.RowMac("memberships", Institution.Value, Person.Value, Unit, Emergency, From, Until);

    public static MembershipRow? Read(Row row, int at, ServiceKeys keys)
    {
        if (row.IsNull(at)) return null;
        var read = new MembershipRow(new(row.Guid(at)), new(row.Guid(at + 1)), row.Text(at + 2), row.Bool(at + 3), row.Instant(at + 4), row.InstantOrNull(at + 5));
        return ProfessionalRow.Fits(read.Mac(keys), row.Bytes(at + 6)) ? read : null;
    }
}

/// <summary>A connected software with its responsible person.</summary>
/// <param name="Role">care (deposits, admissions) or authority (affiliation and register feeds).</param>
public sealed record SystemRow(SystemId Id, string Name, InstitutionId? Institution, PersonId? Responsible, string Role, DateTimeOffset? SuspendedAt)
{
    public const string Columns = "s.system_id, s.name, s.institution_id, s.responsible_id, s.role, s.suspended_at, s.mac";
    public const int Width = 7;

    public byte[] Mac(ServiceKeys keys) => keys.RowMac("systems", Id.Value, Name, Institution?.Value, Responsible?.Value, Role, SuspendedAt);

    public static SystemRow? Read(Row row, int at, ServiceKeys keys)
    {
        if (row.IsNull(at)) return null;
        var read = new SystemRow(new(row.Guid(at)), row.Text(at + 1), row.GuidOrNull(at + 2) is { } i ? new InstitutionId(i) : null,
            row.GuidOrNull(at + 3) is { } p ? new PersonId(p) : null, row.Text(at + 4), row.InstantOrNull(at + 5));
        return ProfessionalRow.Fits(read.Mac(keys), row.Bytes(at + 6)) ? read : null;
    }
}

public sealed record AgentRow(PersonId Person, string Number, string Role, DateTimeOffset? Until)
{
    /// <summary>The role of who watches over the agency's own use: reads what concerns no record, and opens no record.</summary>
    public const string SecurityOfficer = "security-officer";

    public const string Columns = "a.person_id, a.number, a.role, a.until_at, a.mac";

    public byte[] Mac(ServiceKeys keys) => keys.RowMac("agents", Person.Value, Number, Role, Until);

    public static AgentRow? Read(Row row, int at, ServiceKeys keys)
    {
        if (row.IsNull(at)) return null;
        var read = new AgentRow(new(row.Guid(at)), row.Text(at + 1), row.Text(at + 2), row.InstantOrNull(at + 3));
        return ProfessionalRow.Fits(read.Mac(keys), row.Bytes(at + 4)) ? read : null;
    }
}

/// <summary>A session or an issued token; revocation acts on the next request.</summary>
public sealed record SessionRow(SessionId Id, Guid Subject, InstitutionId? Institution, DateTimeOffset StartedAt, DateTimeOffset EndsAt, DateTimeOffset? RevokedAt)
{
    public const string Columns = "e.session_id, e.subject_id, e.institution_id, e.started_at, e.ends_at, e.revoked_at, e.mac";

    public bool InForceAt(DateTimeOffset now) => now < EndsAt && RevokedAt is null;

    public byte[] Mac(ServiceKeys keys) => keys.RowMac("sessions", Id.Value, Subject, Institution?.Value, StartedAt, EndsAt, RevokedAt);

    public static SessionRow? Read(Row row, int at, ServiceKeys keys)
    {
        if (row.IsNull(at)) return null;
        var read = new SessionRow(new(row.Guid(at)), row.Guid(at + 1), row.GuidOrNull(at + 2) is { } i ? new InstitutionId(i) : null, row.Instant(at + 3), row.Instant(at + 4), row.InstantOrNull(at + 5));
        return ProfessionalRow.Fits(read.Mac(keys), row.Bytes(at + 6)) ? read : null;
    }
}
