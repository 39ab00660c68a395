using Dsp.Identity;

namespace Dsp.Records;

/// <summary>A line read as what it says of a person: the checks that need no store.</summary>
internal sealed record FeedPerson(NationalId Number, NationalId? NewNumber, PartialDate? BirthDate, PartialDate? Date, Gender? Gender)
{
    private const int LongestField = 200;

    /// <summary>The kinds of events.</summary>
    public const string Affiliation = "affiliation";
    public const string Identity = "identity";
    public const string Renumbering = "renumbering";
    public const string Death = "death";
    public const string ReferringDoctor = "referring-doctor";
    public const string ReferringDoctorEnd = "referring-doctor-end";
    public const string End = "end";

    /// <returns>What was read, or the reason for quarantine.</returns>
    public static (FeedPerson? Read, string? Reason) Of(AffiliationEvent line, DateOnly today)
    {
        if (line.Id is not { Length: >= 1 and <= 128 } || line.Id.Any(char.IsControl)) return (null, FeedOutcomes.NoId);
        if (line.Fields().Any(f => f.Length > LongestField + 1)) return (null, FeedOutcomes.FieldTooLong);
        if (line.Type is not (Affiliation or Identity or Renumbering or Death or ReferringDoctor or ReferringDoctorEnd or End)) return (null, FeedOutcomes.UnknownType);
        if (NationalId.Read(line.Number, today).Number is not { } number) return (null, FeedOutcomes.NumberInvalid);
        NationalId? renumbered = null;
        if (line.Type == Renumbering)
        {
            renumbered = NationalId.Read(line.NewNumber, today).Number;
            if (renumbered is null) return (null, FeedOutcomes.NewNumberInvalid);
        }
        if (line.Type == Affiliation && (string.IsNullOrWhiteSpace(line.Family) || string.IsNullOrWhiteSpace(line.Given))) return (null, FeedOutcomes.NamesMissing);
        if (!TryDate(line.BirthDate, today, out var birth)) return (null, FeedOutcomes.BirthDateInvalid);
        // Declarations of a referring doctor may name a day to come; deaths and ends of affiliation lie behind.
        if (!TryDate(line.Date, line.Type is Death or End ? today : DateOnly.MaxValue, out var date)) return (null, FeedOutcomes.DateInvalid);
        if (line.Type is Death or End && date is null) return (null, FeedOutcomes.DateInvalid);
        if (line.Type is ReferringDoctor or ReferringDoctorEnd && date is { IsWhole: false }) return (null, FeedOutcomes.DateInvalid);
        Gender? gender = line.Gender switch
        {
            null => null,
            "F" => Dsp.Identity.Gender.Female,
            "M" => Dsp.Identity.Gender.Male,
            "O" => Dsp.Identity.Gender.Other,
            "U" => Dsp.Identity.Gender.Unknown,
            _ => (Gender)(-1),
        };
        if (gender is { } g && !Enum.IsDefined(g)) return (null, FeedOutcomes.GenderInvalid);
        return (new FeedPerson(number, renumbered, birth, date, gender), null);
    }

    /// <summary>A new person of an affiliation; the birth date may come from the number.</summary>
    public PersonDetails NewDetails(AffiliationEvent line) => Merge(line, new PersonDetails
    {
        Family = "", Given = "", BirthDate = BirthDate ?? Number.BirthDate,
        Identifiers = [new PersonIdentifier(Identifiers.NationalNumber, Number.Value), new PersonIdentifier(Identifiers.EHealthId, Identifiers.NewEHealthId())],
    });

    /// <summary>What the line tells replaces; what it leaves out stays.</summary>
    public PersonDetails Merge(AffiliationEvent line, PersonDetails before) => before with
    {
        Family = line.Family?.Trim() is { Length: > 0 } family ? family : before.Family,
        Given = line.Given?.Trim() is { Length: > 0 } given ? given : before.Given,
        BirthName = line.BirthName?.Trim() ?? before.BirthName,
        Gender = Gender ?? before.Gender,
        Language = line.Language?.ToLowerInvariant() is "fr" or "de" or "en" or "lb" or "pt" ? line.Language.ToLowerInvariant() : before.Language,
        Address = (line.Street ?? line.PostalCode ?? line.City ?? line.Country) is null ? before.Address : new PostalAddress(line.Street, line.PostalCode, line.City, line.Country),
        AffiliatedUntil = line.Type == Affiliation ? null : line.Type == End ? Date : before.AffiliatedUntil,
    };

    private static bool TryDate(string? text, DateOnly latest, out PartialDate? date)
    {
        date = null;
        if (text is null) return true;
        if (!PartialDate.TryParse(text, out var read) || read.Earliest > latest) return false;
        date = read;
        return true;
    }
}
