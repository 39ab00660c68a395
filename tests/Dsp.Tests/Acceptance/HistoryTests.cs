using System.Globalization;
using System.Net;
using System.Text.Json;
using Dsp.Tests.Crash;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using static Dsp.Tests.Acceptance.Asking;

namespace Dsp.Tests.Acceptance;

/// <summary>The holder sees every line by person, place and document, refusals included: over the interface and on the portal's page.</summary>
public sealed class HistoryTests
{
    [Theory, EveryStore]
    public async Task The_holder_sees_every_line_by_person_place_and_document_refusals_included(Store store)
    {
        await using var cast = await Cast.StartAsync(await World.CreateAsync(store), routes: Doors.MapSignIn);
        var clock = cast.Server.World.Clock;
        var start = clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        clock.Set(start);
        var (analyses, imaging) = await PlayAsync(cast);
        string Name(string id) => id == analyses ? "analyses" : id == imaging ? "imaging" : id;
        string[] told =
        [
            "deposit by BIOLAY Solange (pharmacien biologiste) at Laboratoire Nord (fictif) through lab-nord, relation system: analyses",
            "deposit by RADELANGE Marc (médecin radiologue) at Centre d’imagerie (fictif) through imaging, relation system: imaging",
            "search by MARCHEVAUX Yann (médecin généraliste) at Cabinet Marchevaux (fictif), refused",
            "read by MARCHEVAUX Yann (médecin généraliste) at Cabinet Marchevaux (fictif): analyses, refused",
            "search by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif), refused",
            "read by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif): imaging, refused",
            "open-context at Hôpital (fictif) through hospital, relation emergency",
            "search by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif), relation emergency",
            "read by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif), relation emergency: analyses",
            "read by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif), relation emergency: imaging",
            "mask by holder: analyses",
            "search by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif), relation emergency",
            "read by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif), relation emergency: analyses, refused",
            "search by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif), relation emergency, refused",
            "read by REUTERSANG Ilka (médecin généraliste) at Hôpital (fictif), relation emergency: imaging, refused",
        ];

        var all = await LinesAsync(cast, $"from={Uri.EscapeDataString(start.ToString("o", CultureInfo.InvariantCulture))}");
        Assert.Equal(told, all.Select(l => Sentence(l, Name)));
        Assert.All(all, l => Assert.False(string.IsNullOrEmpty(l.GetProperty("rule").GetString())));

        Assert.All(all, l => Assert.True(l.TryGetProperty("person", out _) || l.GetProperty("automatic").GetBoolean(), "A line without a person is a machine's."));

        // By person, by document, by time, and page by page: the same lines, none more and none less.
        foreach (var (person, name) in new[] { (cast.Emergency.Person, "Ilka"), (cast.Other.Person, "Yann"), (cast.Doctor.Person, "Armel") })
            Assert.Equal(told.Where(t => t.Contains(name, StringComparison.Ordinal)), (await LinesAsync(cast, $"person={person}")).Select(l => Sentence(l, Name)));
        foreach (var document in new[] { analyses, imaging })
            Assert.Equal(told.Where(t => t.Contains(": " + Name(document), StringComparison.Ordinal)), (await LinesAsync(cast, $"documentId={document}")).Select(l => Sentence(l, Name)));
        Assert.Equal(told.Where(t => t.StartsWith("read by REUTERSANG", StringComparison.Ordinal) && t.Contains(": imaging", StringComparison.Ordinal)),
            (await LinesAsync(cast, $"person={cast.Emergency.Person}&documentId={imaging}")).Select(l => Sentence(l, Name)).Where(t => t.StartsWith("read", StringComparison.Ordinal)));
        Assert.Equal(told[^2..], (await LinesAsync(cast, $"from={Uri.EscapeDataString((start + TimeSpan.FromDays(10)).ToString("o", CultureInfo.InvariantCulture))}")).Select(l => Sentence(l, Name)));
        await PageAsync(cast, analyses);
    }

    /// <summary>Deposits, a stranger, an emergency from the refusal before it to the refusal after it.</summary>
    private static async Task<(string Analyses, string Imaging)> PlayAsync(Cast cast)
    {
        // Lines of one instant have no order among themselves.
        async Task<T> LaterAsync<T>(Func<Task<T>> act)
        {
            cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));
            return await act();
        }
        async Task FindsAsync(string token, int count) => Assert.Equal(count, Total(await LaterAsync(() => SearchAsync(cast, token))));
        async Task ReadsAsync(string token, string id, int status) => Assert.Equal(status, (await LaterAsync(() => ReadAsync(cast, id, token))).Status);
        async Task PostsAsync(string path, string token, string json) => Assert.Equal(201, (await LaterAsync(() => cast.Server.PostJsonAsync(path, token, json))).Status);

        var analyses = await LaterAsync(() => cast.DepositedAsync([1, 2, 3]));
        var imaging = await LaterAsync(() => cast.DepositedImageAsync([4, 5, 6]));
        await FindsAsync(cast.OtherToken, 0);
        await ReadsAsync(cast.OtherToken, analyses, 404);
        await FindsAsync(cast.EmergencyToken, 0);
        await ReadsAsync(cast.EmergencyToken, imaging, 404);
        await PostsAsync("/api/care-contexts", cast.Hospital, $$"""{"nationalId":"{{cast.Emma.Number}}","kind":"emergency"}""");
        await FindsAsync(cast.EmergencyToken, 2);
        await ReadsAsync(cast.EmergencyToken, analyses, 200);
        await ReadsAsync(cast.EmergencyToken, imaging, 200);
        await PostsAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{analyses}}","from":"everyone"}""");
        await FindsAsync(cast.EmergencyToken, 1);
        await ReadsAsync(cast.EmergencyToken, analyses, 404);
        cast.Server.World.Clock.Advance(TimeSpan.FromDays(16));
        await FindsAsync(cast.EmergencyToken, 0);
        await ReadsAsync(cast.EmergencyToken, imaging, 404);
        return (analyses, imaging);
    }

    /// <summary>Oldest first, over as many pages as it takes, without the reading of the history itself.</summary>
    private static async Task<List<JsonElement>> LinesAsync(Cast cast, string filter)
    {
        var lines = new List<JsonElement>();
        string? after = null;
        do
        {
            var page = await cast.Server.GetAsync($"/api/records/{cast.Record}/history?count=3&{filter}{(after is null ? "" : "&after=" + after)}", cast.Holder);
            Assert.True(page.Status == 200, page.Text);
            var entries = page.Json.GetProperty("entries").EnumerateArray().ToList();
            Assert.InRange(entries.Count, after is null ? 0 : 1, 3);
            lines.AddRange(entries);
            after = page.Json.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);
        lines.Reverse();
        return [.. lines.Where(l => l.GetProperty("action").GetString() != "read-history")];
    }

    private static string Sentence(JsonElement line, Func<string, string> document)
    {
        string? Of(string part, string name) => line.TryGetProperty(part, out var p) && p.ValueKind == JsonValueKind.Object && p.TryGetProperty(name, out var n) ? n.GetString() : null;
        string? Text(string name) => line.TryGetProperty(name, out var p) ? p.GetString() : null;
        var who = Of("person", "name") is { } named ? $"{named} ({Of("person", "profession")})" : Of("person", "profession");
        var documents = string.Join(" and ", line.GetProperty("documents").EnumerateArray().Select(d => document(d.GetString()!)));
        return $"{Text("action")}{(who is null ? "" : " by " + who)}{(Of("institution", "name") is { } place ? " at " + place : "")}{(line.GetProperty("automatic").GetBoolean() ? " through " + Text("software") : "")}"
            + $"{(Text("context") is { } relation and not "holder" ? ", relation " + relation : "")}{(documents.Length > 0 ? ": " + documents : "")}{(Text("outcome") == "refused" ? ", refused" : "")}";
    }

    /// <summary>« Qui a consulté mon dossier » tells the same: sentences with person, place and reason, the refused one as refused, filtered as asked.</summary>
    private static async Task PageAsync(Cast cast, string analyses)
    {
        var cookie = await Doors.CookieAsync(cast);
        async Task<string> ShownAsync(string query)
        {
            var page = await cast.Server.GetAsync("/fr/consultations?periode=all" + query, null, ("Cookie", cookie));
            Assert.True(page.Status == 200, page.Text);
            var text = WebUtility.HtmlDecode(page.Text);
            // What stands in the filter's boxes is no line.
            return text[text.IndexOf("role=\"status\"", StringComparison.Ordinal)..];
        }
        var all = await ShownAsync("");
        foreach (var word in new[] { "Ilka", "Yann", "Hôpital (fictif)", "Cabinet Marchevaux (fictif)", "Laboratoire Nord (fictif)" }) Assert.Contains(word, all, StringComparison.Ordinal);
        var stranger = await ShownAsync($"&qui={cast.Other.Person}");
        Assert.Contains("Yann", stranger, StringComparison.Ordinal);
        Assert.DoesNotContain("Ilka", stranger, StringComparison.Ordinal);
        Assert.Contains("refus", stranger, StringComparison.OrdinalIgnoreCase);
        var one = await ShownAsync($"&qui={cast.Emergency.Person}&document={analyses}");
        Assert.Contains("Ilka", one, StringComparison.Ordinal);
        Assert.Contains("Hôpital (fictif)", one, StringComparison.Ordinal);
        Assert.DoesNotContain("Yann", one, StringComparison.Ordinal);
    }
}
