using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Patients;

/// <summary>ITI-78, ITI-119 and ITI-83: who is found by whom, with what in the answer, and every refusal.</summary>
public sealed class PatientQueryTests
{
    private const string Number = "urn:oid:1.3.182.4.4";
    private const string EHealth = "urn:oid:1.3.182.2.4.2";

    [Theory, EveryStore]
    public async Task A_stranger_finds_the_identity_and_the_treating_doctor_the_patient(Store store)
    {
        await using var cast = await Cast.StartAsync(store);

        var stranger = Only(await FindAsync(cast, cast.DoctorToken, $"identifier={Number}|{cast.Emma.Number}"));
        Assert.Equal(cast.Emma.Person.ToString(), stranger.GetProperty("id").GetString());
        Assert.Equal(("WEBERSCHEID", "1984-03-12", "female"), (stranger.GetProperty("name")[0].GetProperty("family").GetString(), stranger.GetProperty("birthDate").GetString(), stranger.GetProperty("gender").GetString()));
        Assert.Equal(stranger.ToString(), (await cast.Server.GetAsync($"/fhir/Patient/{cast.Emma.Person}", cast.DoctorToken)).Json.ToString());
        Assert.Equal(404, (await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}", cast.DoctorToken)).Status);

        await cast.OpenContextAsync();
        Assert.Equal(cast.Record, Only(await FindAsync(cast, cast.DoctorToken, "family=weber&birthdate=1984-03-12")).GetProperty("id").GetString());
        Assert.Equal(cast.Record, Only(await FindAsync(cast, cast.DoctorToken, $"_id={cast.Record}")).GetProperty("id").GetString());
        Assert.Equal(0, (await FindAsync(cast, cast.OtherToken, $"_id={cast.Record}")).Json.GetProperty("total").GetInt32());
    }

    [Theory, EveryStore]
    public async Task An_open_a_closed_and_a_blocking_record_look_the_same_and_like_none(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var world = cast.Server.World;
        var query = $"identifier={Number}|{cast.Emma.Number}";
        await cast.OpenContextAsync();
        var open = (await FindAsync(cast, cast.OtherToken, query)).Json.GetProperty("entry").ToString();
        Assert.Equal(201, (await cast.Server.PostJsonAsync($"/api/records/{cast.Record}/blocks", cast.Holder, $$"""{"person":"{{cast.Doctor.Person}}"}""")).Status);

        // To the doctor who treated her and is blocked now she is somebody they never met.
        Assert.Equal(open, (await FindAsync(cast, cast.DoctorToken, query)).Json.GetProperty("entry").ToString());
        await world.Operation<CloseRecord>().RunAsync(world.Self(cast.Emma), cast.Emma.Ref, world.Cancel);
        Assert.Equal(open, (await FindAsync(cast, cast.DoctorToken, query)).Json.GetProperty("entry").ToString());
        Assert.Equal(open, (await FindAsync(cast, cast.OtherToken, query)).Json.GetProperty("entry").ToString());

        await world.RunAsync(new Dsp.Storage.Batch().Add("UPDATE persons SET record_id = NULL WHERE person_id = @person", ("person", cast.Emma.Person)));
        Assert.Equal(open, (await FindAsync(cast, cast.OtherToken, query)).Json.GetProperty("entry").ToString());
    }

    [Theory]
    [InlineData("family=Weberscheid&birthdate=1984-03-12", 1)]
    [InlineData("family=WEB&birthdate=eq1984-03-12", 1)]
    [InlineData("family:exact=WEBERSCHEID&birthdate=1984-03-12", 1)]
    [InlineData("family:exact=weberscheid&birthdate=1984-03-12", 0)]
    [InlineData("family=weberscheid&given=emma&gender=female", 2)]
    [InlineData("family=weberscheid&given=emma&gender=female&birthdate=1984-03-21", 1)]
    [InlineData("family=weberscheid&given=emma&gender=male", 0)]
    [InlineData("family=weberscheid,other&given=emma,zoe&gender=female", 2)]
    [InlineData("family=weberscheid&birthdate=1984-03-12&active=true", 1)]
    [InlineData("family=weberscheid&birthdate=1984-03-12&active=false", 0)]
    [InlineData("family=weberscheid&birthdate=1984-03-12&telecom=123", 0)]
    [InlineData("family=weberscheid&birthdate=1984-03-12&mothersMaidenName=X", 0)]
    [InlineData("family=weberscheid&birthdate=1984-03-12&address-city=Nowhere", 0)]
    [InlineData("family=weberscheid&birthdate=1984-03-12&shoe-size=42", 1)]
    [InlineData("identifier=urn:oid:1.3.182.4.4|1984031299114", 1)]
    [InlineData("identifier=1.3.182.4.4|1984 0312 99114", 1)]
    [InlineData("identifier=1984031299114", 1)]
    [InlineData("identifier=urn:oid:1.3.182.4.4|1984031299114,urn:oid:1.3.182.4.4|1984032199100", 2)]
    [InlineData("identifier=urn:oid:1.3.182.4.4|1999113088803", 0)]
    [InlineData("identifier=urn:oid:1.2.3|1984031299114", 0)]
    public async Task Parameters_narrow_alone_and_together_posted_too(string query, int total)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.Server.World.AffiliatedAsync(WorldPeople.Emma2);

        var got = await FindAsync(cast, cast.DoctorToken, query);
        Assert.True(got.Status == 200, got.Text);
        Assert.Equal(total, got.Json.GetProperty("total").GetInt32());
        var form = new StringContent(query, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));
        var posted = await cast.Server.SendAsync(HttpMethod.Post, "/fhir/Patient/_search", cast.DoctorToken, form);
        Assert.Equal(got.Json.TryGetProperty("entry", out var entries) ? entries.ToString() : "", posted.Json.TryGetProperty("entry", out var same) ? same.ToString() : "");
    }

    [Theory]
    [InlineData("", 403, "too-costly")]
    [InlineData("family=weberscheid", 403, "too-costly")]
    [InlineData("birthdate=1984-03-12", 403, "too-costly")]
    [InlineData("given=emma&birthdate=1984-03-12", 403, "too-costly")]
    [InlineData("family=weberscheid&given=emma", 403, "too-costly")]
    [InlineData("family=weberscheid&gender=female", 403, "too-costly")]
    [InlineData("identifier=urn:oid:1.3.182.4.4|", 403, "too-costly")]
    [InlineData("family=weberscheid&birthdate=1984-03-12&identifier=urn:oid:2.9.9|", 404, "not-found")]
    [InlineData("family:contains=eber&birthdate=1984-03-12", 400, "invalid")]
    [InlineData("identifier:of-type=a|b|c", 400, "invalid")]
    [InlineData("identifier=|", 400, "invalid")]
    [InlineData("family=weberscheid&birthdate=ge1984", 400, "invalid")]
    [InlineData("family=weberscheid&birthdate=1984-03-12&gender=f", 400, "invalid")]
    [InlineData("family=weberscheid&birthdate=1984-03-12&active=perhaps", 400, "invalid")]
    [InlineData("page=abc", 400, "invalid")]
    public async Task Every_refusal_of_a_query_is_named(string query, int status, string code)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await FindAsync(cast, cast.DoctorToken, query);

        Assert.True(answer.Status == status, answer.Whole);
        Assert.Equal(code, answer.Json.GetProperty("issue")[0].GetProperty("code").GetString());
        Assert.Equal(status == 404 ? "warning" : "error", answer.Json.GetProperty("issue")[0].GetProperty("severity").GetString());
        if (status == 404) Assert.Equal("targetSystem not found", answer.Json.GetProperty("issue")[0].GetProperty("diagnostics").GetString());
    }

    [Fact]
    public async Task A_domain_restricts_the_identifiers_of_the_answer()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var both = Only(await FindAsync(cast, cast.DoctorToken, $"family=weberscheid&birthdate=1984-03-12&identifier={Number}|,{EHealth}|"));
        var one = Only(await FindAsync(cast, cast.DoctorToken, $"family=weberscheid&birthdate=1984-03-12&identifier={EHealth}|"));

        Assert.Equal([Number, EHealth], both.GetProperty("identifier").EnumerateArray().Select(i => i.GetProperty("system").GetString()).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal([cast.Emma.EHealthId], one.GetProperty("identifier").EnumerateArray().Select(i => i.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task A_sixth_of_the_same_name_makes_the_search_too_wide_and_pages_hold_the_rest()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var aoife = new Registration("BRANNOCHTLY", "Aoife", new PartialDate(1991, 7, 4), Gender.Female);
        for (var i = 0; i < 3; i++) await cast.Server.World.Operation<OpenForUnnumbered>().RunAsync(cast.Doctor, aoife, true, null, cast.Server.World.Cancel);

        var first = await FindAsync(cast, cast.OtherToken, "family=brannochtly&birthdate=1991-07-04&_count=2");
        var next = first.Json.GetProperty("link")[1].GetProperty("url").GetString()!;
        var second = await cast.Server.GetAsync(next, cast.OtherToken);
        Assert.Equal((3, 2, 1), (first.Json.GetProperty("total").GetInt32(), first.Json.GetProperty("entry").GetArrayLength(), second.Json.GetProperty("entry").GetArrayLength()));
        Assert.Equal(400, (await cast.Server.GetAsync(next, cast.DoctorToken)).Status);

        for (var i = 0; i < 3; i++) await cast.Server.World.Operation<OpenForUnnumbered>().RunAsync(cast.Doctor, aoife, true, null, cast.Server.World.Cancel);
        Assert.Equal(403, (await FindAsync(cast, cast.OtherToken, "family=brannochtly&birthdate=1991-07-04")).Status);
    }

    [Theory, EveryStore]
    public async Task Holders_find_themselves_alone_and_systems_without_a_person_nobody(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.Server.World.AffiliatedAsync(WorldPeople.Emma2);

        Assert.Equal(cast.Record, Only(await FindAsync(cast, cast.Holder, $"identifier={Number}|{cast.Emma.Number}")).GetProperty("id").GetString());
        Assert.Equal(0, (await FindAsync(cast, cast.Holder, $"identifier={Number}|{WorldPeople.Emma2}")).Json.GetProperty("total").GetInt32());
        Assert.Equal(400, (await FindAsync(cast, cast.Holder, "family=weberscheid&birthdate=1984-03-12")).Status);
        Assert.Equal(403, (await FindAsync(cast, cast.Lab, $"identifier={Number}|{cast.Emma.Number}")).Status);
        Assert.Equal(403, (await FindAsync(cast, cast.Lab, $"identifier={Number}|{WorldPeople.UnknownNumber}")).Status);
        Assert.Equal(403, (await MatchAsync(cast, cast.Holder, Claim("WEBERSCHEID", "Emma", "1984-03-12", "female"))).Status);
        // A launch is for one patient: it opens no register.
        var launched = await cast.Server.World.Operation<FindPatients>().RunAsync(cast.Doctor with { OnlyRecord = cast.Emma.Record }, new PatientQuery { Ids = [cast.Emma.Person.Value] }, cast.Server.World.Cancel);
        Assert.Equal(Refusals.ScopeMissing, launched.Refusal);
    }

    [Theory, EveryStore]
    public async Task Every_search_stands_in_the_journal_refusals_too(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        const string UnderNoRecord = "record_id = '00000000-0000-0000-0000-000000000000'";
        var before = await cast.Server.World.CountAsync("journal_entries", UnderNoRecord);

        await FindAsync(cast, cast.OtherToken, $"identifier={Number}|{cast.Emma.Number}");
        await FindAsync(cast, cast.OtherToken, $"identifier={Number}|{WorldPeople.UnknownNumber}");
        await FindAsync(cast, cast.OtherToken, "family=weberscheid");
        await FindAsync(cast, cast.Lab, $"identifier={Number}|{cast.Emma.Number}");
        await MatchAsync(cast, cast.OtherToken, Claim("WEBERSCHEID", "Emma", "1984-03-12", "female"));
        await CorrelateAsync(cast, cast.OtherToken, $"sourceIdentifier={Number}|{WorldPeople.UnknownNumber}");

        Assert.Equal(before + 6, await cast.Server.World.CountAsync("journal_entries", UnderNoRecord));
    }

    [Theory]
    [InlineData("WEBERSCHEID", "Emma", "1984-03-12", "female", "", "probable")]
    [InlineData("Weberscheid", "Ema", "1984-03-12", "female", "", "possible")]
    [InlineData("Weberscheit", "Emma", "1984-03-12", "female", "", "probable")]
    [InlineData("WEBERSCHEID", "Emma", "1984-03-12", "female", "1984031299114", "certain")]
    [InlineData("", "", "", "", "1984031299114", "certain")]
    [InlineData("Zimmermann", "Otto", "1950-01-01", "male", "1984031299114", "possible")]
    [InlineData("WEBERSCHEID", "Emma", "1984-03-12", "female", "1975012399118", "")]
    [InlineData("WEBERSCHEID", "Noah", "1984-03-12", "male", "", "possible")]
    [InlineData("Zimmermann", "Otto", "1950-01-01", "male", "", "")]
    public async Task A_match_is_graded_and_only_an_identifier_makes_it_certain(string family, string given, string birth, string gender, string number, string grade)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await MatchAsync(cast, cast.OtherToken, Claim(family, given, birth, gender, (Number, number)));

        Assert.True(answer.Status == 200, answer.Text);
        var grades = Grades(answer);
        Assert.Equal(grade.Length == 0 ? [] : [grade], grades.Select(g => g.Grade));
        Assert.All(grades, g => Assert.InRange(g.Score, 0.1m, 1m));
        var only = await MatchAsync(cast, cast.OtherToken, Claim(family, given, birth, gender, (Number, number)), """,{"name":"onlyCertainMatches","valueBoolean":true}""");
        Assert.Equal(grade == "certain" ? 1 : 0, only.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Two_certain_matches_are_none_and_the_best_comes_first()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var world = cast.Server.World;
        var aoife = new Registration("BRANNOCHTLY", "Aoife", new PartialDate(1991, 7, 4), Gender.Female);
        var one = (await world.Operation<OpenForUnnumbered>().RunAsync(cast.Doctor, aoife, true, null, world.Cancel)).Value;
        var two = (await world.Operation<OpenForUnnumbered>().RunAsync(cast.Doctor, aoife, true, null, world.Cancel)).Value;
        var both = Claim("BRANNOCHTLY", "Aoife", "1991-07-04", "female", (EHealth, one.EHealthId), (EHealth, two.EHealthId));

        Assert.Equal(0, (await MatchAsync(cast, cast.OtherToken, both, """,{"name":"onlyCertainMatches","valueBoolean":true}""")).Json.GetProperty("total").GetInt32());
        Assert.Equal(["certain", "certain"], Grades(await MatchAsync(cast, cast.OtherToken, both)).Select(g => g.Grade));
        Assert.Equal(["certain", "probable"], Grades(await MatchAsync(cast, cast.OtherToken, Claim("BRANNOCHTLY", "Aoife", "1991-07-04", "female", (EHealth, one.EHealthId)))).Select(g => g.Grade));
        Assert.Single(Grades(await MatchAsync(cast, cast.OtherToken, both, """,{"name":"count","valueInteger":1}""")));
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("{\"resourceType\":\"Patient\"}", 400)]
    [InlineData("{\"resourceType\":\"Parameters\"}", 400)]
    [InlineData("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Patient\",\"birthDate\":\"1984-03-12\"}}]}", 403)]
    [InlineData("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"X\"}],\"birthDate\":\"1984\"}}]}", 403)]
    [InlineData("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"count\",\"valueInteger\":0},{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"X\"}],\"birthDate\":\"1984-03-12\"}}]}", 400)]
    public async Task Every_refusal_of_a_match_is_named(string body, int status)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var answer = await cast.Server.PostJsonAsync("/fhir/Patient/$match", cast.DoctorToken, body, "application/fhir+json");
        Assert.True(answer.Status == status, answer.Whole);
        Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
        Assert.Equal(415, (await cast.Server.PostJsonAsync("/fhir/Patient/$match", cast.DoctorToken, body, "text/plain")).Status);
    }

    [Theory]
    [InlineData("sourceIdentifier=urn:oid:1.3.182.4.4|1999113088803", 404, "not-found", "sourceIdentifier Patient Identifier not found")]
    [InlineData("sourceIdentifier=urn:oid:1.3.182.4.4|12", 404, "not-found", "sourceIdentifier Patient Identifier not found")]
    [InlineData("sourceIdentifier=urn:oid:2.9.9|1", 400, "code-invalid", "sourceIdentifier Assigning Authority not found")]
    [InlineData("sourceIdentifier=urn:oid:1.3.182.4.4|1984031299114&targetSystem=urn:oid:2.9.9", 403, "code-invalid", "targetSystem not found")]
    [InlineData("sourceIdentifier=urn:oid:2.9.9|1&targetSystem=urn:oid:2.9.9", 400, "code-invalid", "sourceIdentifier Assigning Authority not found")]
    [InlineData("", 400, "required", null)]
    [InlineData("sourceIdentifier=1984031299114", 400, "invalid", null)]
    public async Task Every_refusal_of_a_correlation_is_that_of_the_standard(string query, int status, string code, string? text)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await CorrelateAsync(cast, cast.DoctorToken, query);

        Assert.True(answer.Status == status, answer.Whole);
        var issue = answer.Json.GetProperty("issue")[0];
        Assert.Equal(("error", code), (issue.GetProperty("severity").GetString(), issue.GetProperty("code").GetString()));
        if (text is not null) Assert.Equal(text, issue.GetProperty("diagnostics").GetString());
    }

    [Theory, EveryStore]
    public async Task A_correlation_gives_the_other_identifiers_and_a_reference_never_the_source(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var source = $"sourceIdentifier={Number}|{cast.Emma.Number}";

        foreach (var asked in new[] { source, $"{source}&targetSystem={EHealth}", $"{source}&targetSystem=1.3.182.2.4.2" })
        {
            var parameters = (await CorrelateAsync(cast, cast.OtherToken, asked)).Json.GetProperty("parameter");
            Assert.Equal(["targetIdentifier", "targetId"], parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString()));
            Assert.Equal((EHealth, cast.Emma.EHealthId), (parameters[0].GetProperty("valueIdentifier").GetProperty("system").GetString(), parameters[0].GetProperty("valueIdentifier").GetProperty("value").GetString()));
            Assert.Equal($"{cast.Server.Fhir}/Patient/{cast.Emma.Person}", parameters[1].GetProperty("valueReference").GetProperty("reference").GetString());
        }
        Assert.False((await CorrelateAsync(cast, cast.OtherToken, $"{source}&targetSystem={Number}")).Json.TryGetProperty("parameter", out _));
        var posted = await cast.Server.PostJsonAsync("/fhir/Patient/$ihe-pix", cast.OtherToken, $$"""{"resourceType":"Parameters","parameter":[{"name":"sourceIdentifier","valueString":"{{Number}}|{{cast.Emma.Number}}"}]}""", "application/fhir+json");
        Assert.Equal((await CorrelateAsync(cast, cast.OtherToken, source)).Text, posted.Text);
        Assert.Equal(403, (await CorrelateAsync(cast, cast.Lab, source)).Status);
    }

    internal static Task<Answer> FindAsync(Cast cast, string token, string query) => cast.Server.GetAsync("/fhir/Patient?" + Encoded(query), token);

    internal static Task<Answer> CorrelateAsync(Cast cast, string token, string query) => cast.Server.GetAsync("/fhir/Patient/$ihe-pix?" + Encoded(query), token);

    private static Task<Answer> MatchAsync(Cast cast, string token, string patient, string more = "") =>
        cast.Server.PostJsonAsync("/fhir/Patient/$match", token, $$"""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{{patient}}}{{more}}]}""", "application/fhir+json");

    private static string Claim(string family, string given, string birth, string gender, params (string System, string Value)[] identifiers)
    {
        var patient = new Dictionary<string, object> { ["resourceType"] = "Patient" };
        if (family.Length > 0) patient["name"] = new[] { new { family, given = new[] { given } } };
        if (birth.Length > 0) patient["birthDate"] = birth;
        if (gender.Length > 0) patient["gender"] = gender;
        if (identifiers.Any(i => i.Value.Length > 0)) patient["identifier"] = identifiers.Select(i => new { system = i.System, value = i.Value }).ToArray();
        return JsonSerializer.Serialize(patient);
    }

    private static List<(string Grade, decimal Score)> Grades(Answer answer) => !answer.Json.TryGetProperty("entry", out var entries) ? [] :
        [.. entries.EnumerateArray().Select(e => e.GetProperty("search")).Select(s => (s.GetProperty("extension")[0].GetProperty("valueCode").GetString()!, s.GetProperty("score").GetDecimal()))];

    internal static JsonElement Only(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Whole);
        Assert.Equal(1, answer.Json.GetProperty("total").GetInt32());
        return Assert.Single(answer.Json.GetProperty("entry").EnumerateArray()).GetProperty("resource");
    }

    private static string Encoded(string query) => query.Replace("|", "%7C", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal);
}
