using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Server.SignIn;

/// <summary>
/// Checks bearer tokens (RFC 9068, RS256): those of the authorization server, in a demo those of <see cref="SmallIssuer"/> too.
/// A signature is checked once and remembered by the token's hash; everything that can be revoked is asked of the gate each time.
/// </summary>
public sealed class TokenValidator : ITokenValidator
{
    private const int LongestToken = 8192;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };
    private readonly ServerSettings settings;
    private readonly Addresses addresses;
    private readonly TimeProvider clock;
    private readonly TokenValidationParameters rules;
    private readonly ProvenTokens remembered = new(4096);

    public TokenValidator(ServerSettings settings, SigningKey key, Addresses addresses, TimeProvider clock)
    {
        (this.settings, this.addresses, this.clock) = (settings, addresses, clock);
        rules = new TokenValidationParameters
        {
            // One algorithm and one key: neither is taken from the token's header.
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKey = key.Key,
            TryAllIssuerSigningKeys = false,
            IssuerValidator = (issuer, _, _) => IsOurs(issuer) ? issuer : throw new SecurityTokenInvalidIssuerException(),
            ValidAudience = settings.Audience,
            ValidTypes = ["at+jwt"],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = Skew,
            // The platform's clock decides, not the machine's.
            LifetimeValidator = (from, until, _, _) => until is { } end && InForce(from is { } f ? new DateTimeOffset(f, TimeSpan.Zero) : DateTimeOffset.MinValue, new DateTimeOffset(end, TimeSpan.Zero)),
        };
    }

    public async ValueTask<ProvenToken?> ValidateAsync(string token, CancellationToken cancel)
    {
        if (token.Length > LongestToken) return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        if (remembered.Find(hash) is { } known) return InForce(known.NotBefore, known.ExpiresAt) ? known : null;
        var result = await Handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt) return null;
        if (TokenClaims.Read(jwt, longLived: IsSmallIssuers(jwt.Issuer)) is not { } proven) return null;
        remembered.Keep(hash, proven);
        return proven;
    }

    private bool IsOurs(string issuer) => IsSmallIssuers(issuer) || issuer == addresses.Issuer;

    /// <summary>Tokens made without the authorization server exist in a demo only, and are exempt from the 12 h rule (security §7).</summary>
    private bool IsSmallIssuers(string issuer) => settings.Demo && issuer == ServerSettings.DemoIssuer;

    private bool InForce(DateTimeOffset from, DateTimeOffset until)
    {
        var now = clock.GetUtcNow();
        // A token may name no beginning: the first of all instants has none before it.
        return now + Skew >= from && now < until + Skew;
    }
}
