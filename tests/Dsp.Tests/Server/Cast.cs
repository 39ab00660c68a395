using System.Net.Http.Headers;
using System.Text;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Dsp.Tests.Server;

/// <summary>The people of a story with their tokens: emma, her doctor, a stranger, a laboratory, an emergency department.</summary>
internal sealed record Cast(
    RunningServer Server, TestHolder Emma, string Holder, Caller Doctor, string DoctorToken, Caller Other, string OtherToken, Caller Emergency, string EmergencyToken,
    string Lab, string Hospital, string Authority) : IAsyncDisposable
{
    public static async Task<Cast> StartAsync(Store store, Func<Dsp.Server.ServerSettings, Dsp.Server.ServerSettings>? settings = null) =>
        await StartAsync(await World.CreateAsync(store), settings);

    /// <param name="extend">Replaces parts of the process.</param>
    /// <param name="routes">Adds routes to it.</param>
    public static async Task<Cast> StartAsync(World world, Func<Dsp.Server.ServerSettings, Dsp.Server.ServerSettings>? settings = null, Action<WebApplicationBuilder>? extend = null, Action<WebApplication>? routes = null)
    {
        var emma = await world.ActiveAsync();
        var practice = await world.InstitutionAsync();
        var elsewhere = await world.InstitutionAsync("Cabinet Marchevaux (fictif)");
        var hospital = await world.InstitutionAsync("Hôpital (fictif)", InstitutionKind.Collective, emergency: true);
        var laboratory = await world.InstitutionAsync("Laboratoire Nord (fictif)", InstitutionKind.Collective);
        var doctor = await world.ProfessionalAsync(practice);
        var other = await world.ProfessionalAsync(elsewhere, "Marchevaux", "Yann");
        var reuter = await world.ProfessionalAsync(hospital, "Reutersang", "Ilka", emergency: true);
        var biologist = await world.ProfessionalAsync(laboratory, "Biolay", "Solange", "pharmacien biologiste", MatrixGroup.BIO);
        var lab = await world.SystemAsync(laboratory, biologist.Person);
        var ward = await world.SystemAsync(hospital, reuter.Person, name: "hospital");
        var authority = await world.AuthorityAsync();
        var server = await RunningServer.StartAsync(world, settings, routes, extend);
        string Token(Caller c, bool feeds = false) => server.Token(c.Kind, c.System?.Value ?? c.Person!.Value.Value, r => r with
        {
            Institution = c.Kind == CallerKind.Professional ? c.Institution : null,
            Program = c.Institution,
            Scopes = Dsp.Server.SignIn.TokenRequest.UsualScopes(c.Kind, feeds),
        });
        return new Cast(server, emma, server.Token(CallerKind.Person, emma.Person.Value), doctor, Token(doctor), other, Token(other), reuter, Token(reuter), Token(lab), Token(ward), Token(authority, feeds: true));
    }

    public string Record => Emma.Record.ToString();

    public Task<Answer> DepositAsync(string token, string bundle) => Server.SendAsync(HttpMethod.Post, "/fhir", token, new StringContent(bundle, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")));

    public Task<Answer> SearchAsync(string token, string more = "") => Server.GetAsync($"/fhir/DocumentReference?patient.identifier={Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + Emma.Number)}&status=current{more}", token);

    /// <summary>A document of the laboratory; its id.</summary>
    public async Task<string> DepositedAsync(byte[] bytes, string title = "Bilan", string contentType = "text/xml")
    {
        var answer = await DepositAsync(Lab, Bundles.Provide(Emma.Number!, bytes, title, contentType));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
    }

    /// <summary>Imaging of a house that nobody else of the story belongs to; its id.</summary>
    public async Task<string> DepositedImageAsync(byte[] bytes)
    {
        var house = await Server.World.InstitutionAsync("Centre d’imagerie (fictif)", InstitutionKind.Collective);
        var radiologist = await Server.World.ProfessionalAsync(house, "Radelange", "Marc", "médecin radiologue");
        var system = await Server.World.SystemAsync(house, radiologist.Person, name: "imaging");
        var answer = await DepositAsync(Server.Token(CallerKind.System, system.System!.Value.Value, r => r with { Program = house }), Bundles.Provide(Emma.Number!, bytes, "Radio du thorax", "application/pdf", "18748-4", "MedicalImaging"));
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
    }

    /// <summary>The holder gives the doctor, or who has this token, a code, who redeems it.</summary>
    public async Task OpenContextAsync(string? token = null)
    {
        var code = await Server.PostJsonAsync("/api/presence-codes", Holder, "{}");
        Assert.True(code.Status == 201, code.Text);
        var opened = await Server.PostJsonAsync("/api/care-contexts", token ?? DoctorToken,
            $$"""{"person":{"nationalId":"{{Emma.Number}}"},"kind":"individual","presenceCode":"{{code.Json.GetProperty("code").GetString()}}"}""");
        Assert.True(opened.Status == 201, opened.Text);
    }

    /// <summary>A pharmacist without a relation yet.</summary>
    public async Task<(Caller Caller, string Token)> PharmacistAsync()
    {
        var pharmacy = await Server.World.InstitutionAsync("Pharmacie (fictif)", InstitutionKind.Practice);
        var pharmacist = await Server.World.ProfessionalAsync(pharmacy, "Farmelino", "Lidia", "pharmacien", MatrixGroup.PHA);
        return (pharmacist, Server.Token(CallerKind.Professional, pharmacist.Person!.Value.Value, r => r with { Institution = pharmacy, Program = pharmacy }));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
