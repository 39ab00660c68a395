using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Server.SignIn.Providers;

/// <summary>What an ID token says, after every rule held.</summary>
internal sealed record IdTokenClaims(string Subject, string? Acr, IReadOnlyCollection<string> Amr, DateTimeOffset AuthenticatedAt, string? Number);

/// <summary>
/// The rules an ID token must keep (OpenID Connect Core 3.1.3.7), in their order: signature by the provider's own key, exact
/// issuer, ourselves as the only audience, made for this very request, not before it, and a proof of the person that is recent.
/// </summary>
internal static class IdTokenRules
{
    private const int LongestToken = 16 * 1024;
    private const int LongestSubject = 255;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly string[] Algorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSha256];
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    /// <summary>The <c>kid</c> its header names; false where it is no signed token at all.</summary>
    public static bool TryReadKid(string token, out string? kid)
    {
        kid = null;
        if (token.Length > LongestToken || !Handler.CanReadToken(token)) return false;
        var read = Handler.ReadJsonWebToken(token);
        kid = read.Kid is { Length: > 0 } named ? named : null;
        return Algorithms.Contains(read.Alg, StringComparer.Ordinal);
    }

    /// <returns>The claims, or the rule that was broken: for the operator's log.</returns>
    public static async Task<(IdTokenClaims? Claims, string Broken)> CheckAsync(string token, SecurityKey key, IdentityProvider provider, ProviderRequest request, DateTimeOffset now)
    {
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            // The allow list and the provider's published key: neither is taken from the token's header.
            ValidAlgorithms = Algorithms,
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = true,
            RequireSignedTokens = true,
            // What the token says of itself is compared below, to the letter and by the platform's clock.
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt) return (null, "signature");
        if (jwt.Typ is { Length: > 0 } type && !type.Equals("JWT", StringComparison.OrdinalIgnoreCase)) return (null, "typ");
        // Read once more, and not as the library understands it: what is compared is what was signed, each name once.
        using var body = Json.Parse(Base64Url.DecodeFromChars(jwt.EncodedPayload));
        if (body is null) return (null, "payload");
        var said = body.RootElement;
        if (said.Text("iss") != provider.Issuer) return (null, "iss");
        if (Audience(said) != provider.ClientId) return (null, "aud");
        if (said.Text("azp") is { } party && party != provider.ClientId) return (null, "azp");
        if (!FixedTimeEquals(said.Text("nonce"), request.Nonce)) return (null, "nonce");
        if (Instant(said, "exp") is not { } until || now >= until + Skew) return (null, "exp");
        if (Instant(said, "iat") is not { } made || made < request.BegunAt - Skew || made > now + Skew) return (null, "iat");
        if (Instant(said, "auth_time") is not { } proven || proven < request.Earliest(provider) - Skew || proven > now + Skew) return (null, "auth_time");
        if (said.Text("sub") is not { Length: <= LongestSubject } subject) return (null, "sub");
        return (new IdTokenClaims(subject, said.Text("acr"), said.Texts("amr"), proven < now ? proven : now, provider.NumberClaim is { } claim ? said.Text(claim) : null), "");
    }

    public static bool FixedTimeEquals(string? left, string right) => left is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    /// <summary>The only audience, written as a text or as a list of one.</summary>
    private static string? Audience(JsonElement said) => said.Text("aud") ?? (said.Texts("aud") is [var one] && said.GetProperty("aud").GetArrayLength() == 1 ? one : null);

    private static DateTimeOffset? Instant(JsonElement said, string name) =>
        said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
