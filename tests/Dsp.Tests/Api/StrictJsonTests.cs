using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Api;

/// <summary>Bad input gets what is wrong and where, and changes nothing.</summary>
public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("\"text\"", 400)]
    [InlineData("{} {}", 400)]
    [InlineData("""{"documentId":"x","from":"everyone"}""", 400)]
    [InlineData("""{"from":"everyone"}""", 400)]
    [InlineData("""{"documentId":"01963f00-0000-7000-8000-000000000001"}""", 400)]
    [InlineData("""{"documentId":"01963f00-0000-7000-8000-000000000001","from":null}""", 400)]
    [InlineData("""{"documentId":"01963f00-0000-7000-8000-000000000001","from":7}""", 400)]
    [InlineData("""{"documentId":"01963f00-0000-7000-8000-000000000001","from":"everyone","also":1}""", 400)]
    [InlineData("""{"documentId":"01963f00-0000-7000-8000-000000000001","from":"everyone","from":"everyone"}""", 400)]
    [InlineData("""{"DocumentId":"01963f00-0000-7000-8000-000000000001","from":"everyone"}""", 400)]
    [InlineData("""{"documentId":"01963f00-0000-7000-8000-000000000001","from":"everyone",}""", 400)]
    [InlineData("""{"documentId":"01963f00-0000-7000-8000-000000000001","from":"everyone"/* no */}""", 400)]
    [InlineData("""{"documentId":"01963f00-0000-7000-8000-000000000001","from":"somebody"}""", 400)]
    public async Task A_body_of_another_shape_is_refused(string body, int status)
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var answer = await server.PostJsonAsync($"/api/records/{Guid.CreateVersion7()}/masks", server.AnyToken(), body);

        Assert.Equal(status, answer.Status);
        Assert.StartsWith("application/problem+json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.StartsWith("DSP-10", answer.Json.GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_deep_is_told_as_too_deep()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 65)) + "1" + new string('}', 65);

        var answer = await server.PostJsonAsync($"/api/records/{Guid.CreateVersion7()}/masks", server.AnyToken(), deep);

        Assert.Equal(400, answer.Status);
        Assert.Equal("DSP-5002", answer.Json.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_415(string type)
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var answer = await server.PostJsonAsync("/api/presence-codes", server.AnyToken(), "{}", type);

        Assert.Equal(415, answer.Status);
    }

    [Fact]
    public async Task A_refusal_never_repeats_what_was_sent()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var answer = await server.PostJsonAsync("/api/presence-codes", server.AnyToken(), """{"secret-member":"secret-value"}""");

        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_is_answered_whatever_Accept_says_and_unknown_methods_are_405_with_Allow()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var answer = await server.GetAsync($"/api/records/{Guid.CreateVersion7()}/history", server.AnyToken(), ("Accept", "text/html"));
        var put = await server.SendAsync(HttpMethod.Put, "/api/presence-codes", server.AnyToken());

        Assert.StartsWith("application/problem+json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal(404, answer.Status);
        Assert.Equal(405, put.Status);
        Assert.Equal("POST", put.Header("Allow"));
        Assert.Equal("DSP-1016", put.Json.GetProperty("id").GetString());
    }
}
