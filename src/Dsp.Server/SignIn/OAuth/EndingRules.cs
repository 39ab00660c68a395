using System.Text.Json;
using Dsp.Identity.Software;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// Revoking any token of a grant ends the grant: its session, which every decision looks at. Asking after a token answers what
/// the gate would say of its session, to the software it was issued to.
/// </summary>
internal sealed class EndingRules(Clients clients, Grants grants) : IOpenIddictServerHandler<HandleRevocationRequestContext>, IOpenIddictServerHandler<HandleIntrospectionRequestContext>
{
    private static readonly string[] Told = [TokenClaims.Kind, TokenClaims.Institution, TokenClaims.Patient, TokenClaims.Level, IuaClaims.Name];

    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        if (Ids.TryParse(context.GenericTokenPrincipal?.GetAuthorizationId(), out var grant)) await grants.EndAsync(grant, context.CancellationToken);
    }

    public async ValueTask HandleAsync(HandleIntrospectionRequestContext context)
    {
        var client = context.Request.ClientId is { } id ? await clients.FindAsync(id, context.CancellationToken) : null;
        // A public client proves nothing: whoever stole a token would learn what it opens (IUA 3.102).
        if (client is not { Client.Kind: ClientKind.Confidential })
        {
            context.Reject(Errors.InvalidClient);
            return;
        }
        if (context.GenericTokenPrincipal is not { } principal || !Ids.TryParse(principal.GetAuthorizationId(), out var grant) || !await grants.IsInForceAsync(grant, context.CancellationToken))
        {
            context.Reject(Errors.InvalidToken);
            return;
        }
        context.Scopes.UnionWith(principal.GetScopes());
        foreach (var claim in Told)
            if (principal.GetClaim(claim) is { } value) context.Claims[claim] = value.StartsWith('{') ? new OpenIddictParameter(JsonSerializer.Deserialize<JsonElement>(value)) : value;
    }
}
