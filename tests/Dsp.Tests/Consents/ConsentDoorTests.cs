using System.Text.Json;
using System.Text.Json.Nodes;
using Dsp.Access;
using Dsp.Tests.Mhd;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Consents;

/// <summary>ITI-108 over HTTP: the holder's choices are the same at every door, with their history, and nobody else learns of them.</summary>
public sealed class ConsentDoorTests
{
    [Theory, EveryStore]
    public async Task A_choice_made_as_consent_is_the_one_that_api_and_rules_know_and_the_other_way_round(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var document = await cast.DepositedAsync([1]);
        await cast.OpenContextAsync();
        Assert.Single((await cast.SearchAsync(cast.DoctorToken)).Resources("DocumentReference"));

        // Made here, undone there.
        var hidden = await cast.MakeAsync(HolderConsents.Mask(cast.Record, document, $"Practitioner/{cast.Doctor.Person}"));
        Assert.True(hidden.Status == 201, hidden.Whole);
        Assert.EndsWith($"/Consent/{hidden.Id()}/_history/{hidden.Json.GetProperty("meta").GetProperty("versionId").GetString()}", hidden.Header("Location"), StringComparison.Ordinal);
        Assert.Empty((await cast.SearchAsync(cast.DoctorToken)).Resources("DocumentReference"));
        Assert.Equal(204, (await cast.Server.SendAsync(HttpMethod.Delete, $"/api/records/{cast.Record}/masks/{hidden.Id()}", cast.Holder)).Status);
        Assert.Single((await cast.SearchAsync(cast.DoctorToken)).Resources("DocumentReference"));
        Assert.Equal("inactive", (await cast.Server.GetAsync($"/fhir/Consent/{hidden.Id()}", cast.Holder)).Json.GetProperty("status").GetString());

        // Made there, undone here.
        var blocked = await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Doctor.Person}}"}""");
        var id = blocked.Id();
        var consent = (await cast.Server.GetAsync($"/fhir/Consent/{id}", cast.Holder)).Json;
        Assert.Equal(("deny", $"Practitioner/{cast.Doctor.Person}"), (consent.GetProperty("provision").GetProperty("type").GetString(), consent.GetProperty("provision").GetProperty("actor")[0].GetProperty("reference").GetProperty("reference").GetString()));
        Assert.Empty((await cast.SearchAsync(cast.DoctorToken)).Resources("DocumentReference"));
        Assert.Equal(204, (await cast.EndAsync(id)).Status);
        Assert.Single((await cast.SearchAsync(cast.DoctorToken)).Resources("DocumentReference"));
        Assert.Equal(204, (await cast.EndAsync(id)).Status);

        // The acts are in the history as acts, with the risk that was confirmed.
        var lines = (await cast.Server.GetAsync($"/api/records/{cast.Record}/history?count=200", cast.Holder)).Text;
        foreach (var act in new[] { "mask", "unmask", "block", "unblock", "read-choices" }) Assert.Contains($"\"action\":\"{act}\"", lines, StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task Every_kind_of_choice_is_made_found_sent_back_unchanged_and_ended(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var document = await cast.DepositedAsync([1]);
        var (doctor, other, place) = ($"Practitioner/{cast.Doctor.Person}", $"Practitioner/{cast.Other.Person}", $"Organization/{cast.Other.Institution}");
        var wanted = new (JsonObject Consent, string Profile)[]
        {
            (HolderConsents.Circle(cast.Record, doctor, "2027-05-01"), "consentBasic"),
            (HolderConsents.Circle(cast.Record, place), "consentBasic"),
            (HolderConsents.Block(cast.Record, other), "consentBasic"),
            (HolderConsents.Block(cast.Record, place), "consentBasic"),
            (HolderConsents.Mask(cast.Record, document, doctor), "consentIntermediate"),
            (HolderConsents.Mask(cast.Record, document, null), "consentIntermediate"),
            (HolderConsents.Mask(cast.Record, document, null, doctor, other), "consentIntermediate"),
            (HolderConsents.Objection(cast.Record, """ "class": [{ "system": "urn:dsp:category", "code": "MedicalAnalyses" }], "dataPeriod": { "start": "2026-11-01", "end": "2027-01-31" }"""), ""),
            (HolderConsents.Objection(cast.Record, $$""" "data": [{ "meaning": "authoredby", "reference": { "reference": "{{doctor}}" } }, { "meaning": "related", "reference": { "type": "ServiceRequest", "identifier": { "value": "ORDER-7" } } }]"""), ""),
            (HolderConsents.Country(cast.Record, "FR"), "consentBasic"),
        };
        var made = new List<string>();
        foreach (var (consent, profile) in wanted)
        {
            var answer = await cast.MakeAsync(consent);
            Assert.True(answer.Status == 201, answer.Whole);
            Assert.Empty(PcfProfiles.Problems(answer.Text));
            Assert.Equal(profile, answer.Json.GetProperty("meta").TryGetProperty("profile", out var claimed) ? claimed[0].GetString()!.Split("IHE.PCF.")[1] : "");
            made.Add(answer.Id());
            cast.Server.World.Clock.Advance(TimeSpan.FromSeconds(1));

            // The same again is the same; sent back as it was read, nothing changes.
            var again = await cast.MakeAsync(consent);
            if (profile.Length > 0) Assert.Equal((200, answer.Id(), answer.Text), (again.Status, again.Id(), again.Text));
            else await cast.EndAsync(again.Id());
            var back = await cast.ChangeAsync(answer.Node(), answer.Header("ETag"));
            Assert.True(back.Status == 200, back.Whole);
            Assert.Equal((answer.Header("ETag"), answer.Text), (back.Header("ETag"), back.Text));
        }
        Assert.Equal(made.Count, made.Distinct().Count());

        var found = (await cast.FindAsync("&status=active")).Resources("Consent");
        Assert.Equal(made.Append(cast.Record).Order(StringComparer.Ordinal), found.Select(c => c.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        foreach (var id in made)
        {
            // Every second by status, as a recorder of PCF does it; the others by DELETE.
            var now = await cast.Server.GetAsync($"/fhir/Consent/{id}", cast.Holder);
            var node = now.Node();
            node["status"] = "inactive";
            var ended = made.IndexOf(id) % 2 == 0 ? await cast.ChangeAsync(node, now.Header("ETag")) : await cast.EndAsync(id, match: now.Header("ETag"));
            Assert.True(ended.Status is 200 or 204, ended.Whole);
            var after = await cast.Server.GetAsync($"/fhir/Consent/{id}", cast.Holder);
            Assert.Equal("inactive", after.Json.GetProperty("status").GetString());
            Assert.Empty(PcfProfiles.Problems(after.Text));
        }
        Assert.Equal(cast.Record, Assert.Single((await cast.FindAsync("&status=active")).Resources("Consent")).GetProperty("id").GetString());
        Assert.Equal(0, (await SheetCountsAsync(cast)).Sum());
    }

    [Theory, EveryStore]
    public async Task Each_version_of_a_choice_stays_with_its_date_and_who(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var made = await cast.MakeAsync(HolderConsents.Circle(cast.Record, $"Practitioner/{cast.Doctor.Person}"));
        cast.Server.World.Clock.Advance(TimeSpan.FromDays(1));
        var longer = made.Node();
        longer["provision"]!["period"]!["end"] = "2027-06-30";

        var changed = await cast.ChangeAsync(longer, made.Header("ETag"));
        Assert.True(changed.Status == 200, changed.Whole);
        Assert.NotEqual(made.Header("ETag"), changed.Header("ETag"));
        Assert.Equal((412, "DSP-4011"), (await cast.ChangeAsync(longer, made.Header("ETag"))).Told() is var (status, refused, _) ? (status, refused) : default);
        Assert.Equal(412, (await cast.EndAsync(made.Id(), match: "W/\"999\"")).Status);
        cast.Server.World.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(204, (await cast.EndAsync(made.Id(), match: changed.Header("ETag"))).Status);

        var history = (await cast.Server.GetAsync($"/fhir/Consent/{made.Id()}/_history", cast.Holder)).Json;
        var entries = history.GetProperty("entry").EnumerateArray().ToList();
        Assert.Equal(["PUT", "PUT", "POST"], entries.Select(e => e.GetProperty("request").GetProperty("method").GetString()));
        Assert.Equal(["inactive", "active", "active"], entries.Select(e => e.GetProperty("resource").GetProperty("status").GetString()));
        Assert.All(entries, e => Assert.Equal($"Patient/{cast.Record}", e.GetProperty("resource").GetProperty("performer")[0].GetProperty("reference").GetString()));
        Assert.Equal(3, entries.Select(e => e.GetProperty("resource").GetProperty("meta").GetProperty("lastUpdated").GetString()).Distinct().Count());
        foreach (var entry in entries)
        {
            var version = entry.GetProperty("resource").GetProperty("meta").GetProperty("versionId").GetString();
            var read = await cast.Server.GetAsync($"/fhir/Consent/{made.Id()}/_history/{version}", cast.Holder);
            Assert.Equal((200, $"W/\"{version}\"", entry.GetProperty("resource").GetRawText()), (read.Status, read.Header("ETag"), read.Text));
        }
        Assert.Equal(404, (await cast.Server.GetAsync($"/fhir/Consent/{made.Id()}/_history/99", cast.Holder)).Status);
        // What was ended does not come back under the same id.
        Assert.Equal(422, (await cast.ChangeAsync(longer)).Status);
    }

    [Theory, EveryStore]
    public async Task The_general_choice_closes_and_reopens_the_record_and_says_nothing_else_while_closed(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var block = (await cast.MakeAsync(HolderConsents.Block(cast.Record, $"Practitioner/{cast.Other.Person}"))).Id();
        var general = await cast.Server.GetAsync($"/fhir/Consent/{cast.Record}", cast.Holder);
        Assert.Equal(("permit", "active"), (general.Json.GetProperty("provision").GetProperty("type").GetString(), general.Json.GetProperty("status").GetString()));
        Assert.Equal(422, (await cast.EndAsync(cast.Record)).Status);
        Assert.Equal(422, (await cast.MakeAsync(HolderConsents.Of(cast.Record, "general", """{ "type": "deny" }"""))).Status);
        var node = general.Node();
        node["provision"]!["type"] = "deny";

        var closed = await cast.ChangeAsync(node, general.Header("ETag"));

        Assert.True(closed.Status == 200, closed.Whole);
        Assert.Equal("deny", closed.Json.GetProperty("provision").GetProperty("type").GetString());
        Assert.Empty(PcfProfiles.Problems(closed.Text));
        Assert.Equal([cast.Record], (await cast.FindAsync()).Resources("Consent").Select(c => c.GetProperty("id").GetString()));
        Assert.Equal(404, (await cast.Server.GetAsync($"/fhir/Consent/{block}", cast.Holder)).Status);
        Assert.Equal(409, (await cast.MakeAsync(HolderConsents.Country(cast.Record, "DE"))).Status);
        Assert.Equal(200, (await cast.ChangeAsync(closed.Node())).Status);
        node["provision"]!["type"] = "permit";
        Assert.Equal(200, (await cast.ChangeAsync(node)).Status);
        Assert.Equal(200, (await cast.Server.GetAsync($"/fhir/Consent/{block}", cast.Holder)).Status);
        Assert.Equal(["permit", "deny", "permit"], (await cast.Server.GetAsync($"/fhir/Consent/{cast.Record}/_history", cast.Holder)).Json.GetProperty("entry").EnumerateArray()
            .Take(3).Select(e => e.GetProperty("resource").GetProperty("provision").GetProperty("type").GetString()));
    }

    [Theory, EveryStore]
    public async Task Nobody_but_the_holder_learns_of_a_choice_by_any_way(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.OpenContextAsync();
        var block = (await cast.MakeAsync(HolderConsents.Block(cast.Record, $"Practitioner/{cast.Other.Person}"))).Id();
        var stranger = cast.Server.Token(CallerKind.Person, (await cast.Server.World.ActiveAsync(WorldPeople.Pedro)).Person.Value);
        var never = Guid.CreateVersion7().ToString();

        foreach (var token in new[] { cast.DoctorToken, cast.OtherToken, cast.EmergencyToken, cast.Lab, cast.Hospital, cast.Authority, stranger })
            foreach (var (there, absent) in new[]
            {
                ($"/fhir/Consent/{block}", $"/fhir/Consent/{never}"), ($"/fhir/Consent/{cast.Record}", $"/fhir/Consent/{never}"), ($"/fhir/Consent/{block}/_history", $"/fhir/Consent/{never}/_history"),
                ($"/fhir/Consent/{block}/_history/1", $"/fhir/Consent/{never}/_history/1"), ($"/fhir/Consent?patient={cast.Record}", $"/fhir/Consent?patient={never}"),
                ($"/fhir/Consent?patient={cast.Record}&actor=Practitioner/{cast.Other.Person}", $"/fhir/Consent?patient={never}&actor=Practitioner/{cast.Other.Person}"),
                ($"/fhir/Consent?patient.identifier=urn:oid:1.3.182.4.4|{cast.Emma.Number}", $"/fhir/Consent?patient.identifier=urn:oid:1.3.182.4.4|{WorldPeople.UnknownNumber}"),
            })
            {
                var (found, missing) = (await cast.Server.GetAsync(there, token), await cast.Server.GetAsync(absent, token));
                Assert.Equal(missing.Status, found.Status);
                Assert.Equal(Plain(missing, cast.Record, never), Plain(found, cast.Record, never));
            }
        foreach (var token in new[] { cast.DoctorToken, cast.OtherToken, stranger })
        {
            var (mine, unknown) = (await cast.MakeAsync(HolderConsents.Country(cast.Record, "FR"), token), await cast.MakeAsync(HolderConsents.Country(never, "FR"), token));
            Assert.True(mine.Status is 403 or 404);
            Assert.Equal((unknown.Status, unknown.Text), (mine.Status, mine.Text));
            Assert.Equal((await cast.EndAsync(never, token)).Text, (await cast.EndAsync(block, token)).Text);
        }

        static string Plain(Answer answer, string record, string never) =>
            System.Text.RegularExpressions.Regex.Replace(answer.Text.Replace(record, "X", StringComparison.Ordinal).Replace(never, "X", StringComparison.Ordinal).Replace(WorldPeople.Emma, "N", StringComparison.Ordinal).Replace(WorldPeople.UnknownNumber, "N", StringComparison.Ordinal), "\"lastUpdated\":\"[^\"]+\"", "");
    }

    [Theory, EveryStore]
    public async Task A_software_without_the_scope_of_acts_reads_and_is_told_where_choices_are_made(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var app = cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/Consent.cruds"] });
        var reader = cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/Consent.rs"] });
        var documents = cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/DocumentReference.rs"] });
        var block = (await cast.MakeAsync(HolderConsents.Block(cast.Record, $"Practitioner/{cast.Other.Person}"))).Id();

        Assert.Equal(2, (await cast.FindAsync("", reader)).Resources("Consent").Count);
        Assert.Equal((403, "DSP-3002"), Short(await cast.FindAsync("", documents)));
        Assert.Equal((403, "DSP-3063"), Short(await cast.MakeAsync(HolderConsents.Country(cast.Record, "FR"), app)));
        Assert.Equal((403, "DSP-3063"), Short(await cast.EndAsync(block, app)));
        Assert.Equal((403, "DSP-3002"), Short(await cast.MakeAsync(HolderConsents.Country(cast.Record, "FR"), reader)));
        Assert.Equal("0 1 0 0 0", string.Join(" ", await SheetCountsAsync(cast)));

        static (int, string) Short(Answer answer) => answer.Told() is var (status, id, _) ? (status, id) : default;
    }

    [Theory, EveryStore]
    public async Task Searches_narrow_and_pages_follow_each_other_for_their_caller(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var doctor = $"Practitioner/{cast.Doctor.Person}";
        var circle = (await cast.MakeAsync(HolderConsents.Circle(cast.Record, doctor, "2026-12-24"))).Id();
        cast.Server.World.Clock.Advance(TimeSpan.FromSeconds(1));
        var country = (await cast.MakeAsync(HolderConsents.Country(cast.Record, "FR"))).Id();

        foreach (var (query, expected) in new (string, string[])[]
        {
            ("", [cast.Record, country, circle]), ("&status=active", [cast.Record, country, circle]), ("&status=inactive", []), ("&status=draft", []), ("&status=http://hl7.org/fhir/consent-state-codes|active,inactive", [cast.Record, country, circle]),
            ($"&actor={doctor}", [circle]), ($"&actor={cast.Doctor.Person}", [circle]), ($"&actor={cast.Server.Fhir}/{doctor}", [circle]), ("&actor=Practitioner/x", []), ($"&_id={country},{circle}", [country, circle]), ("&_id=x", []),
            ("&_lastUpdated=ge2020-01-01", [cast.Record, country, circle]), ("&_lastUpdated=lt2020-01-01", []), ("&something=else", [cast.Record, country, circle]),
        })
            Assert.Equal(expected, (await cast.FindAsync(query)).Resources("Consent").Select(c => c.GetProperty("id").GetString()!));
        var byNumber = await cast.Server.SendAsync(HttpMethod.Post, "/fhir/Consent/_search", cast.Holder, new StringContent($"patient.identifier=urn:oid:1.3.182.4.4|{cast.Emma.Number}", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal(3, byNumber.Json.GetProperty("total").GetInt32());

        var page = await cast.FindAsync("&_count=2");
        var next = page.Json.GetProperty("link").EnumerateArray().First(l => l.GetProperty("relation").GetString() == "next").GetProperty("url").GetString()!;
        Assert.Equal(circle, Assert.Single((await cast.Server.GetAsync(next, cast.Holder)).Resources("Consent")).GetProperty("id").GetString());
        Assert.Equal(400, (await cast.Server.GetAsync(next, cast.Server.Token(CallerKind.Person, Guid.CreateVersion7()))).Status);
        foreach (var (query, status) in new[] { ("?status=active", 400), ($"?patient={cast.Record}&status=bogus", 400), ($"?patient={cast.Record}&actor:missing=true", 400), ($"?patient={cast.Record}&_count=0", 400), ($"?patient={cast.Record}&_lastUpdated=yesterday", 400), ($"?patient={cast.Record}&_format=turtle", 406) })
            Assert.Equal(status, (await cast.Server.GetAsync("/fhir/Consent" + query, cast.Holder)).Status);

        // The end of a circle comes by the clock alone.
        cast.Server.World.Clock.Advance(TimeSpan.FromDays(400));
        var late = cast.Server.Token(CallerKind.Person, cast.Emma.Person.Value);
        Assert.Equal(circle, Assert.Single((await cast.FindAsync("&status=inactive", late)).Resources("Consent")).GetProperty("id").GetString());
        var xml = await cast.FindAsync("&_format=xml", late);
        Assert.StartsWith("<Bundle", xml.Text.TrimStart('\uFEFF').Replace("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>Circle, blocks, masks, objections and countries of emma's record, as the portal's own page reads them.</summary>
    private static async Task<int[]> SheetCountsAsync(Cast cast)
    {
        var known = (await cast.Server.World.Operation<ReadChoices>().RunAsync(new Caller { Kind = CallerKind.Person, Person = cast.Emma.Person, Strong = true, LongLived = true, MayAct = true }, cast.Emma.Ref, TestContext.Current.CancellationToken)).Value;
        return [.. new[] { ChoiceKind.Circle, ChoiceKind.Block, ChoiceKind.Mask, ChoiceKind.Objection, ChoiceKind.Country }.Select(k => known.Newest.Count(v => v.Choice.Kind == k && v.Choice.EndedAt is null))];
    }
}
