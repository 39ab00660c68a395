using System.Security.Cryptography;
using Dsp.Sealing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Cli;

/// <summary>A token in the form the server's issuer signs (RFC 9068, RS256), made with the same sealed key of the data folder.</summary>
internal sealed record DemoToken(string Kind, Guid Subject, Guid? Institution, bool Attested, int Days)
{
    private const string KeyName = "token-signing";
    private const string Issuer = "urn:dsp:demo";
    private const string Audience = "urn:dsp:api";

    /// <exception cref="CommandEndsException">The demo was not started yet, so there is no key.</exception>
    public string Sign(string dataFolder, ServiceKeys keys, SessionId session, TimeProvider clock)
    {
        var file = Path.Combine(dataFolder, KeyName + ".sealed");
        if (!File.Exists(file)) throw new CommandEndsException(ExitCode.Usage, "The demo has no signing key yet: start it once.");
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(keys.OpenServerKey(KeyName, File.ReadAllBytes(file)), out _);
        var key = new RsaSecurityKey(rsa) { KeyId = Convert.ToHexStringLower(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()))[..16] };
        key.CryptoProviderFactory.CacheSignatureProviders = false;
        var now = clock.GetUtcNow();
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.AddDays(Days).UtcDateTime,
            TokenType = "at+jwt",
            Claims = Claims(session, now, clock),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        });
    }

    private Dictionary<string, object> Claims(SessionId session, DateTimeOffset now, TimeProvider clock)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = Ids.Text(Subject),
            ["jti"] = Ids.Text(Ids.New(clock)),
            ["client_id"] = "dsp-cli",
            ["scope"] = string.Join(' ', Scopes),
            ["dsp_kind"] = Kind == "authority" ? "system" : Kind,
            ["sid"] = session.ToString(),
        };
        if (Institution is { } place) claims["dsp_institution"] = Ids.Text(place);
        if (Institution is { } program && Attested) claims["dsp_program"] = Ids.Text(program);
        if (Kind is not ("system" or "authority"))
        {
            claims["auth_time"] = now.ToUnixTimeSeconds();
            claims["amr"] = new[] { "pwd", "otp", "mfa" };
            claims["acr"] = "http://eidas.europa.eu/LoA/high";
        }
        return claims;
    }

    /// <summary>What the server takes from each role.</summary>
    private string[] Scopes => Kind switch
    {
        "person" => ["patient/*.rs", "user/*.c", "dsp.act.*", "ITI-67", "ITI-68", "ITI-81"],
        "professional" => ["user/*.rs", "user/*.c", "dsp.act.*", "ITI-65", "ITI-67", "ITI-68", "ITI-78"],
        "system" => ["system/*.rs", "system/*.c", "ITI-65", "ITI-67", "ITI-68"],
        "authority" => ["dsp.feed"],
        _ => ["user/*.rs", "dsp.act.*"],
    };
}
