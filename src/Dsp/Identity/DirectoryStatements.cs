using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>One directory row each, written whole with its MAC: a new one, or in place of the one with its key.</summary>
internal static class DirectoryStatements
{
    public static Batch Put(this Batch batch, ProfessionalRow row, ServiceKeys keys) => batch.Add(
        """
        INSERT INTO professionals (person_id, register_id, family, given, profession, matrix_group, specialty, licence_from, licence_until, stopped_from, stopped_until, mac)
        VALUES (@person, @register, @family, @given, @profession, @group, @specialty, @from, @until, @stopped, @returned, @mac)
        ON CONFLICT (person_id) DO UPDATE SET register_id = @register, family = @family, given = @given, profession = @profession, matrix_group = @group, specialty = @specialty,
          licence_from = @from, licence_until = @until, stopped_from = @stopped, stopped_until = @returned, mac = @mac
        """,
        ("person", row.Person), ("register", row.RegisterId), ("family", row.Family), ("given", row.Given), ("profession", row.Profession), ("group", row.Group.ToString()), ("specialty", row.Specialty),
        ("from", row.LicenceFrom), ("until", row.LicenceUntil), ("stopped", row.StoppedFrom), ("returned", row.StoppedUntil), ("mac", row.Mac(keys)));

    public static Batch Put(this Batch batch, InstitutionRow row, ServiceKeys keys) => batch.Add(
        """
        INSERT INTO institutions (institution_id, register_id, name, kind, emergency_department, portal_attested, mac)
        VALUES (@institution, @register, @name, @kind, @emergency, @portal, @mac)
        ON CONFLICT (institution_id) DO UPDATE SET register_id = @register, name = @name, kind = @kind, emergency_department = @emergency, portal_attested = @portal, mac = @mac
        """,
        ("institution", row.Id), ("register", row.RegisterId), ("name", row.Name), ("kind", row.Kind.ToString()), ("emergency", row.EmergencyDepartment), ("portal", row.PortalAttested), ("mac", row.Mac(keys)));

    public static Batch Put(this Batch batch, MembershipRow row, ServiceKeys keys) => batch.Add(
        """
        INSERT INTO memberships (institution_id, person_id, unit, emergency, valid_from, valid_until, mac) VALUES (@institution, @person, @unit, @emergency, @from, @until, @mac)
        ON CONFLICT (institution_id, person_id) DO UPDATE SET unit = @unit, emergency = @emergency, valid_from = @from, valid_until = @until, mac = @mac
        """,
        ("institution", row.Institution), ("person", row.Person), ("unit", row.Unit), ("emergency", row.Emergency), ("from", row.From), ("until", row.Until), ("mac", row.Mac(keys)));

    public static Batch Put(this Batch batch, SystemRow row, ServiceKeys keys) => batch.Add(
        """
        INSERT INTO systems (system_id, name, institution_id, responsible_id, role, suspended_at, mac) VALUES (@system, @name, @institution, @responsible, @role, @suspended, @mac)
        ON CONFLICT (system_id) DO UPDATE SET name = @name, institution_id = @institution, responsible_id = @responsible, role = @role, suspended_at = @suspended, mac = @mac
        """,
        ("system", row.Id), ("name", row.Name), ("institution", row.Institution?.Value), ("responsible", row.Responsible?.Value), ("role", row.Role), ("suspended", row.SuspendedAt), ("mac", row.Mac(keys)));

    public static Batch Put(this Batch batch, AgentRow row, ServiceKeys keys) => batch.Add(
        """
        INSERT INTO agents (person_id, number, role, until_at, mac) VALUES (@person, @number, @role, @until, @mac)
        ON CONFLICT (person_id) DO UPDATE SET number = @number, role = @role, until_at = @until, mac = @mac
        """,
        ("person", row.Person), ("number", row.Number), ("role", row.Role), ("until", row.Until), ("mac", row.Mac(keys)));

    public static Batch Put(this Batch batch, IdentifierDomainRow row, ServiceKeys keys) => batch.Add(
        "INSERT INTO identifier_domains (domain, system_id, mac) VALUES (@domain, @system, @mac) ON CONFLICT (domain) DO UPDATE SET system_id = @system, mac = @mac",
        ("domain", row.Domain), ("system", row.System), ("mac", row.Mac(keys)));

    public static Batch Put(this Batch batch, SessionRow row, ServiceKeys keys) => batch.Add(
        """
        INSERT INTO sessions (session_id, subject_id, institution_id, started_at, ends_at, revoked_at, mac) VALUES (@session, @subject, @institution, @started, @ends, @revoked, @mac)
        ON CONFLICT (session_id) DO UPDATE SET revoked_at = @revoked, mac = @mac
        """,
        ("session", row.Id), ("subject", row.Subject), ("institution", row.Institution?.Value), ("started", row.StartedAt), ("ends", row.EndsAt), ("revoked", row.RevokedAt), ("mac", row.Mac(keys)));
}
