using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Server.Portal;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Tests.SignIn;

/// <summary>A cast and the software of it, registered as an operator registers it: by file.</summary>
internal sealed class SoftwareWorld(Cast cast) : IAsyncDisposable
{
    public const string Redirect = "http://127.0.0.1:9/back";

    public Cast Cast => cast;

    public RunningServer Server => cast.Server;

    public string TokenUrl => Server.Base + "/oauth/token";

    public static async Task<SoftwareWorld> StartAsync(Store store = Store.Sqlite) => await StartAsync(await World.CreateAsync(store), s => s with { CertificateProxies = ["127.0.0.1"] });

    public static async Task<SoftwareWorld> StartAsync(World world, Func<Dsp.Server.ServerSettings, Dsp.Server.ServerSettings> settings) => new(await Cast.StartAsync(world, settings, routes: Routes));

    /// <summary>Signing in to the portal, without what another part of the product asks for.</summary>
    private static void Routes(WebApplication app) => app.MapPost("/test/sign-in/{kind}/{person:guid}", async (HttpContext context, CallerKind kind, Guid person, Guid? place, bool? weak, PortalSession session) =>
        await session.SignInAsync(context, kind, new PersonId(person), strong: weak != true, longLived: false, context.RequestAborted));

    /// <summary>Registers a software for the laboratory, or the doctor's practice.</summary>
    public async Task<TestClient> RegisterAsync(string id, string scopes, bool confidential = true, bool redirects = true, string system = "lab-nord", string attested = "2026-01-01", string? certificate = null, string redirect = Redirect)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var client = new TestClient(this, id, confidential ? key : null);
        var line = new Dictionary<string, object?>
        {
            ["client_id"] = id, ["system"] = system, ["kind"] = confidential ? "confidential" : "public", ["scopes"] = scopes, ["description"] = "Un logiciel d’essai.",
            ["redirects"] = redirects ? new[] { redirect } : [], ["tested_from"] = "2025-06-01", ["attested_from"] = attested, ["keys"] = confidential ? JsonSerializer.SerializeToElement(client.KeySet(certificate)) : null,
        };
        var import = await Server.World.Operation<ImportDirectory>().RunAsync(DirectoryKind.Clients, new StringReader(JsonSerializer.Serialize(new[] { line })), Server.World.Cancel);
        Assert.True(import is { Rejected.Count: 0 }, string.Join('\n', import.Rejected));
        return client;
    }

    public ValueTask DisposeAsync() => cast.DisposeAsync();
}

/// <summary>A software that proves itself with its key.</summary>
internal sealed class TestClient(SoftwareWorld world, string id, ECDsa? key)
{
    public string Id => id;

    /// <summary>Its public key, and a certificate beside it.</summary>
    public Dictionary<string, object> KeySet(string? certificate = null)
    {
        var point = key!.ExportParameters(false).Q;
        var jwk = new Dictionary<string, object> { ["kty"] = "EC", ["crv"] = "P-384", ["kid"] = "k1", ["use"] = "sig", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        if (certificate is not null) jwk["x5c"] = new[] { certificate };
        return new Dictionary<string, object> { ["keys"] = new[] { jwk } };
    }

    /// <summary>An assertion as SMART Backend Services has it, with something changed.</summary>
    public string Assertion(Action<SecurityTokenDescriptor>? change = null, SigningCredentials? signing = null)
    {
        var now = world.Server.World.Clock.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = id, Audience = world.TokenUrl, IssuedAt = now, Expires = now.AddMinutes(4), TokenType = "JWT",
            Claims = new Dictionary<string, object> { ["sub"] = id, ["jti"] = Guid.NewGuid().ToString("N") },
            SigningCredentials = signing ?? new SigningCredentials(new ECDsaSecurityKey(key!) { KeyId = "k1", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, "ES384"),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>A token for the software itself.</summary>
    public Task<Answer> AskAsync(string scope, string? assertion = null, string? certificate = null) =>
        PostAsync("/oauth/token", certificate, [("grant_type", "client_credentials"), ("scope", scope), .. Proof(assertion)]);

    public Task<Answer> RedeemAsync(string code, string verifier, string redirect = SoftwareWorld.Redirect, string? certificate = null) =>
        PostAsync("/oauth/token", certificate, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier), .. Proof(null)]);

    public Task<Answer> RefreshAsync(string token, string? scope = null) =>
        PostAsync("/oauth/token", null, [("grant_type", "refresh_token"), ("refresh_token", token), .. scope is null ? Array.Empty<(string, string)>() : [("scope", scope)], .. Proof(null)]);

    public Task<Answer> SendAsync(string path, params (string, string)[] form) => PostAsync(path, null, [.. form, .. Proof(null)]);

    public (string, string)[] Proof(string? assertion) => key is null && assertion is null
        ? [("client_id", id)]
        : [("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion ?? Assertion())];

    public Task<Answer> PostAsync(string path, string? certificate, params (string Name, string Value)[] form) =>
        world.Server.SendAsync(HttpMethod.Post, path, null, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))), certificate is null ? [] : [("Client-Cert", $":{certificate}:")]);
}

/// <summary>A person's browser: cookies, forms, redirects that are followed one by one.</summary>
internal sealed partial class TestBrowser : IDisposable
{
    private readonly SoftwareWorld world;
    private readonly HttpClient http;

    public TestBrowser(SoftwareWorld world) =>
        (this.world, http) = (world, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(world.Server.Base) });

    public async Task SignInAsync(Caller caller, bool weak = false)
    {
        using var answer = await http.PostAsync($"/test/sign-in/{caller.Kind}/{caller.Person}?weak={weak}", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // One place of practice: it is taken without a question.
        if (caller.Kind == CallerKind.Professional) await GetAsync("/fr/pro/lieu");
    }

    /// <summary>Follows redirects on this site; stops at a page, or at an address elsewhere.</summary>
    public async Task<Seen> GetAsync(string address)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            using var answer = await http.GetAsync(address, TestContext.Current.CancellationToken);
            var seen = await Seen.OfAsync(answer, address);
            if (seen.Location is not { } next) return seen;
            if (!next.StartsWith('/') && !next.StartsWith(world.Server.Base, StringComparison.Ordinal)) return seen;
            address = next;
        }
        throw new InvalidOperationException("Redirects without end");
    }

    /// <summary>Sends the page's own form.</summary>
    public async Task<Seen> SubmitAsync(Seen page, params (string Name, string Value)[] fields)
    {
        var action = FormAction().Match(page.Text).Groups["to"].Value;
        var hidden = Hidden().Matches(page.Text).Select(m => (m.Groups["name"].Value, WebUtility.HtmlDecode(m.Groups["value"].Value)));
        return await PostAsync(WebUtility.HtmlDecode(action), [.. hidden, .. fields]);
    }

    public async Task<Seen> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        using var body = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await http.PostAsync(address, body, TestContext.Current.CancellationToken);
        return await Seen.OfAsync(answer, address);
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("""<form method="post" action="(?<to>[^"]+)""")]
    private static partial Regex FormAction();

    [GeneratedRegex("""<input[^>]*name="(?<name>[^"]+)" type="hidden" value="(?<value>[^"]*)"|<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)""")]
    private static partial Regex Hidden();
}

/// <summary>What a browser got.</summary>
internal sealed record Seen(int Status, string Address, string? Location, string Policy, string Text)
{
    /// <summary>A parameter of the address led to.</summary>
    public string? this[string name] => Location is null ? null : System.Web.HttpUtility.ParseQueryString(new Uri(new Uri("http://x"), Location).Query)[name];

    public string? Get(string name) => this[name];

    public static async Task<Seen> OfAsync(HttpResponseMessage answer, string address) =>
        new((int)answer.StatusCode, address, answer.Headers.Location?.ToString(), answer.Headers.TryGetValues("Content-Security-Policy", out var policy) ? string.Join(' ', policy) : "", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}

/// <summary>A request for a code, and the verifier that goes with it.</summary>
internal sealed record CodeRequest(SoftwareWorld World, TestClient Client, string Scope)
{
    public string Verifier { get; init; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public IReadOnlyDictionary<string, string?> Changes { get; init; } = new Dictionary<string, string?>();

    public IEnumerable<(string Name, string Value)> Parameters
    {
        get
        {
            var usual = new Dictionary<string, string?>
            {
                ["response_type"] = "code", ["client_id"] = Client.Id, ["redirect_uri"] = SoftwareWorld.Redirect, ["scope"] = Scope, ["state"] = "state-1", ["aud"] = World.Server.Fhir,
                ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))), ["code_challenge_method"] = "S256",
            };
            foreach (var (name, value) in Changes) usual[name] = value;
            return usual.Where(p => p.Value is not null).Select(p => (p.Key, p.Value!));
        }
    }

    public string Address => "/oauth/authorize?" + string.Join('&', Parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));

    public CodeRequest With(string name, string? value) => this with { Changes = new Dictionary<string, string?>(Changes) { [name] = value } };
}
