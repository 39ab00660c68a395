using Dsp.Identity;
using Dsp.Sealing;

namespace Dsp.Records;

/// <summary>What is told of a person to be registered.</summary>
public sealed record Registration(string Family, string Given, PartialDate? BirthDate, Gender Gender)
{
    public string? BirthName { get; init; }

    /// <summary>13 digits, or the 11 of before 2014; null for a person without one.</summary>
    public string? NationalNumber { get; init; }

    /// <summary>Further identifiers: those of a hospital, for example.</summary>
    public IReadOnlyList<PersonIdentifier> Others { get; init; } = [];
    public PostalAddress? Address { get; init; }
    public string Language { get; init; } = "fr";

    /// <summary>Checks and completes: an eHealthID is assigned, the birth date may come from the number.</summary>
    internal Outcome<PersonDetails> Complete(DateOnly today)
    {
        var identifiers = new List<PersonIdentifier>();
        var birth = BirthDate;
        if (NationalNumber is not null)
        {
            var read = NationalId.Read(NationalNumber, today);
            if (read.Number is not { } number) return Number(read.Problem!.Value);
            identifiers.Add(new PersonIdentifier(Identifiers.NationalNumber, number.Value));
            birth ??= number.BirthDate;
        }
        if (string.IsNullOrWhiteSpace(Family) || string.IsNullOrWhiteSpace(Given) || birth is null) return Refusals.PersonIncomplete;
        if (birth.Value.Earliest > today) return Refusals.PersonIncomplete.Because("The birth date lies in the future.");
        identifiers.Add(new PersonIdentifier(Identifiers.EHealthId, Identifiers.NewEHealthId()));
        identifiers.AddRange(Others.Where(o => o.System is not (Identifiers.NationalNumber or Identifiers.EHealthId) && Identifiers.Normalise(o.System, o.Value, today) is not null));
        return new PersonDetails
        {
            Family = Family.Trim(), Given = Given.Trim(), BirthName = BirthName, BirthDate = birth, Gender = Gender, Identifiers = identifiers, Address = Address, Language = Language,
        };
    }

    internal static Refusal Number(NationalIdProblem problem) => Refusals.NumberInvalid with
    {
        Text = Refusals.NumberInvalid.Text.Replace("{problem}", problem.ToString(), StringComparison.Ordinal),
        Values = new Dictionary<string, string> { ["problem"] = problem.ToString() },
    };
}

/// <summary>A person registered, with the record where one was made.</summary>
/// <param name="Token">The look-up token of the eHealthID, for the gate.</param>
public sealed record Registered(PersonId Person, RecordId? Record, string EHealthId, byte[] Token);
