using Dsp.Access;
using Dsp.Server.Portal;
using Dsp.Tests.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dsp.Tests.Crash;

/// <summary>Every door of the process, and what each must say when the store is away: the refusal in its own words, and nothing else.</summary>
internal static class Doors
{
    public static void MapSignIn(WebApplication app) => app.MapGet("/test-sign-in/{person:guid}", (HttpContext context, PortalSession session, Guid person) =>
        session.SignInAsync(context, CallerKind.Person, new PersonId(person), strong: true, longLived: true, context.RequestAborted));

    /// <summary>The portal's cookie of the holder.</summary>
    public static async Task<string> CookieAsync(Cast cast)
    {
        var answer = await cast.Server.GetAsync($"/test-sign-in/{cast.Emma.Person}");
        Assert.Equal(200, answer.Status);
        return answer.Header("Set-Cookie").Split(';')[0];
    }

    public static async Task AssertUnavailableAsync(Cast cast, string document, string cookie)
    {
        var server = cast.Server;
        Unavailable(await cast.DepositAsync(cast.Lab, Bundles.Provide(cast.Emma.Number!, [1, 2, 3])));
        Unavailable(await cast.SearchAsync(cast.DoctorToken));
        Unavailable(await server.GetAsync("/fhir/DocumentReference/" + document, cast.DoctorToken));
        Unavailable(await server.GetAsync("/fhir/Binary/" + document, cast.DoctorToken));
        Unavailable(await server.GetAsync($"/api/records/{cast.Record}/history", cast.Holder));
        Unavailable(await server.GetAsync($"/api/records/{cast.Record}/documents/{document}/view", cast.Holder));
        Unavailable(await server.PostJsonAsync("/api/presence-codes", cast.Holder, "{}"));
        Unavailable(await server.PostJsonAsync("/api/care-contexts", cast.Hospital, $$"""{"nationalId":"{{cast.Emma.Number}}","kind":"emergency"}"""));
        Unavailable(await server.PostJsonAsync($"/api/records/{cast.Record}/closure", cast.Holder, "{}"));
        Unavailable(await server.GetAsync("/health/ready"));
        Assert.Equal(200, (await server.GetAsync("/health/live")).Status);
        foreach (var path in new[] { "/fr", "/fr/documents", "/de/consultations" }) UnavailablePage(await server.GetAsync(path, null, ("Cookie", cookie)));
    }

    /// <summary>DSP-5004 with when to come back: an OperationOutcome on /fhir, problem details elsewhere.</summary>
    public static void Unavailable(Answer answer)
    {
        Assert.True(answer.Status == 503, answer.Whole);
        Assert.Equal("5", answer.Header("Retry-After"));
        if (answer.Header("Content-Type").StartsWith("application/fhir+json", StringComparison.Ordinal))
        {
            Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
            var issue = answer.Json.GetProperty("issue")[0];
            Assert.Equal("DSP-5004", issue.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString());
            Assert.Equal(Refusals.Unavailable.Text, issue.GetProperty("diagnostics").GetString());
            return;
        }
        Assert.StartsWith("application/problem+json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal("DSP-5004", answer.Json.GetProperty("id").GetString());
        Assert.Equal(Refusals.Unavailable.Text, answer.Json.GetProperty("detail").GetString());
    }

    /// <summary>The portal's own page: a sentence, a reference, a way to try again, 112; no word of the machine's.</summary>
    private static void UnavailablePage(Answer answer)
    {
        Assert.True(answer.Status == 503, answer.Whole);
        Assert.StartsWith("text/html", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("112", answer.Text, StringComparison.Ordinal);
        Assert.Matches("[0-9a-f]{10}", answer.Text);
        foreach (var word in new[] { "Exception", "Npgsql", "Sqlite", "127.0.0.1:5", "   at " }) Assert.DoesNotContain(word, answer.Text, StringComparison.Ordinal);
    }
}
