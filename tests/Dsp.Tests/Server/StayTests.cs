using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Dsp.Access;
using Dsp.Tests.Support;

namespace Dsp.Tests.Server;

/// <summary>An institution's system tells of its stays by Encounter: what opens, is prolonged, moves and ends, and every refusal.</summary>
public sealed class StayTests
{
    private const string Visits = "urn:oid:1.3.182.3.1.1.77.34.9";
    private const string Classes = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    [Theory, EveryStore]
    public async Task An_arrival_opens_and_the_end_of_care_closes_what_the_ward_may_see(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.DepositedAsync([1, 2, 3]);
        Assert.Equal(0, await SeenAsync(cast));

        var arrived = await PutAsync(cast, Stay(cast, "in-progress", "IMP"));

        Assert.True(arrived.Status == 201, arrived.Whole);
        Assert.Equal(1, await SeenAsync(cast));
        Assert.Equal((200, "W/\"1\""), (((await PutAsync(cast, Stay(cast, "in-progress", "IMP"))) is var again ? again.Status : 0), again.Header("ETag")));
        Assert.Equal(IdOf(arrived), IdOf(again));
        var read = await cast.Server.GetAsync("/fhir/Encounter/" + IdOf(arrived), cast.Hospital);
        Assert.Equal(("in-progress", "Patient/" + cast.Record), (read.Json.GetProperty("status").GetString(), read.Json.GetProperty("subject").GetProperty("reference").GetString()));
        Assert.Equal(404, (await cast.Server.GetAsync("/fhir/Encounter/" + IdOf(arrived), cast.Lab)).Status);
        Assert.Equal(404, (await cast.Server.GetAsync("/fhir/Encounter/" + IdOf(arrived), cast.Holder)).Status);
        // What the holder sees is the same context.
        Assert.Equal(IdOf(arrived), (await cast.Server.GetAsync("/api/care-contexts", cast.Hospital)).Json.GetProperty("contexts")[0].GetProperty("id").GetString());

        cast.Server.World.Clock.Advance(TimeSpan.FromDays(3));
        var over = await PutAsync(cast, Stay(cast, "finished", "IMP", ended: cast.Server.World.Clock.GetUtcNow().AddHours(-2)));

        Assert.Equal((200, "finished", IdOf(arrived), "W/\"2\""), (over.Status, over.Json.GetProperty("status").GetString(), IdOf(over), over.Header("ETag")));
        Assert.Equal(0, await SeenAsync(cast));
        Assert.Equal(200, (await PutAsync(cast, Stay(cast, "finished", "IMP"))).Status);
        Assert.Equal("finished", (await cast.Server.GetAsync("/fhir/Encounter/" + IdOf(arrived), cast.Hospital)).Json.GetProperty("status").GetString());
        // Back in the house: a new context of the same stay.
        var back = await PutAsync(cast, Stay(cast, "in-progress", "IMP"));
        Assert.Equal(201, back.Status);
        Assert.NotEqual(IdOf(arrived), IdOf(back));
        Assert.Equal(1, await SeenAsync(cast));
    }

    [Theory, EveryStore]
    public async Task A_present_patients_context_is_prolonged_when_its_end_is_near_and_not_in_advance(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var arrived = await PutAsync(cast, Stay(cast, "in-progress", "IMP"));
        var ends = EndOf(arrived);

        cast.Server.World.Clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(ends, EndOf(await PutAsync(cast, Stay(cast, "in-progress", "IMP"))));
        cast.Server.World.Clock.Advance(TimeSpan.FromDays(1));
        var prolonged = await PutAsync(cast, Stay(cast, "onleave", "IMP"));
        Assert.Equal((ends + Deadlines.InstitutionRenewal, IdOf(arrived)), (EndOf(prolonged), IdOf(prolonged)));
        Assert.Equal(EndOf(prolonged), EndOf(await PutAsync(cast, Stay(cast, "in-progress", "IMP"))));
    }

    [Theory, EveryStore]
    public async Task From_the_emergency_department_into_the_house_it_is_one_stay(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var arrived = await PutAsync(cast, Stay(cast, "triaged", "EMER"));
        Assert.Equal((201, "EMER"), (arrived.Status, arrived.Json.GetProperty("class").GetProperty("code").GetString()));
        Assert.Equal(200, (await PutAsync(cast, Stay(cast, "in-progress", "EMER"))).Status);
        var notices = await cast.Server.World.CountAsync("notices");

        cast.Server.World.Clock.Advance(TimeSpan.FromHours(5));
        var admitted = await PutAsync(cast, Stay(cast, "in-progress", "ACUTE"));

        Assert.Equal((200, "IMP", IdOf(arrived)), (admitted.Status, admitted.Json.GetProperty("class").GetProperty("code").GetString(), IdOf(admitted)));
        Assert.Equal(cast.Server.World.Clock.GetUtcNow() + Deadlines.InstitutionContext, EndOf(admitted));
        Assert.Equal(notices, await cast.Server.World.CountAsync("notices"));
        var history = await cast.Server.GetAsync($"/api/records/{cast.Record}/history", cast.Holder);
        Assert.Equal(["institution", "emergency", "emergency"], history.Json.GetProperty("entries").EnumerateArray().Where(e => e.GetProperty("action").GetString() == "open-context").Select(e => e.GetProperty("context").GetString()));
    }

    [Theory, EveryStore]
    public async Task A_stay_registered_by_mistake_leaves_nothing(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.DepositedAsync([1, 2, 3]);
        await PutAsync(cast, Stay(cast, "arrived", "AMB"));

        var cancelled = await PutAsync(cast, Stay(cast, "cancelled", "AMB"));

        Assert.Equal("cancelled", cancelled.Json.GetProperty("status").GetString());
        Assert.Equal(0, await SeenAsync(cast));
        Assert.Equal(422, (await cast.DepositAsync(cast.EmergencyToken, Bundles.Provide(cast.Emma.Number!, [4, 5]))).Status);
    }

    [Theory, EveryStore]
    public async Task What_the_holder_ended_or_blocked_is_an_unknown_patient_like_any_other(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var unknown = await PutAsync(cast, Stay(cast, "in-progress", "IMP").Replace(cast.Emma.Number!, WorldPeople.UnknownNumber, StringComparison.Ordinal));
        var arrived = await PutAsync(cast, Stay(cast, "in-progress", "IMP"));
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, "/api/care-contexts/" + IdOf(arrived), cast.Holder)).Status);

        var ended = await PutAsync(cast, Stay(cast, "in-progress", "IMP"));
        var over = await PutAsync(cast, Stay(cast, "finished", "IMP"));
        Assert.Equal(404, (await cast.Server.GetAsync("/fhir/Encounter/" + IdOf(arrived), cast.Hospital)).Status);
        // A new stay is a new presence, until the holder closes the record to the house.
        Assert.Equal(201, (await PutAsync(cast, Stay(cast, "in-progress", "IMP", "V-2"), "V-2")).Status);
        var blocked = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"institution":"{{cast.Emergency.Institution}}"}""");
        Assert.True(blocked.Status == 201, blocked.Text);
        var stopped = await PutAsync(cast, Stay(cast, "in-progress", "IMP", "V-3"), "V-3");

        Assert.Equal(422, unknown.Status);
        Assert.Equal(Refusals.UnknownPatient.Id, CodeOf(unknown));
        Assert.All([ended, over, stopped], a => Assert.Equal((unknown.Status, unknown.Text), (a.Status, a.Text)));
    }

    [Fact]
    public async Task Every_refusal_of_a_stay_is_named_and_opens_nothing()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var good = Stay(cast, "in-progress", "IMP");
        (int Status, Refusal Refusal, string Token, string? Number, string Body)[] cases =
        [
            (422, Refusals.InvalidMetadata, cast.Hospital, "V-1", Stay(cast, "planned", "IMP")),
            (422, Refusals.InvalidMetadata, cast.Hospital, "V-1", Stay(cast, "unknown", "IMP")),
            (422, Refusals.InvalidMetadata, cast.Hospital, "V-1", Stay(cast, "in-progress", "PRENC")),
            (422, Refusals.CodeOutsideDomain, cast.Hospital, "V-1", good.Replace(Classes, "urn:oid:2.9", StringComparison.Ordinal)),
            (422, Refusals.InvalidMetadata, cast.Hospital, "V-9", good),
            (422, Refusals.MissingMetadata, cast.Hospital, "V-1", good.Replace("\"subject\"", "\"_subject\"", StringComparison.Ordinal).Replace("_subject\":{\"identifier\":{\"system\":\"urn:oid:1.3.182.4.4\",\"value\":\"" + cast.Emma.Number + "\"}}", "serviceProvider\":{\"display\":\"x\"}", StringComparison.Ordinal)),
            (422, Refusals.InvalidMetadata, cast.Hospital, "V-1", good.Replace("\"subject\"", $"\"serviceProvider\":{{\"reference\":\"Organization/{cast.Doctor.Institution}\"}},\"subject\"", StringComparison.Ordinal)),
            (422, Refusals.UnknownPatient, cast.Hospital, "V-1", Stay(cast, "finished", "IMP")),
            (422, Refusals.UnknownPatient, cast.Hospital, "V-1", Stay(cast, "cancelled", "EMER")),
            (403, Refusals.NotAnEmergencyDepartment, cast.Lab, "V-1", Stay(cast, "arrived", "EMER")),
            (403, Refusals.ScopeMissing, cast.EmergencyToken, "V-1", good),
            (403, Refusals.ScopeMissing, cast.Holder, "V-1", good),
            (400, Refusals.Malformed, cast.Hospital, "V-1", "{"),
            (400, Refusals.Malformed, cast.Hospital, "V-1", """{"resourceType":"Patient"}"""),
        ];
        foreach (var (status, refusal, token, number, body) in cases)
        {
            var answer = await PutAsync(cast, body, number!, token);
            Assert.True(answer.Status == status, $"{refusal.Id} {body}: {answer.Whole}");
            Assert.Equal(refusal.Id, CodeOf(answer));
        }
        Assert.Equal(400, (await cast.Server.SendAsync(HttpMethod.Put, "/fhir/Encounter", cast.Hospital, Json(good))).Status);
        Assert.Equal(0, await cast.Server.World.CountAsync("relations_by_actor"));

        Assert.Equal(201, (await PutAsync(cast, good)).Status);
        Assert.Equal(412, (await PutAsync(cast, good, ifMatch: "W/\"7\"")).Status);
        Assert.Equal(200, (await PutAsync(cast, good, ifMatch: "W/\"1\"")).Status);
        // By create the number is the message's own; the same stay is the same Encounter.
        Assert.Equal(200, (await cast.Server.SendAsync(HttpMethod.Post, "/fhir/Encounter", cast.Hospital, Json(good))).Status);
        Assert.Equal(200, (await cast.Server.SendAsync(HttpMethod.Post, "/fhir/Encounter/$validate", cast.Hospital, Json(Stay(cast, "planned", "IMP")))).Status);
    }

    private static string Stay(Cast cast, string status, string code, string number = "V-1", DateTimeOffset? ended = null) =>
        $$$"""{"resourceType":"Encounter","identifier":[{"system":"{{{Visits}}}","value":"{{{number}}}"}],"status":"{{{status}}}","class":{"system":"{{{Classes}}}","code":"{{{code}}}"},"subject":{"identifier":{"system":"urn:oid:1.3.182.4.4","value":"{{{cast.Emma.Number}}}"}}{{{(ended is { } at ? $",\"period\":{{\"end\":\"{at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\"}}" : "")}}}}""";

    private static Task<Answer> PutAsync(Cast cast, string body, string number = "V-1", string? token = null, string? ifMatch = null) =>
        cast.Server.SendAsync(HttpMethod.Put, $"/fhir/Encounter?identifier={Uri.EscapeDataString($"{Visits}|{number}")}", token ?? cast.Hospital, Json(body), ifMatch is null ? [] : [("If-Match", ifMatch)]);

    private static async Task<int> SeenAsync(Cast cast)
    {
        var found = await cast.SearchAsync(cast.EmergencyToken, "&_total=accurate");
        Assert.True(found.Status == 200, found.Whole);
        return found.Json.GetProperty("total").GetInt32();
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json"));

    private static string IdOf(Answer answer) => answer.Json.GetProperty("id").GetString()!;

    private static DateTimeOffset EndOf(Answer answer) => answer.Json.GetProperty("extension")[0].GetProperty("valueDateTime").GetDateTimeOffset();

    private static string CodeOf(Answer answer) => answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()!;
}
