using System.Collections.Concurrent;
using System.Text.Json;
using Dsp.Server.Wire;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Server.SignIn.Providers;

/// <summary>What a provider's discovery document says, as far as it is used.</summary>
internal sealed record ProviderMetadata(string Authorization, string Token, string Jwks)
{
    public string? UserInfo { get; init; }

    /// <summary>The provider always names itself in its answer (RFC 9207): an answer without <c>iss</c> is not its own.</summary>
    public bool NamesItself { get; init; }
    public IReadOnlyList<string> ClientMethods { get; init; } = [];
    public IReadOnlyList<string> ClientAlgorithms { get; init; } = [];
}

/// <summary>
/// The discovery documents and keys of the providers: fetched when they are first needed, kept for an hour, and up to a day where
/// the provider does not answer meanwhile. A provider that is down is asked again after 20 seconds, by one request at a time.
/// </summary>
internal sealed class ProviderDocuments(OutboundHttp http, TimeProvider clock, ILogger<ProviderDocuments> log)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenKeys = TimeSpan.FromMinutes(1);
    private const int MostKeys = 50;
    private const int LeastRsaBytes = 256;
    private readonly ConcurrentDictionary<string, Held> held = new(StringComparer.Ordinal);

    /// <returns>Null where the provider does not answer, or says something else than its settings.</returns>
    public async Task<ProviderMetadata?> FindAsync(IdentityProvider provider, CancellationToken cancel)
    {
        var one = held.GetOrAdd(provider.Key, _ => new Held());
        await one.Turn.WaitAsync(cancel);
        try
        {
            var now = clock.GetUtcNow();
            if (one.Metadata is not null && now - one.MetadataAt < Kept) return one.Metadata;
            if (now - one.FailedAt >= BetweenFailures)
            {
                if (await FetchAsync(provider, cancel) is { } fetched) (one.Metadata, one.MetadataAt) = (fetched, now);
                else one.FailedAt = now;
            }
            return now - one.MetadataAt < Longest ? one.Metadata : null;
        }
        finally
        {
            one.Turn.Release();
        }
    }

    /// <summary>The provider's key of this name; fetched again, at most once a minute, where it is not known yet.</summary>
    /// <param name="kid">Null: the provider's only key, where it has one.</param>
    public async Task<SecurityKey?> KeyAsync(IdentityProvider provider, ProviderMetadata metadata, string? kid, CancellationToken cancel)
    {
        var one = held.GetOrAdd(provider.Key, _ => new Held());
        await one.Turn.WaitAsync(cancel);
        try
        {
            var now = clock.GetUtcNow();
            // A key that the provider has withdrawn is good for an hour at most.
            if (now - one.KeysAt < Kept && one.Find(kid) is { } known) return known;
            if (now - one.KeysAskedAt >= BetweenKeys)
            {
                one.KeysAskedAt = now;
                if (await FetchKeysAsync(provider, metadata, cancel) is { } keys) (one.Keys, one.KeysAt) = (keys, now);
            }
            return now - one.KeysAt < Kept ? one.Find(kid) : null;
        }
        finally
        {
            one.Turn.Release();
        }
    }

    private async Task<ProviderMetadata?> FetchAsync(IdentityProvider provider, CancellationToken cancel)
    {
        var answer = await http.SendAsync(HttpMethod.Get, provider.Issuer.TrimEnd('/') + "/.well-known/openid-configuration", provider.Internal, null, null, cancel);
        if (answer is not { Status: 200 })
        {
            log.ProviderFailed(provider.Key, "discovery: no answer");
            return null;
        }
        using var json = Json.Parse(answer.Body);
        if (json is null || Read(json.RootElement, provider) is not { } read)
        {
            log.ProviderFailed(provider.Key, "discovery: another issuer, or an address that is missing or may not be called");
            return null;
        }
        return read;
    }

    private static ProviderMetadata? Read(JsonElement root, IdentityProvider provider)
    {
        if (root.Text("issuer") != provider.Issuer) return null;
        if (root.Text("authorization_endpoint") is not { } authorization || root.Text("token_endpoint") is not { } token || root.Text("jwks_uri") is not { } jwks) return null;
        var userInfo = root.Text("userinfo_endpoint");
        if (!new[] { authorization, token, jwks, userInfo ?? token }.All(address => OutboundHttp.MayCall(address, provider.Internal))) return null;
        return new ProviderMetadata(authorization, token, jwks)
        {
            UserInfo = userInfo,
            NamesItself = root.TryGetProperty("authorization_response_iss_parameter_supported", out var names) && names.ValueKind == JsonValueKind.True,
            ClientMethods = root.Texts("token_endpoint_auth_methods_supported"),
            ClientAlgorithms = root.Texts("token_endpoint_auth_signing_alg_values_supported"),
        };
    }

    private async Task<IReadOnlyList<JsonWebKey>?> FetchKeysAsync(IdentityProvider provider, ProviderMetadata metadata, CancellationToken cancel)
    {
        var answer = await http.SendAsync(HttpMethod.Get, metadata.Jwks, provider.Internal, null, null, cancel);
        using var json = answer is { Status: 200 } ? Json.Parse(answer.Body) : null;
        if (json is null || !json.RootElement.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            log.ProviderFailed(provider.Key, "keys: no answer");
            return null;
        }
        return [.. list.EnumerateArray().Take(MostKeys).Select(KeyOf).OfType<JsonWebKey>()];
    }

    /// <summary>A public key that signs: RSA from 2048 bits, or EC. A shared secret in a public key set is none.</summary>
    private static JsonWebKey? KeyOf(JsonElement one)
    {
        try
        {
            var key = new JsonWebKey(one.GetRawText()) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
            var signs = key.Use is null or "" or "sig";
            return signs && (key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve || (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && Base64UrlEncoder.DecodeBytes(key.N).Length >= LeastRsaBytes)) ? key : null;
        }
        catch (Exception e) when (e is ArgumentException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class Held
    {
        public SemaphoreSlim Turn { get; } = new(1);
        public ProviderMetadata? Metadata { get; set; }
        public DateTimeOffset MetadataAt { get; set; } = DateTimeOffset.MinValue;
        public DateTimeOffset FailedAt { get; set; } = DateTimeOffset.MinValue;
        public IReadOnlyList<JsonWebKey> Keys { get; set; } = [];
        public DateTimeOffset KeysAt { get; set; } = DateTimeOffset.MinValue;
        public DateTimeOffset KeysAskedAt { get; set; } = DateTimeOffset.MinValue;

        public JsonWebKey? Find(string? kid) => kid is null ? (Keys.Count == 1 ? Keys[0] : null) : Keys.FirstOrDefault(k => k.Kid == kid);
    }
}

/// <summary>Reads what came from outside: no exception, no deep nesting, no name twice.</summary>
internal static class Json
{
    public static JsonDocument? Parse(byte[] bytes)
    {
        try
        {
            var parsed = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            if (parsed.RootElement.ValueKind == JsonValueKind.Object) return parsed;
            parsed.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(this JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    public static IReadOnlyList<string> Texts(this JsonElement from, string name) =>
        from.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)] : [];
}
