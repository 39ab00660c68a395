using Dsp.Access;

namespace Dsp.Tests.Access;

/// <summary>Each duration of the law: the last instant with access and the first without.</summary>
public sealed class TimeBoundaryTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(1);

    [Fact]
    public void An_individual_context_lasts_15_days() =>
        Lasts(Deadlines.IndividualContextMaximum, 15 * 24, Facts.Treating(), Facts.Context);

    [Fact]
    public void An_institutions_context_lasts_45_days_and_30_more()
    {
        var context = Facts.Context with { Kind = CareContextKind.Institution, Person = null, Institution = Facts.Clinic };
        Lasts(Deadlines.InstitutionContext, 45 * 24, Facts.Treating().AtClinic(), context);
        Lasts(Deadlines.InstitutionContext + Deadlines.InstitutionRenewal, 75 * 24, Facts.Treating().AtClinic(), context);
    }

    [Fact]
    public void An_emergency_context_lasts_24_hours_and_15_days_and_serves_the_department_only()
    {
        var context = Facts.Context with { Kind = CareContextKind.Emergency, Person = null, Institution = Facts.Clinic };
        Lasts(Deadlines.EmergencyContext, 16 * 24, Facts.Treating().AtClinic(emergencyMember: true), context);
        Lasts(Deadlines.SelfOpenedEmergency, 24, Facts.Treating().AtClinic(emergencyMember: true), context with { SelfOpened = true });
        Facts.Treating().AtClinic().With(s => s with { Contexts = [context with { StartsAt = Facts.Now, EndsAt = Facts.Now.AddDays(1) }] }).Fails("7-relation", Refusals.NotFound);
    }

    [Fact]
    public void The_tail_takes_deposits_for_15_days_after_the_end_of_care()
    {
        var ended = Facts.Context with { EndedAt = Facts.Now };
        var facts = Facts.Treating(AccessAction.Deposit).With(s => s with { Contexts = [ended] });
        facts.Passes();
        (facts with { Action = AccessAction.Read }).Fails("7-relation", Refusals.NotFound);
        (facts with { Action = AccessAction.Search, Item = null }).Fails("7-relation", Refusals.NotFound);
        (facts with { Now = Facts.Now + TimeSpan.FromDays(15) - Tick, Actor = Fresh(facts, TimeSpan.FromDays(15)) }).Passes();
        (facts with { Now = Facts.Now + TimeSpan.FromDays(15), Actor = Fresh(facts, TimeSpan.FromDays(15)) }).Fails("7-relation", Refusals.UnknownPatient);
        facts.With(s => s with { Contexts = [ended with { RevokedAt = Facts.Now }] }).Fails("7-relation", Refusals.UnknownPatient);
    }

    [Fact]
    public void The_circle_ends_on_its_date()
    {
        var facts = Facts.Treating().With(s => s with { Contexts = [], Circle = [new CircleMember(Facts.Some, null, Facts.Practice, Facts.Now, Facts.Now + TimeSpan.FromDays(400), "")] });
        (facts with { Now = Facts.Now + TimeSpan.FromDays(400) - Tick, Actor = Fresh(facts, TimeSpan.FromDays(400)) }).Passes();
        (facts with { Now = Facts.Now + TimeSpan.FromDays(400), Actor = Fresh(facts, TimeSpan.FromDays(400)) }).Fails("7-relation", Refusals.NotFound);
    }

    [Fact]
    public void The_window_ends_after_30_days_by_the_clock_alone()
    {
        var facts = Facts.Treating().With(s => s with { State = RecordState.PendingWindow, LetterSentAt = Facts.Now - TimeSpan.FromDays(30) + Tick });
        facts.Fails("1-open", Refusals.NotFound);
        (facts with { Now = Facts.Now + Tick }).Passes();
    }

    [Fact]
    public void A_parents_link_ends_at_midnight_of_the_eighteenth_birthday_in_Luxembourg()
    {
        // 30 March 2032; the clocks changed two days before, so midnight is 22:00 UTC.
        var birthday = new DateTimeOffset(2032, 3, 29, 22, 0, 0, TimeSpan.Zero);
        var mother = Facts.AsMother().As(c => c with { LongLived = true });
        (mother with { Now = birthday - Tick }).Passes("1-proxy");
        (mother with { Now = birthday }).Fails("1-proxy-closed", Refusals.NotFound);
        (mother.With(s => s with { Representations = [s.Representations[0] with { Kind = RepresentationKind.Guardian }] }) with { Now = birthday }).Passes("1-proxy");
    }

    private static void Lasts(TimeSpan life, int hours, AccessFacts facts, CareContext context)
    {
        Assert.Equal(TimeSpan.FromHours(hours), life);
        var with = facts.With(s => s with { Contexts = [context with { StartsAt = Facts.Now, EndsAt = Facts.Now + life }] });
        with.Passes();
        (with with { Now = Facts.Now - Tick }).Fails("7-relation", Refusals.NotFound);
        (with with { Now = Facts.Now + life - Tick, Actor = Fresh(with, life) }).Passes();
        (with with { Now = Facts.Now + life, Actor = Fresh(with, life) }).Fails("7-relation", Refusals.NotFound);
    }

    private static ActorFacts Fresh(AccessFacts facts, TimeSpan later) => facts.Actor with { Caller = facts.Caller with { AuthenticatedAt = Facts.Now + later } };
}
