using System.Globalization;
using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Tests.Support;

namespace Dsp.Tests.Server;

/// <summary>A holder's app takes the own record along, and nobody else takes anything.</summary>
public sealed class ExportTests
{
    [Theory, EveryStore]
    public async Task The_whole_record_comes_along_line_by_line_and_each_page_is_in_the_journal(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var documents = new List<string>();
        for (byte i = 1; i <= 3; i++) documents.Add(await cast.DepositedAsync([i]));
        var masked = documents[1];
        Assert.Equal(201, (await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{masked}}","from":"everyone"}""")).Status);

        var begun = await BeginAsync(cast, cast.Holder);
        Assert.Equal((202, 0), (begun.Status, begun.Bytes.Length));
        Assert.DoesNotContain(cast.Record, begun.Header("Content-Location"), StringComparison.Ordinal);
        var manifest = await cast.Server.GetAsync(begun.Header("Content-Location")!, cast.Holder);
        Assert.True(manifest.Status == 200, manifest.Whole);
        Assert.True(manifest.Json.GetProperty("requiresAccessToken").GetBoolean());

        var files = manifest.Json.GetProperty("output").EnumerateArray().ToDictionary(f => f.GetProperty("type").GetString()!, f => f.GetProperty("url").GetString()!);
        Assert.Equal(["Patient", "DocumentReference", "List", "AllergyIntolerance"], files.Keys.Take(4));
        var lines = await LinesAsync(cast, files["DocumentReference"], cast.Holder);
        Assert.Equal(documents.Order(StringComparer.Ordinal), lines.Select(l => l.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(cast.Record, (await LinesAsync(cast, files["Patient"], cast.Holder)).Single().GetProperty("id").GetString());
        Assert.Equal(3, (await LinesAsync(cast, files["List"], cast.Holder)).Count);
        foreach (var url in files.Values) await LinesAsync(cast, url, cast.Holder);
        var searches = await SearchesAsync(cast);
        await LinesAsync(cast, files["DocumentReference"], cast.Holder);
        Assert.Equal(searches + 1, await SearchesAsync(cast));
        Assert.Equal(202, (await cast.Server.SendAsync(HttpMethod.Delete, begun.Header("Content-Location")!, cast.Holder)).Status);
    }

    [Fact]
    public async Task Types_and_a_day_narrow_it_and_many_pages_are_one_file()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        for (var i = 0; i < 205; i++) await cast.DepositedAsync(Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
        cast.Server.World.Clock.Advance(TimeSpan.FromDays(1));
        var since = cast.Server.World.Clock.GetUtcNow();
        var late = await cast.DepositedAsync([9, 9]);

        var all = await FilesAsync(cast, "?_type=DocumentReference");
        Assert.Equal(["DocumentReference"], all.Keys);
        Assert.Equal(206, (await LinesAsync(cast, all["DocumentReference"], cast.Holder)).Count);
        var narrow = await FilesAsync(cast, "?_type=DocumentReference,Patient&_outputFormat=application/fhir%2Bndjson&_since=" + Uri.EscapeDataString(since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)));
        Assert.Equal(late, (await LinesAsync(cast, narrow["DocumentReference"], cast.Holder)).Single().GetProperty("id").GetString());
    }

    [Fact]
    public async Task Nobody_else_gets_anything_and_an_address_ends_after_a_day()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync([1]);
        var claude = await cast.Server.World.ActiveAsync(WorldPeople.Claude, "SCHRAMM", "Claude");
        var neighbour = cast.Server.Token(CallerKind.Person, claude.Person.Value);
        var begun = (await BeginAsync(cast, cast.Holder)).Header("Content-Location")!;

        Assert.Equal(404, (await cast.Server.GetAsync(begun, neighbour)).Status);
        Assert.Equal(404, (await cast.Server.GetAsync(begun + "/DocumentReference.ndjson", neighbour)).Status);
        Assert.Equal(404, (await cast.Server.GetAsync(begun + "/Nothing.ndjson", cast.Holder)).Status);
        Assert.Equal(404, (await cast.Server.GetAsync(begun + "/DocumentReference", cast.Holder)).Status);
        Assert.Equal(401, (await cast.Server.GetAsync(begun + "/DocumentReference.ndjson")).Status);
        Assert.Equal(403, (await BeginAsync(cast, cast.DoctorToken)).Status);
        Assert.Equal(403, (await BeginAsync(cast, cast.Lab)).Status);
        Assert.Equal(400, (await cast.Server.GetAsync("/fhir/Patient/$export", cast.Holder)).Status);
        Assert.Equal(400, (await BeginAsync(cast, cast.Holder, "?_outputFormat=text/csv")).Status);
        Assert.Equal(400, (await BeginAsync(cast, cast.Holder, "?_type=Basic")).Status);
        Assert.Equal(400, (await BeginAsync(cast, cast.Holder, "?_typeFilter=x")).Status);
        // A token for documents alone gives no other file.
        var narrow = cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/DocumentReference.rs"] });
        Assert.Equal(403, (await BeginAsync(cast, narrow)).Status);
        Assert.Equal(403, (await cast.Server.GetAsync(begun + "/DocumentReference.ndjson", narrow)).Status);
        // Closed since: nothing leaves any more.
        cast.Server.World.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(404, (await cast.Server.GetAsync(begun, cast.Holder)).Status);
    }

    private static async Task<int> SearchesAsync(Cast cast) =>
        (await cast.Server.GetAsync($"/api/records/{cast.Record}/history", cast.Holder)).Json.GetProperty("entries").EnumerateArray().Count(e => e.GetProperty("action").GetString() == "search");

    private static Task<Answer> BeginAsync(Cast cast, string token, string query = "") => cast.Server.GetAsync("/fhir/Patient/$export" + query, token, ("Prefer", "respond-async"));

    private static async Task<Dictionary<string, string>> FilesAsync(Cast cast, string query)
    {
        var manifest = await cast.Server.GetAsync((await BeginAsync(cast, cast.Holder, query)).Header("Content-Location")!, cast.Holder);
        return manifest.Json.GetProperty("output").EnumerateArray().ToDictionary(f => f.GetProperty("type").GetString()!, f => f.GetProperty("url").GetString()!);
    }

    private static async Task<List<JsonElement>> LinesAsync(Cast cast, string url, string token)
    {
        var file = await cast.Server.GetAsync(url, token);
        Assert.True(file.Status == 200, file.Whole);
        Assert.StartsWith("application/fhir+ndjson", file.Header("Content-Type"), StringComparison.Ordinal);
        return [.. file.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }
}
