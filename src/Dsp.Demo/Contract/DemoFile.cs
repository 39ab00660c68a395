using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Access;
using Dsp.Demo.Start;
using Dsp.Identity;
using Dsp.Server;
using Dsp.Server.SignIn;

namespace Dsp.Demo.Contract;

/// <summary>One of the people of <c>demo.json</c>; keys are never renamed.</summary>
internal sealed record ContractPerson(
    string Key, string Kind, string Name, string? Group, Guid? PersonId, string? NationalId, Guid? RecordId, Guid? InstitutionId, string? Institution,
    string? Place, string? Role, string? Responsible, string? Language, string? Token);

/// <summary>What <c>demo.json</c> tells whoever tries the demo's interfaces (architecture §9).</summary>
internal sealed record DemoContract(string Base, string Fhir, string Content, IReadOnlyList<ContractPerson> People);

/// <summary>Signs the demo's tokens and writes <c>demo.json</c>.</summary>
internal sealed class DemoFile(SmallIssuer issuer, StartSession sessions, Addresses addresses)
{
    /// <summary>Longer than the contract's seven days, so that a demo of last week still answers.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>Every person with an account gets a session and a token.</summary>
    public async Task<DemoContract> MakeAsync(StoryPeople story, CancellationToken cancel)
    {
        var people = new List<ContractPerson>();
        foreach (var person in story.People)
        {
            people.Add(new ContractPerson(
                person.Key, person.Kind, person.Name, person.Group, person.PersonId, person.NationalId, person.RecordId, person.InstitutionId, person.Institution,
                person.Place, person.Role, person.Responsible, person.Language, person.Account ? await TokenAsync(person, cancel) : null));
        }
        return new DemoContract(addresses.Base, addresses.Fhir, addresses.Content, people);
    }

    public static byte[] Write(DemoContract contract) => JsonSerializer.SerializeToUtf8Bytes(contract, ContractJson.Readable.DemoContract);

    private async Task<string> TokenAsync(StoryPerson person, CancellationToken cancel)
    {
        var kind = person.Kind switch
        {
            "professional" => CallerKind.Professional,
            "system" => CallerKind.System,
            "agent" => CallerKind.Agent,
            _ => CallerKind.Person,
        };
        var subject = person.SystemId ?? person.PersonId ?? throw new InvalidOperationException($"{person.Key} has no id");
        InstitutionId? institution = person.InstitutionId is { } id ? new InstitutionId(id) : null;
        var session = await sessions.RunAsync(subject, institution, Life, cancel);
        return issuer.Issue(new TokenRequest(kind, subject, TokenRequest.UsualScopes(kind, person.Authority))
        {
            Institution = institution, Program = person.Attested ? institution : null, Session = session, Life = Life,
        });
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DemoContract))]
internal sealed partial class ContractJson : JsonSerializerContext
{
    /// <summary>Names keep their accents; the file is read by people too.</summary>
    public static ContractJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
