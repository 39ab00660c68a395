using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dsp.Identity;
using Dsp.Identity.Software;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Tests.SignIn;

/// <summary>A software as itself: SMART Backend Services, its assertions, its certificate, its suspension.</summary>
public sealed class BackendServiceTests
{
    private const string Deposits = "system/DocumentReference.cruds system/Binary.r ITI-65";

    [Theory, EveryStore]
    public async Task A_laboratory_deposits_with_its_key_and_reads_back_what_it_deposited(Store store)
    {
        await using var world = await SoftwareWorld.StartAsync(store);
        var lab = await world.RegisterAsync("lab-nord", Deposits);

        var issued = await lab.AskAsync("system/DocumentReference.crs system/Binary.r");
        Assert.True(issued.Status == 200, issued.Text);
        Assert.Equal(300, issued.Json.GetProperty("expires_in").GetInt32());
        Assert.Contains("no-store", issued.Header("Cache-Control"), StringComparison.Ordinal);
        var token = issued.Json.GetProperty("access_token").GetString()!;
        Assert.Equal(["at+jwt", "RS256"], [new JsonWebToken(token).Typ, new JsonWebToken(token).Alg]);
        var deposit = await world.Cast.DepositAsync(token, Bundles.Provide(world.Cast.Emma.Number!, "<a/>"u8.ToArray()));
        Assert.True(deposit.Status == 200, deposit.Text);
        var found = await world.Cast.SearchAsync(token);
        Assert.Equal(1, found.Json.GetProperty("entry").GetArrayLength());
        Assert.Equal(403, (await world.Server.GetAsync("/fhir/Patient?identifier=urn:oid:1.3.182.4.4|" + world.Cast.Emma.Number, token)).Status);
    }

    [Theory, EveryStore]
    public async Task An_assertion_is_good_once(Store store)
    {
        await using var world = await SoftwareWorld.StartAsync(store);
        var lab = await world.RegisterAsync("lab-nord", Deposits);
        var assertion = lab.Assertion();

        Assert.Equal(200, (await lab.AskAsync("ITI-65", assertion)).Status);
        var again = await lab.AskAsync("ITI-65", assertion);

        Assert.Equal("401 invalid_client", $"{again.Status} {again.Json.GetProperty("error").GetString()}");
        var fresh = lab.Assertion();
        var together = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => lab.AskAsync("ITI-65", fresh)));
        Assert.Single(together, a => a.Status == 200);
    }

    [Fact]
    public async Task A_hostile_assertion_is_no_proof()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var lab = await world.RegisterAsync("lab-nord", Deposits);
        var other = await world.RegisterAsync("ris-nord", Deposits);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var keySet = Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(lab.KeySet()));
        var now = world.Server.World.Clock.GetUtcNow().UtcDateTime;
        var good = lab.Assertion();
        var parts = good.Split('.');
        var hostile = new Dictionary<string, string>
        {
            ["unsigned"] = $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["a stranger's key"] = lab.Assertion(signing: Signing(stranger, "ES384")),
            ["the public key as a secret"] = lab.Assertion(signing: new SigningCredentials(new SymmetricSecurityKey(keySet) { KeyId = "k1" }, "HS384")),
            ["another software's"] = other.Assertion(d => (d.Issuer, d.Claims["sub"]) = ("lab-nord", "lab-nord")),
            ["sub differs"] = lab.Assertion(d => d.Claims["sub"] = "ris-nord"),
            ["for another server"] = lab.Assertion(d => d.Audience = "https://elsewhere.example/oauth/token"),
            ["for another address here"] = lab.Assertion(d => d.Audience = world.Server.Base + "/fhir"),
            ["for two servers"] = lab.Assertion(d => { d.Audience = null; d.Claims["aud"] = new[] { world.TokenUrl, "https://elsewhere.example/token" }; }),
            ["expired"] = lab.Assertion(d => d.Expires = now.AddMinutes(-2)),
            ["for too long"] = lab.Assertion(d => d.Expires = now.AddMinutes(20)),
            ["not yet"] = lab.Assertion(d => d.NotBefore = now.AddMinutes(3)),
            ["no end"] = lab.Assertion(d => d.Expires = null),
            ["no id"] = lab.Assertion(d => d.Claims.Remove("jti")),
            ["words"] = "let.me.in",
        };

        foreach (var (name, assertion) in hostile)
        {
            var answer = await lab.AskAsync("ITI-65", assertion);
            Assert.True(answer.Status is 400 or 401 && !answer.Text.Contains("access_token", StringComparison.Ordinal), $"{name}: {answer.Whole}");
        }
        Assert.Equal(200, (await lab.AskAsync("ITI-65", good)).Status);
    }

    [Fact]
    public async Task A_secret_that_travels_or_nothing_at_all_is_no_proof()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var lab = await world.RegisterAsync("lab-nord", Deposits);
        var basic = Convert.ToBase64String("lab-nord:secret"u8);

        Assert.NotEqual(200, (await lab.PostAsync("/oauth/token", null, ("grant_type", "client_credentials"), ("client_id", "lab-nord"), ("scope", "ITI-65"))).Status);
        Assert.NotEqual(200, (await lab.PostAsync("/oauth/token", null, ("grant_type", "client_credentials"), ("client_id", "lab-nord"), ("client_secret", "x"), ("scope", "ITI-65"))).Status);
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "ITI-65")]);
        Assert.NotEqual(200, (await world.Server.SendAsync(HttpMethod.Post, "/oauth/token", null, form, ("Authorization", "Basic " + basic))).Status);
    }

    [Theory]
    [InlineData("system/Observation.rs")]
    [InlineData("system/DocumentReference.rs?type=x")]
    [InlineData("system/*.rs")]
    [InlineData("user/DocumentReference.rs")]
    [InlineData("patient/DocumentReference.rs")]
    [InlineData("dsp.act.*")]
    [InlineData("dsp.feed")]
    [InlineData("openid")]
    [InlineData("ITI-65 everything")]
    [InlineData("")]
    public async Task A_scope_unknown_or_outside_the_registration_is_refused_and_not_left_out(string scope)
    {
        await using var world = await SoftwareWorld.StartAsync();
        var lab = await world.RegisterAsync("lab-nord", Deposits);

        var answer = await lab.AskAsync(scope);

        Assert.Equal("400 invalid_scope", $"{answer.Status} {answer.Json.GetProperty("error").GetString()}");
    }

    [Theory, EveryStore]
    public async Task A_suspended_software_is_out_on_its_next_request(Store store)
    {
        await using var world = await SoftwareWorld.StartAsync(store);
        var lab = await world.RegisterAsync("lab-nord", Deposits);
        var token = (await lab.AskAsync("system/DocumentReference.rs")).Json.GetProperty("access_token").GetString()!;
        Assert.Equal(200, (await world.Cast.SearchAsync(token)).Status);
        var agent = await world.Server.World.AgentAsync();
        var system = (await world.Server.World.Platform.Clients.FindAsync("lab-nord", world.Server.World.Cancel))!.System.Id;

        Assert.True((await world.Server.World.Operation<SuspendSystem>().RunAsync(agent, system, true, world.Server.World.Cancel)).Succeeded);

        var refused = await world.Cast.SearchAsync(token);
        Assert.Contains("DSP-3007", refused.Text, StringComparison.Ordinal);
        Assert.Equal("401 invalid_client", await ErrorAsync(lab.AskAsync("ITI-65")));
        Assert.True((await world.Server.World.Operation<SuspendSystem>().RunAsync(agent, system, false, world.Server.World.Cancel)).Succeeded);
        Assert.Equal(200, (await lab.AskAsync("ITI-65")).Status);
    }

    [Theory, EveryStore]
    public async Task A_revoked_token_is_out_on_its_next_request_and_tells_so(Store store)
    {
        await using var world = await SoftwareWorld.StartAsync(store);
        var lab = await world.RegisterAsync("lab-nord", Deposits);
        var token = (await lab.AskAsync("system/DocumentReference.rs")).Json.GetProperty("access_token").GetString()!;
        var before = await lab.SendAsync("/oauth/introspect", ("token", token));
        Assert.True(before.Json.GetProperty("active").GetBoolean(), before.Text);
        Assert.Equal("system/DocumentReference.rs", before.Json.GetProperty("scope").GetString());

        Assert.Equal(200, (await lab.SendAsync("/oauth/revoke", ("token", token))).Status);

        Assert.Equal(401, (await world.Cast.SearchAsync(token)).Status);
        Assert.False((await lab.SendAsync("/oauth/introspect", ("token", token))).Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Nobody_asks_after_or_ends_anothers_token()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var lab = await world.RegisterAsync("lab-nord", Deposits);
        var other = await world.RegisterAsync("ris-nord", Deposits);
        var app = await world.RegisterAsync("app", "patient/DocumentReference.rs", confidential: false);
        var token = (await lab.AskAsync("system/DocumentReference.rs")).Json.GetProperty("access_token").GetString()!;

        foreach (var stranger in new[] { other, app })
        {
            var told = await stranger.SendAsync("/oauth/introspect", ("token", token));
            Assert.False(told.Status == 200 && told.Json.GetProperty("active").GetBoolean(), told.Text);
            await stranger.SendAsync("/oauth/revoke", ("token", token));
        }
        Assert.Equal(200, (await world.Cast.SearchAsync(token)).Status);
        using var form = new FormUrlEncodedContent([new("token", token)]);
        Assert.NotEqual(200, (await world.Server.SendAsync(HttpMethod.Post, "/oauth/introspect", null, form)).Status);
        Assert.NotEqual(200, (await world.Server.GetAsync("/oauth/introspect?token=" + token)).Status);
    }

    [Fact]
    public async Task A_bound_token_is_nobodys_without_its_certificate()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var (own, stranger) = (Certificate("lab"), Certificate("lab"));
        var lab = await world.RegisterAsync("lab-nord", Deposits, certificate: own);

        Assert.Equal("401 invalid_client", await ErrorAsync(lab.AskAsync("system/DocumentReference.rs")));
        // The same subject and no issuer we know: a stranger's certificate lets nobody in.
        Assert.Equal("401 invalid_client", await ErrorAsync(lab.AskAsync("system/DocumentReference.rs", certificate: stranger)));
        var issued = await lab.AskAsync("system/DocumentReference.rs", certificate: own);
        Assert.True(issued.Status == 200, issued.Text);
        var token = issued.Json.GetProperty("access_token").GetString()!;

        Assert.Equal(200, (await SearchAsync(world, token, own)).Status);
        Assert.Equal(401, (await SearchAsync(world, token, stranger)).Status);
        Assert.Equal(401, (await SearchAsync(world, token, null)).Status);
        Assert.Equal(401, (await world.Server.GetAsync("/fhir/DocumentReference?status=current", token, ("Client-Cert", own))).Status);
    }

    [Fact]
    public async Task A_certificate_is_believed_from_the_named_proxy_alone()
    {
        var own = Certificate("lab");
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var lab = await new SoftwareWorld(cast).RegisterAsync("lab-nord", Deposits, certificate: own);

        Assert.Equal("401 invalid_client", await ErrorAsync(lab.AskAsync("system/DocumentReference.rs", certificate: own)));
    }

    [Fact]
    public async Task A_software_that_is_not_attested_yet_enters_no_real_installation()
    {
        await using var world = await SoftwareWorld.StartAsync();
        await world.RegisterAsync("lab-nord", Deposits, attested: "");
        var client = (await world.Server.World.Platform.Clients.FindAsync("lab-nord", world.Server.World.Cancel))!;
        var now = world.Server.World.Clock.GetUtcNow();

        Assert.Equal(ClientState.InTest, client.StateAt(now));
        Assert.False(client.MayEnterAt(now, demo: false));
        Assert.True(client.MayEnterAt(now, demo: true));
        Assert.Equal(ClientState.Registered, client.StateAt(now.AddYears(-3)));
        Assert.True((client with { Client = client.Client with { AttestedAt = now } }).MayEnterAt(now, demo: false));
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/authorize?client_id=x")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/fhir/.well-known/smart-configuration")]
    public async Task The_guards_stand_before_the_authorization_server(string path)
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var foreign = await server.GetAsync(path, null, ("Host", "evil.example"));
        var forwarded = await server.GetAsync(path, null, ("X-Forwarded-Host", "evil.example"));

        Assert.Equal([421, 421], new[] { foreign.Status, forwarded.Status });
        Assert.Equal("nosniff", (await server.GetAsync(path)).Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("UPDATE clients SET scopes = 'system/*.cruds'")]
    [InlineData("UPDATE clients SET attested_at = 1")]
    [InlineData("UPDATE clients SET redirects = 'https://evil.example/'")]
    [InlineData("UPDATE systems SET institution_id = NULL")]
    public async Task A_row_that_was_written_past_the_product_does_not_exist(string forgery)
    {
        await using var world = await SoftwareWorld.StartAsync();
        var lab = await world.RegisterAsync("lab-nord", Deposits);

        await world.Server.World.Platform.Database.CommitAsync(new Batch().Add(forgery), world.Server.World.Cancel);

        Assert.Equal("401 invalid_client", await ErrorAsync(lab.AskAsync("ITI-65")));
    }

    private static Task<Answer> SearchAsync(SoftwareWorld world, string token, string? certificate) =>
        world.Server.GetAsync($"/fhir/DocumentReference?patient.identifier={Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + world.Cast.Emma.Number)}&status=current", token, certificate is null ? [] : [("Client-Cert", $":{certificate}:")]);

    private static async Task<string> ErrorAsync(Task<Answer> asked)
    {
        var answer = await asked;
        return $"{answer.Status} {(answer.Text.StartsWith('{') && answer.Json.TryGetProperty("error", out var error) ? error.GetString() : answer.Text)}";
    }

    private static SigningCredentials Signing(ECDsa key, string algorithm) =>
        new(new ECDsaSecurityKey(key) { KeyId = "k1", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, algorithm);

    private static string Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return Convert.ToBase64String(certificate.RawData);
    }
}
