using System.Text;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using static Dsp.Tests.Acceptance.Asking;

namespace Dsp.Tests.Acceptance;

/// <summary>The main job in one piece, from the first deposit to the reopened record, by HTTP alone and on both databases.</summary>
public sealed class WholeStoryTests
{
    private static readonly byte[] Analyses = Encoding.UTF8.GetBytes("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>Bilan sanguin</title></ClinicalDocument>");
    private static readonly byte[] Image = [.. Enumerable.Range(0, 150_000).Select(i => (byte)(i * 31))];

    [Theory, EveryStore]
    public async Task From_the_first_deposit_to_the_reopened_record_everyone_gets_what_is_theirs_and_nothing_else(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var (_, pharmacist) = await cast.PharmacistAsync();
        var analyses = await cast.DepositedAsync(Analyses);
        var imaging = await cast.DepositedImageAsync(Image);
        Assert.Equal(Analyses, (await ReadAsync(cast, analyses, cast.Lab)).Bytes);

        // Nobody has a relation yet.
        foreach (var token in new[] { cast.DoctorToken, cast.OtherToken, cast.EmergencyToken, pharmacist })
            foreach (var id in new[] { analyses, imaging }) await NothingAsync(cast, token, id);

        await cast.OpenContextAsync();
        await SeesAsync(cast, cast.DoctorToken, (analyses, Analyses), (imaging, Image));
        await cast.OpenContextAsync(pharmacist);
        await SeesAsync(cast, pharmacist, (analyses, Analyses));
        await NoWordAsync(cast, pharmacist, imaging);
        await NothingAsync(cast, cast.OtherToken, analyses);

        await MaskedAndBlockedAsync(cast, pharmacist, analyses, imaging);
        await EmergencyAsync(cast, analyses, imaging);

        // The relations of closing day: the doctor's by a code, the emergency department's by registration.
        await cast.OpenContextAsync();
        await cast.OpenContextAsync(pharmacist);
        await RegisterEmergencyAsync(cast);
        await ClosedAsync(cast, pharmacist, analyses, imaging);

        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, $"/api/records/{cast.Record}/closure", cast.Holder)).Status);
        foreach (var token in new[] { cast.Holder, cast.DoctorToken, cast.EmergencyToken }) await SeesAsync(cast, token, (analyses, Analyses), (imaging, Image));
        await SeesAsync(cast, pharmacist, (analyses, Analyses));
        await NothingAsync(cast, cast.OtherToken, analyses);
        Assert.Equal(Analyses, (await ReadAsync(cast, analyses, cast.Lab)).Bytes);
        var again = await cast.DepositedAsync([9]);
        await SeesAsync(cast, cast.DoctorToken, (analyses, Analyses), (imaging, Image), (again, [9]));
    }

    private static async Task MaskedAndBlockedAsync(Cast cast, string pharmacist, string analyses, string imaging)
    {
        var mask = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{analyses}}","from":"{{cast.Doctor.Person}}"}""");
        Assert.Equal(201, mask.Status);
        await SeesAsync(cast, cast.DoctorToken, (imaging, Image));
        await NoWordAsync(cast, cast.DoctorToken, analyses);
        await SeesAsync(cast, pharmacist, (analyses, Analyses));
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, mask.Header("Location"), cast.Holder)).Status);
        await SeesAsync(cast, cast.DoctorToken, (analyses, Analyses), (imaging, Image));

        var block = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Doctor.Person}}"}""");
        Assert.Equal(201, block.Status);
        foreach (var id in new[] { analyses, imaging }) await NothingAsync(cast, cast.DoctorToken, id);
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, block.Header("Location"), cast.Holder)).Status);
        await SeesAsync(cast, cast.DoctorToken, (analyses, Analyses), (imaging, Image));
    }

    private static async Task EmergencyAsync(Cast cast, string analyses, string imaging)
    {
        await NothingAsync(cast, cast.EmergencyToken, analyses);
        await RegisterEmergencyAsync(cast);
        await SeesAsync(cast, cast.EmergencyToken, (analyses, Analyses), (imaging, Image));
        cast.Server.World.Clock.Advance(TimeSpan.FromDays(16) - TimeSpan.FromMinutes(1));
        await SeesAsync(cast, cast.EmergencyToken, (analyses, Analyses), (imaging, Image));
        cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var id in new[] { analyses, imaging }) await NothingAsync(cast, cast.EmergencyToken, id);
        // The doctor's fifteen days are over as well.
        await NothingAsync(cast, cast.DoctorToken, analyses);
    }

    /// <summary>Whoever asks, and however: as if there were no such patient.</summary>
    private static async Task ClosedAsync(Cast cast, string pharmacist, string analyses, string imaging)
    {
        var code = await cast.Server.PostJsonAsync("/api/presence-codes", cast.Holder, "{}");
        Assert.Equal(201, (await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/closure", cast.Holder, "{}")).Status);
        foreach (var token in new[] { cast.DoctorToken, cast.OtherToken, cast.EmergencyToken, pharmacist })
            foreach (var id in new[] { analyses, imaging }) await NothingAsync(cast, token, id);
        await NoWordAsync(cast, cast.Lab, analyses);
        await NoWordAsync(cast, cast.Hospital, imaging);

        await SameAsUnknownAsync(cast, number => cast.DepositAsync(cast.Lab, Bundles.Provide(number, [1])), 422);
        await SameAsUnknownAsync(cast, number => cast.Server.PostJsonAsync("/api/care-contexts", cast.Hospital, $$"""{"nationalId":"{{number}}","kind":"emergency"}"""), 404);
        await SameAsUnknownAsync(cast, number => cast.Server.PostJsonAsync("/api/care-contexts", cast.OtherToken,
            $$"""{"nationalId":"{{number}}","kind":"individual","presenceCode":"{{code.Json.GetProperty("code").GetString()}}"}"""), 422);
        // The holder has the state, the history and the reopening.
        Assert.Equal(409, (await SearchAsync(cast, cast.Holder)).Status);
        Assert.Equal(409, (await ReadAsync(cast, analyses, cast.Holder)).Status);
        Assert.Equal(200, (await cast.Server.GetAsync($"/api/records/{cast.Record}/history", cast.Holder)).Status);
    }

    private static async Task RegisterEmergencyAsync(Cast cast)
    {
        var registered = await cast.Server.PostJsonAsync("/api/care-contexts", cast.Hospital, $$"""{"nationalId":"{{cast.Emma.Number}}","kind":"emergency"}""");
        Assert.True(registered.Status == 201, registered.Text);
    }

    private static async Task SameAsUnknownAsync(Cast cast, Func<string, Task<Answer>> ask, int status)
    {
        var (unknown, closed) = (await ask(WorldPeople.UnknownNumber), await ask(cast.Emma.Number!));
        Assert.True(closed.Status == status, closed.Whole);
        Assert.Equal(unknown.Whole, closed.Whole);
    }

    /// <summary>Finds these and no more, and reads each byte for byte.</summary>
    private static async Task SeesAsync(Cast cast, string token, params (string Id, byte[] Bytes)[] documents)
    {
        var found = await SearchAsync(cast, token);
        Assert.Equal(documents.Length, Total(found));
        Assert.Equal(documents.Select(d => d.Id).Order(StringComparer.Ordinal),
            found.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource").GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        foreach (var (id, bytes) in documents) Assert.Equal(bytes, (await ReadAsync(cast, id, token)).Bytes);
    }
}
