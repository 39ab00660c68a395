using System.Text;
using System.Text.Json;
using Dsp.Tests.Support;

namespace Dsp.Tests.Server;

/// <summary>The main job over HTTP: deposit, find, read, in an emergency too, and see who looked; on both databases.</summary>
public sealed class StoryTests
{
    [Theory, EveryStore]
    public async Task A_laboratory_deposits_the_doctor_finds_and_reads_and_others_get_nothing(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var server = cast.Server;
        var bytes = Encoding.UTF8.GetBytes("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>Bilan</title></ClinicalDocument>");

        var deposited = await cast.DepositAsync(cast.Lab, Bundles.Provide(cast.Emma.Number!, bytes, "Bilan sanguin"));
        Assert.True(deposited.Status == 200, deposited.Text);
        Assert.All(deposited.Json.GetProperty("entry").EnumerateArray(), e => Assert.StartsWith("201", e.GetProperty("response").GetProperty("status").GetString(), StringComparison.Ordinal));
        Assert.Equal(0, Hits(await cast.SearchAsync(cast.DoctorToken)));

        await cast.OpenContextAsync();
        var found = await cast.SearchAsync(cast.DoctorToken, "&_count=200");
        Assert.Equal(1, Hits(found));
        var document = found.Json.GetProperty("entry")[0].GetProperty("resource");
        var url = document.GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString()!;
        Assert.StartsWith(server.Fhir + "/Binary/", url, StringComparison.Ordinal);
        var read = await server.GetAsync(url, cast.DoctorToken, ("Accept", "text/xml, */*"));
        Assert.Equal(bytes, read.Bytes);
        Assert.Equal("text/xml", read.Header("Content-Type"));
        Assert.StartsWith("attachment", read.Header("Content-Disposition"), StringComparison.Ordinal);

        var stranger = await server.GetAsync(url, cast.OtherToken);
        var unknown = await server.GetAsync($"{server.Fhir}/Binary/{Guid.CreateVersion7()}", cast.OtherToken);
        Assert.Equal(404, stranger.Status);
        Assert.Equal(unknown.Whole, stranger.Whole);
        Assert.Equal(0, Hits(await cast.SearchAsync(cast.OtherToken)));
        Assert.Equal(401, (await server.GetAsync(url)).Status);

        Assert.Equal(404, (await server.GetAsync(url, cast.EmergencyToken)).Status);
        var registered = await server.PostJsonAsync("/api/care-contexts", cast.Hospital, $$"""{"nationalId":"{{cast.Emma.Number}}","kind":"emergency"}""");
        Assert.True(registered.Status == 201, registered.Text);
        Assert.Equal(cast.Record, registered.Json.GetProperty("recordId").GetString());
        Assert.Equal(1, Hits(await cast.SearchAsync(cast.EmergencyToken)));
        server.World.Clock.Advance(TimeSpan.FromDays(16) + TimeSpan.FromMinutes(1));
        Assert.Equal(0, Hits(await cast.SearchAsync(cast.EmergencyToken)));

        var history = await server.GetAsync($"/api/records/{cast.Record}/history", cast.Holder);
        Assert.True(history.Status == 200, history.Text);
        var lines = history.Json.GetProperty("entries").EnumerateArray().ToList();
        var emergency = lines.Where(l => By(l, cast.Emergency.Person!.Value.ToString())).ToList();
        Assert.NotEmpty(emergency);
        Assert.All(emergency, l => Assert.False(string.IsNullOrEmpty(l.GetProperty("institution").GetProperty("name").GetString())));
        Assert.Contains(lines, l => By(l, cast.Other.Person!.Value.ToString()) && l.GetProperty("outcome").GetString() == "refused");
    }

    [Theory, EveryStore]
    public async Task A_mask_a_block_and_a_closing_leave_nothing_and_lifting_them_brings_all_back(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var server = cast.Server;
        var id = await cast.DepositedAsync(Encoding.UTF8.GetBytes("<a/>"));
        await cast.OpenContextAsync();
        Assert.Equal(1, Hits(await cast.SearchAsync(cast.DoctorToken)));

        var mask = await server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{id}}","from":"everyone"}""");
        Assert.True(mask.Status == 201, mask.Text);
        Assert.EndsWith("/masks/" + mask.Json.GetProperty("id").GetString(), mask.Header("Location"), StringComparison.Ordinal);
        await NothingAsync(cast, id);
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, mask.Header("Location"), cast.Holder)).Status);
        Assert.Equal(1, Hits(await cast.SearchAsync(cast.DoctorToken)));

        var block = await server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Doctor.Person}}"}""");
        Assert.True(block.Status == 201, block.Text);
        await NothingAsync(cast, id);
        var decision = await server.GetAsync($"/api/records/{cast.Record}/decisions?person={cast.Doctor.Person}&action=read&documentId={id}", cast.Holder);
        Assert.False(decision.Json.GetProperty("permitted").GetBoolean());
        Assert.Equal("5-block", decision.Json.GetProperty("rule").GetString());
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, block.Header("Location"), cast.Holder)).Status);
        Assert.Equal(1, Hits(await cast.SearchAsync(cast.DoctorToken)));

        var closed = await server.PostJsonAsync($"/api/records/{cast.Record}/closure", cast.Holder, "{}");
        Assert.True(closed.Status == 201, closed.Text);
        await NothingAsync(cast, id);
        var unknown = await cast.DepositAsync(cast.Lab, Bundles.Provide(WorldPeople.UnknownNumber, [1]));
        var late = await cast.DepositAsync(cast.Lab, Bundles.Provide(cast.Emma.Number!, [1]));
        Assert.Equal(422, late.Status);
        Assert.Equal(unknown.Whole, late.Whole);
        Assert.Equal(409, (await cast.SearchAsync(cast.Holder)).Status);
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"/api/records/{cast.Record}/closure", cast.Holder)).Status);
        Assert.Equal(1, Hits(await cast.SearchAsync(cast.Holder)));
    }

    [Fact]
    public async Task The_feed_is_counted_and_a_replay_changes_nothing()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        const string line = """{"id":"feed-1","type":"affiliation","number":"1961101899131","family":"FRIDEMONTEL","given":"Claude","gender":"M","language":"fr"}""";

        var first = await cast.Server.PostJsonAsync("/api/feeds/affiliations", cast.Authority, line + "\nno json\n", "application/x-ndjson");
        var again = await cast.Server.PostJsonAsync("/api/feeds/affiliations", cast.Authority, line, "application/x-ndjson");

        Assert.True(first.Status == 200, first.Text);
        Assert.Equal(1, first.Json.GetProperty("created").GetInt64());
        Assert.Equal(1, first.Json.GetProperty("rejected").GetArrayLength());
        Assert.Equal(1, again.Json.GetProperty("replayed").GetInt64());
        Assert.Equal(403, (await cast.Server.PostJsonAsync("/api/feeds/affiliations", cast.Lab, line, "application/x-ndjson")).Status);
        Assert.Equal(415, (await cast.Server.PostJsonAsync("/api/feeds/affiliations", cast.Authority, line)).Status);
    }

    private static async Task NothingAsync(Cast cast, string id)
    {
        Assert.Equal(0, Hits(await cast.SearchAsync(cast.DoctorToken)));
        var hidden = await cast.Server.GetAsync($"/fhir/Binary/{id}", cast.DoctorToken);
        var unknown = await cast.Server.GetAsync($"/fhir/Binary/{Guid.CreateVersion7()}", cast.DoctorToken);
        Assert.Equal(404, hidden.Status);
        Assert.Equal(unknown.Whole, hidden.Whole);
        Assert.Equal((await cast.Server.GetAsync($"/fhir/DocumentReference/{Guid.CreateVersion7()}", cast.DoctorToken)).Whole, (await cast.Server.GetAsync($"/fhir/DocumentReference/{id}", cast.DoctorToken)).Whole);
    }

    private static int Hits(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.TryGetProperty("entry", out var entries) ? entries.GetArrayLength() : 0;
    }

    private static bool By(JsonElement line, string person) => line.TryGetProperty("person", out var p) && p.TryGetProperty("id", out var id) && id.GetString() == person;
}
