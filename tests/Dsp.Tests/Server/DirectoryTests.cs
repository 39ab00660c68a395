using System.Text.Json;
using Dsp.Interop.Mcsd;
using Dsp.Tests.Support;

namespace Dsp.Tests.Server;

/// <summary>The public register over mCSD (ITI-90): who practises where, for whoever is signed in, by search and by id.</summary>
public sealed class DirectoryTests
{
    [Theory, EveryStore]
    public async Task Professionals_places_and_roles_are_found_and_lead_to_each_other(Store store)
    {
        await using var cast = await Cast.StartAsync(store);

        var person = Assert.Single(Found(await cast.Server.GetAsync("/fhir/Practitioner?family=thill", cast.Lab)));
        var role = Assert.Single(Found(await cast.Server.GetAsync($"/fhir/PractitionerRole?practitioner=Practitioner/{Id(person)}&active=true", cast.Lab)));
        var place = role.GetProperty("organization").GetProperty("reference").GetString()!;

        Assert.True(person.GetProperty("active").GetBoolean());
        Assert.Equal(200, (await cast.Server.GetAsync("/fhir/" + place, cast.DoctorToken)).Status);
        Assert.Equal(place.Split('/')[1], Id(Assert.Single(Found(await cast.Server.GetAsync($"/fhir/Location?organization={place}", cast.Holder)))));
        Assert.Equal(Id(role), Id((await cast.Server.GetAsync($"/fhir/PractitionerRole/{Id(role)}", cast.Lab)).Json));
        var both = (await cast.Server.GetAsync($"/fhir/PractitionerRole?practitioner={Id(person)}&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization", cast.Lab)).Json;
        Assert.Equal(["PractitionerRole match", "Practitioner include", "Organization include"], both.GetProperty("entry").EnumerateArray().Select(e => $"{e.GetProperty("resource").GetProperty("resourceType").GetString()} {e.GetProperty("search").GetProperty("mode").GetString()}"));
    }

    [Fact]
    public async Task A_licence_that_is_not_in_force_is_not_active()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var before = Found(await cast.Server.GetAsync("/fhir/Practitioner?active=true&_count=200", cast.Lab)).Count;
        Assert.True(before > 0);

        cast.Server.World.Clock.Set(cast.Server.World.Clock.Now() - TimeSpan.FromDays(15_000));

        Assert.DoesNotContain(DirectoryResources.Of("Practitioner", await cast.Server.Get<Dsp.Identity.ReadDirectory>().RunAsync(TestContext.Current.CancellationToken), cast.Server.World.Clock.Now()).OfType<Hl7.Fhir.Model.Practitioner>(), p => p.Active == true);
    }

    [Theory]
    [InlineData("Organization", "name=zzz", 0)]
    [InlineData("Organization", "name:contains=abor", 1)]
    [InlineData("Organization", "type=https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types|facility&name:contains=abor", 1)]
    [InlineData("Organization", "type=nothing", 0)]
    [InlineData("Practitioner", "name:exact=thill", 0)]
    [InlineData("Practitioner", "identifier=urn:oid:1.2.3|nobody", 0)]
    public async Task Parameters_narrow(string type, string query, int count)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await cast.Server.GetAsync($"/fhir/{type}?{query}", cast.Lab);

        Assert.True(answer.Status == 200, answer.Whole);
        Assert.Equal(count, answer.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Pages_follow_each_other_for_their_caller_only()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var all = Found(await cast.Server.GetAsync("/fhir/Practitioner?_count=200", cast.Lab)).Select(Id).ToList();
        var seen = new List<string>();
        var next = "/fhir/Practitioner?_count=2";
        while (next is not null)
        {
            var page = await cast.Server.GetAsync(next, cast.Lab);
            seen.AddRange(Found(page).Select(Id));
            next = page.Json.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()).FirstOrDefault();
            if (next is not null) Assert.Equal(400, (await cast.Server.GetAsync(next, cast.DoctorToken)).Status);
        }
        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("Practitioner/nobody", "", 404)]
    [InlineData("Practitioner", "family:missing=true", 400)]
    [InlineData("Practitioner", "_count=0", 400)]
    [InlineData("Practitioner", "page=x", 400)]
    [InlineData("Practitioner", "_include=Practitioner:organization", 400)]
    [InlineData("Organization", "_format=turtle", 406)]
    public async Task Everything_else_is_refused(string path, string query, int status)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        Assert.Equal(status, (await cast.Server.GetAsync($"/fhir/{path}?{query}", cast.Lab)).Status);
        Assert.Equal(401, (await cast.Server.GetAsync($"/fhir/{path}?{query}")).Status);
        Assert.Equal(403, (await cast.Server.GetAsync($"/fhir/{path}?{query}", cast.Server.AnyToken("patient/DocumentReference.rs"))).Status);
    }

    [Fact]
    public async Task An_include_takes_the_scope_of_its_own_type()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        Assert.Equal(403, (await cast.Server.GetAsync("/fhir/PractitionerRole?_include=PractitionerRole:practitioner", cast.Server.AnyToken("user/PractitionerRole.rs"))).Status);
        Assert.Equal(200, (await cast.Server.GetAsync("/fhir/PractitionerRole?_include=PractitionerRole:practitioner", cast.Server.AnyToken("user/PractitionerRole.rs", "user/Practitioner.r"))).Status);
    }

    private static List<JsonElement> Found(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Whole);
        return answer.Json.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray().Select(e => e.GetProperty("resource"))] : [];
    }

    private static string Id(JsonElement resource) => resource.GetProperty("id").GetString()!;
}
