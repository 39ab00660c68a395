using System.Text.Json;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Facts;

/// <summary><c>POST /api/records/{id}/search</c> (architecture §10).</summary>
public sealed class SearchRouteTests
{
    [Theory, EveryStore]
    public async Task The_treating_doctor_finds_words_with_their_surroundings_and_to_others_the_record_holds_none(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync(FactWorld.Report());
        await cast.OpenContextAsync();

        var found = await SearchAsync(cast, cast.DoctorToken, """{"q":"hypertension TRAITEE"}""");

        Assert.True(found.Status == 200, found.Text);
        var hit = Assert.Single(found.Json.GetProperty("hits").EnumerateArray());
        Assert.Equal((id, "MedicalAnalyses"), (hit.GetProperty("documentId").GetString(), hit.GetProperty("category").GetString()));
        Assert.Contains("Hypertension artérielle traitée", hit.GetProperty("snippet").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (found.Json.GetProperty("total").GetInt32(), found.Json.GetProperty("unread").GetInt32()));

        var stranger = await SearchAsync(cast, cast.OtherToken, """{"q":"hypertension"}""");
        var nowhere = await cast.Server.PostJsonAsync($"/api/records/{Guid.CreateVersion7()}/search", cast.OtherToken, """{"q":"hypertension"}""");
        Assert.Equal(nowhere.Whole, stranger.Whole);
        Assert.Equal("""{"hits":[],"total":0,"unread":0}""", stranger.Text);
    }

    [Theory]
    [InlineData("""{"q":"..."}""", 400)]
    [InlineData("""{"q":"a","count":0}""", 400)]
    [InlineData("""{"q":"a","count":101}""", 400)]
    [InlineData("""{"q":"a","categories":["Nothing"]}""", 400)]
    [InlineData("""{"words":"a"}""", 400)]
    [InlineData("""{}""", 400)]
    public async Task A_question_that_cannot_be_asked_is_refused(string body, int status)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        Assert.Equal(status, (await SearchAsync(cast, cast.DoctorToken, body)).Status);
    }

    private static Task<Answer> SearchAsync(Cast cast, string token, string body) => cast.Server.PostJsonAsync($"/api/records/{cast.Record}/search", token, body);
}
