using System.Text.Json;
using Dsp.Access;
using Dsp.Tests.Facts;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Resources;

/// <summary><c>DocumentReference/$docref</c>: the documents a caller may see by dates of care and type, and the summary made on demand.</summary>
public sealed class DocRefTests
{
    private const string Summary = "60591-5";

    [Theory, EveryStore]
    public async Task The_treating_doctor_is_shown_what_a_search_shows_and_to_a_stranger_there_is_nothing(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var document = await cast.DepositedAsync(FactWorld.Report());
        await cast.OpenContextAsync();

        var found = await AskAsync(cast, cast.DoctorToken);
        var stranger = await AskAsync(cast, cast.OtherToken, $"&type={Summary}");
        var nowhere = await cast.Server.GetAsync($"/fhir/DocumentReference/$docref?patient={Guid.CreateVersion7()}&type={Summary}", cast.OtherToken);

        Assert.Equal(document, Assert.Single(Entries(found)).GetProperty("resource").GetProperty("id").GetString());
        Assert.Equal(1, found.Json.GetProperty("total").GetInt32());
        Assert.Equal((200, 0, 0), (stranger.Status, stranger.Json.GetProperty("total").GetInt32(), Entries(stranger).Count));
        Assert.Equal(nowhere.Text.Length, stranger.Text.Length);
        await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{document}}","from":"{{cast.Doctor.Person}}"}""");
        Assert.Empty(Entries(await AskAsync(cast, cast.DoctorToken)));
        Assert.Equal(0, (await AskAsync(cast, cast.DoctorToken)).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task The_summary_is_offered_to_whom_it_would_open_where_its_type_is_asked_for()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(FactWorld.Report());

        var entry = Assert.Single(Entries(await AskAsync(cast, cast.Holder, $"&type=http://loinc.org|{Summary}")));
        var address = entry.GetProperty("resource").GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString()!;
        Assert.Equal($"{cast.Server.Fhir}/Patient/{cast.Record}/$summary", address);
        Assert.Equal(200, (await cast.Server.GetAsync(address, cast.Holder)).Status);

        Assert.Single(Entries(await AskAsync(cast, cast.Holder, "&on-demand=true")));
        Assert.Equal(2, Entries(await AskAsync(cast, cast.Holder, $"&type={Summary},11502-2")).Count);
        Assert.Single(Entries(await AskAsync(cast, cast.Holder, $"&type={Summary},11502-2&on-demand=true")));
        Assert.Single(Entries(await AskAsync(cast, cast.Holder, "&type=11502-2")));
        Assert.Empty(Entries(await AskAsync(cast, cast.Holder, "&type=11502-2&on-demand=true")));
        Assert.Empty(Entries(await AskAsync(cast, cast.Lab, $"&type={Summary}")));
        Assert.Empty(Entries(await AskAsync(cast, cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/DocumentReference.s"] }), $"&type={Summary}")));
    }

    [Theory]
    [InlineData("&start=2026-11-19", 1)]
    [InlineData("&start=2026-11-19&end=2026-11-21", 1)]
    [InlineData("&end=2026-01-01", 0)]
    [InlineData("&start=2026-12-01", 0)]
    [InlineData("&type=18842-5", 0)]
    [InlineData("&profile=http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips", 1)]
    public async Task Dates_of_care_and_type_narrow(string more, int count)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(FactWorld.Report());

        Assert.Equal(count, Entries(await AskAsync(cast, cast.Holder, more)).Count);
    }

    [Fact]
    public async Task Pages_continue_and_a_posted_question_is_the_same()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        for (var i = 0; i < 3; i++) await cast.DepositedAsync(FactWorld.Report(), $"n{i}");

        var first = await AskAsync(cast, cast.Holder, $"&_count=2&type={Summary},11502-2");
        var next = first.Json.GetProperty("link")[1].GetProperty("url").GetString()!;

        Assert.Equal(3, Entries(first).Count);
        Assert.Single(Entries(await cast.Server.GetAsync(next, cast.Holder)));
        Assert.Equal(400, (await cast.Server.GetAsync(next, cast.DoctorToken)).Status);
        var posted = await cast.Server.PostJsonAsync("/fhir/DocumentReference/$docref", cast.Holder,
            $$$"""{"resourceType":"Parameters","parameter":[{"name":"patient","valueId":"{{{cast.Record}}}"},{"name":"type","valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":"{{{Summary}}}"}]}},{"name":"on-demand","valueBoolean":true}]}""", "application/fhir+json");
        Assert.True(posted.Status == 200 && Entries(posted).Count == 1, posted.Text);
    }

    [Theory]
    [InlineData("", 400, "DSP-1012")]
    [InlineData("type=60591-5", 400, "DSP-1012")]
    [InlineData("patient={p}&start=tomorrow", 400, "DSP-1013")]
    [InlineData("patient={p}&end=2026-13", 400, "DSP-1013")]
    [InlineData("patient={p}&type:not=x", 400, "DSP-1013")]
    [InlineData("patient={p}&on-demand=perhaps", 400, "DSP-1013")]
    [InlineData("patient={p}&profile=http://example.org/other", 400, "DSP-1013")]
    [InlineData("patient={p}&_count=0", 400, "DSP-1013")]
    [InlineData("patient={p}&page=x", 400, "DSP-1013")]
    [InlineData("patient={p}&_format=turtle", 406, "DSP-1014")]
    public async Task Everything_else_is_refused_by_name(string query, int status, string id)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await cast.Server.GetAsync($"/fhir/DocumentReference/$docref?{query.Replace("{p}", cast.Record, StringComparison.Ordinal)}", cast.Holder);

        Assert.Equal((status, id), (answer.Status, answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()));
    }

    private static Task<Answer> AskAsync(Cast cast, string token, string more = "") => cast.Server.GetAsync($"/fhir/DocumentReference/$docref?patient={cast.Record}{more}", token);

    private static List<JsonElement> Entries(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray()] : [];
    }
}
