using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dsp.Server.Jobs;
using Dsp.Subscriptions;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Tests.SignIn;

/// <summary>New documents are told to who asked and may read them now: what leaves, to whom, when not, and every refusal.</summary>
public sealed class SubscriptionTests
{
    private const string Any = "https://profiles.ihe.net/ITI/DSUBm/SubscriptionTopic/DSUBm-SubscriptionTopic-DocumentReference-MultiPatient";
    private const string One = "https://profiles.ihe.net/ITI/DSUBm/SubscriptionTopic/DSUBm-SubscriptionTopic-DocumentReference-PatientDependent";
    private const string Rights = "user/Subscription.cruds user/DocumentReference.rs";

    [Theory, EveryStore]
    public async Task A_doctor_is_told_of_a_new_document_in_a_live_relation_by_its_id_alone(Store store)
    {
        await using var hook = await Hook.StartAsync();
        await using var world = await StartAsync(store, hook);
        var token = await TokenAsync(world, hook);
        await world.Cast.DepositedAsync([1], "Avant");
        var made = await PostAsync(world, token, Wanted(hook.Address));
        Assert.True(made.Status == 201, made.Whole);
        Assert.Equal(("requested", "id-only"), (made.Json.GetProperty("status").GetString(), made.Json.GetProperty("channel").GetProperty("_payload").GetProperty("extension")[0].GetProperty("valueCode").GetString()));

        await TurnAsync(world);
        Assert.Equal("handshake", Kind(hook.Taken.Single()));
        Assert.Equal("active", (await world.Server.GetAsync("/fhir/Subscription/" + IdOf(made), token)).Json.GetProperty("status").GetString());

        // Without a relation nothing; with one, what comes from then on.
        await world.Cast.DepositedAsync([2], "Sans relation");
        await TurnAsync(world);
        await world.Cast.OpenContextAsync();
        var document = await world.Cast.DepositedAsync([3], "Hémoglobine glyquée");
        await TurnAsync(world);
        await TurnAsync(world);

        var (body, authorization) = hook.Taken.Last();
        Assert.Equal(2, hook.Taken.Count);
        Assert.Equal("event-notification", Kind((body, authorization)));
        Assert.Contains($"/fhir/DocumentReference/{document}", body, StringComparison.Ordinal);
        Assert.DoesNotContain("moglobine", body, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Cast.Emma.Number!, body, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Cast.Record, body, StringComparison.Ordinal);
        await SignedAsync(world, hook, body, authorization);
        var (resource, problems) = Interop.Fhir.FhirJson.Parse<Hl7.Fhir.Model.Bundle>(Encoding.UTF8.GetBytes(body));
        Assert.Empty(problems);
        Assert.Equal(Hl7.Fhir.Model.Bundle.BundleType.History, resource!.Type);
        Assert.Equal("1", (await world.Server.GetAsync($"/fhir/Subscription/{IdOf(made)}/$status", token)).Json.GetProperty("entry")[0].GetProperty("resource").GetProperty("parameter").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "events-since-subscription-start").GetProperty("valueString").GetString());
        // The holder sees that it was told, and to whom.
        var line = (await world.Server.GetAsync($"/api/records/{world.Cast.Record}/history", world.Cast.Holder)).Json.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("action").GetString() == "notify");
        Assert.Equal((world.Cast.Doctor.Person.ToString(), document), (line.GetProperty("person").GetProperty("id").GetString(), line.GetProperty("documents")[0].GetString()));
    }

    [Theory, EveryStore]
    public async Task What_may_not_be_read_when_it_would_leave_is_never_told(Store store)
    {
        await using var hook = await Hook.StartAsync();
        await using var world = await StartAsync(store, hook);
        var token = await TokenAsync(world, hook);
        await world.Cast.OpenContextAsync();
        Assert.Equal(201, (await PostAsync(world, token, Wanted(hook.Address))).Status);
        await TurnAsync(world);
        var masked = await world.Cast.DepositedAsync([1]);
        Assert.Equal(201, (await world.Server.PostJsonAsync($"/api/records/{world.Cast.Record}/masks", world.Cast.Holder, $$"""{"documentId":"{{masked}}","from":"{{world.Cast.Doctor.Person}}"}""")).Status);
        await TurnAsync(world);

        // Found, and then the relation ends before it leaves.
        hook.Down = true;
        await world.Cast.DepositedAsync([2]);
        await TurnAsync(world);
        hook.Down = false;
        var contexts = (await world.Server.GetAsync("/api/care-contexts", world.Cast.DoctorToken)).Json.GetProperty("contexts")[0].GetProperty("id").GetString();
        Assert.Equal(204, (await world.Server.SendAsync(HttpMethod.Delete, "/api/care-contexts/" + contexts, world.Cast.Holder)).Status);
        world.Server.World.Clock.Advance(TimeSpan.FromHours(1));
        await TurnAsync(world);

        Assert.Equal(["handshake"], hook.Taken.Select(Kind));
        // Nobody is said to have been refused what they never asked for.
        Assert.DoesNotContain((await world.Server.GetAsync($"/api/records/{world.Cast.Record}/history", world.Cast.Holder)).Json.GetProperty("entries").EnumerateArray(), e => e.GetProperty("action").GetString() == "notify" && e.GetProperty("outcome").GetString() != "permitted" && e.GetProperty("outcome").GetString() != "done");
    }

    [Theory, EveryStore]
    public async Task An_address_that_is_away_is_asked_again_later_and_given_up_after_three_days(Store store)
    {
        await using var hook = await Hook.StartAsync();
        await using var world = await StartAsync(store, hook);
        var token = await TokenAsync(world, hook);
        await world.Cast.OpenContextAsync();
        var made = await PostAsync(world, token, Wanted(hook.Address));
        await TurnAsync(world);
        hook.Down = true;
        await world.Cast.DepositedAsync([1]);
        await TurnAsync(world);
        await TurnAsync(world);
        Assert.Equal(2, hook.Asked);

        world.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await TurnAsync(world);
        Assert.Equal(3, hook.Asked);
        hook.Down = false;
        world.Server.World.Clock.Advance(TimeSpan.FromMinutes(2));
        await TurnAsync(world);
        Assert.Equal(["handshake", "event-notification"], hook.Taken.Select(Kind));

        hook.Down = true;
        await world.Cast.DepositedAsync([2]);
        for (var i = 0; i < 16; i++)
        {
            await TurnAsync(world);
            world.Server.World.Clock.Advance(TimeSpan.FromHours(6));
        }
        token = await TokenAsync(world, hook);
        Assert.Equal("error", (await world.Server.GetAsync("/fhir/Subscription/" + IdOf(made), token)).Json.GetProperty("status").GetString());
        var asked = hook.Asked;
        await TurnAsync(world);
        Assert.Equal(asked, hook.Asked);
        // Sent again as requested it begins anew.
        hook.Down = false;
        Assert.Equal(200, (await PutAsync(world, token, IdOf(made), Wanted(hook.Address))).Status);
        await TurnAsync(world);
        await TurnAsync(world);
        Assert.Equal("event-notification", Kind(hook.Taken.Last()));
    }

    [Fact]
    public async Task One_patient_some_categories_and_an_end_are_kept_to()
    {
        await using var hook = await Hook.StartAsync();
        await using var world = await StartAsync(Store.Sqlite, hook);
        var token = await TokenAsync(world, hook);
        await world.Cast.OpenContextAsync();
        foreach (var wanted in new[] { Wanted(hook.Address + "/other", One, $"DocumentReference?patient=Patient/{Guid.NewGuid()}"), Wanted(hook.Address + "/emma", One, $"DocumentReference?patient.identifier=urn:oid:1.3.182.4.4|{world.Cast.Emma.Number}"), Wanted(hook.Address + "/imaging", Any, "DocumentReference?category=urn:dsp:category|MedicalImaging"), Wanted(hook.Address + "/analyses", Any, "DocumentReference?category=MedicalAnalyses,MedicalImaging") })
            Assert.Equal(201, (await PostAsync(world, token, wanted)).Status);
        var off = await PostAsync(world, token, Wanted(hook.Address + "/off").Replace("requested", "off", StringComparison.Ordinal));
        var ended = await PostAsync(world, token, Wanted(hook.Address + "/ended").Replace("\"reason\"", "\"end\":\"2020-01-01T00:00:00Z\",\"reason\"", StringComparison.Ordinal));
        Assert.Equal((201, 201), (off.Status, ended.Status));
        await TurnAsync(world);
        await world.Cast.DepositedAsync([1]);
        await TurnAsync(world);

        Assert.Equal(["/hook/analyses", "/hook/emma"], hook.Paths.Where(p => p.Kind == "event-notification").Select(p => p.Path).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(hook.Paths, p => p.Path is "/hook/off" or "/hook/ended");
        var list = await world.Server.GetAsync("/fhir/Subscription?status=active", token);
        Assert.Equal(4, list.Json.GetProperty("total").GetInt32());
        Assert.Equal(1, (await world.Server.GetAsync($"/fhir/Subscription?url={Uri.EscapeDataString(hook.Address + "/off")}", token)).Json.GetProperty("total").GetInt32());
        Assert.Equal(204, (await world.Server.SendAsync(HttpMethod.Delete, "/fhir/Subscription/" + IdOf(off), token)).Status);
        Assert.Equal(404, (await world.Server.GetAsync("/fhir/Subscription/" + IdOf(off), token)).Status);
        Assert.Equal(404, (await world.Server.SendAsync(HttpMethod.Delete, "/fhir/Subscription/" + IdOf(off), token)).Status);
    }

    [Fact]
    public async Task Every_refusal_of_a_subscription_is_named_and_keeps_nothing()
    {
        await using var hook = await Hook.StartAsync();
        await using var world = await StartAsync(Store.Sqlite, hook);
        var token = await TokenAsync(world, hook);
        var good = Wanted(hook.Address);
        (int Status, Refusal Refusal, string Body)[] cases =
        [
            (422, Refusals.InvalidMetadata, good.Replace("requested", "active", StringComparison.Ordinal)),
            (422, Refusals.InvalidMetadata, good.Replace("rest-hook", "email", StringComparison.Ordinal)),
            (422, Refusals.InvalidMetadata, good.Replace("id-only", "full-resource", StringComparison.Ordinal)),
            (422, Refusals.InvalidMetadata, good.Replace("application/fhir+json", "text/plain", StringComparison.Ordinal)),
            (422, Refusals.InvalidMetadata, good.Replace("\"endpoint\"", "\"header\":[\"Authorization: Bearer secret\"],\"endpoint\"", StringComparison.Ordinal)),
            (422, Refusals.InvalidMetadata, Wanted(hook.Address, "http://elsewhere.example/topic")),
            (422, Refusals.MissingMetadata, Wanted(hook.Address, One)),
            (422, Refusals.InvalidMetadata, Wanted(hook.Address, Any, $"DocumentReference?patient={Guid.NewGuid()}")),
            (422, Refusals.InvalidMetadata, Wanted(hook.Address, Any, "DocumentReference?type=http://loinc.org|11502-2")),
            (422, Refusals.InvalidMetadata, Wanted(hook.Address, Any, "DocumentReference?category=Nonsense")),
            (422, Refusals.InvalidMetadata, Wanted(hook.Address, Any, "Observation?patient=1")),
            (403, Refusals.EndpointNotRegistered, Wanted("https://elsewhere.example/hook")),
            (403, Refusals.EndpointNotRegistered, Wanted("http://169.254.169.254/latest")),
            (403, Refusals.EndpointNotRegistered, Wanted("ftp://127.0.0.1/x")),
            (400, Refusals.Malformed, "{"),
        ];
        foreach (var (status, refusal, body) in cases)
        {
            var answer = await PostAsync(world, token, body);
            Assert.True(answer.Status == status, $"{body}: {answer.Whole}");
            Assert.Equal(refusal.Id, CodeOf(answer));
        }
        Assert.Equal(0, await world.Server.World.CountAsync("subscriptions"));
        Assert.Equal(Refusals.SoftwareNotRegistered.Id, CodeOf(await PostAsync(world, world.Server.Token(Dsp.Access.CallerKind.Professional, world.Cast.Doctor.Person!.Value.Value, r => r with { Institution = world.Cast.Doctor.Institution, Scopes = ["user/Subscription.cruds"] }), good)));
        Assert.Equal(403, (await PostAsync(world, world.Cast.Lab, good)).Status);
        Assert.Equal(403, (await PostAsync(world, world.Cast.Holder, good)).Status);
        Assert.Equal(401, (await PostAsync(world, null, good)).Status);
        Assert.Equal(404, (await PutAsync(world, token, Guid.NewGuid().ToString(), good)).Status);

        var made = await PostAsync(world, token, good);
        Assert.Equal(412, (await PutAsync(world, token, IdOf(made), good, "W/\"9\"")).Status);
        Assert.Equal(200, (await PutAsync(world, token, IdOf(made), good, made.Header("ETag"))).Status);
        for (var i = 1; i < KeepSubscriptions.Most; i++) Assert.Equal(201, (await PostAsync(world, token, good)).Status);
        Assert.Equal(Refusals.TooManySubscriptions.Id, CodeOf(await PostAsync(world, token, good)));
        // Another person's are not there.
        Assert.Equal(0, (await world.Server.GetAsync("/fhir/Subscription", world.Cast.OtherToken)).Json.GetProperty("total").GetInt32());
        Assert.Equal(404, (await world.Server.GetAsync("/fhir/Subscription/" + IdOf(made), world.Cast.OtherToken)).Status);
    }

    private static async Task<SoftwareWorld> StartAsync(Store store, Hook hook)
    {
        _ = hook;
        return await SoftwareWorld.StartAsync(await World.CreateAsync(store), s => s with { NotifyInside = true });
    }

    private static async Task<string> TokenAsync(SoftwareWorld world, Hook hook)
    {
        var app = await world.RegisterAsync("app", Rights, confidential: false, redirect: hook.Redirect);
        using var browser = new TestBrowser(world);
        await browser.SignInAsync(world.Cast.Doctor);
        var asked = new CodeRequest(world, app, Rights).With("redirect_uri", hook.Redirect);
        return (await app.RedeemAsync(await AuthorizationTests.CodeAsync(browser, asked), asked.Verifier, hook.Redirect)).Json.GetProperty("access_token").GetString()!;
    }

    /// <summary>What the two jobs do in a turn; the clock goes on between them as it does.</summary>
    private static async Task TurnAsync(SoftwareWorld world)
    {
        world.Server.World.Clock.Advance(TimeSpan.FromMilliseconds(20));
        await world.Server.World.Operation<CollectNotifications>().RunAsync(world.Server.World.Cancel);
        await world.Server.World.Operation<SendNotifications>().RunAsync(world.Server.Get<SubscriberHooks>(), world.Server.World.Cancel);
    }

    /// <summary>The receiver finds the key where the server's discovery says, and the digest in the token is the body's.</summary>
    private static async Task SignedAsync(SoftwareWorld world, Hook hook, string body, string authorization)
    {
        var discovery = await world.Server.GetAsync("/.well-known/oauth-authorization-server");
        var keys = new JsonWebKeySet((await world.Server.GetAsync(new Uri(discovery.Json.GetProperty("jwks_uri").GetString()!).PathAndQuery)).Text);
        Assert.StartsWith("Bearer ", authorization, StringComparison.Ordinal);
        var read = await new JsonWebTokenHandler().ValidateTokenAsync(authorization[7..], new TokenValidationParameters { ValidIssuer = discovery.Json.GetProperty("issuer").GetString(), ValidAudience = hook.Address, IssuerSigningKeys = keys.GetSigningKeys(), ValidateLifetime = false, ValidTypes = ["notification+jwt"] });
        Assert.True(read.IsValid, read.Exception?.Message);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}:", read.Claims[SubscriberHooks.Digest]);
    }

    private static string Wanted(string endpoint, string topic = Any, string? filter = null) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["resourceType"] = "Subscription", ["status"] = "requested", ["reason"] = "Nouveaux documents", ["criteria"] = topic,
        ["_criteria"] = new { extension = new[] { filter is null ? new { url = "urn:none", valueString = "x" } : new { url = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-filter-criteria", valueString = filter } } },
        ["channel"] = new Dictionary<string, object> { ["type"] = "rest-hook", ["endpoint"] = endpoint, ["payload"] = "application/fhir+json", ["_payload"] = new { extension = new[] { new { url = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content", valueCode = "id-only" } } } },
    }, Plain);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static Task<Answer> PostAsync(SoftwareWorld world, string? token, string body) => world.Server.SendAsync(HttpMethod.Post, "/fhir/Subscription", token, Json(body));

    private static Task<Answer> PutAsync(SoftwareWorld world, string token, string id, string body, string? ifMatch = null) =>
        world.Server.SendAsync(HttpMethod.Put, "/fhir/Subscription/" + id, token, Json(body), ifMatch is null ? [] : [("If-Match", ifMatch)]);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json"));

    private static string IdOf(Answer answer) => answer.Json.GetProperty("id").GetString()!;

    private static string CodeOf(Answer answer) => answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()!;

    private static string Kind((string Body, string Authorization) taken) => Hook.KindOf(taken.Body);

    /// <summary>A software's own server.</summary>
    private sealed class Hook(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentQueue<(string Body, string Authorization)> Taken { get; } = new();
        public ConcurrentQueue<(string Path, string Kind)> Paths { get; } = new();
        public int Asked { get; private set; }
        public bool Down { get; set; }
        public string Address { get; private set; } = "";
        public string Redirect { get; private set; } = "";

        public static async Task<Hook> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            builder.Services.AddRoutingCore();
            var app = builder.Build();
            var hook = new Hook(app);
            app.Run(hook.TakeAsync);
            await app.StartAsync(TestContext.Current.CancellationToken);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            (hook.Address, hook.Redirect) = (address + "/hook", address + "/back");
            return hook;
        }

        public static string KindOf(string body)
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("entry")[0].GetProperty("resource").GetProperty("parameter").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "type").GetProperty("valueCode").GetString()!;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            Asked++;
            context.Response.StatusCode = Down ? 503 : 200;
            if (Down) return;
            Taken.Enqueue((body, context.Request.Headers.Authorization.ToString()));
            Paths.Enqueue((context.Request.Path.Value!, KindOf(body)));
        }
    }
}
