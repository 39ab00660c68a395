using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Server.SignIn;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Acceptance;

/// <summary>The main job from outside, by HTTP alone, on both databases, with a clock that the test moves.</summary>
public sealed class BlackBoxStoryTests
{
    private static readonly byte[] Analyses = Encoding.UTF8.GetBytes("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>Bilan sanguin</title></ClinicalDocument>");
    private static readonly byte[] Image = [.. Enumerable.Range(0, 150_000).Select(i => (byte)(i * 31))];

    [Theory, EveryStore]
    public async Task Who_has_no_relation_is_blocked_or_masked_gets_what_stands_for_nothing_not_even_a_count(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync(Analyses);
        await cast.OpenContextAsync();
        Assert.Equal(1, Total(await SearchAsync(cast, cast.DoctorToken)));
        Assert.Equal(Analyses, (await ReadAsync(cast, id, cast.DoctorToken)).Bytes);

        await NothingAsync(cast, cast.OtherToken, id);
        var mask = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{id}}","from":"everyone"}""");
        Assert.Equal(201, mask.Status);
        await NoDocumentAsync(cast, cast.DoctorToken, id);
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, mask.Header("Location"), cast.Holder)).Status);
        var block = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Doctor.Person}}"}""");
        Assert.Equal(201, block.Status);
        await NothingAsync(cast, cast.DoctorToken, id);
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, block.Header("Location"), cast.Holder)).Status);
        Assert.Equal(Analyses, (await ReadAsync(cast, id, cast.DoctorToken)).Bytes);
    }

    [Theory, EveryStore]
    public async Task A_pharmacist_with_a_relation_finds_analyses_and_no_imaging(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var world = cast.Server.World;
        var pharmacy = await world.InstitutionAsync("Pharmacie (fictif)", InstitutionKind.Practice);
        var pharmacist = await world.ProfessionalAsync(pharmacy, "Farmelino", "Lidia", "pharmacien", MatrixGroup.PHA);
        var token = cast.Server.Token(CallerKind.Professional, pharmacist.Person!.Value.Value, r => r with { Institution = pharmacy, Program = pharmacy, Scopes = TokenRequest.UsualScopes(CallerKind.Professional) });
        var imaging = await cast.DepositAsync(cast.Hospital, Bundles.Provide(cast.Emma.Number!, Image, "Radio du thorax", "application/pdf", "18748-4", "MedicalImaging"));
        Assert.True(imaging.Status == 200, imaging.Text);
        var id = imaging.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
        var code = await cast.Server.PostJsonAsync("/api/presence-codes", cast.Holder, "{}");
        var opened = await cast.Server.PostJsonAsync("/api/care-contexts", token, $$"""{"nationalId":"{{cast.Emma.Number}}","kind":"individual","presenceCode":"{{code.Json.GetProperty("code").GetString()}}"}""");
        Assert.True(opened.Status == 201, opened.Text);
        await NoDocumentAsync(cast, token, id);

        var analyses = await cast.DepositedAsync(Analyses);
        Assert.Equal(1, Total(await SearchAsync(cast, token)));
        Assert.Equal(Analyses, (await ReadAsync(cast, analyses, token)).Bytes);
    }

    [Theory, EveryStore]
    public async Task An_emergency_registration_opens_the_record_and_ends_by_the_clock_and_the_holder_sees_every_line(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync(Analyses);
        await NothingAsync(cast, cast.EmergencyToken, id);
        var registered = await cast.Server.PostJsonAsync("/api/care-contexts", cast.Hospital, $$"""{"nationalId":"{{cast.Emma.Number}}","kind":"emergency"}""");
        Assert.True(registered.Status == 201, registered.Text);
        Assert.Equal(1, Total(await SearchAsync(cast, cast.EmergencyToken)));
        Assert.Equal(Analyses, (await ReadAsync(cast, id, cast.EmergencyToken)).Bytes);
        cast.Server.World.Clock.Advance(TimeSpan.FromDays(16) - TimeSpan.FromMinutes(1));
        Assert.Equal(1, Total(await SearchAsync(cast, cast.EmergencyToken)));
        cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(2));
        await NothingAsync(cast, cast.EmergencyToken, id);

        var history = await cast.Server.GetAsync($"/api/records/{cast.Record}/history?count=200", cast.Holder);
        Assert.True(history.Status == 200, history.Text);
        var lines = history.Json.GetProperty("entries").EnumerateArray().Where(l => PersonOf(l) == cast.Emergency.Person!.Value.ToString()).ToList();
        Assert.Contains(lines, l => l.GetProperty("outcome").GetString() == "refused");
        Assert.Contains(lines, l => l.GetProperty("outcome").GetString() != "refused" && l.GetRawText().Contains(id, StringComparison.Ordinal));
        Assert.All(lines, l => Assert.False(string.IsNullOrEmpty(l.GetProperty("institution").GetProperty("name").GetString())));
    }

    [Theory, EveryStore]
    public async Task A_closed_record_is_found_by_nobody_and_reopened_all_is_back_byte_for_byte(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var small = await cast.DepositedAsync(Analyses);
        var large = await cast.DepositedAsync(Image, "Scanner", "application/pdf");
        await cast.OpenContextAsync();
        Assert.Equal(2, Total(await SearchAsync(cast, cast.DoctorToken)));
        Assert.Equal(201, (await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/closure", cast.Holder, "{}")).Status);
        await NothingAsync(cast, cast.DoctorToken, small);
        var unknown = await cast.DepositAsync(cast.Lab, Bundles.Provide(WorldPeople.UnknownNumber, [1]));
        var late = await cast.DepositAsync(cast.Lab, Bundles.Provide(cast.Emma.Number!, [1]));
        Assert.Equal(422, late.Status);
        Assert.Equal(unknown.Whole, late.Whole);

        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, $"/api/records/{cast.Record}/closure", cast.Holder)).Status);
        Assert.Equal(2, Total(await SearchAsync(cast, cast.Holder)));
        Assert.Equal(Analyses, (await ReadAsync(cast, small, cast.Holder)).Bytes);
        Assert.Equal(Image, (await ReadAsync(cast, large, cast.Holder)).Bytes);
    }

    /// <summary>Neither search nor reading differs from what an unknown patient and an unknown document get.</summary>
    private static async Task NothingAsync(Cast cast, string token, string id)
    {
        var known = await SearchAsync(cast, token);
        var unknown = await cast.Server.GetAsync(Query(WorldPeople.UnknownNumber), token);
        Assert.Equal(Plain(unknown, WorldPeople.UnknownNumber), Plain(known, cast.Emma.Number!));
        await NoDocumentAsync(cast, token, id);
    }

    private static async Task NoDocumentAsync(Cast cast, string token, string id)
    {
        Assert.Equal(0, Total(await SearchAsync(cast, token)));
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
        text = System.Text.RegularExpressions.Regex.Replace(text, "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "{id}");
        return System.Text.RegularExpressions.Regex.Replace(text, @"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)", "{instant}");
    }

    private static string Query(string number) => $"/fhir/DocumentReference?patient.identifier={Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + number)}&status=current&_total=accurate";

    private static Task<Answer> SearchAsync(Cast cast, string token) => cast.SearchAsync(token, "&_total=accurate");

    private static Task<Answer> ReadAsync(Cast cast, string id, string token) => cast.Server.GetAsync("/fhir/Binary/" + id, token, ("Accept", "*/*"));

    private static int Total(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        var entries = answer.Json.TryGetProperty("entry", out var found) ? found.GetArrayLength() : 0;
        Assert.Equal(entries, answer.Json.GetProperty("total").GetInt32());
        return entries;
    }

    private static string? PersonOf(JsonElement line) => line.TryGetProperty("person", out var p) && p.ValueKind == JsonValueKind.Object && p.TryGetProperty("id", out var id) ? id.GetString() : null;
}
