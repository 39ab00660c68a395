using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dsp.Access;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.SignIn;

/// <summary>
/// SMART App Launch with a client by other people (fhirclient), standalone and from an attested program; and what a launch is
/// not good for.
/// </summary>
public sealed class SmartLaunchTests
{
    private const string Scopes = "openid fhirUser offline_access launch launch/patient patient/Patient.rs patient/DocumentReference.rs";

    [Fact, Trait("Tier", "Normal")]
    public async Task A_client_by_other_people_launches_alone()
    {
        await using var world = await SoftwareWorld.StartAsync();
        await world.Cast.DepositedAsync("<a/>"u8.ToArray());
        var redirect = await RegisteredAsync(world);

        var got = await RunAsync(world, redirect, world.Cast.Emma.Person.Value, "Person", Scopes.Replace(" launch ", " ", StringComparison.Ordinal), null);

        Assert.Equal(world.Cast.Record, got.GetProperty("patient").GetString());
        Assert.Equal(1, got.GetProperty("documents").GetInt32());
        Assert.Equal($"Patient/{world.Cast.Record}", got.GetProperty("user").GetString());
        Assert.True(got.GetProperty("refreshed").GetBoolean());
        Assert.Equal(404, got.GetProperty("foreign").GetInt32());
    }

    [Fact, Trait("Tier", "Normal")]
    public async Task A_client_by_other_people_is_launched_from_an_attested_program()
    {
        await using var world = await SoftwareWorld.StartAsync();
        await world.Cast.DepositedAsync("<a/>"u8.ToArray());
        await world.Cast.OpenContextAsync();
        var redirect = await RegisteredAsync(world);
        var launch = (await LaunchAsync(world)).Json.GetProperty("launch").GetString();

        var got = await RunAsync(world, redirect, world.Cast.Doctor.Person!.Value.Value, "Professional", Scopes.Replace(" launch/patient", "", StringComparison.Ordinal), launch);

        Assert.Equal(world.Cast.Record, got.GetProperty("patient").GetString());
        Assert.Equal(1, got.GetProperty("documents").GetInt32());
        Assert.StartsWith("Practitioner/", got.GetProperty("user").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_launch_is_good_once_for_its_person_and_its_software()
    {
        await using var world = await SoftwareWorld.StartAsync();
        await world.Cast.OpenContextAsync();
        var app = await world.RegisterAsync("app", Scopes, confidential: false);
        var other = await world.RegisterAsync("other", Scopes, confidential: false);
        using var doctor = await AuthorizationTests.SignedInAsync(world, world.Cast.Doctor);
        using var stranger = await AuthorizationTests.SignedInAsync(world, world.Cast.Other);
        CodeRequest Asked(TestClient client, string? launch) => new CodeRequest(world, client, "launch patient/Patient.rs").With("launch", launch);
        var launch = (await LaunchAsync(world)).Json.GetProperty("launch").GetString()!;

        Assert.Equal("invalid_request", (await stranger.GetAsync(Asked(app, launch).Address))["error"]);
        Assert.Equal("invalid_request", (await doctor.GetAsync(Asked(other, launch).Address))["error"]);
        Assert.Equal("invalid_request", (await doctor.GetAsync(Asked(app, launch[..^4] + "AAAA").Address))["error"]);
        var page = await doctor.GetAsync(Asked(app, launch).Address);
        var second = await doctor.GetAsync(Asked(app, launch).Address);
        Assert.NotNull((await doctor.SubmitAsync(page, ("decision", "allow")))["code"]);
        Assert.Equal(["invalid_request", null], [.. new[] { "error", "code" }.Select((await doctor.SubmitAsync(second, ("decision", "allow"))).Get)]);

        var late = (await LaunchAsync(world)).Json.GetProperty("launch").GetString()!;
        world.Server.World.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("invalid_request", (await doctor.GetAsync(Asked(app, late).Address))["error"]);
    }

    [Fact]
    public async Task A_launch_is_made_for_an_own_patient_only_and_by_a_program_only()
    {
        await using var world = await SoftwareWorld.StartAsync();
        await world.RegisterAsync("app", Scopes, confidential: false);

        Assert.Equal(404, (await LaunchAsync(world)).Status);
        await world.Cast.OpenContextAsync();
        Assert.Equal(201, (await LaunchAsync(world)).Status);
        Assert.Equal(403, (await LaunchAsync(world, world.Cast.Holder)).Status);
        Assert.Equal(403, (await LaunchAsync(world, world.Cast.Lab)).Status);
        var withoutProgram = world.Server.Token(CallerKind.Professional, world.Cast.Doctor.Person!.Value.Value, r => r with { Institution = world.Cast.Doctor.Institution });
        Assert.Contains("DSP-3005", (await LaunchAsync(world, withoutProgram)).Text, StringComparison.Ordinal);
        Assert.Equal(400, (await world.Server.PostJsonAsync("/api/launches", world.Cast.DoctorToken, $$"""{"clientId":"nobody","recordId":"{{world.Cast.Record}}"}""")).Status);
    }

    private static Task<Answer> LaunchAsync(SoftwareWorld world, string? token = null) =>
        world.Server.PostJsonAsync("/api/launches", token ?? world.Cast.DoctorToken, $$"""{"clientId":"app","recordId":"{{world.Cast.Record}}"}""");

    private static async Task<string> RegisteredAsync(SoftwareWorld world)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var redirect = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/back";
        await world.RegisterAsync("app", Scopes, confidential: false, redirect: redirect);
        return redirect;
    }

    private static async Task<JsonElement> RunAsync(SoftwareWorld world, string redirect, Guid person, string kind, string scope, string? launch)
    {
        var other = await world.Server.World.ActiveAsync(WorldPeople.Claude, "SCHRAMM", "Claude");
        var task = JsonSerializer.Serialize(new
        {
            @base = world.Server.Base, fhir = world.Server.Fhir, clientId = "app", scope, redirect, launch, other = other.Record.ToString(),
            signIn = $"/test/sign-in/{kind}/{person:D}", place = kind == "Professional" ? "/en/pro/lieu" : null,
        });
        var got = await NodeClients.RunAsync("launch.mjs", task);
        Assert.False(got.TryGetProperty("error", out var error), error.ToString());
        return got;
    }
}
