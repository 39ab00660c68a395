using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Tests.SignIn;

/// <summary>A small OpenID Connect provider that says and signs what a test wants, hostile things included.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    public const string ClientId = "dsp";
    public const string Strong = "urn:example:two-factors";

    private readonly WebApplication app;
    private readonly TimeProvider clock;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, (string Challenge, string Token)> codes = new();

    private FakeProvider(WebApplication app, TimeProvider clock) => (this.app, this.clock) = (app, clock);

    public string Issuer { get; private set; } = "";

    /// <summary>Announces that it names itself in its answers (RFC 9207).</summary>
    public bool NamesItself { get; set; } = true;

    /// <summary>Whether it looks at the PKCE verifier, as it should.</summary>
    public bool LooksAtVerifier { get; set; } = true;

    /// <summary>Answers nothing but faults.</summary>
    public bool Down { get; set; }

    /// <summary>What its discovery document says instead of its own issuer.</summary>
    public string? ClaimsIssuer { get; set; }

    /// <summary>Larger than anybody may read.</summary>
    public bool Endless { get; set; }

    /// <summary>What its user information says; null: it has none.</summary>
    public Dictionary<string, object>? UserInfo { get; set; }

    /// <summary>The forms that came to its token endpoint.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Redeemed { get; } = new();

    /// <summary>How often its discovery document was fetched.</summary>
    public int Discovered { get; private set; }

    public static async Task<FakeProvider> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var provider = new FakeProvider(app, clock);
        app.UseRouting();
        app.MapGet("/.well-known/openid-configuration", provider.DiscoverAsync);
        app.MapGet("/jwks", context => provider.WriteAsync(context, new { keys = new[] { provider.PublicKey() } }));
        app.MapGet("/userinfo", context => provider.WriteAsync(context, provider.UserInfo!));
        app.MapPost("/token", provider.RedeemAsync);
        await app.StartAsync();
        provider.Issuer = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return provider;
    }

    /// <summary>A code for what a browser was sent to ask, as an honest provider would give it, but for what the test changes.</summary>
    /// <param name="person">The subject and the number it states; null: no number.</param>
    public string CodeFor(Asked asked, (string Subject, string? Number) person, Action<Dictionary<string, object>>? change = null, Func<Dictionary<string, object>, string>? sign = null)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer, ["aud"] = ClientId, ["sub"] = person.Subject, ["nonce"] = asked["nonce"]!, ["iat"] = now, ["exp"] = now + 300, ["auth_time"] = now, ["acr"] = Strong,
        };
        if (person.Number is { } number) claims["national_number"] = number;
        change?.Invoke(claims);
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        codes[code] = (asked["code_challenge"]!, (sign ?? Sign)(claims));
        return code;
    }

    public string Sign(Dictionary<string, object> claims) => Sign(claims, key, "k1");

    public static string Sign(Dictionary<string, object> claims, ECDsa by, string kid)
    {
        var text = Part(new { alg = "ES256", kid, typ = "JWT" }) + "." + Part(claims);
        return text + "." + Base64Url.EncodeToString(by.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    /// <summary>Not signed at all.</summary>
    public static string Unsigned(Dictionary<string, object> claims) => Part(new { alg = "none", kid = "k1" }) + "." + Part(claims) + ".";

    /// <summary>"Signed" with what everybody knows: the public key as a shared secret.</summary>
    public string Confused(Dictionary<string, object> claims)
    {
        var text = Part(new { alg = "HS256", kid = "k1", typ = "JWT" }) + "." + Part(claims);
        return text + "." + Base64Url.EncodeToString(HMACSHA256.HashData(key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(text)));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private object PublicKey()
    {
        var point = key.ExportParameters(false).Q;
        return new { kty = "EC", crv = "P-256", kid = "k1", use = "sig", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
    }

    private async Task DiscoverAsync(HttpContext context)
    {
        Discovered++;
        if (Endless)
        {
            var piece = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
            for (var i = 0; i < 32; i++) await context.Response.Body.WriteAsync(piece);
        }
        await WriteAsync(context, new Dictionary<string, object?>
        {
            ["issuer"] = ClaimsIssuer ?? Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/jwks",
            ["userinfo_endpoint"] = UserInfo is null ? null : Issuer + "/userinfo", ["authorization_response_iss_parameter_supported"] = NamesItself,
        });
    }

    private async Task RedeemAsync(HttpContext context)
    {
        var form = (await context.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString());
        form["authorization"] = context.Request.Headers.Authorization.ToString();
        Redeemed.Enqueue(form);
        var right = codes.TryRemove(form["code"], out var known)
            && (!LooksAtVerifier || known.Challenge == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))));
        if (!right) context.Response.StatusCode = 400;
        await WriteAsync(context, right ? new { access_token = "a", token_type = "Bearer", id_token = known.Token } : new { error = "invalid_grant" });
    }

    private Task WriteAsync(HttpContext context, object value)
    {
        if (Down) context.Response.StatusCode = 503;
        if (!context.Response.HasStarted) context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value)).AsTask();
    }
}

/// <summary>What a browser was sent to ask a provider.</summary>
internal sealed record Asked(string Address)
{
    public string? this[string name] => System.Web.HttpUtility.ParseQueryString(new Uri(Address).Query)[name];
}
