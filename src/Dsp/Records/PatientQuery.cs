using Dsp.Identity;

namespace Dsp.Records;

/// <summary>One text that a field must begin with, case and accents folded; or be, letter by letter.</summary>
public sealed record TextMatch(string Text, bool Exact)
{
    internal bool Fits(string? field) =>
        field is not null && (Exact ? field == Text : People.Fold(field).StartsWith(People.Fold(Text), StringComparison.Ordinal));
}

/// <summary>What is asked of the register of people (PDQm ITI-78); all parts must hold, in each list of alternatives one.</summary>
public sealed record PatientQuery
{
    /// <summary>Any of these identifiers.</summary>
    public IReadOnlyList<PersonIdentifier> Identifiers { get; init; } = [];

    /// <summary>The ids of patients or of people, any of them.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>Each list: alternatives.</summary>
    public IReadOnlyList<IReadOnlyList<TextMatch>> Families { get; init; } = [];
    public IReadOnlyList<IReadOnlyList<TextMatch>> Givens { get; init; } = [];

    /// <summary>The commune of residence.</summary>
    public IReadOnlyList<IReadOnlyList<TextMatch>> Cities { get; init; } = [];
    public DateOnly? BirthDate { get; init; }
    public Gender? Gender { get; init; }
    public bool? Active { get; init; }

    /// <summary>Asks for something that the register does not keep or does not show: nobody has it.</summary>
    public bool Unkept { get; init; }

    /// <summary>Only identifiers of these domains are answered, and only people who have one. Empty: all that are shown.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>A correlation (PIXm ITI-83) of the one identifier: its own refusals, and it is not answered itself.</summary>
    public bool Correlates { get; init; }

    /// <summary>As the journal keeps it.</summary>
    public string Text { get; init; } = "";

    /// <summary>The least a search of a whole nation gives: an identifier, or family name and birth date, or family name, given name and gender.</summary>
    internal bool IsNarrow =>
        Identifiers.Count > 0 || Ids.Count > 0
        || (Families.Count > 0 && (BirthDate is not null || (Givens.Count > 0 && Gender is not null)));

    internal bool Fits(PersonDetails person) =>
        (BirthDate is not { } born || (person.BirthDate is { IsWhole: true } known && known.Earliest == born))
        && (Gender is not { } gender || person.Gender == gender)
        && Families.All(some => some.Any(f => f.Fits(person.Family) || f.Fits(person.BirthName)))
        && Givens.All(some => some.Any(g => g.Fits(person.Given) || person.Given.Split(' ', '-').Any(g.Fits)))
        && Cities.All(some => some.Any(c => c.Fits(person.Address?.City)));
}

/// <summary>
/// A person found. Without a relation: what the portal's search of a patient shows, under the person's own id; it never says
/// whether there is a record. With one, or for the holder: the patient, under the record's id.
/// </summary>
/// <param name="Id">The record's id where <paramref name="Own"/>, else the person's.</param>
/// <param name="Identifiers">Those this caller may see, of the domains asked for.</param>
public sealed record FoundPatient(Guid Id, Person Person, bool Own, bool Active, IReadOnlyList<PersonIdentifier> Identifiers);
