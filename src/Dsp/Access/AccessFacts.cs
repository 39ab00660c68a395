using Dsp.Codes;

namespace Dsp.Access;

/// <summary>The caller's row in the directory of professionals, licence computed at the decision's instant.</summary>
public sealed record ProfessionalFacts(PersonId Person, string Name, string Profession, MatrixGroup Group, bool LicenceInForce);

/// <summary>The institution acted for.</summary>
/// <param name="Collective">A collectivité de santé (art. 5(1) 2°), not an individual practice.</param>
public sealed record InstitutionFacts(InstitutionId Id, string Name, bool Collective, bool EmergencyDepartment, bool PortalAttested);

/// <summary>A connected software.</summary>
public sealed record SystemFacts(SystemId Id, string Name, InstitutionId? Institution, PersonId? Responsible, string Role, bool Suspended);

/// <summary>All facts about the caller that the gate loaded, every directory row with its MAC checked.</summary>
public sealed record ActorFacts
{
    public required Caller Caller { get; init; }
    public ProfessionalFacts? Professional { get; init; }
    public InstitutionFacts? Institution { get; init; }

    /// <summary>The professional is a member of the institution at this instant.</summary>
    public bool Member { get; init; }

    /// <summary>… and of its emergency department.</summary>
    public bool EmergencyMember { get; init; }
    public SystemFacts? System { get; init; }

    /// <summary>The registered software a person's token was issued to.</summary>
    public SystemFacts? Through { get; init; }
    public string? AgentNumber { get; init; }

    /// <summary>What the agent is in the agency, as its register says; null where not in function.</summary>
    public string? AgentRole { get; init; }

    /// <summary>False where the session is revoked, ended or unknown.</summary>
    public bool SessionInForce { get; init; } = true;
}

/// <summary>What the rules know of one item; authenticated facts only, from its sealed row.</summary>
/// <param name="DepositedBy">The person our journal records as depositor.</param>
/// <param name="DepositedThrough">The system that deposited.</param>
/// <param name="MinorConfidential">Hidden from representatives (PAT14 art. 13), recorded at the point of care.</param>
/// <param name="PatientRequest">Level the patient asked for at the point of care: R (author and referring doctor) or V (author).</param>
public sealed record ItemFacts(
    DocumentId Document, DataCategory Category, PersonId? DepositedBy, SystemId? DepositedThrough,
    bool MinorConfidential = false, string? PatientRequest = null, string? Order = null, DateTimeOffset? At = null)
{
    /// <summary>The documents it was made of, as they were then: it is seen only where each of them is (security §3).</summary>
    public IReadOnlyList<ItemFacts>? Sources { get; init; }
}

/// <summary>Everything one decision reads. The rules are a pure function of this.</summary>
public sealed record AccessFacts(ActorFacts Actor, RecordId Record, AccessSheet? Sheet, AccessAction Action, ItemFacts? Item, DateTimeOffset Now)
{
    public Caller Caller => Actor.Caller;

    /// <summary>How much this caller has opened lately; null where it is not counted.</summary>
    public BrakeFacts? Brake { get; init; }

    /// <summary>The caller is the holder of this record, in the role of a person.</summary>
    public bool IsHolder => Caller.Kind == CallerKind.Person && Sheet is not null && Caller.Person == Sheet.Holder;

    /// <summary>The valid link by which the caller represents the holder.</summary>
    public Representation? Representation =>
        Caller.Kind == CallerKind.Person && !IsHolder
            ? Sheet?.Representations.FirstOrDefault(r => r.Person == Caller.Person && r.IsValidAt(Now, Sheet.BirthDate))
            : null;

    public bool IsReferringDoctor =>
        Caller.Kind == CallerKind.Professional && Sheet?.Referring is { } r && r.Person == Caller.Person && Now >= r.Since && (r.Until is null || Now < r.Until);

    /// <summary>The matrix column: REF where the caller is this record's referring doctor. Who comes through another country's contact point has a doctor's.</summary>
    public MatrixGroup? Group =>
        Actor.Professional is { } p ? (IsReferringDoctor ? MatrixGroup.REF : p.Group) : Caller.Kind == CallerKind.ContactPoint ? MatrixGroup.DOC : null;

    /// <summary>The holder has switched the caller's country on.</summary>
    public bool CountryIsOn => Caller.Country is { } country && Sheet?.Abroad.Any(a => a.Country == country) == true;

    /// <summary>The relation by which a professional may read now; the first that is valid, contexts before standing ones.</summary>
    public Relation? Relation => Relation.Find(this);

    /// <summary>Own item: what our journal records as deposited by this person, or by this system.</summary>
    public bool IsOwnItem =>
        Item is not null && Caller.Kind switch
        {
            CallerKind.Professional => Item.DepositedBy is not null && Item.DepositedBy == Caller.Person,
            CallerKind.System => Item.DepositedThrough is not null && Item.DepositedThrough == Caller.System,
            _ => false,
        };
}

/// <summary>The relation a professional's access rests on.</summary>
/// <param name="Kind">individual, institution, emergency, circle or referring.</param>
public sealed record Relation(string Kind, Guid? Id, IReadOnlyList<DataCategory>? Categories, bool TailOnly)
{
    internal static Relation? Find(AccessFacts facts)
    {
        if (facts.Sheet is not { } sheet || facts.Caller.Kind != CallerKind.Professional) return null;
        if (facts.IsReferringDoctor) return new Relation("referring", null, null, false);
        foreach (var member in sheet.Circle)
            if ((member.EndsAt is null || facts.Now < member.EndsAt) && IsFor(facts, member.Person, member.Institution))
                return new Relation("circle", member.Id, null, false);
        var valid = sheet.Contexts.Where(c => c.IsValidAt(facts.Now) && Covers(facts, c)).ToList();
        // The widest valid context decides; a narrowed one never takes away what another gave.
        var best = valid.OrderBy(c => c.Categories is null ? 0 : 1).ThenBy(c => c.Kind).FirstOrDefault();
        if (best is not null) return new Relation(NameOf(best.Kind), best.Id, best.Categories, false);
        var tail = sheet.Contexts.FirstOrDefault(c => c.IsTailAt(facts.Now) && Covers(facts, c));
        return tail is null ? null : new Relation(NameOf(tail.Kind), tail.Id, tail.Categories, true);
    }

    public static string NameOf(CareContextKind kind) => kind switch
    {
        CareContextKind.Individual => "individual",
        CareContextKind.Institution => "institution",
        _ => "emergency",
    };

    private static bool Covers(AccessFacts facts, CareContext context) => context.Kind switch
    {
        // One person at one place: the same person elsewhere has no relation.
        CareContextKind.Individual => context.Person == facts.Caller.Person && (context.Institution is null || context.Institution == facts.Caller.Institution),
        CareContextKind.Institution => context.Institution is not null && context.Institution == facts.Caller.Institution && facts.Actor.Member,
        _ => context.Institution is not null && context.Institution == facts.Caller.Institution && facts.Actor.EmergencyMember,
    };

    private static bool IsFor(AccessFacts facts, PersonId? person, InstitutionId? institution) =>
        person is not null ? person == facts.Caller.Person : institution is not null && institution == facts.Caller.Institution && facts.Actor.Member;
}
