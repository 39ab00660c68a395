using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;

namespace Dsp.Interop.Pcf;

/// <summary>What a Consent asks for, in the words of the record's rules; nothing of the Consent is lost in it.</summary>
public sealed record WantedChoice(ChoiceKind Kind, PatientIdentifier Patient)
{
    /// <summary>The id in the Consent; null where it has none.</summary>
    public string? Id { get; init; }

    /// <summary>Status inactive: the choice is to end.</summary>
    public bool Ended { get; init; }

    /// <summary>General: nobody but the holder.</summary>
    public bool Denied { get; init; }
    public PersonId? Person { get; init; }
    public InstitutionId? Institution { get; init; }
    public DateTimeOffset? Until { get; init; }
    public DocumentId? Document { get; init; }
    public bool FromEveryone { get; init; }
    public IReadOnlyList<PersonId> Except { get; init; } = [];
    public string? Order { get; init; }
    public DataCategory? Category { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    public string? Country { get; init; }

    /// <summary>The text on risks to health that the holder confirmed (art. 6(3)).</summary>
    public string? AcknowledgedRisk { get; init; }

    public ActorRef Actor => new(Person, Institution);

    /// <summary>The same actor and the same thing: only the end, and for the general choice the answer, may differ.</summary>
    public bool IsAbout(HolderChoice choice) =>
        Kind == choice.Kind && Person == choice.Person && Institution == choice.Institution && Document == choice.Document && FromEveryone == choice.FromEveryone
        && Except.ToHashSet().SetEquals(choice.Except) && Order == choice.Order && Category == choice.Category && Country == choice.Country
        && Same(From, choice.From) && Same(To, choice.To);

    /// <summary>The same end, as exactly as a Consent writes it.</summary>
    public bool EndsLike(HolderChoice choice) => Same(Until, choice.Until);

    private static bool Same(DateTimeOffset? one, DateTimeOffset? other) =>
        one is { } a && other is { } b ? Instants.Text(a) == Instants.Text(b) : one is null && other is null;
}
