using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Patients;

/// <summary>ITI-104: who may feed which domain, add, revise, merge and un-merge, and every refusal.</summary>
public sealed class PatientFeedTests
{
    private const string Number = "urn:oid:1.3.182.4.4";
    private const string EHealth = "urn:oid:1.3.182.2.4.2";
    private const string Ward = "urn:oid:1.3.182.3.1.1.77.34.3";
    private const string Laboratory = "urn:oid:1.3.182.3.1.1.78.34.3";

    [Theory, EveryStore]
    public async Task A_hospital_links_its_number_to_the_person_it_knows_by_national_number(Store store)
    {
        await using var cast = await StartAsync(store);

        var first = await PutAsync(cast, cast.Hospital, Ward, "100", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "100"), (Number, cast.Emma.Number!)));
        Assert.True(first.Status == 201, first.Whole);
        Assert.Equal((200, 200), ((await PutAsync(cast, cast.Hospital, Ward, "100", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "100")))).Status, (await PutAsync(cast, cast.Hospital, Ward, "100", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "100")))).Status));
        Assert.Equal(cast.Emma.Person.ToString(), first.Json.GetProperty("id").GetString());
        Assert.EndsWith($"/fhir/Patient/{cast.Emma.Person}/_history/{first.Json.GetProperty("meta").GetProperty("versionId").GetString()}", first.Header("Location"), StringComparison.Ordinal);

        // Its own number leads to the administrative ones, and to the record's documents for who may see them.
        var correlated = (await PatientQueryTests.CorrelateAsync(cast, cast.Hospital, $"sourceIdentifier={Ward}|100&targetSystem={Number}")).Json.GetProperty("parameter");
        Assert.Equal(cast.Emma.Number, correlated[0].GetProperty("valueIdentifier").GetProperty("value").GetString());
        await cast.DepositedAsync([1, 2, 3]);
        Assert.Equal(1, (await DocumentsAsync(cast, cast.Holder, Ward, "100")).Json.GetProperty("total").GetInt32());
    }

    [Theory, EveryStore]
    public async Task Who_is_treated_where_is_told_to_nobody_without_a_relation(Store store)
    {
        await using var cast = await StartAsync(store);
        await PutAsync(cast, cast.Hospital, Ward, "100", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "100"), (Number, cast.Emma.Number!)));

        Assert.DoesNotContain(Ward, (await PatientQueryTests.FindAsync(cast, cast.OtherToken, $"identifier={Number}|{cast.Emma.Number}")).Text, StringComparison.Ordinal);
        var known = await PatientQueryTests.FindAsync(cast, cast.OtherToken, $"identifier={Ward}|100");
        var never = await PatientQueryTests.FindAsync(cast, cast.OtherToken, $"identifier={Ward}|999");
        Assert.Equal((0, 0), (known.Json.GetProperty("total").GetInt32(), never.Json.GetProperty("total").GetInt32()));
        Assert.Equal((await PatientQueryTests.CorrelateAsync(cast, cast.OtherToken, $"sourceIdentifier={Ward}|999")).Text, (await PatientQueryTests.CorrelateAsync(cast, cast.OtherToken, $"sourceIdentifier={Ward}|100")).Text);
        Assert.False((await PatientQueryTests.CorrelateAsync(cast, cast.OtherToken, $"sourceIdentifier={Number}|{cast.Emma.Number}&targetSystem={Ward}")).Json.TryGetProperty("parameter", out _));
        Assert.Equal(403, (await PatientQueryTests.FindAsync(cast, cast.Lab, $"identifier={Ward}|100")).Status);
        Assert.Equal(403, (await PatientQueryTests.CorrelateAsync(cast, cast.Lab, $"sourceIdentifier={Ward}|100")).Status);
        PatientQueryTests.Only(await PatientQueryTests.FindAsync(cast, cast.EmergencyToken, $"identifier={Ward}|100"));

        await cast.OpenContextAsync(cast.OtherToken);
        Assert.Equal(cast.Record, PatientQueryTests.Only(await PatientQueryTests.FindAsync(cast, cast.OtherToken, $"identifier={Ward}|100")).GetProperty("id").GetString());
    }

    [Theory, EveryStore]
    public async Task Somebody_unknown_becomes_an_identity_without_a_record_and_is_revised(Store store)
    {
        await using var cast = await StartAsync(store);
        var records = await cast.Server.World.CountAsync("records");

        Assert.Equal(201, (await PutAsync(cast, cast.Hospital, Ward, "200", Body("Brannochtly", "Aoife", "1991-07-04", (Ward, "200"), (Number, WorldPeople.UnknownNumber)))).Status);
        var revised = await PutAsync(cast, cast.Hospital, Ward, "200", Body("Brannochtly-Hayes", "Aoife", "1991-07-05", (Ward, "200")));

        Assert.Equal((200, "Brannochtly-Hayes", "1991-07-05"), (revised.Status, revised.Json.GetProperty("name")[0].GetProperty("family").GetString(), revised.Json.GetProperty("birthDate").GetString()));
        Assert.Equal(records, await cast.Server.World.CountAsync("records"));
        // The register alone says whose a national number is.
        Assert.Equal(0, (await PatientQueryTests.FindAsync(cast, cast.OtherToken, $"identifier={Number}|{WorldPeople.UnknownNumber}")).Json.GetProperty("total").GetInt32());
        Assert.Equal(0, (await PatientQueryTests.FindAsync(cast, cast.OtherToken, "family=brannochtly&birthdate=1991-07-04")).Json.GetProperty("total").GetInt32());
        Assert.Equal(1, (await PatientQueryTests.FindAsync(cast, cast.OtherToken, "family=brannochtly&birthdate=1991-07-05")).Json.GetProperty("total").GetInt32());
        Assert.Equal(422, (await DepositAsync(cast, EHealthIdOf(revised), cast.Emma.Number!)).Status);
    }

    [Theory, EveryStore]
    public async Task A_merged_number_leads_to_the_survivor_and_back_when_it_is_undone(Store store)
    {
        await using var cast = await StartAsync(store);
        await PutAsync(cast, cast.Hospital, Ward, "100", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "100"), (Number, cast.Emma.Number!)));
        var unknown = await PutAsync(cast, cast.Hospital, Ward, "300", Body("Unknown", "Woman", "1980-01-01", (Ward, "300")));
        var (provisional, former) = (unknown.Json.GetProperty("id").GetString()!, EHealthIdOf(unknown));
        var people = await cast.Server.World.CountAsync("person_tokens");

        var merged = await PutAsync(cast, cast.Hospital, Ward, "300", Replaced("300", $"Patient?identifier={Ward}|100"));
        Assert.True(merged.Status == 200, merged.Whole);
        Assert.Equal(cast.Emma.Person.ToString(), merged.Json.GetProperty("id").GetString());
        Assert.Equal(200, (await PutAsync(cast, cast.Hospital, Ward, "300", Replaced("300", $"Patient?identifier={Ward}|100"))).Status);
        Assert.Equal(cast.Emma.Person.ToString(), PatientQueryTests.Only(await PatientQueryTests.FindAsync(cast, cast.Hospital, $"identifier={Ward}|300")).GetProperty("id").GetString());
        Assert.Equal(0, (await PatientQueryTests.FindAsync(cast, cast.OtherToken, "family=unknown&birthdate=1980-01-01")).Json.GetProperty("total").GetInt32());
        var old = await cast.Server.GetAsync($"/fhir/Patient/{provisional}", cast.OtherToken);
        Assert.Equal((false, $"Patient/{cast.Emma.Person}"), (old.Json.GetProperty("active").GetBoolean(), old.Json.GetProperty("link")[0].GetProperty("other").GetProperty("reference").GetString()));
        var correlated = (await PatientQueryTests.CorrelateAsync(cast, cast.Hospital, $"sourceIdentifier={Ward}|300")).Text;
        Assert.Contains(cast.Emma.Number!, correlated, StringComparison.Ordinal);
        Assert.DoesNotContain("\"300\"", correlated, StringComparison.Ordinal);
        // What still arrives under the old number is found in the survivor's record, under the survivor's choices.
        Assert.Equal(200, (await DepositAsync(cast, former, cast.Emma.Number!)).Status);
        foreach (var (system, value) in new[] { (Ward, "300"), (Ward, "100"), (EHealth, former), (Number, cast.Emma.Number!) })
            Assert.Equal(1, (await DocumentsAsync(cast, cast.Holder, system, value)).Json.GetProperty("total").GetInt32());
        Assert.Equal(0, (await DocumentsAsync(cast, cast.OtherToken, Ward, "300")).Json.GetProperty("total").GetInt32());

        var undone = await PutAsync(cast, cast.Hospital, Ward, "300", Body("Unknown", "Woman", "1980-01-01", (Ward, "300")));
        Assert.Equal((200, provisional), (undone.Status, undone.Json.GetProperty("id").GetString()));
        Assert.Equal(1, (await PatientQueryTests.FindAsync(cast, cast.OtherToken, "family=unknown&birthdate=1980-01-01")).Json.GetProperty("total").GetInt32());
        Assert.Equal(people, await cast.Server.World.CountAsync("person_tokens"));
        Assert.Equal(422, (await DepositAsync(cast, former, cast.Emma.Number!)).Status);
        Assert.Equal(0, (await DocumentsAsync(cast, cast.Holder, Ward, "300")).Json.GetProperty("total").GetInt32());
        Assert.DoesNotContain("\"300\"", (await PutAsync(cast, cast.Hospital, Ward, "100", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "100")))).Text, StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task A_number_that_arrives_later_merges_and_a_corrected_identity_separates(Store store)
    {
        await using var cast = await StartAsync(store);
        var provisional = (await PutAsync(cast, cast.Hospital, Ward, "400", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "400")))).Json.GetProperty("id").GetString()!;
        Assert.NotEqual(cast.Emma.Person.ToString(), provisional);

        var numbered = await PutAsync(cast, cast.Hospital, Ward, "400", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "400"), (Number, cast.Emma.Number!)));
        Assert.Equal((200, cast.Emma.Person.ToString()), (numbered.Status, numbered.Json.GetProperty("id").GetString()));
        Assert.Contains("\"400\"", numbered.Text, StringComparison.Ordinal);
        Assert.Equal(cast.Emma.Person.ToString(), (await PutAsync(cast, cast.Hospital, Ward, "400", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "400")))).Json.GetProperty("id").GetString());

        var separated = await PutAsync(cast, cast.Hospital, Ward, "400", Body("Zimmermann", "Otto", "1950-01-01", (Ward, "400")));
        Assert.Equal((200, provisional, "Zimmermann"), (separated.Status, separated.Json.GetProperty("id").GetString(), separated.Json.GetProperty("name")[0].GetProperty("family").GetString()));
    }

    [Theory, EveryStore]
    public async Task Merges_are_undone_in_their_order(Store store)
    {
        await using var cast = await StartAsync(store);
        foreach (var (value, given) in new[] { ("1", "Anna"), ("2", "Berta"), ("3", "Clara") }) await PutAsync(cast, cast.Hospital, Ward, value, Body("Unknown", given, "1980-01-01", (Ward, value)));
        Assert.Equal(200, (await PutAsync(cast, cast.Hospital, Ward, "1", Replaced("1", $"Patient?identifier={Ward}|2"))).Status);
        Assert.Equal(200, (await PutAsync(cast, cast.Hospital, Ward, "2", Replaced("2", $"Patient?identifier={Ward}|3"))).Status);
        var third = PatientQueryTests.Only(await PatientQueryTests.FindAsync(cast, cast.Hospital, $"identifier={Ward}|3")).GetProperty("id").GetString();
        Assert.Equal(third, PatientQueryTests.Only(await PatientQueryTests.FindAsync(cast, cast.Hospital, $"identifier={Ward}|1")).GetProperty("id").GetString());

        Assert.Equal(409, (await PutAsync(cast, cast.Hospital, Ward, "1", Body("Unknown", "Anna", "1980-01-01", (Ward, "1")))).Status);
        Assert.Equal(200, (await PutAsync(cast, cast.Hospital, Ward, "2", Body("Unknown", "Berta", "1980-01-01", (Ward, "2")))).Status);
        Assert.Equal(200, (await PutAsync(cast, cast.Hospital, Ward, "1", Body("Unknown", "Anna", "1980-01-01", (Ward, "1")))).Status);
        Assert.Equal(3, (await Task.WhenAll(new[] { "1", "2", "3" }.Select(v => PatientQueryTests.FindAsync(cast, cast.Hospital, $"identifier={Ward}|{v}")))).Select(a => PatientQueryTests.Only(a).GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Every_refusal_of_a_feed_is_named_and_journalled()
    {
        await using var cast = await StartAsync(Store.Sqlite);
        await PutAsync(cast, cast.Hospital, Ward, "100", Body("Weberscheid", "Emma", "1984-03-12", (Ward, "100"), (Number, cast.Emma.Number!)));
        await PutAsync(cast, cast.Hospital, Ward, "500", Body("Unknown", "Woman", "1980-01-01", (Ward, "500")));
        var emma = Body("Weberscheid", "Emma", "1984-03-12", (Ward, "600"), (Number, cast.Emma.Number!));
        var before = await cast.Server.World.CountAsync("journal_entries");

        // The domain is another system's, nobody's, or the register's.
        Refused(403, Refusals.DomainNotFed, await PutAsync(cast, cast.Lab, Ward, "600", emma));
        Refused(403, Refusals.DomainNotFed, await PutAsync(cast, cast.Hospital, "urn:oid:2.9.9", "600", emma.Replace(Ward, "urn:oid:2.9.9", StringComparison.Ordinal)));
        Refused(403, Refusals.DomainNotFed, await PutAsync(cast, cast.Hospital, Number, cast.Emma.Number!, emma));
        Refused(403, Refusals.DomainNotFed, await PutAsync(cast, cast.Hospital, Ward, "500", Replaced("500", $"Patient?identifier={Laboratory}|1")));
        // The identity is not the one of the number.
        Refused(409, Refusals.IdentityDiffers, await PutAsync(cast, cast.Hospital, Ward, "600", Body("Zimmermann", "Otto", "1950-01-01", (Ward, "600"), (Number, cast.Emma.Number!))));
        Refused(409, Refusals.IdentityDiffers, await PutAsync(cast, cast.Hospital, Ward, "100", Body("Zimmermann", "Otto", "1950-01-01", (Ward, "100"))));
        Refused(422, Refusals.PersonIncomplete, await PutAsync(cast, cast.Hospital, Ward, "601", Body("Zimmermann", "Otto", "", (Ward, "601"))));
        // Whom the register knows is not merged by a feed.
        Refused(409, Refusals.KnownBeyondDomain, await PutAsync(cast, cast.Hospital, Ward, "100", Replaced("100", $"Patient?identifier={Ward}|500")));
        Refused(404, Refusals.NotFound, await PutAsync(cast, cast.Hospital, Ward, "999", Replaced("999", $"Patient?identifier={Ward}|500")));
        Refused(422, Refusals.UnresolvedReference, await PutAsync(cast, cast.Hospital, Ward, "500", Replaced("500", $"Patient?identifier={Ward}|999")));
        Refused(422, Refusals.InvalidMetadata, await PutAsync(cast, cast.Hospital, Ward, "500", Replaced("500", $"Patient?identifier={Ward}|500")));
        Refused(403, Refusals.RemovalNotOffered, await PutAsync(cast, cast.Hospital, Ward, "500", Body("Unknown", "Woman", "1980-01-01", (Ward, "500")).Replace("\"resourceType\"", "\"active\":false,\"resourceType\"", StringComparison.Ordinal)));
        Refused(403, Refusals.RemovalNotOffered, await cast.Server.SendAsync(HttpMethod.Delete, $"/fhir/Patient?identifier={Ward}%7C500", cast.Hospital));
        Assert.Equal(before + 13, await cast.Server.World.CountAsync("journal_entries"));

        // What the message itself does not say.
        Refused(400, Refusals.ParameterInvalid, await cast.Server.SendAsync(HttpMethod.Put, "/fhir/Patient", cast.Hospital, Json(emma)));
        Refused(400, Refusals.ParameterInvalid, await cast.Server.SendAsync(HttpMethod.Put, $"/fhir/Patient?identifier={Ward}%7C600&family=x", cast.Hospital, Json(emma)));
        Refused(422, Refusals.InvalidMetadata, await PutAsync(cast, cast.Hospital, Ward, "602", emma));
        Refused(422, Refusals.UnresolvedReference, await PutAsync(cast, cast.Hospital, Ward, "500", Replaced("500", "Practitioner/1")));
        Refused(422, Refusals.InvalidMetadata, await PutAsync(cast, cast.Hospital, Ward, "500", Replaced("500", $"Patient?identifier={Ward}|100").Replace("false", "true", StringComparison.Ordinal)));
        Refused(400, Refusals.Malformed, await PutAsync(cast, cast.Hospital, Ward, "600", "{"));
        Refused(403, Refusals.ScopeMissing, await PutAsync(cast, cast.DoctorToken, Ward, "600", emma));
        Refused(403, Refusals.ScopeMissing, await PutAsync(cast, cast.Holder, Ward, "600", emma));
        Assert.Equal(415, (await cast.Server.SendAsync(HttpMethod.Put, $"/fhir/Patient?identifier={Ward}%7C600", cast.Hospital, new StringContent(emma))).Status);
    }

    [Theory, EveryStore]
    public async Task The_same_new_person_fed_at_once_becomes_one(Store store)
    {
        await using var cast = await StartAsync(store);
        var body = Body("Brannochtly", "Aoife", "1991-07-04", (Ward, "700"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PutAsync(cast, cast.Hospital, Ward, "700", body)));

        Assert.All(answers, a => Assert.True(a.Status is 200 or 201, a.Whole));
        Assert.Single(answers, a => a.Status == 201);
        Assert.Single(answers.Select(a => a.Json.GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task A_domain_has_one_feeder_and_the_registers_numbers_have_none()
    {
        await using var world = await World.CreateAsync(Store.Sqlite);
        await world.SystemAsync(await world.InstitutionAsync(), (await world.ProfessionalAsync(await world.InstitutionAsync())).Person, name: "hospital");
        await world.AuthorityAsync();

        var import = await world.Operation<ImportDirectory>().RunAsync(DirectoryKind.Domains, new StringReader(
            $"domain,system\n{Ward},hospital\n{Number},hospital\n{EHealth},hospital\nward,hospital\n{Laboratory},affiliation-authority\n{Laboratory},nobody\n"), world.Cancel);

        Assert.Equal((1, 5), (import.Added, import.Rejected.Count));
        Assert.Equal(1, (await world.Operation<ImportDirectory>().RunAsync(DirectoryKind.Domains, new StringReader($"domain,system\n{Ward},hospital\n"), world.Cancel)).Unchanged);
    }

    private static async Task<Cast> StartAsync(Store store)
    {
        var cast = await Cast.StartAsync(store);
        var import = await cast.Server.World.Operation<ImportDirectory>().RunAsync(DirectoryKind.Domains, new StringReader($"domain,system\n{Ward},hospital\n{Laboratory},lab-nord\n"), cast.Server.World.Cancel);
        Assert.Empty(import.Rejected);
        return cast;
    }

    private static Task<Answer> PutAsync(Cast cast, string token, string system, string value, string body) =>
        cast.Server.SendAsync(HttpMethod.Put, $"/fhir/Patient?identifier={Uri.EscapeDataString($"{system}|{value}")}", token, Json(body));

    private static Task<Answer> DepositAsync(Cast cast, string value, string number) =>
        cast.DepositAsync(cast.Hospital, Bundles.Provide(number, [1, 2, 3]).Replace(Number, EHealth, StringComparison.Ordinal).Replace($"\"{number}\"", $"\"{value}\"", StringComparison.Ordinal));

    private static Task<Answer> DocumentsAsync(Cast cast, string token, string system, string value) =>
        cast.Server.GetAsync($"/fhir/DocumentReference?patient.identifier={Uri.EscapeDataString($"{system}|{value}")}&status=current&_total=accurate", token);

    private static string EHealthIdOf(Answer answer) =>
        answer.Json.GetProperty("identifier").EnumerateArray().Single(i => i.GetProperty("system").GetString() == EHealth).GetProperty("value").GetString()!;

    private static StringContent Json(string body) => new(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json"));

    private static string Body(string family, string given, string birth, params (string System, string Value)[] identifiers)
    {
        var patient = new Dictionary<string, object>
        {
            ["resourceType"] = "Patient", ["identifier"] = identifiers.Select(i => new { system = i.System, value = i.Value }).ToArray(),
            ["name"] = new[] { new { family, given = new[] { given } } }, ["gender"] = "female",
        };
        if (birth.Length > 0) patient["birthDate"] = birth;
        return JsonSerializer.Serialize(patient);
    }

    private static string Replaced(string value, string reference) =>
        $$"""{"resourceType":"Patient","active":false,"identifier":[{"system":"{{Ward}}","value":"{{value}}"}],"link":[{"other":{"reference":"{{reference}}"},"type":"replaced-by"}]}""";

    private static void Refused(int status, Refusal refusal, Answer answer)
    {
        Assert.True(answer.Status == status, answer.Whole);
        Assert.Equal(refusal.Id, answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString());
    }
}
