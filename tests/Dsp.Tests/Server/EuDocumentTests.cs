using System.Globalization;
using System.Text;
using Dsp.Tests.Support;

namespace Dsp.Tests.Server;

/// <summary>EU Health Data API, Document Access Provider: what its DocumentReference asks for beyond MHD.</summary>
public sealed class EuDocumentTests
{
    [Theory, EveryStore]
    public async Task A_reference_says_when_it_came_in_and_who_keeps_the_original(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync([1]);
        var bundle = Bundles.Provide(cast.Emma.Number!, [2]);
        Assert.DoesNotContain("custodian", bundle, StringComparison.Ordinal);

        var read = (await cast.Server.GetAsync("/fhir/DocumentReference/" + id, cast.Holder)).Json;

        Assert.True(read.GetProperty("date").GetDateTimeOffset() <= cast.Server.World.Clock.GetUtcNow());
        Assert.Equal("Laboratoire Nord (fictif)", read.GetProperty("custodian").GetProperty("display").GetString());
        var keeper = await cast.Server.GetAsync("/fhir/" + read.GetProperty("custodian").GetProperty("reference").GetString(), cast.Holder);
        Assert.Equal("Laboratoire Nord (fictif)", keeper.Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_the_source_says_of_both_is_kept_as_it_said_it()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var sent = Bundles.Provide(cast.Emma.Number!, [1]);
        const string Head = "\"resourceType\":\"DocumentReference\",";
        var at = sent.IndexOf(Head, StringComparison.Ordinal);
        Assert.True(at > 0, sent);
        var deposited = await cast.DepositAsync(cast.Lab, sent.Insert(at + Head.Length, "\"custodian\":{\"display\":\"Archive (fictif)\"},"));
        Assert.True(deposited.Status == 200, deposited.Whole);

        var found = (await cast.SearchAsync(cast.Holder)).Json.GetProperty("entry")[0].GetProperty("resource");

        Assert.Equal("Archive (fictif)", found.GetProperty("custodian").GetProperty("display").GetString());
        Assert.Contains($"\"date\":\"{found.GetProperty("date").GetString()}\"", sent, StringComparison.Ordinal);
        Assert.Single(found.EnumerateObject(), p => p.Name == "date");
    }

    [Fact]
    public async Task What_changed_since_an_instant_is_found()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync([1]);
        cast.Server.World.Clock.Advance(TimeSpan.FromHours(1));
        var since = cast.Server.World.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var late = await cast.DepositedAsync([2]);

        var found = await cast.SearchAsync(cast.Holder, "&_lastUpdated=ge" + Uri.EscapeDataString(since));

        Assert.Equal(late, found.Json.GetProperty("entry").EnumerateArray().Single().GetProperty("resource").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_FHIR_document_comes_back_as_the_document_it_is()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var document = Encoding.UTF8.GetBytes("""{"resourceType":"Bundle","type":"document","identifier":{"system":"urn:ietf:rfc:3986","value":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"},"timestamp":"2026-01-01T00:00:00Z","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Composition","status":"final","type":{"text":"x"},"date":"2026-01-01","author":[{"display":"x"}],"title":"x"}}]}""");
        var id = await cast.DepositedAsync(document, contentType: "application/fhir+json");

        var read = await cast.Server.GetAsync("/fhir/Binary/" + id, cast.Holder, ("Accept", "application/fhir+json"));

        Assert.Equal(document, read.Bytes);
    }
}
