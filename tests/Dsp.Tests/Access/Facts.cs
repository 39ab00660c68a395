using Dsp.Access;
using Dsp.Codes;

namespace Dsp.Tests.Access;

/// <summary>Facts for the pure rules: everything in order, until a test takes one thing away.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    public static readonly PersonId Holder = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    public static readonly PersonId Doctor = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    public static readonly PersonId Colleague = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));
    public static readonly PersonId Mother = new(Guid.Parse("00000000-0000-7000-8000-000000000004"));
    public static readonly InstitutionId Practice = new(Guid.Parse("00000000-0000-7000-8000-000000000011"));
    public static readonly InstitutionId Clinic = new(Guid.Parse("00000000-0000-7000-8000-000000000012"));
    public static readonly SystemId Software = new(Guid.Parse("00000000-0000-7000-8000-000000000021"));
    public static readonly RecordId Record = new(Guid.Parse("00000000-0000-7000-8000-000000000031"));
    public static readonly DocumentId Document = new(Guid.Parse("00000000-0000-7000-8000-000000000041"));
    public static readonly Guid Some = Guid.Parse("00000000-0000-7000-8000-000000000051");

    public static readonly AccessSheet Open = new() { Holder = Holder, State = RecordState.Active, CreatedAt = Now.AddYears(-1), ActivatedAt = Now.AddYears(-1) };

    public static readonly CareContext Context = new(Some, CareContextKind.Individual, Doctor, Practice, Now - TimeSpan.FromDays(1), Now + TimeSpan.FromDays(14));

    public static readonly ItemFacts Item = new(Document, DataCategory.CareReports, Colleague, null);

    public static Caller Caller(CallerKind kind, PersonId? person) => new()
    {
        Kind = kind, Person = person, Strong = true, AuthenticatedAt = Now, MayAct = true, ThroughPortal = true,
        Institution = kind == CallerKind.Professional ? Practice : null, System = kind == CallerKind.System ? Software : null,
    };

    /// <summary>A doctor with a presence code's context at an individual practice; nothing stands against reading.</summary>
    public static AccessFacts Treating(AccessAction action = AccessAction.Read, MatrixGroup group = MatrixGroup.DOC) => new(
        new ActorFacts
        {
            Caller = Caller(CallerKind.Professional, Doctor), Member = true,
            Professional = new ProfessionalFacts(Doctor, "THILL Marie", "médecin généraliste", group, LicenceInForce: true),
            Institution = new InstitutionFacts(Practice, "Cabinet Thill", Collective: false, EmergencyDepartment: false, PortalAttested: false),
        }, Record, Open with { Contexts = [Context] }, action, Item, Now);

    public static AccessFacts AsHolder(AccessAction action = AccessAction.Read) => new(new ActorFacts { Caller = Caller(CallerKind.Person, Holder) }, Record, Open, action, Item, Now);

    /// <summary>The mother of a child born in 2014.</summary>
    public static AccessFacts AsMother(AccessAction action = AccessAction.Read) => new(
        new ActorFacts { Caller = Caller(CallerKind.Person, Mother) }, Record,
        Open with { BirthDate = new DateOnly(2014, 3, 30), Representations = [new Representation(Some, Mother, RepresentationKind.Parent, Now.AddYears(-1), null, null, "MULLER Anne")] }, action, Item, Now);

    public static AccessFacts AsSystem(AccessAction action, string role = "care") => new(
        new ActorFacts
        {
            Caller = Caller(CallerKind.System, null),
            Professional = new ProfessionalFacts(Colleague, "WEBER Jean", "médecin spécialiste", MatrixGroup.DOC, LicenceInForce: true),
            System = new SystemFacts(Software, "laboratory", Clinic, Colleague, role, Suspended: false),
            Institution = new InstitutionFacts(Clinic, "Hôpital du Nord", Collective: true, EmergencyDepartment: true, PortalAttested: false),
        }, Record, Open, action, Item, Now);

    public static AccessFacts AsAgent(AccessAction action) => new(
        new ActorFacts { Caller = Caller(CallerKind.Agent, Colleague), AgentNumber = "A-1" }, Record, Open, action, null, Now);

    public static AccessFacts With(this AccessFacts facts, Func<AccessSheet, AccessSheet> change) => facts with { Sheet = change(facts.Sheet!) };

    public static AccessFacts As(this AccessFacts facts, Func<Caller, Caller> change) => facts with { Actor = facts.Actor with { Caller = change(facts.Caller) } };

    public static AccessFacts By(this AccessFacts facts, Func<ActorFacts, ActorFacts> change) => facts with { Actor = change(facts.Actor) };

    /// <summary>At an institution, as its member through its attested program.</summary>
    public static AccessFacts AtClinic(this AccessFacts facts, bool emergencyMember = false) => facts
        .As(c => c with { Institution = Clinic, ThroughPortal = false, ThroughProgramOf = Clinic })
        .By(a => a with { EmergencyMember = emergencyMember, Institution = new InstitutionFacts(Clinic, "Hôpital du Nord", Collective: true, EmergencyDepartment: true, PortalAttested: false) });

    public static (bool Permitted, string Rule, Refusal? Refusal) Decided(this AccessFacts facts)
    {
        var decision = AccessRules.Decide(facts);
        return (decision.Permitted, decision.Rule.Id, decision.Refusal);
    }

    public static void Passes(this AccessFacts facts, string rule = "11-permit")
    {
        var (permitted, found, refusal) = facts.Decided();
        Assert.True(permitted, $"{found}: {refusal?.Id}");
        Assert.Equal(rule, found);
    }

    public static void Fails(this AccessFacts facts, string rule, Refusal refusal) => Assert.Equal((false, rule, refusal), facts.Decided());
}
