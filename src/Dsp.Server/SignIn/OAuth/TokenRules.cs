using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Dsp.Identity;
using Dsp.Identity.Software;
using Microsoft.AspNetCore;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// What is issued for a good request. A code or refresh token is redeemed here, before anything is made of it, by one request
/// only; a token never outlives the sign-in it rests on; with a certificate shown, it is bound to it.
/// </summary>
internal sealed class TokenRules(Clients clients, Grants grants, Directories directories, IOpenIddictTokenManager tokens, ServerSettings settings, TimeProvider clock) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var cancel = context.CancellationToken;
        if (context.ClientId is null || await clients.FindAsync(context.ClientId, cancel) is not { } client)
        {
            context.Reject(Errors.InvalidClient);
            return;
        }
        var shown = context.Transaction.GetHttpRequest() is { } request ? ClientCertificates.ThumbprintOf(request.HttpContext) : null;
        var registered = CertificatesOf(client).ToList();
        // Who registered certificates comes with one of them: a stranger's is no better than none.
        if (registered.Count > 0 && (shown is null || !registered.Contains(shown)))
        {
            context.Reject(Errors.InvalidClient, "This software comes with its registered certificate.");
            return;
        }
        if (context.Request.IsClientCredentialsGrantType())
        {
            var scopes = context.Request.GetScopes();
            var grant = await grants.StartAsync(client.Client.ClientId, client.System.Id.Value, client.System.Institution, string.Join(' ', scopes), OAuthPaths.SystemToken + OAuthPaths.Skew, cancel);
            var owner = client.System.Institution is { } institution ? (await directories.InstitutionAsync(institution, cancel))?.Name : null;
            context.SignIn(Principals.Of(client, grant, scopes, settings.Audience, owner));
            context.Principal!.SetAccessTokenLifetime(OAuthPaths.SystemToken);
        }
        else if (!await ContinueAsync(context, shown))
        {
            return;
        }
        if (shown is not null) Principals.Bind(context.Principal!, shown);
    }

    /// <summary>A code or a refresh token: the person's own grant goes on.</summary>
    private async Task<bool> ContinueAsync(HandleTokenRequestContext context, string? shown)
    {
        if (context.Principal is not { } principal || !Ids.TryParse(principal.GetAuthorizationId(), out var grant) || !await grants.IsInForceAsync(grant, context.CancellationToken))
        {
            context.Reject(Errors.InvalidGrant, "The sign-in this rests on has ended.");
            return false;
        }
        if (Principals.BoundTo(principal) is { } bound && bound != shown)
        {
            context.Reject(Errors.InvalidGrant, "This is bound to another certificate.");
            return false;
        }
        // The library redeems what is redeemed already without a word: between its check and ours somebody may have been here.
        if (principal.GetTokenId() is not { } id || await tokens.FindByIdAsync(id, context.CancellationToken) is not { } held
            || !await tokens.HasStatusAsync(held, Statuses.Valid, context.CancellationToken) || !await tokens.TryRedeemAsync(held, context.CancellationToken))
        {
            // Two came with the same: one of them has a copy.
            await grants.EndAsync(grant, context.CancellationToken);
            context.Reject(Errors.InvalidGrant, "This was redeemed before.");
            return false;
        }
        var signedIn = DateTimeOffset.FromUnixTimeSeconds(long.Parse(principal.GetClaim(TokenClaims.Authenticated) ?? "0", CultureInfo.InvariantCulture));
        var left = signedIn + Deadlines.SignInLife - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            context.Reject(Errors.InvalidGrant, "The sign-in is older than 12 hours: start again.");
            return false;
        }
        principal.SetAccessTokenLifetime(left < OAuthPaths.PersonToken ? left : OAuthPaths.PersonToken);
        principal.SetRefreshTokenLifetime(left);
        if (principal.GetClaim(TokenClaims.Patient) is { } patient)
        {
            context.Parameters[TokenClaims.Patient] = patient;
            context.Parameters["need_patient_banner"] = true;
        }
        return true;
    }

    /// <summary>Certificates of the key set (<c>x5c</c>), as tokens are bound to them.</summary>
    private static IEnumerable<string> CertificatesOf(RegisteredClient client) =>
        client.Client.KeySet is { } text
            ? new JsonWebKeySet(text).Keys.SelectMany(k => k.X5c).Select(c => Base64Url.EncodeToString(SHA256.HashData(Convert.FromBase64String(c))))
            : [];
}
