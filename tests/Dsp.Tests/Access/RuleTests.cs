using Dsp.Access;
using Dsp.Codes;

namespace Dsp.Tests.Access;

/// <summary>Every rule with the case it stops; all else in order.</summary>
public sealed class RuleTests
{
    [Fact]
    public void Every_rule_has_its_failing_case_here()
    {
        // 11-permit, 1-holder, 1-register, 1-administer and 6-author permit; their cases are the passing ones below.
        var stopped = Failing().Select(f => f.Rule).ToHashSet();
        Assert.Equal(["1-administer", "1-register", "11-permit", "6-author"], AccessRules.All.Select(r => r.Id).Except(stopped).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_rule_stops_its_case_with_its_answer()
    {
        Facts.Treating().Passes();
        foreach (var (rule, refusal, facts) in Failing()) facts.Fails(rule, refusal);
    }

    private static IEnumerable<(string Rule, Refusal Refusal, AccessFacts Facts)> Failing()
    {
        var treating = Facts.Treating();
        yield return ("0-session", Refusals.NotSignedIn, treating.By(a => a with { SessionInForce = false }));
        yield return ("0-strong", Refusals.SignInTooWeak, treating.As(c => c with { Strong = false }));
        yield return ("0-strong", Refusals.SignInTooWeak, treating.As(c => c with { AuthenticatedAt = Facts.Now - TimeSpan.FromHours(12) - TimeSpan.FromTicks(1) }));
        yield return ("0-act", Refusals.ScopeMissing, Facts.AsHolder(AccessAction.ManageRights).As(c => c with { MayAct = false }));
        yield return ("0-act", Refusals.ScopeMissing, Facts.Treating(AccessAction.RegisterEmergency).As(c => c with { MayAct = false }));
        yield return ("0-fresh", Refusals.FreshFactorNeeded, Facts.AsHolder(AccessAction.Close).As(c => c with { AuthenticatedAt = Facts.Now - TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1) }));
        yield return ("0-fresh", Refusals.FreshFactorNeeded, Facts.Treating(AccessAction.RegisterEmergency).AtClinic(emergencyMember: true).As(c => c with { AuthenticatedAt = Facts.Now - TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1) }));
        yield return ("1-sources", Refusals.NotFound, Facts.Treating(AccessAction.Read) with { Item = Facts.Item with { Sources = [Facts.Item with { Category = DataCategory.AccessTraces }] } });
        yield return ("0-role", Refusals.RoleMayNot, Facts.Treating(AccessAction.ManageRights));
        yield return ("0-role", Refusals.RoleMayNot, Facts.AsHolder(AccessAction.RegisterContext));
        yield return ("0-role", Refusals.RoleMayNot, Facts.AsAgent(AccessAction.Read));
        yield return ("0-role", Refusals.SystemMayNot, Facts.AsSystem(AccessAction.ManageRights));
        yield return ("0-role", Refusals.SystemMayNot, Facts.AsSystem(AccessAction.Administer));
        yield return ("0-role", Refusals.SystemMayNot, Facts.AsSystem(AccessAction.Deposit, "authority"));
        yield return ("2-listed", Refusals.NotListed, treating.By(a => a with { Professional = null }));
        yield return ("2-listed", Refusals.NotListed, treating.By(a => a with { Member = false }));
        yield return ("2-agent", Refusals.NotListed, Facts.AsAgent(AccessAction.ReadState).By(a => a with { AgentNumber = null }));
        yield return ("2-licence", Refusals.LicenceStopped, treating.By(a => a with { Professional = a.Professional! with { LicenceInForce = false } }));
        yield return ("2-system", Refusals.SystemSuspended, Facts.AsSystem(AccessAction.Deposit).By(a => a with { System = a.System! with { Suspended = true } }));
        var app = new SystemId(Guid.NewGuid());
        yield return ("2-through", Refusals.SystemSuspended, treating.As(c => c with { Through = app }).By(a => a with { Through = new SystemFacts(app, "app", null, null, "care", true) }));
        yield return ("2-through", Refusals.SystemSuspended, treating.As(c => c with { Through = app }));
        yield return ("3-channel", Refusals.ChannelNotAttested, treating.AtClinic().As(c => c with { ThroughProgramOf = null, ThroughPortal = true }));
        yield return ("3-admission", Refusals.RoleMayNot, Facts.Treating(AccessAction.RegisterAdmission));
        yield return ("3-emergency", Refusals.NotAnEmergencyDepartment, Facts.Treating(AccessAction.RegisterEmergency).AtClinic(emergencyMember: false));
        // Hospital A's program says that a person of hospital B is at work.
        yield return ("3-channel", Refusals.ChannelNotAttested, treating.AtClinic().As(c => c with { ThroughProgramOf = new InstitutionId(Guid.NewGuid()), ThroughPortal = false }));
        var stale = treating.As(c => c with { AuthenticatedAt = Facts.Now - TimeSpan.FromMinutes(6) });
        yield return ("3-brake", Refusals.FreshFactorNeeded, stale with { Brake = new BrakeFacts(false, 20, 20, Facts.Now, false) });
        yield return ("3-brake", Refusals.FreshFactorNeeded, stale with { Sheet = null, Brake = new BrakeFacts(false, 20, 20, Facts.Now, false) });
        yield return ("3-brake", Refusals.AccessStopped, treating with { Brake = new BrakeFacts(false, 200, 20, Facts.Now, false) });
        yield return ("3-brake", Refusals.AccessStopped, treating with { Brake = new BrakeFacts(true, 0, 20, null, true) });
        yield return ("3-brake", Refusals.OneAtATime, Facts.Treating(AccessAction.RegisterEmergency).AtClinic(emergencyMember: true) with { Brake = new BrakeFacts(false, 20, 20, Facts.Now - TimeSpan.FromSeconds(59), false) });
        yield return ("3-brake", Refusals.OneAtATime, Facts.AsSystem(AccessAction.RegisterAdmission) with { Brake = new BrakeFacts(false, 20, 20, Facts.Now, false) });
        yield return ("1-exists", Refusals.NotFound, treating with { Sheet = null });
        yield return ("1-exists", Refusals.UnknownPatient, Facts.Treating(AccessAction.Deposit) with { Sheet = null });
        yield return ("2-launch", Refusals.NotFound, treating.As(c => c with { OnlyRecord = new RecordId(Guid.NewGuid()) }));
        yield return ("2-launch", Refusals.NotFound, Facts.AsHolder().As(c => c with { OnlyRecord = new RecordId(Guid.NewGuid()) }));
        yield return ("2-launch", Refusals.UnknownPatient, Facts.Treating(AccessAction.Deposit).As(c => c with { OnlyRecord = new RecordId(Guid.NewGuid()) }));
        yield return ("2-scope", Refusals.NotFound, Facts.Treating(AccessAction.Read).As(c => c with { OnlyCategories = [] }));
        yield return ("2-scope", Refusals.ScopeMissing, Facts.Treating(AccessAction.Deposit).As(c => c with { OnlyCategories = [] }));
        yield return ("1-holder", Refusals.RecordClosed, Facts.AsHolder().With(Closed));
        yield return ("1-holder", Refusals.StateForbids, Facts.AsHolder(AccessAction.Reopen));
        yield return ("1-holder", Refusals.CategoryNotWritable, Facts.AsHolder(AccessAction.Deposit));
        yield return ("1-proxy-closed", Refusals.NotFound, Facts.AsMother().With(Closed));
        yield return ("1-proxy-closed", Refusals.NotFound, Facts.AsMother().With(s => s with { Representations = [] }));
        yield return ("1-proxy", Refusals.RoleMayNot, Facts.AsMother(AccessAction.ManageRights));
        yield return ("1-proxy", Refusals.NotFound, Facts.AsMother().With(s => s with { Representations = [s.Representations[0] with { Categories = [DataCategory.Prevention] }] }));
        yield return ("1-open", Refusals.NotFound, treating.With(Closed));
        yield return ("1-open", Refusals.NotFound, treating.With(s => s with { State = RecordState.PendingWindow, LetterSentAt = Facts.Now }));
        yield return ("1-open", Refusals.UnknownPatient, Facts.Treating(AccessAction.Deposit).With(Closed));
        yield return ("4-rectify", Refusals.NotOwnItem, Facts.Treating(AccessAction.Rectify));
        yield return ("4-rectify", Refusals.NotFound, Facts.Treating(AccessAction.Rectify).With(s => s with { Contexts = [] }));
        yield return ("4-rectify", Refusals.NotFound, Facts.Treating(AccessAction.Rectify) with { Item = null });
        yield return ("5-block", Refusals.NotFound, treating.With(s => s with { Blocks = [Block(Facts.Doctor, null)] }));
        yield return ("5-block", Refusals.NotFound, treating.With(s => s with { Blocks = [Block(null, Facts.Practice)] }));
        yield return ("5-block", Refusals.UnknownPatient, Facts.AsSystem(AccessAction.Deposit).With(s => s with { Blocks = [Block(null, Facts.Clinic)] }));
        yield return ("6-system", Refusals.NotFound, Facts.AsSystem(AccessAction.Read));
        yield return ("7-abroad", Refusals.NotFound, treating.By(_ => new ActorFacts { Caller = new Caller { Kind = CallerKind.ContactPoint, Country = "FR", Strong = true, AuthenticatedAt = Facts.Now } }));
        yield return ("7-relation", Refusals.NotFound, treating.With(s => s with { Contexts = [] }));
        yield return ("7-relation", Refusals.NotFound, treating.As(c => c with { Institution = Facts.Clinic }));
        yield return ("7-relation", Refusals.UnknownPatient, Facts.Treating(AccessAction.Deposit).With(s => s with { Contexts = [] }));
        yield return ("8-matrix", Refusals.NotFound, Facts.Treating(group: MatrixGroup.PHA) with { Item = Facts.Item with { Category = DataCategory.MedicalImaging } });
        yield return ("8-matrix", Refusals.NotFound, treating.With(s => s with { Contexts = [Facts.Context with { Categories = [DataCategory.MedicalAnalyses] }] }));
        yield return ("8-matrix", Refusals.NotFound, Facts.Treating(AccessAction.ReadHistory) with { Item = null });
        yield return ("9-mask", Refusals.NotFound, treating.With(s => s with { Masks = [Mask(Facts.Doctor)] }));
        yield return ("9-mask", Refusals.NotFound, treating with { Item = Facts.Item with { PatientRequest = "R" } });
        yield return ("10-objection", Refusals.DepositObjected, Facts.Treating(AccessAction.Deposit).With(s => s with { Objections = [new DepositObjection(Facts.Some, null, null, null, DataCategory.CareReports, null, null, Facts.Now)] }));
    }

    [Fact]
    public void The_channel_of_a_collectivite_is_its_attested_program_or_a_portal_attested_for_it()
    {
        var atClinic = Facts.Treating().AtClinic().With(s => s with { Contexts = [Facts.Context with { Kind = CareContextKind.Institution, Person = null, Institution = Facts.Clinic }] });
        atClinic.Passes();
        var portal = atClinic.As(c => c with { ThroughProgramOf = null, ThroughPortal = true });
        portal.Fails("3-channel", Refusals.ChannelNotAttested);
        portal.By(a => a with { Institution = a.Institution! with { PortalAttested = true } }).Passes();
        atClinic.As(c => c with { ThroughProgramOf = Facts.Practice }).Fails("3-channel", Refusals.ChannelNotAttested);
    }

    [Fact]
    public void An_author_reads_the_own_item_without_relation_and_behind_a_mask_but_not_behind_a_block()
    {
        var author = Facts.Treating().With(s => s with { Contexts = [], Masks = [Mask(Facts.Doctor)] }) with { Item = Facts.Item with { DepositedBy = Facts.Doctor, Category = DataCategory.MedicationDispensing } };
        author.Passes("6-author");
        author.With(s => s with { Blocks = [Block(Facts.Doctor, null)] }).Fails("5-block", Refusals.NotFound);
        author.With(Closed).Fails("1-open", Refusals.NotFound);
        (author with { Action = AccessAction.Search }).Fails("7-relation", Refusals.NotFound);
    }

    [Fact]
    public void An_author_rectifies_the_own_item_even_when_blocked_since()
    {
        var author = Facts.Treating(AccessAction.Rectify).With(s => s with { Contexts = [], Blocks = [Block(Facts.Doctor, null)] }) with { Item = Facts.Item with { DepositedBy = Facts.Doctor } };
        author.Passes("4-rectify");
        author.With(Closed).Fails("1-open", Refusals.NotFound);
    }

    [Fact]
    public void The_referring_doctor_reads_traces_which_no_other_doctor_does()
    {
        var history = Facts.Treating(AccessAction.ReadHistory) with { Item = null };
        history.Fails("8-matrix", Refusals.NotFound);
        var referring = history.With(s => s with { Contexts = [], Referring = new ReferringDoctor(Facts.Doctor, Facts.Now, Facts.Now + TimeSpan.FromTicks(1), "") });
        referring.Passes();
        (referring with { Now = Facts.Now + TimeSpan.FromTicks(1) }).Fails("7-relation", Refusals.NotFound);
        referring.With(s => s with { Referring = s.Referring! with { Since = Facts.Now + TimeSpan.FromTicks(1) } }).Fails("7-relation", Refusals.NotFound);
        referring.With(s => s with { Referring = s.Referring! with { Person = Facts.Colleague } }).Fails("7-relation", Refusals.NotFound);
    }

    [Fact]
    public void A_code_narrowed_to_categories_never_takes_away_what_another_relation_gave()
    {
        var narrowed = Facts.Context with { Categories = [DataCategory.MedicalAnalyses] };
        Facts.Treating().With(s => s with { Contexts = [narrowed] }).Fails("8-matrix", Refusals.NotFound);
        Facts.Treating().With(s => s with { Contexts = [narrowed, Facts.Context] }).Passes();
        Facts.Treating().With(s => s with { Contexts = [narrowed], Circle = [new CircleMember(Facts.Some, Facts.Doctor, null, Facts.Now, null, "")] }).Passes();
    }

    [Fact]
    public void What_a_minor_told_in_confidence_is_absent_for_the_parent_and_there_for_the_doctor()
    {
        var confidential = Facts.Item with { MinorConfidential = true };
        Facts.AsMother().Passes("1-proxy");
        (Facts.AsMother() with { Item = confidential }).Fails("1-proxy", Refusals.NotFound);
        (Facts.Treating() with { Item = confidential }).Passes();
        (Facts.AsHolder() with { Item = confidential }).Passes("1-holder");
        Facts.AsMother().With(s => s with { Masks = [Mask(Facts.Mother)] }).Fails("1-proxy", Refusals.NotFound);
    }

    [Fact]
    public void The_holder_reads_everything_and_while_closed_state_history_and_reopening_only()
    {
        Facts.AsHolder().With(s => s with { Masks = [Mask(Facts.Holder)], Blocks = [Block(Facts.Holder, null)] }).Passes("1-holder");
        foreach (var action in new[] { AccessAction.ReadState, AccessAction.ReadHistory, AccessAction.Reopen }) Facts.AsHolder(action).With(Closed).Passes("1-holder");
        foreach (var action in new[] { AccessAction.Search, AccessAction.ManageRights, AccessAction.Close, AccessAction.Deposit }) Facts.AsHolder(action).With(Closed).Fails("1-holder", Refusals.RecordClosed);
    }

    [Fact]
    public void A_mask_from_everyone_leaves_those_excepted_and_the_author()
    {
        var masked = Facts.Treating().With(s => s with { Masks = [new ItemMask(Facts.Some, Facts.Document, null, null, true, [Facts.Colleague], Facts.Holder, Facts.Now)] });
        masked.Fails("9-mask", Refusals.NotFound);
        masked.With(s => s with { Masks = [s.Masks[0] with { Except = [Facts.Doctor] }] }).Passes();
        masked.With(s => s with { Masks = [s.Masks[0] with { FromEveryone = false, FromInstitution = Facts.Practice }] }).Fails("9-mask", Refusals.NotFound);
        masked.With(s => s with { Masks = [s.Masks[0] with { FromEveryone = false, FromInstitution = Facts.Clinic }] }).Passes();
        (masked with { Item = Facts.Item with { DepositedBy = Facts.Doctor } }).Passes("6-author");
    }

    [Fact]
    public void An_objection_stops_what_it_names_and_nothing_else()
    {
        var deposit = Facts.Treating(AccessAction.Deposit) with { Item = Facts.Item with { DepositedBy = Facts.Doctor, Order = "O1", At = Facts.Now } };
        AccessFacts Against(DepositObjection o) => deposit.With(s => s with { Objections = [o] });
        var objection = new DepositObjection(Facts.Some, "O1", Facts.Doctor, Facts.Practice, DataCategory.CareReports, Facts.Now, Facts.Now, Facts.Now);

        Against(objection).Fails("10-objection", Refusals.DepositObjected);
        Against(objection with { Order = "O2" }).Passes();
        Against(objection with { Author = Facts.Colleague }).Passes();
        Against(objection with { Institution = Facts.Clinic }).Passes();
        Against(objection with { Category = DataCategory.MedicalAnalyses }).Passes();
        Against(objection with { From = Facts.Now + TimeSpan.FromTicks(1) }).Passes();
        Against(objection with { To = Facts.Now - TimeSpan.FromTicks(1) }).Passes();
    }

    [Fact]
    public void A_deposit_in_the_window_with_a_live_registration_learns_the_opening_date()
    {
        var window = Facts.Treating(AccessAction.Deposit).With(s => s with { State = RecordState.PendingWindow, LetterSentAt = Facts.Now - TimeSpan.FromDays(10) });
        Assert.Equal(Refusals.NotYetOpen.Id, window.Decided().Refusal!.Id);
        Assert.Equal(Instants.Text(Facts.Now + TimeSpan.FromDays(20)), window.Decided().Refusal!.Values["date"]);
        window.With(s => s with { Contexts = [] }).Fails("1-open", Refusals.UnknownPatient);
        window.With(s => s with { Blocks = [Block(Facts.Doctor, null)] }).Fails("1-open", Refusals.UnknownPatient);
        (window.As(c => c with { LongLived = true }) with { Now = Facts.Now + TimeSpan.FromDays(20) }).With(s => s with { Contexts = [Facts.Context with { EndsAt = Facts.Now.AddYears(1) }] }).Passes();
    }

    internal static AccessSheet Closed(AccessSheet sheet) => sheet with { State = RecordState.Closed, Closure = new Closure(Facts.Now, ClosureReason.Holder, RecordState.Active, Facts.Holder, null) };

    internal static RecordBlock Block(PersonId? person, InstitutionId? institution) => new(Facts.Some, person, institution, Facts.Now, "");

    internal static ItemMask Mask(PersonId person) => new(Facts.Some, Facts.Document, person, null, false, [], Facts.Holder, Facts.Now);
}
