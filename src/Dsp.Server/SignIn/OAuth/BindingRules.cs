using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// Writes the certificate a grant is bound to into what is issued: the library keeps that claim to itself, and knows only
/// certificates of its own connection.
/// </summary>
internal sealed class BindingRules : IOpenIddictServerHandler<ProcessSignInContext>
{
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.Principal is { } principal && Principals.BoundTo(principal) is { } thumbprint)
        {
            if (context.AccessTokenPrincipal is { } access) Principals.Bind(access, thumbprint);
            if (context.RefreshTokenPrincipal is { } refresh) Principals.Bind(refresh, thumbprint);
        }
        return default;
    }
}
