namespace Dsp.Identity;

/// <summary>How sure a match is, in the words of FHIR's match-grade.</summary>
public enum MatchGrade { CertainlyNot, Possible, Probable, Certain }

/// <param name="Score">0 to 1; the same grade has scores of one range.</param>
public readonly record struct Match(MatchGrade Grade, decimal Score);

/// <summary>What is known of somebody to be found (ITI-119).</summary>
/// <param name="Families">Family names of any use.</param>
public sealed record MatchClaim(IReadOnlyList<PersonIdentifier> Identifiers, IReadOnlyList<string> Families, IReadOnlyList<string> Givens, PartialDate? BirthDate, Gender? Gender)
{
    /// <summary>Enough for a search of a whole nation: the same least as for a query.</summary>
    public bool IsNarrow => Identifiers.Count > 0 || (Families.Count > 0 && (BirthDate is { IsWhole: true } || (Givens.Count > 0 && Gender is not null)));
}

/// <summary>
/// Grades a claim against a person. Certain takes an identifier and nothing against it: names and a birth date alone are
/// shared by people (identito-vigilance), and are probable at most.
/// </summary>
public static class MatchGrades
{
    /// <param name="today">The day in Luxembourg.</param>
    public static Match Of(MatchClaim claim, PersonDetails person, DateOnly today)
    {
        var normal = claim.Identifiers.Select(i => (i.System, Value: Identifiers.Normalise(i.System, i.Value, today))).Where(i => i.Value is not null).ToList();
        var named = normal.Exists(i => person.Identifiers.Any(own => own.System == i.System && own.Value == i.Value));
        var numbers = normal.Where(i => i.System == Identifiers.NationalNumber).Select(i => i.Value!).ToList();
        var differences = PatientMatch.Differences(new PatientClaim(claim.Families, claim.Givens, claim.BirthDate, numbers), person, today);
        if (differences.Contains(PatientMatch.Number)) return new Match(MatchGrade.CertainlyNot, 0);
        if (named) return differences.Count == 0 ? new Match(MatchGrade.Certain, 1m) : new Match(MatchGrade.Possible, 0.5m);

        var family = claim.Families.Any(f => People.Fold(f) == People.Fold(person.Family) || (person.BirthName is { } own && People.Fold(f) == People.Fold(own)));
        var given = claim.Givens.Count > 0 && People.Fold(string.Concat(claim.Givens)) == People.Fold(person.Given);
        var birth = claim.BirthDate is { } born && person.BirthDate == born;
        var gender = claim.Gender is null || claim.Gender == person.Gender;
        if (family && given && birth && gender) return new Match(MatchGrade.Probable, claim.Gender is null ? 0.85m : 0.9m);
        // One letter, a maiden name, a second given name: not the same, and nothing against it.
        if (differences.Count == 0 && claim.Families.Count > 0 && claim.Givens.Count > 0 && birth && gender) return new Match(MatchGrade.Probable, 0.75m);
        if (differences.Count == 0 && (family || birth)) return new Match(MatchGrade.Possible, family && birth ? 0.6m : 0.4m);
        return family && birth ? new Match(MatchGrade.Possible, 0.3m) : new Match(MatchGrade.CertainlyNot, 0);
    }
}
