using System.Text.Json;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Dsp.Server.SignIn.OAuth;

/// <summary><c>[base]/.well-known/smart-configuration</c> (SMART App Launch 2.2): what a client may count on.</summary>
internal sealed class SmartConfiguration(Addresses addresses)
{
    private readonly Lazy<byte[]> bytes = new(() => Bytes(addresses));

    private static readonly string[] Capabilities =
    [
        "launch-standalone", "launch-ehr", "authorize-post", "client-public", "client-confidential-asymmetric", "sso-openid-connect",
        "context-standalone-patient", "context-ehr-patient", "context-banner", "permission-patient", "permission-user", "permission-offline", "permission-v2",
    ];

    public static Task WriteAsync(HttpContext context, SmartConfiguration configuration)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = configuration.bytes.Value.Length;
        return context.Response.Body.WriteAsync(configuration.bytes.Value, context.RequestAborted).AsTask();
    }

    private static byte[] Bytes(Addresses addresses) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["issuer"] = addresses.Issuer,
        ["jwks_uri"] = addresses.Base + OAuthPaths.Keys,
        ["authorization_endpoint"] = addresses.Base + OAuthPaths.Authorize,
        ["token_endpoint"] = addresses.Base + OAuthPaths.Token,
        ["pushed_authorization_request_endpoint"] = addresses.Base + OAuthPaths.Pushed,
        ["introspection_endpoint"] = addresses.Base + OAuthPaths.Introspect,
        ["revocation_endpoint"] = addresses.Base + OAuthPaths.Revoke,
        ["grant_types_supported"] = new[] { GrantTypes.AuthorizationCode, GrantTypes.ClientCredentials, GrantTypes.RefreshToken },
        ["response_types_supported"] = new[] { ResponseTypes.Code },
        ["scopes_supported"] = Scopes.Offered,
        ["code_challenge_methods_supported"] = new[] { CodeChallengeMethods.Sha256 },
        ["token_endpoint_auth_methods_supported"] = new[] { ClientAuthenticationMethods.PrivateKeyJwt, "none" },
        ["token_endpoint_auth_signing_alg_values_supported"] = AssertionRules.Algorithms,
        ["capabilities"] = Capabilities,
    });
}
