using CsCheck;
using Dsp.Access;
using Dsp.Codes;

namespace Dsp.Tests.Access;

/// <summary>What a caller may not know is answered like what does not exist (security 3), whoever asks and whatever for.</summary>
public sealed class NeutralWorldTests
{
    private static readonly AccessAction[] Asked =
    [
        AccessAction.Read, AccessAction.Search, AccessAction.Deposit, AccessAction.Rectify, AccessAction.ReadHistory, AccessAction.RecordWish,
        AccessAction.RegisterContext, AccessAction.RegisterAdmission, AccessAction.RegisterEmergency,
    ];

    /// <summary>Callers of every make: professions, places, channels, licences, sessions, systems.</summary>
    private static readonly Gen<AccessFacts> Callers =
        from system in Gen.Bool
        from clinic in Gen.Bool
        from bits in Gen.Bool.Array[8]
        from action in Gen.Int[0, Asked.Length - 1].Select(i => Asked[i])
            // REF is a function of one record, no profession of anybody.
        from at in Gen.Enum<MatrixGroup>().Where(g => g != MatrixGroup.REF)
        from category in Gen.Enum<DataCategory>()
        let facts = Vary(system ? Facts.AsSystem(action) : clinic ? Facts.Treating(action, at).AtClinic(bits[0]) : Facts.Treating(action, at), bits)
        select facts with { Item = facts.Item! with { Category = category } };

    [Fact]
    public void Closed_blocked_and_absent_records_answer_alike_and_so_does_one_without_relation() => Callers.Sample(facts =>
    {
        var absent = AccessRules.Decide(facts with { Sheet = null, Item = null }).Refusal;
        foreach (var hidden in Hidden(facts))
        {
            var decision = AccessRules.Decide(facts with { Sheet = hidden });
            // What a blocked author may still do to an own item is decided in rule 4; these items are somebody else's.
            if (decision.Permitted || decision.Refusal != absent) return false;
        }
        if (facts.Caller.Kind == CallerKind.System || facts.Action is AccessAction.RegisterContext or AccessAction.RegisterAdmission or AccessAction.RegisterEmergency) return true;
        return AccessRules.Decide(facts with { Sheet = Facts.Open }).Refusal == absent;
    }, iter: 20_000);

    [Fact]
    public void Masked_confidential_not_allowed_and_absent_items_answer_alike() => Callers.Sample(facts =>
    {
        if (facts.Action is not AccessAction.Read and not AccessAction.Rectify) return true;
        var sheet = facts.Sheet! with { Contexts = [Facts.Context, Facts.Context with { Kind = CareContextKind.Institution, Person = null, Institution = Facts.Clinic }] };
        var there = facts with { Sheet = sheet };
        // An item that is not there: decided without it, then refused as not found (the gate).
        var absent = facts.Action == AccessAction.Rectify
            ? AccessRules.Decide(there with { Item = null }).Refusal
            : AccessRules.Decide(there with { Item = null }).Refusal ?? Refusals.NotFound;
        var everyone = new ItemMask(Facts.Some, Facts.Document, null, null, true, [], Facts.Holder, Facts.Now);
        return new[]
        {
            there with { Sheet = sheet with { Masks = [everyone] } },
            there with { Item = facts.Item! with { PatientRequest = "V" } },
            there with { Item = facts.Item! with { PatientRequest = "R" } },
            there with { Item = facts.Item! with { Category = DataCategory.AccessTraces } },
        }.All(hidden => AccessRules.Decide(hidden).Refusal == absent);
    }, iter: 20_000);

    [Fact]
    public void Only_rules_about_the_caller_and_about_the_own_deposit_answer_explicitly() => Callers.Sample(facts =>
    {
        var decision = AccessRules.Decide(facts with { Sheet = facts.Sheet! with { Contexts = [Facts.Context] } });
        return decision.Permitted || decision.Refusal == Refusals.NotFound || decision.Refusal == Refusals.UnknownPatient
            || decision.Rule.Id[0] is '0' or '2' or '3'
            || (facts.Action == AccessAction.Deposit && decision.Refusal == Refusals.CategoryNotWritable)
            // To rectify what one may read but did not write.
            || (decision.Refusal == Refusals.NotOwnItem && AccessRules.Decide(facts with { Sheet = facts.Sheet! with { Contexts = [Facts.Context] }, Action = AccessAction.Read }).Permitted);
    }, iter: 20_000);

    private static IEnumerable<AccessSheet> Hidden(AccessFacts facts)
    {
        var sheet = facts.Sheet! with { Contexts = [Facts.Context] };
        yield return RuleTests.Closed(sheet);
        yield return RuleTests.Closed(sheet with { Circle = [new CircleMember(Facts.Some, Facts.Doctor, null, Facts.Now, null, "")] });
        yield return sheet with { Blocks = [RuleTests.Block(facts.Caller.Person, facts.Caller.Institution ?? facts.Actor.System?.Institution)] };
        yield return sheet with { Blocks = [RuleTests.Block(null, facts.Caller.Institution ?? facts.Actor.System?.Institution)], Referring = new ReferringDoctor(Facts.Doctor, Facts.Now, null, "") };
    }

    private static AccessFacts Vary(AccessFacts facts, bool[] bits)
    {
        // Most callers are in order, else the rules about the caller would answer for all.
        if (bits[1] || bits[2]) return facts;
        return facts
            .As(c => c with { Strong = bits[3], MayAct = bits[4], ThroughProgramOf = bits[5] ? c.ThroughProgramOf : null })
            .By(a => a with
            {
                SessionInForce = bits[6],
                Member = a.Member && bits[7],
                Professional = bits[3] ? a.Professional : a.Professional! with { LicenceInForce = bits[4] },
                System = a.System is null ? null : a.System with { Suspended = bits[5] },
            });
    }
}
