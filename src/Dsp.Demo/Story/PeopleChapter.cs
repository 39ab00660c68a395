using System.Globalization;
using System.Text.Json.Nodes;
using Dsp.Access;
using Dsp.Demo.Content;
using Dsp.Identity;
using Dsp.Records;

namespace Dsp.Demo.Story;

/// <summary>Registers, affiliation, letters, activations, representatives and referring doctors: how everybody came to be where they are.</summary>
internal sealed class PeopleChapter(StoryStage stage)
{
    private readonly Timeline on = stage.Timeline;
    private readonly Cast cast = stage.Cast;
    private int correlation;

    public void Tell()
    {
        on.On(-3600, 8, 0, "the registers arrive", ImportAsync);
        Affiliated(-3590, "emma", "jil", "marie-josee", "sabine", "pedro", "claude", "tiago", "martine", "monique");
        Letters(-3589);
        Activated("emma", -3400);
        Activated("claude", -3000);
        Activated("tiago", -2950);
        Activated("martine", -2900);
        Activated("monique", -2000);
        Activated("pedro", -1500);
        Activated("sabine", -900);

        // A child is affiliated some days after birth; the day moves with the demo's.
        var birth = cast.Holders["noah"].BirthDate.DayNumber - on.Day.Day.DayNumber;
        Affiliated(birth + 12, "noah");
        Letters(birth + 13);
        on.On(birth + 60, 10, 0, "noah's parents are registered", async cancel =>
        {
            await RepresentAsync("noah", "emma", cancel);
            await RepresentAsync("noah", "tiago", cancel);
        });
        on.On(-2800, 10, 0, "jil's mother is registered", cancel => RepresentAsync("jil", "martine", cancel));
        Activated("jil", -230);

        Referring("emma", "dr-thill", -1910);
        Referring("marie-josee", "dr-thill", -1905);
        Referring("jil", "dr-thill", -900);
        Referring("noah", "dr-ped", -700);

        Affiliated(-42, "mia", "lia");
        Letters(-40);
        Affiliated(-13, "emma2");
        Letters(-12);

        // A record opened on request gets its letter afterwards.
        Letters(-2);

        on.On(-150, 19, 30, "claude closes the record", cancel =>
            stage.Operation<CloseRecord>().RunAsync(cast.AsHolder("claude"), cast.Holder("claude").Ref, cancel).InStory("claude closes"));
    }

    private async Task ImportAsync(CancellationToken cancel)
    {
        foreach (var (kind, text) in new[]
        {
            (DirectoryKind.Institutions, Registers.Institutions()), (DirectoryKind.Professionals, Registers.Professionals()), (DirectoryKind.Memberships, Registers.Memberships()),
            (DirectoryKind.Systems, Registers.SystemList()), (DirectoryKind.Agents, Registers.AgentList()),
        })
        {
            using var csv = new StringReader(text);
            var import = await stage.Operation<ImportDirectory>().RunAsync(kind, csv, cancel);
            if (import.Rejected.Count > 0) throw new StoryBrokenException($"{kind}, line {import.Rejected[0].Line}: {import.Rejected[0].Reason}");
        }
        await cast.LearnDirectoriesAsync(cancel);
    }

    private void Affiliated(int day, params string[] keys) => on.On(day, 6, 0, "affiliation of " + string.Join(", ", keys), async cancel =>
    {
        await FeedAsync(keys.Select(key => Affiliation(cast.Holders[key])), cancel);
        await cast.LearnHoldersAsync(keys, cancel);
    });

    private void Letters(int day) => on.On(day, 7, 0, "letters of creation", async cancel =>
    {
        if (await stage.Operation<SendDueLetters>().RunAsync(cancel) == 0) throw new StoryBrokenException("No letter was owed.");
    });

    private void Activated(string key, int day) => on.On(day, 18, 45, key + " activates", cancel =>
        stage.Operation<ActivateRecord>().RunAsync(cast.AsHolder(key), cast.Holder(key).Record, cancel).InStory(key + " activates"));

    private void Referring(string holder, string doctor, int day) => on.On(day, 6, 0, $"{doctor} becomes referring doctor of {holder}", cancel => FeedAsync(
        [
            new JsonObject
            {
                ["type"] = "referring-doctor", ["number"] = cast.Holders[holder].NationalId, ["doctor"] = DemoPeople.Professionals[doctor].Id,
                ["date"] = on.Day.Day.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            },
        ], cancel));

    private Task<Guid> RepresentAsync(string minor, string parent, CancellationToken cancel) =>
        stage.Operation<SetRepresentation>().RunAsync(cast.AsAgent("agent"), cast.Holder(minor).Record, cast.Holder(parent).Person, RepresentationKind.Parent,
            Name(cast.Holders[parent]), null, null, "Acte de naissance intégral", cancel).InStory($"{parent} represents {minor}");

    private static JsonObject Affiliation(DemoHolder holder) => new()
    {
        ["type"] = "affiliation", ["number"] = holder.NationalId, ["family"] = Family(holder), ["given"] = holder.Given, ["gender"] = holder.Sex ?? "U", ["language"] = holder.Language,
        ["birthDate"] = holder.BirthDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["country"] = holder.Key == "sabine" ? "DE" : "LU", ["city"] = holder.Key == "sabine" ? "Trier" : "Mierschdref",
    };

    private async Task FeedAsync(IEnumerable<JsonObject> events, CancellationToken cancel)
    {
        var lines = events.Select(e =>
        {
            e["id"] = string.Create(CultureInfo.InvariantCulture, $"demo-{++correlation:D4}");
            return e.ToJsonString();
        });
        using var feed = new StringReader(string.Join('\n', lines));
        var answer = await stage.Operation<ReceiveAffiliations>().RunAsync(cast.AsSystem("affiliation-authority"), FeedFormat.Ndjson, feed, cancel).InStory("the feed");
        if (answer.Rejected.Count > 0) throw new StoryBrokenException($"feed, line {answer.Rejected[0].Line}: {answer.Rejected[0].Reason}");
    }

    /// <summary>The story writes family names in capitals; a register keeps them as they are written in a sentence.</summary>
    internal static string Family(DemoHolder holder) => CultureInfo.GetCultureInfo("fr-LU").TextInfo.ToTitleCase(holder.Family.ToLower(CultureInfo.GetCultureInfo("fr-LU")));

    internal static string Name(DemoHolder holder) => $"{holder.Family} {holder.Given}";
}
