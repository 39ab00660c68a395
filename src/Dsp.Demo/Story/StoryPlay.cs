using Dsp.Demo.Content;
using Dsp.Demo.Start;
using Dsp.Journal;

namespace Dsp.Demo.Story;

/// <summary>
/// Plays the demo story: real operations on a clock that goes through ten years and then becomes the machine's.
/// </summary>
internal static class StoryPlay
{
    /// <returns>Who there is now.</returns>
    /// <exception cref="StoryBrokenException">The story and the product do not agree.</exception>
    public static async Task<StoryPeople> PlayAsync(IServiceProvider services, Platform platform, StoryClock clock, CancellationToken cancel)
    {
        var day = DemoDay.Of(clock.GetUtcNow());
        var timeline = new Timeline(clock, day);
        var cast = new Cast(platform, day);
        var stage = new StoryStage(services, platform, timeline, cast);
        new PeopleChapter(stage).Tell();
        new DepositChapter(stage).Tell();
        new EmmaChapter(stage).Tell();
        await timeline.PlayAsync(cancel);
        clock.Release();
        var logins = await DemoAccounts.MakeAsync(stage, cancel);
        // What was written in the past waits for its seal: the first page of the demo shows a sealed history.
        var sealer = ActivatorUtilities.CreateInstance<JournalSealer>(services);
        while (await sealer.SealOnceAsync(cancel) > 0)
        {
            // Until nothing waits.
        }
        return new StoryPeople(day.Day, [.. People(cast).Select(p => p with { Login = logins.GetValueOrDefault(p.Key) })]);
    }

    private static IEnumerable<StoryPerson> People(Cast cast) =>
    [
        .. cast.Played.Select(h => HolderOf(cast, h.Key, h.Value)),
        .. DemoPeople.Professionals.Values.Select(p => ProfessionalOf(cast, p)),
        .. Registers.Systems.Select(s => SystemOf(cast, s.Key)),
        .. Registers.Agents.Select(a => new StoryPerson(a.Key, "agent", $"Agent {a.Value.Number}") { PersonId = cast.Agent(a.Key).Person.Value, Role = a.Value.Role, Account = true }),
    ];

    private static StoryPerson HolderOf(Cast cast, string key, PlayedHolder holder)
    {
        var minor = holder.Who.BirthDate.AddYears(18) > DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return new StoryPerson(key, minor ? "minor" : "holder", holder.Who.FullName)
        {
            PersonId = holder.Person.Value,
            NationalId = holder.Who.NationalId,
            RecordId = holder.Record.Value,
            Language = holder.Who.Language,
            Role = RoleOf(key),
            // Children have no account but through their parents; marie-josee has none.
            Account = key is not ("noah" or "mia" or "lia" or "marie-josee"),
        };
    }

    private static string? RoleOf(string key) => key switch
    {
        "emma" => "parent of noah",
        "tiago" => "parent of noah",
        "martine" => "parent of jil",
        "monique" => "helps marie-josee",
        "marie-josee" => "no account",
        "claude" => "record closed",
        "emma2" => "in the window of 30 days",
        "aoife" => "without a national number",
        _ => null,
    };

    private static StoryPerson ProfessionalOf(Cast cast, DemoProfessional professional)
    {
        var institution = cast.Institution(professional.InstitutionKey);
        return new StoryPerson(professional.Key, "professional", professional.FullName)
        {
            Group = professional.Group,
            PersonId = cast.Professional(professional.Key).Person.Value,
            InstitutionId = institution.Id.Value,
            Institution = institution.Name,
            Place = Registers.Place(professional),
            Role = professional.Key switch
            {
                "dr-thill" => "referring doctor of emma",
                "dr-ped" => "referring doctor of noah",
                "dr-other" => "no relation to anyone",
                _ => null,
            },
            Account = professional.Group != "BIO",
            Attested = Registers.IsAttested(professional.InstitutionKey),
        };
    }

    private static StoryPerson SystemOf(Cast cast, string key)
    {
        var system = cast.System(key);
        var responsible = Registers.Systems[key].Responsible is { } doctor ? DemoPeople.Professionals[doctor] : null;
        return new StoryPerson(key, "system", system.Name)
        {
            SystemId = system.Id.Value,
            InstitutionId = system.Institution?.Value,
            Institution = Registers.Systems[key].Institution is { } place ? cast.Institution(place).Name : null,
            Responsible = responsible is null ? null : $"{responsible.FullName}, {responsible.Group}",
            Authority = system.Role == "authority",
            Account = true,
        };
    }
}
