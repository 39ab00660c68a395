using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Dsp.Server.Wire;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Server.SignIn.Providers;

/// <summary>Proves to a provider that it is us: an assertion signed by our key, or a secret where it knows nothing better. Neither is ever logged.</summary>
internal sealed class ClientProof(ServerSettings settings, TimeProvider clock, ILogger<ClientProof> log) : IDisposable
{
    private static readonly TimeSpan AssertionLife = TimeSpan.FromMinutes(2);
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly ConcurrentDictionary<string, AsymmetricSecurityKey> loaded = new(StringComparer.Ordinal);

    /// <returns>What goes into the form and the header; null where the file cannot be read.</returns>
    public (IReadOnlyList<KeyValuePair<string, string>> Form, AuthenticationHeaderValue? Header)? Of(IdentityProvider provider, ProviderMetadata metadata)
    {
        try
        {
            return provider.ClientKeyFile is { } file ? ([.. Assertion(provider, metadata, KeyOf(file))], null) : Secret(provider, metadata);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            log.ProviderFailed(provider.Key, "our key or secret cannot be read");
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var key in loaded.Values) ((key as ECDsaSecurityKey)?.ECDsa as AsymmetricAlgorithm ?? (key as RsaSecurityKey)?.Rsa)?.Dispose();
    }

    private IEnumerable<KeyValuePair<string, string>> Assertion(IdentityProvider provider, ProviderMetadata metadata, AsymmetricSecurityKey key)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var assertion = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = provider.ClientId, Audience = provider.Issuer, IssuedAt = now, Expires = now + AssertionLife, TokenType = "JWT",
            Claims = new Dictionary<string, object> { ["sub"] = provider.ClientId, ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) },
            SigningCredentials = new SigningCredentials(Named(key, provider.ClientKeyId), AlgorithmOf(key, metadata)),
        });
        yield return KeyValuePair.Create("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        yield return KeyValuePair.Create("client_assertion", assertion);
        yield return KeyValuePair.Create("client_id", provider.ClientId);
    }

    private (IReadOnlyList<KeyValuePair<string, string>>, AuthenticationHeaderValue?) Secret(IdentityProvider provider, ProviderMetadata metadata)
    {
        var secret = File.ReadAllText(PathOf(provider.ClientSecretFile!)).Trim();
        if (metadata.ClientMethods.Count > 0 && !metadata.ClientMethods.Contains("client_secret_basic")) return ([KeyValuePair.Create("client_id", provider.ClientId), KeyValuePair.Create("client_secret", secret)], null);
        var pair = Uri.EscapeDataString(provider.ClientId) + ":" + Uri.EscapeDataString(secret);
        return ([], new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair))));
    }

    private AsymmetricSecurityKey KeyOf(string file) => loaded.GetOrAdd(file, name =>
    {
        var pem = File.ReadAllText(PathOf(name));
        var elliptic = ECDsa.Create();
        try
        {
            elliptic.ImportFromPem(pem);
            return new ECDsaSecurityKey(elliptic);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            elliptic.Dispose();
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return new RsaSecurityKey(rsa);
        }
    });

    private string PathOf(string file) => Path.Combine(settings.KeyFolder, file);

    private static AsymmetricSecurityKey Named(AsymmetricSecurityKey key, string? kid) => key switch
    {
        ECDsaSecurityKey elliptic => new ECDsaSecurityKey(elliptic.ECDsa) { KeyId = kid, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
        RsaSecurityKey rsa => new RsaSecurityKey(rsa.Rsa) { KeyId = kid, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
        _ => key,
    };

    private static string AlgorithmOf(AsymmetricSecurityKey key, ProviderMetadata metadata) =>
        key is ECDsaSecurityKey ? (key.KeySize > 256 ? SecurityAlgorithms.EcdsaSha384 : SecurityAlgorithms.EcdsaSha256)
        : metadata.ClientAlgorithms.Contains(SecurityAlgorithms.RsaSsaPssSha256) ? SecurityAlgorithms.RsaSsaPssSha256 : SecurityAlgorithms.RsaSha256;
}
