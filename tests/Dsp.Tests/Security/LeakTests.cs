using System.Text;
using Dsp.Access;
using Dsp.Tests.Mhd;
using Dsp.Tests.Resources;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Security;

/// <summary>
/// Two worlds (security.md 3), over random records and rights: what is hidden from a reader changes no byte of any answer the reader can
/// ask for, against a world in which it was never deposited; a record that is closed, blocked or no longer open is one of somebody
/// with whom there is no relation.
/// </summary>
public sealed class LeakTests
{
    /// <summary>One document of a plan; the same in both worlds.</summary>
    private sealed record Planned(int Index, string Title, byte[] Bytes, string Type, string Category, string UniqueId, string Set, string? Folder, bool ByDoctor, bool Masked);

    private sealed class Built(Cast cast, string token, Dictionary<int, string> ids)
    {
        public Cast Cast => cast;
        public string Token => token;
        public Dictionary<int, string> Ids => ids;
    }

    public static TheoryData<int, string> Seeds => [.. Enumerable.Range(1, Tiers.Current == Tier.Long ? 20 : 3).Select(s => (s, s == 2 || s > 10 ? "pharmacist" : "doctor"))];

    [Theory, Trait("Tier", "Normal")]
    [MemberData(nameof(Seeds))]
    public async Task What_is_hidden_was_never_there(int seed, string reader)
    {
        var plan = Plan(new Random(seed));
        await using var full = await KeepAsync(plan, _ => true, reader);
        var hidden = full.World;
        var visible = await VisibleAsync(hidden, plan);
        Assert.Contains(plan, p => p.Masked);
        Assert.DoesNotContain(plan, p => p.Masked && visible.Contains(p.Index));
        await using var bare = await KeepAsync(plan, p => visible.Contains(p.Index), reader);
        var never = bare.World;
        var absent = new Random(seed);

        var different = new List<string>();
        void Compare(string what, string here, string there)
        {
            if (Golden.Difference(LeakBattery.Plain(never.Cast, there), LeakBattery.Plain(hidden.Cast, here)) is { } difference) different.Add($"{what}\n{difference}");
        }
        string[] values = ["http://loinc.org|11502-2", "urn:dsp:category|CareReports", "MedicalAnalyses", "sour", "folder", .. plan.Select(p => "urn:ietf:rfc:3986|" + p.UniqueId), .. plan.Select(p => p.Set)];
        foreach (var (here, there) in LeakBattery.Searches(hidden.Cast.Record, values).Zip(LeakBattery.Searches(never.Cast.Record, values)))
            Compare(here, await LeakBattery.AskAsync(hidden.Cast, hidden.Token, here), await LeakBattery.AskAsync(never.Cast, never.Token, there));
        foreach (var planned in plan)
        {
            var id = hidden.Ids[planned.Index];
            var other = never.Ids.TryGetValue(planned.Index, out var same) ? same : new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)absent.Next(256))]).ToString("D");
            foreach (var (here, there) in LeakBattery.Reads(id, hidden.Cast.Record).Zip(LeakBattery.Reads(other, never.Cast.Record)))
                Compare($"{planned.Title}: {here}", await LeakBattery.AskAsync(hidden.Cast, hidden.Token, here), await LeakBattery.AskAsync(never.Cast, never.Token, there));
            if (reader != "doctor" || visible.Contains(planned.Index)) continue;
            // Deposits by the reader that name what is hidden: by reference, by its unique id with its bytes and with others, by condition.
            foreach (var (what, ask) in Writes(planned))
                Compare($"{planned.Title}: {what}", await ask(hidden, id), await ask(never, other));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{plan.Count} documents, {visible.Count} visible to the {reader}");
        Assert.True(different.Count == 0, $"{different.Count}\n{string.Join("\n\n", different.Take(6))}");
    }

    [Theory, Trait("Tier", "Normal")]
    [InlineData("closed")]
    [InlineData("blocked")]
    [InlineData("ended")]
    public async Task A_record_that_may_not_be_opened_is_one_without_a_relation(string how)
    {
        var plan = Plan(new Random(7));
        await using var open = await KeepAsync(plan, _ => true, "other");
        await using var never = await KeepAsync(plan, _ => true, "nobody");
        var (here, there) = (open.World, never.World);
        var cast = here.Cast;
        switch (how)
        {
            case "closed": Assert.Equal(201, (await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/closure", cast.Holder, "{}")).Status); break;
            case "blocked": Assert.Equal(201, (await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Other.Person}}"}""")).Status); break;
            default:
                foreach (var world in new[] { here, there }) world.Cast.Server.World.Clock.Advance(TimeSpan.FromDays(400));
                break;
        }

        // A code that was redeemed is time passed, no answer: the tokens are made anew where they ended.
        string Token(Built w) => how == "ended" ? w.Cast.Server.Token(CallerKind.Professional, w.Cast.Other.Person!.Value.Value, r => r with { Institution = w.Cast.Other.Institution, Program = w.Cast.Other.Institution }) : w.Cast.OtherToken;
        var different = new List<string>();
        string[] values = ["http://loinc.org|11502-2", "sour", plan[0].UniqueId];
        var (asked, compared) = (LeakBattery.Searches(cast.Record, values).Concat(here.Ids.OrderBy(i => i.Key).SelectMany(i => LeakBattery.Reads(i.Value, cast.Record))), LeakBattery.Searches(there.Cast.Record, values).Concat(there.Ids.OrderBy(i => i.Key).SelectMany(i => LeakBattery.Reads(i.Value, there.Cast.Record))));
        foreach (var (path, other) in asked.Zip(compared))
            if (Golden.Difference(LeakBattery.Plain(there.Cast, await LeakBattery.AskAsync(there.Cast, Token(there), other)), LeakBattery.Plain(cast, await LeakBattery.AskAsync(cast, Token(here), path))) is { } difference) different.Add($"{path}\n{difference}");

        Assert.True(different.Count == 0, $"{different.Count}\n{string.Join("\n\n", different.Take(6))}");
    }

    /// <summary>The battery finds what it is for: a document that is there.</summary>
    [Fact]
    public async Task A_document_that_is_seen_is_a_difference()
    {
        var plan = Plan(new Random(1)).Select(p => p with { Masked = false }).ToList();
        await using var more = await KeepAsync(plan, _ => true, "doctor");
        await using var less = await KeepAsync(plan, p => p.Index > 0, "doctor");

        var different = 0;
        foreach (var (here, there) in LeakBattery.Searches(more.World.Cast.Record, [plan[0].Set]).Zip(LeakBattery.Searches(less.World.Cast.Record, [plan[0].Set])))
            if (LeakBattery.Plain(more.World.Cast, await LeakBattery.AskAsync(more.World.Cast, more.World.Token, here)) != LeakBattery.Plain(less.World.Cast, await LeakBattery.AskAsync(less.World.Cast, less.World.Token, there))) different++;

        Assert.True(different > 30, $"{different}");
    }

    private static List<Planned> Plan(Random random)
    {
        var folders = new[] { "urn:oid:2.25.1001", "urn:oid:2.25.1002" };
        return
        [
            .. Enumerable.Range(0, 7).Select(i =>
            {
                var byDoctor = random.Next(3) == 0;
                var bytes = !byDoctor && random.Next(2) == 0 ? [.. ResourceRouteTests.Everything, .. Encoding.ASCII.GetBytes($"<!--{i}-->")] : Encoding.UTF8.GetBytes($"<a n=\"{i}\"/>");
                // The author of a document sees it, masked or not.
                return new Planned(i, $"Document {i}", bytes, byDoctor ? "34133-9" : "11502-2", byDoctor ? "CareReports" : "MedicalAnalyses", $"urn:oid:1.2.3.{i}", $"urn:oid:2.25.{500 + i}", random.Next(3) == 0 ? folders[random.Next(2)] : null, byDoctor, !byDoctor && (i == 0 || random.Next(2) == 0));
            }),
        ];
    }

    private sealed class Kept(Built world) : IAsyncDisposable
    {
        public Built World => world;
        public ValueTask DisposeAsync() => world.Cast.DisposeAsync();
    }

    private static async Task<Kept> KeepAsync(List<Planned> plan, Func<Planned, bool> there, string reader) => new(await BuildAsync(plan, there, reader));

    private static async Task<Built> BuildAsync(List<Planned> plan, Func<Planned, bool> there, string reader)
    {
        var cast = await Cast.StartAsync(Store.Sqlite);
        var pharmacist = await cast.PharmacistAsync();
        await cast.OpenContextAsync();
        if (reader == "pharmacist") await cast.OpenContextAsync(pharmacist.Token);
        if (reader == "other") await cast.OpenContextAsync(cast.OtherToken);
        var (ids, folders) = (new Dictionary<int, string>(), new HashSet<string>());
        foreach (var planned in plan)
        {
            cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));
            if (!there(planned)) continue;
            var bundle = System.Text.Json.Nodes.JsonNode.Parse(Bundles.Provide(cast.Emma.Number!, planned.Bytes, planned.Title, "text/xml", planned.Type, planned.Category, planned.UniqueId, submission: planned.Set))!.AsObject();
            if (planned.Folder is { } folder && !planned.ByDoctor) bundle.InFolder(folder, folders.Add(folder) ? null : "");
            var made = await cast.KeptAsync(bundle, planned.ByDoctor ? cast.DoctorToken : cast.Lab);
            ids[planned.Index] = made[1][1];
            // From the doctor, or from everyone.
            if (planned.Masked) Assert.Equal(201, (await cast.MaskAsync(made[1][1], reader == "pharmacist" ? "everyone" : cast.Doctor.Person.ToString()!)).Status);
        }
        return new Built(cast, reader == "pharmacist" ? pharmacist.Token : reader == "doctor" ? cast.DoctorToken : cast.OtherToken, ids);
    }

    private static async Task<HashSet<int>> VisibleAsync(Built world, List<Planned> plan)
    {
        var found = (await world.Cast.Server.GetAsync($"/fhir/DocumentReference?patient={world.Cast.Record}&status=current&_count=200", world.Token)).Resources("DocumentReference").Select(d => d.GetProperty("id").GetString()!).ToHashSet();
        return [.. plan.Where(p => found.Contains(world.Ids[p.Index])).Select(p => p.Index)];
    }

    private static IEnumerable<(string What, Func<Built, string, Task<string>> Ask)> Writes(Planned planned)
    {
        System.Text.Json.Nodes.JsonObject Report(Built w, string title, string unique) =>
            System.Text.Json.Nodes.JsonNode.Parse(Bundles.Provide(w.Cast.Emma.Number!, Encoding.UTF8.GetBytes(title), title, "text/xml", "34133-9", "CareReports", unique, submission: "urn:oid:2.25.9" + planned.Index + title.Length))!.AsObject();
        yield return ("it is replaced", (w, id) => LeakBattery.PostAsync(w.Cast, w.Token, "/fhir", Report(w, "aa", "urn:oid:1.9.1." + planned.Index).RelatedTo("replaces", id).ToJsonString()));
        yield return ("it is appended to", (w, id) => LeakBattery.PostAsync(w.Cast, w.Token, "/fhir", Report(w, "aaa", "urn:oid:1.9.2." + planned.Index).RelatedTo("appends", id).ToJsonString()));
        yield return ("it is updated", (w, id) => LeakBattery.PostAsync(w.Cast, w.Token, "/fhir", Report(w, "aaaa", "urn:oid:1.9.3." + planned.Index).RelatedTo("replaces", id).Updating(id, "W/\"9\"").ToJsonString()));
        yield return ("its id with other bytes", (w, _) => LeakBattery.PostAsync(w.Cast, w.Token, "/fhir", Report(w, "aaaaa", planned.UniqueId).ToJsonString()));
        yield return ("a condition that it meets", (w, _) =>
        {
            var document = SimplifiedPublishTests.Good(w.Cast.Emma.Number!);
            document["masterIdentifier"]!["value"] = "urn:oid:1.9.4." + planned.Index;
            document["type"]!["coding"]![0]!["code"] = "34133-9";
            document["category"]![0]!["coding"]![0]!["code"] = "CareReports";
            return LeakBattery.PostAsync(w.Cast, w.Token, "/fhir/DocumentReference", document.ToJsonString(), ("If-None-Exist", "identifier=" + planned.UniqueId));
        }
        );
    }
}
