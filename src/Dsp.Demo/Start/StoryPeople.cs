using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dsp.Demo.Start;

/// <summary>One of the demo's people, as the contract lists them, without token.</summary>
/// <param name="Kind">holder, minor, relative, professional, system or agent.</param>
internal sealed record StoryPerson(string Key, string Kind, string Name)
{
    public string? Group { get; init; }
    public Guid? PersonId { get; init; }
    public Guid? SystemId { get; init; }
    public Guid? InstitutionId { get; init; }
    public string? Institution { get; init; }
    public string? NationalId { get; init; }
    public Guid? RecordId { get; init; }
    public string? Place { get; init; }
    public string? Role { get; init; }
    public string? Responsible { get; init; }
    public string? Language { get; init; }

    /// <summary>Has an account of their own: may be chosen and gets a token.</summary>
    public bool Account { get; init; }

    /// <summary>Has an account with password and code besides: the name to type.</summary>
    public string? Login { get; init; }

    /// <summary>A system that feeds registers.</summary>
    public bool Authority { get; init; }

    /// <summary>Acts for an institution whose program the agency attested.</summary>
    public bool Attested { get; init; }
}

/// <summary>Who the story made, and for which day it was played.</summary>
internal sealed record StoryPeople(DateOnly Day, IReadOnlyList<StoryPerson> People);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, WriteIndented = true)]
[JsonSerializable(typeof(StoryPeople))]
internal sealed partial class StoryJson : JsonSerializerContext;
