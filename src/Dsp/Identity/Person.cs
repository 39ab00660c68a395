using System.Text.Json.Serialization;

namespace Dsp.Identity;

/// <summary>One identifier of a person; a replaced one keeps its end and keeps leading to the person.</summary>
public sealed record PersonIdentifier(string System, string Value, DateTimeOffset? Until = null)
{
    /// <summary>The identity it came from, where that one was merged into this.</summary>
    [JsonConverter(typeof(IdJson.Person))]
    public PersonId? Of { get; init; }
}

/// <summary>Administrative gender as FHIR codes it.</summary>
public enum Gender { Unknown, Female, Male, Other }

public sealed record PostalAddress(string? Street, string? PostalCode, string? City, string? Country);

/// <summary>What is kept of a natural person; sealed as a whole under the identity key.</summary>
public sealed record PersonDetails
{
    public required string Family { get; init; }
    public required string Given { get; init; }
    public string? BirthName { get; init; }
    public PartialDate? BirthDate { get; init; }
    public Gender Gender { get; init; }

    /// <summary>Present and replaced ones, oldest first.</summary>
    public IReadOnlyList<PersonIdentifier> Identifiers { get; init; } = [];
    public PostalAddress? Address { get; init; }

    /// <summary>fr, de, en, lb or pt: the language letters are written in.</summary>
    public string Language { get; init; } = "fr";
    public PartialDate? DeathDate { get; init; }

    /// <summary>The last day of affiliation the feed told, where it ended.</summary>
    public PartialDate? AffiliatedUntil { get; init; }

    /// <summary>The system whose feed made this identity, which the register does not know yet; null for all others.</summary>
    [JsonConverter(typeof(IdJson.System))]
    public SystemId? FedBy { get; init; }

    /// <summary>Who this identity was found to be: all its identifiers lead there, and it is no longer found by name.</summary>
    [JsonConverter(typeof(IdJson.Person))]
    public PersonId? MergedInto { get; init; }

    /// <summary>The present national number.</summary>
    [JsonIgnore]
    public string? NationalNumber => Present(Identity.Identifiers.NationalNumber);

    [JsonIgnore]
    public string? EHealthId => Present(Identity.Identifiers.EHealthId);

    /// <summary>As the register writes it: family name in capitals, given name.</summary>
    [JsonIgnore]
    public string Name => $"{Family.ToUpperInvariant()} {Given}";

    private string? Present(string system) => Identifiers.LastOrDefault(i => i.System == system && i.Until is null)?.Value;
}

/// <summary>A person as stored, with the version its next change must name.</summary>
public sealed record Person(PersonId Id, RecordId? Record, long Version, PersonDetails Details);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PersonDetails))]
internal sealed partial class PersonJson : JsonSerializerContext;
