using Dsp.Identity.Software;
using Dsp.Sealing;
using Dsp.Server.Wire;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// The authorization server: OAuth 2.1 code with PKCE S256, pushed requests, rotated refresh tokens, private_key_jwt, SMART App
/// Launch 2.2 and Backend Services, IUA. The protocol is OpenIddict's; clients, grants and tokens lie in our database.
/// </summary>
internal static class OAuthHost
{
    /// <summary>After everything the protocol itself checks.</summary>
    private const int Last = int.MaxValue - 100_000;

    public static void AddAuthorizationServer(this IServiceCollection services)
    {
        services.AddSingleton<Launches>();
        services.AddSingleton<LaunchPatients>();
        services.AddSingleton<Portal.Public.AuthorizeParts>();
        services.AddSingleton<SmartConfiguration>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, Keys>();
        services.AddOpenIddict()
            .AddCore(core => core
                // A suspended client is out on its next request: nothing is remembered.
                .DisableEntityCaching()
                .ReplaceApplicationStore<RegisteredClient, ClientStore>()
                .ReplaceAuthorizationStore<HeldGrant, GrantStore>()
                .ReplaceTokenStore<HeldToken, IssuedStore>()
                .SetDefaultApplicationEntity<RegisteredClient>()
                .SetDefaultAuthorizationEntity<HeldGrant>()
                .SetDefaultTokenEntity<HeldToken>())
            .AddServer(Configure);
    }

    /// <summary>The server's middleware, on its own addresses only.</summary>
    public static void UseAuthorizationServer(this WebApplication app)
    {
        // Else the framework puts authentication first of all by itself: before the guards, and on every request.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        app.UseWhen(OAuthPaths.AreOf, Serve);
    }

    private static void Serve(IApplicationBuilder branch)
    {
        branch.Use((context, next) =>
        {
            // Links and the issuer are built from the public base, never from the request's own name.
            var main = new Uri(context.RequestServices.GetRequiredService<Addresses>().Base);
            ClientCertificates.KeepToUs(context);
            (context.Request.Scheme, context.Request.Host) = (main.Scheme, new HostString(main.Authority));
            return next(context);
        });
        branch.UseAuthentication();
    }

    public static void MapAuthorizationServer(this WebApplication app)
    {
        app.MapGet("/fhir" + OAuthPaths.Smart, SmartConfiguration.WriteAsync).Open();
        app.MapMethods(OAuthPaths.Authorize, [HttpMethods.Get, HttpMethods.Post], AuthorizeStart.ToPageAsync);
        app.MapMethods(OAuthPaths.EndSession, [HttpMethods.Get, HttpMethods.Post], EndSession.RunAsync);
    }

    private static void Configure(OpenIddictServerBuilder server)
    {
        server.SetAuthorizationEndpointUris([OAuthPaths.Authorize, .. OAuthPaths.Pages])
            .SetTokenEndpointUris(OAuthPaths.Token)
            .SetPushedAuthorizationEndpointUris(OAuthPaths.Pushed)
            .SetIntrospectionEndpointUris(OAuthPaths.Introspect)
            .SetRevocationEndpointUris(OAuthPaths.Revoke)
            .SetEndSessionEndpointUris(OAuthPaths.EndSession)
            .SetJsonWebKeySetEndpointUris(OAuthPaths.Keys)
            .SetConfigurationEndpointUris(OAuthPaths.OpenId, OAuthPaths.Metadata);
        server.AllowAuthorizationCodeFlow().AllowClientCredentialsFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
        // Scopes are a grammar, and what a client may ask for stands in its registration: RequestRules.
        server.DisableScopeValidation().IgnoreScopePermissions();
        server.DisableAccessTokenEncryption().EnableAuthorizationRequestCaching();
        // What is refreshed for hours is a name of a row, not a text that carries everything.
        server.SetAuthorizationCodeLifetime(OAuthPaths.Code).UseReferenceRefreshTokens().SetRefreshTokenReuseLeeway(null);
        server.Configure(options =>
        {
            options.RequestTokenLifetime = OAuthPaths.Request;
            options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
            // A secret that travels is no proof: private_key_jwt only.
            options.ClientAuthenticationMethods.Remove(ClientAuthenticationMethods.ClientSecretBasic);
            options.ClientAuthenticationMethods.Remove(ClientAuthenticationMethods.ClientSecretPost);
            // A form that posts itself needs a script, which no page of ours runs.
            options.ResponseModes.Remove(ResponseModes.FormPost);
            options.ResponseModes.Remove(ResponseModes.Fragment);
        });
        server.UseAspNetCore(asp => asp
            .EnableAuthorizationEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough()
            // TLS ends at the proxy; PublicBase says what it is outside.
            .DisableTransportSecurityRequirement());
        AddRules(server);
    }

    private static void AddRules(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ExtractTokenRequestContext>(h => h.UseScopedHandler<RefreshRules>().SetOrder(Last));
        server.AddEventHandler<ValidateAuthorizationRequestContext>(h => h.UseScopedHandler<RequestRules>().SetOrder(Last));
        server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(h => h.UseScopedHandler<RequestRules>().SetOrder(Last));
        server.AddEventHandler<ValidateTokenRequestContext>(h => h.UseScopedHandler<RequestRules>().SetOrder(Last));
        server.AddEventHandler<ValidateTokenContext>(h => h.UseScopedHandler<AssertionRules>().SetOrder(Protection.ResolveTokenValidationParameters.Descriptor.Order + 500));
        server.AddEventHandler<ProcessAuthenticationContext>(h => h.UseScopedHandler<AssertionRules>().SetOrder(ValidateClientId.Descriptor.Order - 500));
        server.AddEventHandler<HandleTokenRequestContext>(h => h.UseScopedHandler<TokenRules>().SetOrder(Last));
        // Before anything of the answer is written.
        server.AddEventHandler<ApplyTokenResponseContext>(h => h.UseScopedHandler<TokenJournal>().SetOrder(int.MinValue + 1_000));
        server.AddEventHandler<ProcessSignInContext>(h => h.UseSingletonHandler<BindingRules>().SetOrder(GenerateAccessToken.Descriptor.Order - 500));
        server.AddEventHandler<HandleRevocationRequestContext>(h => h.UseScopedHandler<EndingRules>().SetOrder(Last));
        server.AddEventHandler<HandleIntrospectionRequestContext>(h => h.UseScopedHandler<EndingRules>().SetOrder(Last));
        server.AddEventHandler<HandleConfigurationRequestContext>(h => h.UseSingletonHandler<DiscoveryRules>().SetOrder(Last));
    }

    /// <summary>Keys are this installation's, issuer and clock the platform's; known once the server listens.</summary>
    private sealed class Keys(SigningKey signing, ServiceKeys keys, Addresses addresses, TimeProvider clock) : IConfigureOptions<OpenIddictServerOptions>
    {
        public void Configure(OpenIddictServerOptions options)
        {
            options.Issuer = new Uri(addresses.Issuer);
            options.TimeProvider = clock;
            options.SigningCredentials.Add(signing.Credentials);
            // Codes, refresh tokens and pushed requests are read by nobody but us.
            options.EncryptionCredentials.Add(new EncryptingCredentials(new SymmetricSecurityKey(keys.Token("oauth-encryption")), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        }
    }
}
