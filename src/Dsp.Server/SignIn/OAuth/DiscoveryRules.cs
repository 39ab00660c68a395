using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>What the discovery documents say beside what the protocol says by itself (RFC 8414, RFC 8705 §3.3).</summary>
internal sealed class DiscoveryRules(ServerSettings settings) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.Scopes.Clear();
        context.Scopes.UnionWith(Scopes.Offered);
        // A public client proves nothing at the token endpoint: PKCE and its redirect address stand for it.
        context.TokenEndpointAuthenticationMethods.Add("none");
        context.Metadata["token_endpoint_auth_signing_alg_values_supported"] = new OpenIddictParameter(System.Text.Json.JsonSerializer.SerializeToElement(AssertionRules.Algorithms));
        // The library says so only of certificates it checks itself.
        context.Metadata[Metadata.TlsClientCertificateBoundAccessTokens] = true;
        if (settings.Tls.SystemsBase?.GetLeftPart(UriPartial.Authority) is { } systems)
        {
            // Browsers are never asked for a certificate at the main address; software shows its own at this one (RFC 8705 §5).
            context.Metadata[Metadata.MtlsEndpointAliases] = new OpenIddictParameter(System.Text.Json.JsonSerializer.SerializeToElement(new Dictionary<string, string>
            {
                ["token_endpoint"] = systems + OAuthPaths.Token, ["revocation_endpoint"] = systems + OAuthPaths.Revoke,
                ["introspection_endpoint"] = systems + OAuthPaths.Introspect, ["pushed_authorization_request_endpoint"] = systems + OAuthPaths.Pushed,
            }));
        }
        context.Metadata["access_token_format"] = "ihe-jwt";
        return default;
    }
}
