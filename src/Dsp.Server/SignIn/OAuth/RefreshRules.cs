using Dsp.Identity.Software;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// A public software may refresh without its name, as SMART App Launch 2.2 has it (Token Refresh): the refresh token was issued
/// to one software only, which is named here. A confidential one proves itself all the same.
/// </summary>
internal sealed class RefreshRules(Clients clients, IOpenIddictTokenManager tokens) : IOpenIddictServerHandler<ExtractTokenRequestContext>
{
    public async ValueTask HandleAsync(ExtractTokenRequestContext context)
    {
        if (context.Request is not { ClientId: null, ClientAssertion: null, RefreshToken: { } refresh } request || !request.IsRefreshTokenGrantType()) return;
        if (await tokens.FindByReferenceIdAsync(refresh, context.CancellationToken) is not HeldToken { Row.ClientId: { } owner }) return;
        if (await clients.FindAsync(owner, context.CancellationToken) is { Client.Kind: ClientKind.Public }) request.ClientId = owner;
    }
}
