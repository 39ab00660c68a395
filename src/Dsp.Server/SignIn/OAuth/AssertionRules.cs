using System.Globalization;
using Dsp.Identity.Software;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// A client's assertion as SMART Backend Services has it: RS384 or ES384, for this token endpoint alone, at most five minutes,
/// good once on all nodes and over a restart.
/// </summary>
internal sealed class AssertionRules(UsedProofs used, Addresses addresses, ServerSettings settings, TimeProvider clock) :
    IOpenIddictServerHandler<ValidateTokenContext>, IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private const int LongestId = 255;
    private const string ClientAuthentication = "client-authentication+jwt";

    /// <summary>Algorithms a client may sign with; one that shares a secret, or none, is not among them.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [SecurityAlgorithms.RsaSha384, SecurityAlgorithms.EcdsaSha384];

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.ValidTokenTypes.Count == 1 && context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion) && context.TokenValidationParameters is { } rules)
        {
            rules.ValidAlgorithms = Algorithms;
            // Ours is stricter, and names the token endpoint as SMART does.
            context.DisableAudienceValidation = true;
            // SMART fixes typ to JWT; the younger name says the same more clearly.
            rules.TypeValidator = static (type, _, _) => type is "JWT" or ClientAuthentication ? ClientAuthentication : throw new SecurityTokenInvalidTypeException();
        }
        return default;
    }

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is not { } assertion) return;
        var now = clock.GetUtcNow();
        var audiences = assertion.GetClaims(Claims.Audience);
        // The issuer is this server's name, the token endpoint its address: a proof for anybody else is none.
        if (audiences.Length == 0 || !audiences.All(IsUs)) Refuse(context, "aud is the token endpoint");
        else if (assertion.GetExpirationDate() is not { } ends || ends <= now - OAuthPaths.Skew || ends > now + OAuthPaths.Assertion + OAuthPaths.Skew) Refuse(context, "exp lies at most five minutes ahead");
        else if (NotBefore(context) is { } from && from > now + OAuthPaths.Skew) Refuse(context, "nbf lies ahead");
        else if (assertion.GetClaim(Claims.JwtId) is not { Length: > 0 and <= LongestId } id) Refuse(context, "jti is missing");
        else if (!await used.UseAsync("client-assertion", assertion.GetClaim(Claims.Subject) ?? "", id, ends + OAuthPaths.Skew, context.CancellationToken)) Refuse(context, "jti was used before");
    }

    private bool IsUs(string audience) => audience == addresses.Base + OAuthPaths.Token || audience == addresses.Issuer
        || (settings.Tls.SystemsBase is { } systems && audience == systems.GetLeftPart(UriPartial.Authority) + OAuthPaths.Token);

    private static DateTimeOffset? NotBefore(ProcessAuthenticationContext context) =>
        long.TryParse(context.ClientAssertionPrincipal!.GetClaim(Claims.NotBefore), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253_402_300_799)) : null;

    private static void Refuse(ProcessAuthenticationContext context, string why) => context.Reject(Errors.InvalidClient, $"The client assertion is not good: {why}.");
}
