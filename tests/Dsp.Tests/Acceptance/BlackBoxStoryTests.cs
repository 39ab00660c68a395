using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Server.SignIn;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using static Dsp.Tests.Acceptance.Asking;

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
        var (_, token) = await cast.PharmacistAsync();
        var id = await cast.DepositedImageAsync(Image);
        await cast.OpenContextAsync(token);
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

    private static string? PersonOf(JsonElement line) => line.TryGetProperty("person", out var p) && p.ValueKind == JsonValueKind.Object && p.TryGetProperty("id", out var id) ? id.GetString() : null;
}
