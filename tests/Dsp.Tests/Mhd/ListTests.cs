using Dsp.Access;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Mhd;

/// <summary>ITI-66: submission sets and folders as each reader may see them, with every parameter and every refusal.</summary>
public sealed class ListTests
{
    [Theory, EveryStore]
    public async Task A_submission_is_found_by_what_was_said_of_it_and_by_nothing_else(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var bundle = cast.Bundle();
        var kept = await cast.KeptAsync(bundle);
        var unique = (string)bundle.List()["identifier"]![1]!["value"]!;

        foreach (var (query, found) in new (string, bool)[]
        {
            ("", true), ("&code=submissionset", true), ("&code=folder", false), ("&code=folder,submissionset", true), ("&code=urn:other|submissionset", false),
            ("&designationType=http://loinc.org|11502-2", true), ("&designationType=18842-5", false), ("&source.family=sour", true), ("&source.family:exact=Sour", false), ("&source.given=Bar", true),
            ("&sourceId=urn:oid:1.2.3.4.5", true), ("&sourceId=urn:oid:9", false), ("&date=ge2020-01-01", true), ("&date=lt2020-01-01", false), ($"&_id={kept[0][1]}", true), ($"&_id={kept[1][1]}", false),
            ("&identifier=" + unique.ToUpperInvariant().Replace("URN:UUID", "urn:uuid", StringComparison.Ordinal), true), ("&identifier=urn:uuid:0", false), ("&targetCommunityIdList=urn:oid:1.2.3", true), ("&other=x", true), ("&source.family=", true),
        })
        {
            var answer = await cast.ListsAsync(cast.Holder, query);
            Assert.True(answer.Status == 200, query + answer.Text);
            Assert.True((answer.Json.GetProperty("total").GetInt32() == 1) == found, query);
            Assert.Equal(found ? 1 : 0, answer.Resources("List").Count);
        }
        Assert.Empty((await cast.Server.GetAsync($"/fhir/List?patient={cast.Record}&status=retired", cast.Holder)).Resources("List"));
        var posted = await cast.Server.SendAsync(HttpMethod.Post, "/fhir/List/_search", cast.Holder, new StringContent($"patient={cast.Record}&code=submissionset", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"));
        var list = Assert.Single(posted.Resources("List"));
        Assert.Equal(kept[1][1], Assert.Single(list.Members()));
        Assert.EndsWith("UnContained.Comprehensive.SubmissionSet", list.GetProperty("meta").GetProperty("profile")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("submissionset", list.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString());
    }

    [Theory, EveryStore]
    public async Task A_list_shows_what_its_reader_may_see_and_with_nothing_visible_there_is_none(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var kept = await cast.KeptAsync(cast.Bundle("un").And(cast.Bundle("deux")));
        var (list, first, second) = (kept[0][1], kept[1][1], kept[3][1]);
        await cast.OpenContextAsync();

        Assert.Equal([first, second], Assert.Single((await cast.ListsAsync(cast.DoctorToken)).Resources("List")).Members());
        var included = await cast.ListsAsync(cast.DoctorToken, "&_include=List:item");
        Assert.Equal(2, included.Resources("DocumentReference").Count);
        Assert.Equal(1, included.Json.GetProperty("total").GetInt32());

        await cast.MaskAsync(second, cast.Doctor.Person.ToString()!);
        included = await cast.ListsAsync(cast.DoctorToken, "&_include=List:item");
        Assert.Equal([first], Assert.Single(included.Resources("List")).Members());
        Assert.Equal(first, Assert.Single(included.Resources("DocumentReference")).GetProperty("id").GetString());
        foreach (var address in new[] { $"/fhir/List/{list}", $"/fhir/List/{list}/_history", $"/fhir/List/{list}/_history/1" })
        {
            var answer = await cast.Server.GetAsync(address, cast.DoctorToken);
            Assert.Equal(200, answer.Status);
            Assert.DoesNotContain(second, answer.Text, StringComparison.Ordinal);
        }
        Assert.Equal([first, second], (await cast.Server.GetAsync($"/fhir/List/{list}", cast.Holder)).Json.Members());

        // Nothing is left to see: the list is what a list that never was is, to this reader and to a stranger.
        await cast.MaskAsync(first, cast.Doctor.Person.ToString()!);
        Assert.Equal(0, (await cast.ListsAsync(cast.DoctorToken)).Json.GetProperty("total").GetInt32());
        foreach (var token in new[] { cast.DoctorToken, cast.OtherToken, cast.Hospital })
            foreach (var tail in new[] { "", "/_history", "/_history/1" })
            {
                var hidden = await cast.Server.GetAsync($"/fhir/List/{list}{tail}", token);
                var never = await cast.Server.GetAsync($"/fhir/List/{Guid.CreateVersion7()}{tail}", token);
                Assert.Equal((404, never.Text), (hidden.Status, hidden.Text));
                Assert.Equal(never.Header("ETag"), hidden.Header("ETag"));
            }
        Assert.Empty((await cast.ListsAsync(cast.OtherToken)).Resources("List"));
        Assert.Single((await cast.ListsAsync(cast.Lab)).Resources("List"));
        Assert.Empty((await cast.ListsAsync(cast.Hospital)).Resources("List"));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_a_link_opens_for_its_caller_alone()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        foreach (var title in new[] { "un", "deux", "trois" })
        {
            await cast.KeptAsync(cast.Bundle(title));
            cast.Server.World.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var seen = new List<string>();
        var answer = await cast.ListsAsync(cast.Holder, "&_count=1");
        var firstNext = NextOf(answer)!;
        for (var page = 0; page < 3; page++)
        {
            Assert.Equal(3, answer.Json.GetProperty("total").GetInt32());
            seen.Add(Assert.Single(answer.Resources("List")).GetProperty("title").GetString()!);
            if (NextOf(answer) is { } next) answer = await cast.Server.GetAsync(next, cast.Holder);
        }

        Assert.Equal(["trois", "deux", "un"], seen);
        Assert.Null(NextOf(answer));
        Assert.Equal((400, "DSP-1013"), (await cast.Server.GetAsync(firstNext, cast.Lab)).Told() is var (status, id, _) ? (status, id) : default);
        // A link of the one search opens nothing in the other.
        Assert.Equal(400, (await cast.Server.GetAsync(firstNext.Replace("/List?", "/DocumentReference?", StringComparison.Ordinal), cast.Holder)).Status);
    }

    [Theory]
    [InlineData("code=folder", 400, "DSP-1012", "XDSStoredQueryMissingParam")]
    [InlineData("patient.identifier=123", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&code:not=folder", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&date=yesterday", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&date:missing=true", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&status=draft", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&_count=0", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&_total=all", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&_include=List:subject", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&page=abc", 400, "DSP-1013", "XDSStoredQueryParamNumber")]
    [InlineData("patient=x&_format=turtle", 406, "DSP-1014", null)]
    public async Task Every_refusal_of_a_search_is_told_with_its_code(string query, int status, string id, string? xds)
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        Assert.Equal((status, id, xds), (await server.GetAsync("/fhir/List?" + query, server.AnyToken())).Told());
    }

    [Fact]
    public async Task A_scope_for_one_type_opens_no_list_and_a_scope_for_lists_opens_no_document()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.KeptAsync(cast.Bundle());
        string Token(params string[] scopes) => cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = scopes });

        Assert.Equal(401, (await cast.ListsAsync("nobody")).Status);
        Assert.Equal(403, (await cast.ListsAsync(Token("patient/DocumentReference.rs"))).Status);
        Assert.Equal(403, (await cast.ListsAsync(Token("ITI-67"))).Status);
        Assert.Single((await cast.ListsAsync(Token("ITI-66"))).Resources("List"));
        Assert.Single((await cast.ListsAsync(Token("patient/List.s"))).Resources("List"));
        Assert.Equal((403, "DSP-3002"), (await cast.ListsAsync(Token("patient/List.rs"), "&_include=List:item")).Told() is var (status, id, _) ? (status, id) : default);
        Assert.Single((await cast.ListsAsync(Token("patient/List.rs", "patient/DocumentReference.r"), "&_include=List:item")).Resources("DocumentReference"));
        // A token for documents of one category sees no list of the others.
        Assert.Empty((await cast.ListsAsync(Token("patient/List.rs", "patient/DocumentReference.rs?category=MedicalImaging"))).Resources("List"));
    }

    [Fact]
    public async Task An_unknown_parameter_is_ignored_unless_it_is_to_be_told()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        Assert.Equal(200, (await cast.ListsAsync(cast.Holder, "&emptyReason=x")).Status);
        Assert.Equal(400, (await cast.Server.GetAsync($"/fhir/List?patient={cast.Record}&emptyReason=x", cast.Holder, ("Prefer", "handling=strict"))).Status);
    }

    private static string? NextOf(Answer answer) =>
        answer.Json.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()).FirstOrDefault();
}
