using System.Text.RegularExpressions;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Acceptance;

/// <summary>Searching and reading from outside, and what stands for nothing.</summary>
internal static class Asking
{
    /// <summary>Neither search nor reading differs from what an unknown patient and an unknown document get.</summary>
    public static async Task NothingAsync(Cast cast, string token, string id)
    {
        var known = await SearchAsync(cast, token);
        var unknown = await cast.Server.GetAsync(Query(WorldPeople.UnknownNumber), token);
        Assert.Equal(Plain(unknown, WorldPeople.UnknownNumber), Plain(known, cast.Emma.Number!));
        await NoDocumentAsync(cast, token, id);
    }

    /// <summary>Finds nothing, and reads nothing.</summary>
    public static async Task NoDocumentAsync(Cast cast, string token, string id)
    {
        Assert.Equal(0, Total(await SearchAsync(cast, token)));
        await NoWordAsync(cast, token, id);
    }

    /// <summary>This document is answered like one that never was.</summary>
    public static async Task NoWordAsync(Cast cast, string token, string id)
    {
        var nothing = Ids.Text(Ids.New(cast.Server.World.Clock));
        foreach (var path in new[] { "/fhir/Binary/", "/fhir/DocumentReference/" })
        {
            var (unknown, hidden) = (await cast.Server.GetAsync(path + nothing, token), await cast.Server.GetAsync(path + id, token));
            Assert.Equal(404, hidden.Status);
            Assert.Equal(unknown.Whole, hidden.Whole);
        }
    }

    /// <summary>Without what names the answer or repeats the question: ids, instants and the number asked for.</summary>
    private static string Plain(Answer answer, string number)
    {
        var text = answer.Whole.Replace(number, "{number}", StringComparison.Ordinal);
        text = Regex.Replace(text, "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "{id}");
        return Regex.Replace(text, @"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)", "{instant}");
    }

    private static string Query(string number) => $"/fhir/DocumentReference?patient.identifier={Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + number)}&status=current&_total=accurate";

    public static Task<Answer> SearchAsync(Cast cast, string token) => cast.SearchAsync(token, "&_total=accurate");

    public static Task<Answer> ReadAsync(Cast cast, string id, string token) => cast.Server.GetAsync("/fhir/Binary/" + id, token, ("Accept", "*/*"));

    public static int Total(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        var entries = answer.Json.TryGetProperty("entry", out var found) ? found.GetArrayLength() : 0;
        Assert.Equal(entries, answer.Json.GetProperty("total").GetInt32());
        return entries;
    }
}
