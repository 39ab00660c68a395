using Dsp.Access;
using Dsp.Demo.Content;
using Dsp.Identity;
using Dsp.Sealing;

namespace Dsp.Demo.Story;

/// <summary>A holder as the story knows one: the person, the record, and who they are.</summary>
internal sealed record PlayedHolder(DemoHolder Who, PersonId Person, RecordId Record)
{
    public RecordRef Ref => new RecordRef.ById(Record);
}

/// <summary>The people of the story once they are registered, and how each of them calls.</summary>
internal sealed class Cast(Platform platform, DemoDay day)
{
    private const string Portal = "Portail DSP";
    private readonly Dictionary<string, ListedProfessional> professionals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InstitutionRow> institutions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SystemRow> systems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AgentRow> agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlayedHolder> holders = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, DemoHolder> Holders { get; } = DemoPeople.Holders(day.Day);

    public IReadOnlyDictionary<string, PlayedHolder> Played => holders;

    /// <summary>Reads from the directories who was imported.</summary>
    public async Task LearnDirectoriesAsync(CancellationToken cancel)
    {
        var registry = platform.Directories;
        foreach (var (key, institution) in DemoPeople.Institutions)
            institutions[key] = await registry.InstitutionByRegisterIdAsync(institution.Id, cancel) ?? throw Missing(key);
        foreach (var (key, professional) in DemoPeople.Professionals)
            professionals[key] = await registry.ProfessionalByRegisterIdAsync(professional.Id, cancel) ?? throw Missing(key);
        var listed = await registry.SystemsAsync(cancel);
        foreach (var (key, system) in Registers.Systems) systems[key] = listed.FirstOrDefault(s => s.Name == system.Name) ?? throw Missing(key);
        foreach (var (key, agent) in Registers.Agents) agents[key] = await registry.AgentByNumberAsync(agent.Number, cancel) ?? throw Missing(key);
    }

    /// <summary>Reads from the directory of people who the feed made.</summary>
    public async Task LearnHoldersAsync(IEnumerable<string> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
        {
            var token = Identifiers.TokenOf(platform.Keys, Identifiers.NationalNumber, Holders[key].NationalId!, Deadlines.DayOf(platform.Clock.Now())) ?? throw Missing(key);
            var person = await platform.People.FindByTokenAsync(platform.Database, token, cancel) ?? throw Missing(key);
            Learn(key, person.Id, person.Record ?? throw Missing(key));
        }
    }

    public void Learn(string key, PersonId person, RecordId record) => holders[key] = new PlayedHolder(Holders[key], person, record);

    public PlayedHolder Holder(string key) => holders[key];
    public ListedProfessional Professional(string key) => professionals[key];
    public InstitutionRow Institution(string key) => institutions[key];
    public SystemRow System(string key) => systems[key];
    public AgentRow Agent(string key) => agents[key];

    /// <summary>The person, signed in to the portal.</summary>
    public Caller AsHolder(string key) => SignedIn(CallerKind.Person, holders[key].Person) with { ThroughPortal = true, Software = Portal };

    /// <summary>The professional at the usual place of practice, or at another one, through the portal.</summary>
    public Caller AsProfessional(string key, string? place = null) =>
        SignedIn(CallerKind.Professional, professionals[key].Person) with
        {
            Institution = institutions[place ?? DemoPeople.Professionals[key].InstitutionKey].Id,
            ThroughPortal = true,
            Software = Portal,
        };

    public Caller AsSystem(string key) =>
        new() { Kind = CallerKind.System, System = systems[key].Id, Institution = systems[key].Institution, LongLived = true, MayAct = true, Software = systems[key].Name };

    public Caller AsAgent(string key) => SignedIn(CallerKind.Agent, agents[key].Person) with { ThroughPortal = true, Software = Portal };

    private Caller SignedIn(CallerKind kind, PersonId person) =>
        new() { Kind = kind, Person = person, Strong = true, AuthenticatedAt = platform.Clock.GetUtcNow(), LongLived = true, MayAct = true };

    private static StoryBrokenException Missing(string key) => new($"{key} is not registered.");
}
