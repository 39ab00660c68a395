using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Server.SignIn;
using Dsp.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Tests.Server;

/// <summary>What proves who is asking on /fhir and /api, and what does not.</summary>
public sealed class TokenTests
{
    private static readonly string Something = $"/fhir/Binary/{Guid.CreateVersion7():D}";

    [Fact]
    public async Task Hostile_tokens_prove_nothing_and_all_get_the_same_answer()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var good = server.AnyToken();
        var parts = good.Split('.');
        using var foreign = RSA.Create(2048);
        var publicKey = Encoding.UTF8.GetBytes("public key as a secret, at least thirty-two bytes long");
        var hostile = new Dictionary<string, string>
        {
            ["no algorithm"] = $"{Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.",
            ["symmetric with the public key"] = Sign(parts[1], publicKey),
            ["another signature"] = $"{parts[0]}.{parts[1]}.{Base64UrlEncoder.Encode(foreign.SignData(Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}",
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["a changed claim"] = $"{parts[0]}.{Encode(Change(parts[1], "dsp_kind", "agent"))}.{parts[2]}",
            ["a cut token"] = good[..^10],
            ["two parts"] = $"{parts[0]}.{parts[1]}",
            ["words"] = "let-me-in",
            ["very long"] = new string('a', 9000),
            ["wrong audience"] = Own(server, d => d.Audience = "urn:somebody:else"),
            ["wrong issuer"] = Own(server, d => d.Issuer = "urn:somebody:else"),
            ["another type"] = Own(server, d => d.TokenType = "JWT"),
            ["expired"] = Own(server, d => (d.NotBefore, d.IssuedAt, d.Expires) = (At(server, -120), At(server, -120), At(server, -2))),
            ["not yet valid"] = Own(server, d => (d.NotBefore, d.Expires) = (At(server, 2), At(server, 60))),
            ["no end"] = Own(server, d => d.Expires = null),
            ["unknown scope"] = Own(server, d => d.Claims["scope"] = "patient/*.rs everything"),
            ["unknown kind"] = Own(server, d => d.Claims["dsp_kind"] = "root"),
            ["subject that is no id"] = Own(server, d => d.Claims["sub"] = "emma"),
            ["session that is no id"] = Own(server, d => d.Claims["sid"] = "yes"),
        };
        var expected = (await server.GetAsync(Something, "x.y.z")).Whole;

        var taken = new List<string>();
        foreach (var (name, token) in hostile)
            if ((await server.GetAsync(Something, token)).Whole != expected) taken.Add(name);

        Assert.Empty(taken);
        Assert.StartsWith("401\n", expected, StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_token\"", expected, StringComparison.Ordinal);
        Assert.Equal(404, (await server.GetAsync(Something, good)).Status);
        // Signed the same way and unchanged it is good: then the rules about the caller speak, here of the missing second factor.
        Assert.Contains("DSP-3009", (await server.GetAsync(Something, Own(server, _ => { }))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_what_exists_and_what_does_not_have_one_answer()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        string[] paths = [Something, "/fhir/Binary/x", "/fhir/Nothing", "/fhir", "/FHIR/binary/x"];

        var answers = new HashSet<string>();
        foreach (var path in paths) answers.Add((await server.GetAsync(path)).Whole);

        Assert.StartsWith("401\n", Assert.Single(answers), StringComparison.Ordinal);
        Assert.Equal(401, (await server.GetAsync("/api/nothing")).Status);
    }

    [Fact]
    public async Task A_cookie_a_query_or_a_second_header_is_no_proof()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var good = server.AnyToken();

        Assert.Equal(401, (await server.GetAsync(Something, null, ("Cookie", $"token={good}"))).Status);
        Assert.Equal(401, (await server.GetAsync($"{Something}?access_token={good}")).Status);
        Assert.Equal(401, (await server.GetAsync(Something, null, ("Authorization", $"Basic {good}"))).Status);
        var twice = await server.RawAsync($"GET {Something} HTTP/1.1\r\nHost: {new Uri(server.Base).Authority}\r\nConnection: close\r\nAuthorization: Bearer {good}\r\nAuthorization: Bearer {good}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401", twice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_scope_is_told_with_the_scopes_that_would_do()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var answer = await server.GetAsync(Something, server.AnyToken("ITI-65"));

        Assert.Equal(403, answer.Status);
        Assert.Contains("insufficient_scope", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Contains("ITI-68", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Contains("DSP-3002", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remembered_signature_still_ends_with_the_token()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var token = server.Token(CallerKind.Person, Ids.New(server.World.Clock), r => r with { Life = TimeSpan.FromMinutes(5) });

        Assert.Equal(404, (await server.GetAsync(Something, token)).Status);
        server.World.Clock.Advance(TimeSpan.FromSeconds(5 * 60 + 59));
        Assert.Equal(404, (await server.GetAsync(Something, token)).Status);
        server.World.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(401, (await server.GetAsync(Something, token)).Status);
    }

    [Fact]
    public async Task A_token_survives_a_restart_and_no_other_installation_takes_it()
    {
        await using var one = await RunningServer.StartAsync(Store.Sqlite);
        await using var other = await RunningServer.StartAsync(Store.Sqlite);
        var token = one.AnyToken();
        using var key = new SigningKey(one.Get<Dsp.Server.ServerSettings>(), one.World.Platform.Keys);
        var again = new TokenValidator(one.Get<Dsp.Server.ServerSettings>(), key, one.Get<Dsp.Server.Addresses>(), one.World.Clock);

        Assert.NotNull(await again.ValidateAsync(token, CancellationToken.None));
        Assert.Equal(401, (await other.GetAsync(Something, token)).Status);
    }

    [Fact]
    public async Task The_signing_key_lies_sealed()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        _ = server.Issuer;

        var file = await File.ReadAllBytesAsync(Path.Combine(server.World.Folder, "data", "token-signing.sealed"), TestContext.Current.CancellationToken);
        using var rsa = RSA.Create();
        Assert.ThrowsAny<CryptographicException>(() => rsa.ImportPkcs8PrivateKey(file, out _));
    }

    [Fact]
    public async Task An_unknown_scope_is_not_issued()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        Assert.Throws<ArgumentException>(() => server.AnyToken("patient/*.rs", "everything"));
    }

    [Fact]
    public async Task A_real_installation_takes_no_token_of_the_demo()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var settings = server.Get<Dsp.Server.ServerSettings>();
        var token = server.AnyToken();
        var key = server.Get<SigningKey>();

        Assert.NotNull(await new TokenValidator(settings, key, server.Get<Dsp.Server.Addresses>(), server.World.Clock).ValidateAsync(token, CancellationToken.None));
        Assert.Null(await new TokenValidator(settings with { Demo = false }, key, server.Get<Dsp.Server.Addresses>(), server.World.Clock).ValidateAsync(token, CancellationToken.None));
    }

    /// <summary>A token signed with the right key, one thing changed.</summary>
    private static string Own(RunningServer server, Action<SecurityTokenDescriptor> change)
    {
        var file = File.ReadAllBytes(Path.Combine(server.World.Folder, "data", "token-signing.sealed"));
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(server.World.Platform.Keys.OpenServerKey("token-signing", file), out _);
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = server.Issuer.Issuer,
            Audience = "urn:dsp:api",
            TokenType = "at+jwt",
            IssuedAt = At(server, 0),
            NotBefore = At(server, 0),
            Expires = At(server, 60),
            Claims = new Dictionary<string, object> { ["sub"] = Ids.Text(Ids.New(server.World.Clock)), ["client_id"] = "test", ["scope"] = "patient/*.rs", ["dsp_kind"] = "person" },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = new JsonWebToken(server.AnyToken()).Kid, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, "RS256"),
        };
        change(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    private static DateTime At(RunningServer server, int minutes) => server.World.Clock.GetUtcNow().UtcDateTime.AddMinutes(minutes);

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);

    private static string Change(string payload, string claim, string value)
    {
        var claims = JsonSerializer.Deserialize<Dictionary<string, object>>(Base64UrlEncoder.Decode(payload))!;
        claims[claim] = value;
        return JsonSerializer.Serialize(claims);
    }

    private static string Sign(string payload, byte[] secret)
    {
        var signed = $"{Encode("""{"alg":"HS256","typ":"at+jwt"}""")}.{payload}";
        return $"{signed}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed)))}";
    }
}
