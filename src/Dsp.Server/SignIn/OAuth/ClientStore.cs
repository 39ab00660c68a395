using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dsp.Identity.Software;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// The registry of software as the authorization server asks for it. It reads only: clients are registered by the agency. A
/// client that may not enter does not exist here, so that suspension acts on its next request.
/// </summary>
internal sealed class ClientStore(Clients clients, ServerSettings settings, TimeProvider clock) : IOpenIddictApplicationStore<RegisteredClient>
{
    public async ValueTask<RegisteredClient?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken) =>
        await clients.FindAsync(identifier, cancellationToken) is { } client && client.MayEnterAt(clock.GetUtcNow(), settings.Demo) ? client : null;

    // The client id is the id: no second name that could come apart.
    public ValueTask<RegisteredClient?> FindByIdAsync(string identifier, CancellationToken cancellationToken) => FindByClientIdAsync(identifier, cancellationToken);

    public ValueTask<string?> GetIdAsync(RegisteredClient application, CancellationToken cancellationToken) => new(application.Client.ClientId);

    public ValueTask<string?> GetClientIdAsync(RegisteredClient application, CancellationToken cancellationToken) => new(application.Client.ClientId);

    public ValueTask<string?> GetApplicationTypeAsync(RegisteredClient application, CancellationToken cancellationToken) => new(ApplicationTypes.Web);

    public ValueTask<string?> GetClientTypeAsync(RegisteredClient application, CancellationToken cancellationToken) =>
        new(application.Client.Kind == ClientKind.Public ? ClientTypes.Public : ClientTypes.Confidential);

    public ValueTask<string?> GetConsentTypeAsync(RegisteredClient application, CancellationToken cancellationToken) => new(ConsentTypes.Explicit);

    public ValueTask<string?> GetClientSecretAsync(RegisteredClient application, CancellationToken cancellationToken) => new((string?)null);

    public ValueTask<string?> GetDisplayNameAsync(RegisteredClient application, CancellationToken cancellationToken) => new(application.System.Name);

    public ValueTask<ImmutableDictionary<CultureInfo, string>> GetDisplayNamesAsync(RegisteredClient application, CancellationToken cancellationToken) => new(ImmutableDictionary<CultureInfo, string>.Empty);

    public ValueTask<JsonWebKeySet?> GetJsonWebKeySetAsync(RegisteredClient application, CancellationToken cancellationToken) =>
        new(application.Client.KeySet is { } text ? new JsonWebKeySet(text) : null);

    public ValueTask<ImmutableArray<string>> GetPermissionsAsync(RegisteredClient application, CancellationToken cancellationToken) => new(PermissionsOf(application));

    public ValueTask<ImmutableArray<string>> GetRedirectUrisAsync(RegisteredClient application, CancellationToken cancellationToken) => new([.. application.Client.RedirectList]);

    public ValueTask<ImmutableArray<string>> GetPostLogoutRedirectUrisAsync(RegisteredClient application, CancellationToken cancellationToken) => new([.. application.Client.RedirectList]);

    public ValueTask<ImmutableArray<string>> GetRequirementsAsync(RegisteredClient application, CancellationToken cancellationToken) => new([Requirements.Features.ProofKeyForCodeExchange]);

    public ValueTask<ImmutableDictionary<string, string>> GetSettingsAsync(RegisteredClient application, CancellationToken cancellationToken) => new(ImmutableDictionary<string, string>.Empty);

    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(RegisteredClient application, CancellationToken cancellationToken) => new(ImmutableDictionary<string, JsonElement>.Empty);

    public async IAsyncEnumerable<RegisteredClient> FindByRedirectUriAsync(string uri, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var client in await clients.ListAsync(cancellationToken))
            if (client.Client.RedirectList.Contains(uri, StringComparer.Ordinal) && client.MayEnterAt(clock.GetUtcNow(), settings.Demo)) yield return client;
    }

    public IAsyncEnumerable<RegisteredClient> FindByPostLogoutRedirectUriAsync(string uri, CancellationToken cancellationToken) => FindByRedirectUriAsync(uri, cancellationToken);

    private static ImmutableArray<string> PermissionsOf(RegisteredClient client)
    {
        var permissions = new List<string> { Permissions.Endpoints.Token, Permissions.Endpoints.Revocation };
        if (client.Client.RedirectList.Count > 0)
            permissions.AddRange([Permissions.Endpoints.Authorization, Permissions.Endpoints.PushedAuthorization, Permissions.Endpoints.EndSession, Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken, Permissions.ResponseTypes.Code]);
        if (client.Client.Kind == ClientKind.Confidential) permissions.AddRange([Permissions.Endpoints.Introspection, Permissions.GrantTypes.ClientCredentials]);
        return [.. permissions];
    }

    // Registering is the agency's act, by another door.
    private static NotSupportedException ReadOnly() => new("Software is registered by dsp import clients");

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask<long> CountAsync<TResult>(Func<IQueryable<RegisteredClient>, IQueryable<TResult>> query, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask CreateAsync(RegisteredClient application, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask DeleteAsync(RegisteredClient application, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask<TResult?> GetAsync<TState, TResult>(Func<IQueryable<RegisteredClient>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask<RegisteredClient> InstantiateAsync(CancellationToken cancellationToken) => throw ReadOnly();

    public IAsyncEnumerable<RegisteredClient> ListAsync(int? count, int? offset, CancellationToken cancellationToken) => throw ReadOnly();

    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(Func<IQueryable<RegisteredClient>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetApplicationTypeAsync(RegisteredClient application, string? type, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetClientIdAsync(RegisteredClient application, string? identifier, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetClientSecretAsync(RegisteredClient application, string? secret, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetClientTypeAsync(RegisteredClient application, string? type, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetConsentTypeAsync(RegisteredClient application, string? type, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetDisplayNameAsync(RegisteredClient application, string? name, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetDisplayNamesAsync(RegisteredClient application, ImmutableDictionary<CultureInfo, string> names, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetJsonWebKeySetAsync(RegisteredClient application, JsonWebKeySet? set, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetPermissionsAsync(RegisteredClient application, ImmutableArray<string> permissions, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetPostLogoutRedirectUrisAsync(RegisteredClient application, ImmutableArray<string> uris, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetPropertiesAsync(RegisteredClient application, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetRedirectUrisAsync(RegisteredClient application, ImmutableArray<string> uris, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetRequirementsAsync(RegisteredClient application, ImmutableArray<string> requirements, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask SetSettingsAsync(RegisteredClient application, ImmutableDictionary<string, string> settings, CancellationToken cancellationToken) => throw ReadOnly();

    public ValueTask UpdateAsync(RegisteredClient application, CancellationToken cancellationToken) => throw ReadOnly();
}
