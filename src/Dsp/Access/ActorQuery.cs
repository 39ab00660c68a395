using Dsp.Codes;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>The caller's part of the gate's one round trip: directory, membership, licence, software and session.</summary>
internal sealed class ActorQuery
{
    private const string Professional =
        $"""
        SELECT {ProfessionalRow.Columns}, {MembershipRow.Columns}, {InstitutionRow.Columns}
        FROM   professionals p
               LEFT JOIN memberships m ON m.person_id = p.person_id AND m.institution_id = @institution
               LEFT JOIN institutions i ON i.institution_id = m.institution_id
        WHERE  p.person_id = @person
        """;

    private const string System =
        $"""
        SELECT {SystemRow.Columns}, {InstitutionRow.Columns}
        FROM   systems s LEFT JOIN institutions i ON i.institution_id = s.institution_id
        WHERE  s.system_id = @system
        """;

    private const string Responsible =
        $"""
        SELECT {ProfessionalRow.Columns}, {MembershipRow.Columns}
        FROM   professionals p
               JOIN memberships m ON m.person_id = p.person_id
               JOIN systems s ON s.institution_id = m.institution_id
        WHERE  p.register_id = @register AND s.system_id = @system
        """;

    private const string SystemsResponsible =
        $"""
        SELECT {ProfessionalRow.Columns}, {MembershipRow.Columns}
        FROM   systems s
               JOIN professionals p ON p.person_id = s.responsible_id
               JOIN memberships m ON m.person_id = p.person_id AND m.institution_id = s.institution_id
        WHERE  s.system_id = @system
        """;

    private readonly Caller caller;
    private readonly Slot<(ProfessionalRow? Professional, MembershipRow? Membership, InstitutionRow? Institution)>? professional;
    private readonly Slot<(SystemRow? System, InstitutionRow? Institution)>? system;
    private readonly Slot<SystemRow?>? through;
    private readonly Slot<AgentRow?>? agent;
    private readonly Slot<SessionRow?>? session;
    private readonly List<(string? Register, Slot<(ProfessionalRow? Professional, MembershipRow? Membership)> Slot)> responsible = [];

    /// <param name="responsibleRegisterIds">Register ids of authors and authenticators, where a system deposits.</param>
    public ActorQuery(Batch batch, Caller caller, ServiceKeys keys, IReadOnlyList<string> responsibleRegisterIds, bool deposit)
    {
        this.caller = caller;
        if (caller.Kind == CallerKind.Professional && caller.Person is { } person)
        {
            professional = batch.Query(
                row => (ProfessionalRow.Read(row, 0, keys), MembershipRow.Read(row, ProfessionalRow.Width, keys), InstitutionRow.Read(row, ProfessionalRow.Width + MembershipRow.Width, keys)),
                Professional, ("person", person), ("institution", (caller.Institution ?? default).Value));
        }
        if (caller.Kind == CallerKind.System && caller.System is { } id)
        {
            system = batch.Query(row => (SystemRow.Read(row, 0, keys), InstitutionRow.Read(row, SystemRow.Width, keys)), System, ("system", id));
            if (deposit) responsible.Add((null, batch.Query(row => Pair(row, keys), SystemsResponsible, ("system", id))));
            foreach (var register in responsibleRegisterIds)
                responsible.Add((register, batch.Query(row => Pair(row, keys), Responsible, ("register", register), ("system", id))));
        }
        if (caller.Through is { } software)
            through = batch.Query(row => SystemRow.Read(row, 0, keys), $"SELECT {SystemRow.Columns} FROM systems s WHERE s.system_id = @system", ("system", software));
        if (caller.Kind == CallerKind.Agent && caller.Person is { } agentId)
            agent = batch.Query(row => AgentRow.Read(row, 0, keys), $"SELECT {AgentRow.Columns} FROM agents a WHERE a.person_id = @person", ("person", agentId));
        if (caller.Session is { } sessionId)
            session = batch.Query(row => SessionRow.Read(row, 0, keys), $"SELECT {SessionRow.Columns} FROM sessions e WHERE e.session_id = @session", ("session", sessionId));
    }

    public ActorFacts Facts(DateTimeOffset now)
    {
        var facts = new ActorFacts
        {
            Caller = caller,
            SessionInForce = session is null || (session.First is { } s && s.InForceAt(now) && s.Subject == SubjectOf(caller)),
            Through = FactsOf(through?.First, now),
        };
        if (professional is not null)
        {
            var (row, membership, institution) = professional.First;
            return facts with
            {
                Professional = row is null ? null : FactsOf(row, now),
                Institution = FactsOf(institution),
                Member = membership?.ValidAt(now) == true,
                EmergencyMember = membership is { Emergency: true } && membership.ValidAt(now) && institution is { EmergencyDepartment: true },
            };
        }
        if (system is not null)
        {
            var (row, institution) = system.First;
            return facts with
            {
                System = FactsOf(row, now),
                Institution = FactsOf(institution),
            };
        }
        var inFunction = agent?.First is { } a && (a.Until is null || now < a.Until) ? a : null;
        return facts with { AgentNumber = inFunction?.Number, AgentRole = inFunction?.Role };
    }

    /// <summary>
    /// The responsible natural person of a deposit: the author recognised by register id, else the one of the system's
    /// registration; always a member of the sending institution with a licence (architecture §9).
    /// </summary>
    public ProfessionalFacts? ResponsibleFor(IReadOnlyList<string> registerIds, DateTimeOffset now)
    {
        foreach (var register in registerIds)
            if (Found(r => r == register, now) is { } named) return named;
        return Found(r => r is null, now);
    }

    private ProfessionalFacts? Found(Func<string?, bool> wanted, DateTimeOffset now) =>
        responsible.Where(r => wanted(r.Register))
            .Select(r => r.Slot.First)
            .Where(f => f.Professional is not null && f.Membership?.ValidAt(now) == true)
            .Select(f => FactsOf(f.Professional!, now))
            .FirstOrDefault(f => f.LicenceInForce);

    private static (ProfessionalRow?, MembershipRow?) Pair(Row row, ServiceKeys keys) =>
        (ProfessionalRow.Read(row, 0, keys), MembershipRow.Read(row, ProfessionalRow.Width, keys));

    private static Guid SubjectOf(Caller caller) => caller.System?.Value ?? caller.Person?.Value ?? Guid.Empty;

    private static ProfessionalFacts FactsOf(ProfessionalRow row, DateTimeOffset now) =>
        new(row.Person, row.Name, row.Profession, row.Group, row.LicenceInForceAt(now));

    private static SystemFacts? FactsOf(SystemRow? row, DateTimeOffset now) =>
        row is null ? null : new SystemFacts(row.Id, row.Name, row.Institution, row.Responsible, row.Role, row.SuspendedAt is { } at && now >= at);

    private static InstitutionFacts? FactsOf(InstitutionRow? row) =>
        row is null ? null : new InstitutionFacts(row.Id, row.Name, row.Kind == InstitutionKind.Collective, row.EmergencyDepartment, row.PortalAttested);
}
