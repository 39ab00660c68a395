using Dsp.Codes;

namespace Dsp.Access;

/// <summary>What one rule says: go on to the next, permit, or deny.</summary>
public readonly record struct Verdict(bool? Permits, Refusal? Refusal)
{
    public static readonly Verdict GoOn;
    public static readonly Verdict Permit = new(true, null);
    public static Verdict Deny(Refusal refusal) => new(false, refusal);
    public static Verdict DenyUnless(bool holds, Refusal refusal) => holds ? GoOn : Deny(refusal);
}

/// <summary>One sentence of the law, with its article; the first rule that denies or finally permits decides.</summary>
public sealed record AccessRule(string Id, string Sentence, string Article, Func<AccessFacts, Verdict> Decide);

/// <summary>What was decided and by which rule.</summary>
public sealed record Decision(bool Permitted, AccessRule Rule, Refusal? Refusal);

/// <summary>
/// The ordered rules of access (domain 1.9; RGD 6.12.2019 art. 3, 5, 6, 7, 9 and annex 1; PAT14 art. 13, 18; EHDS art. 8, 11).
/// A pure function: no clock, no store, no culture.
/// </summary>
public static class AccessRules
{
    private static readonly Refusal Neutral = Refusals.NotFound;

    /// <summary>The id of the rule that brakes mass opening.</summary>
    public const string BrakeRule = "3-brake";

    /// <summary>In an emergency, new records come one at a time where there were too many.</summary>
    private static readonly TimeSpan OneAtATime = TimeSpan.FromMinutes(1);

    /// <summary>Rules about the caller alone; they may answer explicitly.</summary>
    private static readonly AccessRule[] AboutTheCaller =
    [
        new("0-session", "the session or token is in force", "RGD 6.12.2019 art. 10; R15",
            f => Verdict.DenyUnless(f.Actor.SessionInForce, Refusals.NotSignedIn)),
        new("0-strong", "a person has signed in with two factors, not longer than 12 hours ago", "RGD 6.12.2019 art. 10; R15",
            f => Verdict.DenyUnless(f.Caller.Kind == CallerKind.System || (f.Caller.Strong && FreshEnough(f)), Refusals.SignInTooWeak)),
        new("0-act", "acts on rights and life cycle carry the scope of acts", "security 2",
            f => Verdict.DenyUnless(!IsAct(f.Action) || f.Caller.MayAct || f.Caller.Kind == CallerKind.System, Refusals.ScopeMissing)),
        new("0-fresh", "a person closes a record, and a member of an emergency department opens one on their own word, with a factor proven within the last five minutes", "security 2",
            f => Verdict.DenyUnless(!NeedsFreshFactor(f) || f.Caller.IsFreshAt(f.Now), Refusals.FreshFactorNeeded)),
        new("0-role", "the role may do this kind of act", "architecture 9; A909 art. 6, 7", Role),
    ];

    /// <summary>
    /// The ordered rules, numbered as in the domain description. Those about the caller come before any about the record, so
    /// that an explicit answer never depends on whether a record exists or is closed (EHDS art. 8).
    /// </summary>
    public static IReadOnlyList<AccessRule> All { get; } =
    [
        .. AboutTheCaller,
        new("2-listed", "the person is listed in the directory and acts for an institution as its member", "A909 art. 5(2)",
            f => f.Caller.Kind != CallerKind.Professional ? Verdict.GoOn : Verdict.DenyUnless(f.Actor.Professional is not null && f.Actor.Institution is not null && f.Actor.Member, Refusals.NotListed)),
        new("2-agent", "the agent is listed and in function", "A909 art. 10",
            f => f.Caller.Kind != CallerKind.Agent ? Verdict.GoOn : Verdict.DenyUnless(f.Actor.AgentNumber is not null, Refusals.NotListed)),
        new("2-licence", "the licence to practise is in force", "A909 art. 7(4)",
            f => f.Actor.Professional is null ? Verdict.GoOn : Verdict.DenyUnless(f.Actor.Professional.LicenceInForce, Refusals.LicenceStopped)),
        new("2-system", "the software is registered and not suspended", "A909 art. 11",
            f => f.Caller.Kind != CallerKind.System ? Verdict.GoOn : Verdict.DenyUnless(f.Actor.System is { Suspended: false }, Refusals.SystemSuspended)),
        new("2-through", "the software a person comes through is registered and not suspended", "A909 art. 11",
            f => f.Caller.Through is null ? Verdict.GoOn : Verdict.DenyUnless(f.Actor.Through is { Suspended: false }, Refusals.SystemSuspended)),
        new("3-channel", "staff of a collectivité de santé come through its attested program, or a portal attested for it", "A909 art. 5(1) 2°", Channel),
        new("3-admission", "only a collectivité de santé registers admissions", "A909 annex 1(3)",
            f => f.Action != AccessAction.RegisterAdmission ? Verdict.GoOn : Verdict.DenyUnless(f.Actor.Institution is { Collective: true }, Refusals.RoleMayNot)),
        new("3-emergency", "only an emergency department registers emergencies: its attested system, or a listed member of it", "A909 annex 1(3)",
            f => f.Action != AccessAction.RegisterEmergency ? Verdict.GoOn : Verdict.DenyUnless(
                f.Caller.Kind == CallerKind.System ? f.Actor.Institution is { EmergencyDepartment: true } : f.Actor.EmergencyMember, Refusals.NotAnEmergencyDepartment)),
        new(BrakeRule, "who opens many more records in an hour than is usual for them proves a factor again, and an emergency goes on one record a minute; ten times as many, and access waits for the agency", "security 2", Braked),
        new("1-exists", "the record exists", "A909 art. 2", f => Verdict.DenyUnless(f.Sheet is not null, Absent(f))),
        new("2-launch", "a token for one patient opens no other record", "security 2",
            f => f.Caller.OnlyRecord is not { } only ? Verdict.GoOn : Verdict.DenyUnless(f.Record == only, Absent(f))),
        new("2-scope", "a token for some categories opens no other document", "security 2",
            f => f.Caller.OnlyCategories is not { } only || f.Item is null ? Verdict.GoOn : Verdict.DenyUnless(only.Contains(f.Item.Category), f.Action == AccessAction.Deposit ? Refusals.ScopeMissing : Neutral)),
        new("1-holder", "the holder reads all and changes rights; while closed: state, history and reopening only", "A909 art. 4(6), 6(1)", Holder),
        new("1-proxy-closed", "a closed record is closed to representatives too", "A909 art. 4(6)",
            f => f.Caller.Kind != CallerKind.Person ? Verdict.GoOn : Verdict.DenyUnless(f.Representation is not null && f.Sheet!.State != RecordState.Closed, Neutral)),
        new("1-sources", "what was made of other documents is seen only where each of them is", "security 3", Sources),
        new("1-proxy", "a representative acts within scope, purpose and time, and never sees what is confidential against representatives", "PAT14 art. 13; EHDS art. 4(2)", Proxy),
        new("1-administer", "the agency and the feeds act on identity and state, never on content", "A909 art. 4, 9(4)",
            f => f.Action == AccessAction.Administer || f.Caller.Kind == CallerKind.Agent ? Verdict.Permit : Verdict.GoOn),
        new("1-open", "the record is active, or open to professionals after the 30-day window", "A909 art. 3(3), 4(6)", Open),
        new("4-rectify", "an author replaces or withdraws an own item", "A909 art. 6(5)",
            f => f.Action != AccessAction.Rectify ? Verdict.GoOn : f.IsOwnItem ? Verdict.Permit : Verdict.Deny(MayRead(f) ? Refusals.NotOwnItem : Neutral)),
        new("5-block", "the holder has not closed the record to this person or institution", "A909 art. 6(3) 1°",
            f => Verdict.DenyUnless(!IsBlocked(f), Absent(f))),
        new("1-register", "a care context is registered for an open record nobody blocked", "A909 annex 1(3)",
            f => IsRegistration(f.Action) ? Verdict.Permit : Verdict.GoOn),
        new("6-author", "an author reads an own item", "PAT14 art. 18(2)",
            f => f.Action == AccessAction.Read && f.IsOwnItem ? Verdict.Permit : Verdict.GoOn),
        new("6-system", "a system without a person reads and lists its own deposits only", "architecture 9",
            f => f.Caller.Kind != CallerKind.System ? Verdict.GoOn : f.Action is AccessAction.Deposit ? Verdict.GoOn
                : f.Action == AccessAction.Search && f.Item is null ? Verdict.Permit : f.IsOwnItem ? Verdict.Permit : Verdict.Deny(Neutral)),
        new("7-abroad", "the contact point of another country reads where the holder has switched that country on", "EHDS art. 8, 10, 23; R64",
            f => f.Caller.Kind != CallerKind.ContactPoint ? Verdict.GoOn : Verdict.DenyUnless(f.CountryIsOn, Neutral)),
        new("7-relation", "a care context, the circle or the referring function gives a relation now; after the end of care, deposits only", "A909 art. 7(2), 9(3), annex 1(3)", Related),
        new("8-matrix", "the matrix gives this profession the right on this category, within what the holder narrowed", "A909 art. 7(1), annex 1", Matrix),
        new("9-mask", "the holder has not hidden this item from this actor", "A909 art. 6(3) 2°; EHDS art. 8",
            f => f.Item is null || f.Action == AccessAction.Deposit || f.IsOwnItem ? Verdict.GoOn : Verdict.DenyUnless(!IsMasked(f), Neutral)),
        new("10-objection", "no deposit objection of the holder matches", "A909 art. 6(3) al. 2",
            f => f.Action != AccessAction.Deposit || f.Item is null ? Verdict.GoOn : Verdict.DenyUnless(!IsObjected(f), Refusals.DepositObjected)),
        new("11-permit", "nothing stands against it", "A909 art. 7", _ => Verdict.Permit),
    ];

    /// <summary>Applies the rules in order.</summary>
    public static Decision Decide(AccessFacts facts)
    {
        foreach (var rule in All)
        {
            var verdict = rule.Decide(facts);
            if (verdict.Permits is { } permits) return new Decision(permits, rule, verdict.Refusal);
        }
        throw new InvalidOperationException("The last rule decides");
    }

    private static bool FreshEnough(AccessFacts f) =>
        f.Caller.LongLived || (f.Caller.AuthenticatedAt is { } at && f.Now - at <= Deadlines.SignInLife);

    private static bool NeedsFreshFactor(AccessFacts f) => (f.Action, f.Caller.Kind) is (AccessAction.Close, CallerKind.Person) or (AccessAction.RegisterEmergency, CallerKind.Professional);

    private static bool IsAct(AccessAction action) =>
        action is AccessAction.ManageRights or AccessAction.Close or AccessAction.Reopen or AccessAction.RecordWish || IsRegistration(action);

    private static bool IsRegistration(AccessAction action) =>
        action is AccessAction.RegisterContext or AccessAction.RegisterAdmission or AccessAction.RegisterEmergency;

    /// <summary>What is said of a record this caller has no relation with (W0): to a depositor, that the patient is unknown.</summary>
    private static Refusal Absent(AccessFacts f) => f.Action == AccessAction.Deposit ? Refusals.UnknownPatient : Neutral;

    private static Verdict Sources(AccessFacts f) =>
        f.Action is not (AccessAction.Read or AccessAction.Search) || f.Item?.Sources is not { Count: > 0 } sources
            ? Verdict.GoOn
            : Verdict.DenyUnless(sources.All(s => Decide(f with { Item = s, Action = AccessAction.Read }).Permitted), Neutral);

    /// <summary>That an item is somebody else's is told only to those who may see it.</summary>
    private static bool MayRead(AccessFacts f) => f.Item is not null && Decide(f with { Action = AccessAction.Read }).Permitted;

    private static Verdict Role(AccessFacts f)
    {
        var may = f.Caller.Kind switch
        {
            CallerKind.Person => f.Action is not AccessAction.Administer && !IsRegistration(f.Action),
            CallerKind.Professional => f.Action is AccessAction.Search or AccessAction.Read or AccessAction.Deposit or AccessAction.Rectify
                or AccessAction.ReadHistory or AccessAction.RecordWish || IsRegistration(f.Action),
            CallerKind.System => f.Action is AccessAction.Search or AccessAction.Read or AccessAction.Deposit or AccessAction.Rectify
                or AccessAction.Administer || IsRegistration(f.Action),
            CallerKind.ContactPoint => f.Action is AccessAction.Search or AccessAction.Read,
            _ => f.Action is AccessAction.Administer or AccessAction.ReadState,
        };
        if (!may) return Verdict.Deny(f.Caller.Kind == CallerKind.System ? Refusals.SystemMayNot : Refusals.RoleMayNot);
        // An affiliation authority administers; it has no other act. A care system never administers.
        if (f.Caller.Kind == CallerKind.System && f.Actor.System is { } system && (f.Action == AccessAction.Administer) != (system.Role == "authority"))
            return Verdict.Deny(Refusals.SystemMayNot);
        return Verdict.GoOn;
    }

    private static Verdict Holder(AccessFacts f)
    {
        if (!f.IsHolder) return Verdict.GoOn;
        if (f.Action == AccessAction.Reopen) return f.Sheet!.State == RecordState.Closed ? Verdict.Permit : Verdict.Deny(Refusals.StateForbids);
        if (f.Sheet!.State == RecordState.Closed)
            return f.Action is AccessAction.ReadState or AccessAction.ReadHistory ? Verdict.Permit : Verdict.Deny(Refusals.RecordClosed);
        if (f.Action == AccessAction.Rectify) return Verdict.Deny(Refusals.NotOwnItem);
        if (f.Action == AccessAction.Deposit)
            return f.Item is null || f.Item.Category == DataCategory.HolderExpression ? Verdict.Permit : Verdict.Deny(Refusals.CategoryNotWritable);
        return Verdict.Permit;
    }

    private static Verdict Proxy(AccessFacts f)
    {
        if (f.Caller.Kind != CallerKind.Person) return Verdict.GoOn;
        var link = f.Representation!;
        if (f.Action is not (AccessAction.Search or AccessAction.Read or AccessAction.ReadState or AccessAction.ReadHistory)) return Verdict.Deny(Refusals.RoleMayNot);
        if (f.Item is null) return Verdict.Permit;
        if (link.Categories is { } scope && !scope.Contains(f.Item.Category)) return Verdict.Deny(Neutral);
        if (f.Item.MinorConfidential && link.Kind != RepresentationKind.Assistant) return Verdict.Deny(Neutral);
        return IsMasked(f) ? Verdict.Deny(Neutral) : Verdict.Permit;
    }

    private static Verdict Channel(AccessFacts f)
    {
        if (f.Caller.Kind != CallerKind.Professional || f.Actor.Institution is not { Collective: true } institution) return Verdict.GoOn;
        var attested = f.Caller.ThroughProgramOf == institution.Id || (f.Caller.ThroughPortal && institution.PortalAttested);
        return Verdict.DenyUnless(attested, Refusals.ChannelNotAttested);
    }

    private static Verdict Braked(AccessFacts f)
    {
        if (f.Brake is not { } brake) return Verdict.GoOn;
        if (brake.Stopped || brake.FarOver) return Verdict.Deny(Refusals.AccessStopped);
        if (!brake.Over) return Verdict.GoOn;
        if (f.Action == AccessAction.RegisterEmergency) return Verdict.DenyUnless(brake.LastAt is null || f.Now - brake.LastAt >= OneAtATime, Refusals.OneAtATime);
        return f.Caller.Kind == CallerKind.System ? Verdict.Deny(Refusals.OneAtATime) : Verdict.DenyUnless(f.Caller.IsFreshAt(f.Now), Refusals.FreshFactorNeeded);
    }

    private static Verdict Open(AccessFacts f)
    {
        if (f.Sheet!.StateAt(f.Now) is RecordState.Active or RecordState.OpenToProfessionals) return Verdict.GoOn;
        // A registration during the window gives no reading, but lets the depositor learn the opening date.
        if (IsRegistration(f.Action) && f.Sheet.State != RecordState.Closed) return Verdict.GoOn;
        if (f.Action != AccessAction.Deposit) return Verdict.Deny(Neutral);
        // With a live registration the depositor learns the date, so that nothing is lost; without, it is an unknown patient.
        var registered = f.Sheet.State == RecordState.PendingWindow && !IsBlocked(f) && HasRegistration(f);
        return Verdict.Deny(registered ? Refusals.NotYetOpenUntil(f.Sheet.OpensAt!.Value) : Absent(f));
    }

    private static bool HasRegistration(AccessFacts f)
    {
        var place = f.Caller.Institution ?? f.Actor.System?.Institution;
        return f.Sheet!.Contexts.Any(c => c.IsValidAt(f.Now) && ((c.Person is not null && c.Person == f.Caller.Person) || (c.Institution is not null && c.Institution == place)));
    }

    private static bool IsBlocked(AccessFacts f)
    {
        var place = f.Caller.Institution ?? f.Actor.System?.Institution;
        return f.Sheet!.Blocks.Any(b =>
            (b.Person is not null && (b.Person == f.Caller.Person || b.Person == f.Actor.Professional?.Person))
            || (b.Institution is not null && b.Institution == place));
    }

    private static Verdict Related(AccessFacts f)
    {
        // A system's deposit needs no care context (architecture 9).
        if (f.Caller.Kind is CallerKind.System or CallerKind.ContactPoint) return Verdict.GoOn;
        if (f.Relation is not { } relation) return Verdict.Deny(Absent(f));
        return Verdict.DenyUnless(!relation.TailOnly || f.Action == AccessAction.Deposit, Neutral);
    }

    private static Verdict Matrix(AccessFacts f)
    {
        if (f.Action == AccessAction.ReadHistory)
            return Verdict.DenyUnless(f.Group is { } reader && AccessMatrix.MayRead(DataCategory.AccessTraces, reader), Neutral);
        if (f.Item is null) return Verdict.GoOn;
        if (f.Action == AccessAction.Deposit)
            return Verdict.DenyUnless(f.Group is { } writer && AccessMatrix.MayWrite(f.Item.Category, writer), Refusals.CategoryNotWritable);
        if (f.Group is not { } group || !AccessMatrix.MayRead(f.Item.Category, group)) return Verdict.Deny(Neutral);
        return Verdict.DenyUnless(f.Relation?.Categories is not { } narrowed || narrowed.Contains(f.Item.Category), Neutral);
    }

    private static bool IsMasked(AccessFacts f)
    {
        var item = f.Item!;
        foreach (var mask in f.Sheet!.Masks)
        {
            if (mask.Document != item.Document) continue;
            if (mask.FromEveryone && (f.Caller.Person is not { } person || !mask.Except.Contains(person))) return true;
            if (mask.FromPerson is not null && mask.FromPerson == f.Caller.Person) return true;
            if (mask.FromInstitution is not null && mask.FromInstitution == f.Caller.Institution) return true;
        }
        return item.PatientRequest switch
        {
            "R" => !f.IsReferringDoctor,
            "V" => true,
            _ => false,
        };
    }

    private static bool IsObjected(AccessFacts f) =>
        f.Sheet!.Objections.Any(o =>
            (o.Order is null || o.Order == f.Item!.Order)
            && (o.Author is null || o.Author == f.Item!.DepositedBy)
            && (o.Institution is null || o.Institution == (f.Caller.Institution ?? f.Actor.System?.Institution))
            && (o.Category is null || o.Category == f.Item!.Category)
            && (o.From is null || (f.Item!.At ?? f.Now) >= o.From)
            && (o.To is null || (f.Item!.At ?? f.Now) <= o.To));
}
