using System.Collections.Immutable;
using System.Text.Json;
using Dsp.Identity.Software;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>A grant as the authorization server holds it while it works.</summary>
internal sealed class HeldGrant
{
    public GrantRow? Row { get; set; }

    public string? Status { get; set; }
}

/// <summary>
/// Grants as the authorization server asks for them. We start each ourselves, with its session; the server asks whether it is
/// good, and ends it.
/// </summary>
internal sealed class GrantStore(Grants grants) : IOpenIddictAuthorizationStore<HeldGrant>
{
    public async ValueTask<HeldGrant?> FindByIdAsync(string identifier, CancellationToken cancellationToken) =>
        Ids.TryParse(identifier, out var id) && await grants.FindAsync(id, cancellationToken) is { } row ? new HeldGrant { Row = row, Status = row.Status } : null;

    public ValueTask<string?> GetIdAsync(HeldGrant authorization, CancellationToken cancellationToken) => new(authorization.Row is { } row ? Ids.Text(row.Id) : null);

    public ValueTask<string?> GetApplicationIdAsync(HeldGrant authorization, CancellationToken cancellationToken) => new(authorization.Row?.ClientId);

    public ValueTask<string?> GetSubjectAsync(HeldGrant authorization, CancellationToken cancellationToken) => new(authorization.Row?.Subject);

    public ValueTask<string?> GetStatusAsync(HeldGrant authorization, CancellationToken cancellationToken) => new(authorization.Status);

    public ValueTask<string?> GetTypeAsync(HeldGrant authorization, CancellationToken cancellationToken) => new(AuthorizationTypes.AdHoc);

    public ValueTask<DateTimeOffset?> GetCreationDateAsync(HeldGrant authorization, CancellationToken cancellationToken) => new(authorization.Row?.CreatedAt);

    public ValueTask<ImmutableArray<string>> GetScopesAsync(HeldGrant authorization, CancellationToken cancellationToken) =>
        new([.. (authorization.Row?.Scopes ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(HeldGrant authorization, CancellationToken cancellationToken) => new(ImmutableDictionary<string, JsonElement>.Empty);

    public ValueTask SetStatusAsync(HeldGrant authorization, string? status, CancellationToken cancellationToken)
    {
        authorization.Status = status;
        return default;
    }

    /// <summary>The one change there is: the end.</summary>
    public async ValueTask UpdateAsync(HeldGrant authorization, CancellationToken cancellationToken)
    {
        if (authorization is { Row: { } row, Status: not Statuses.Valid }) await grants.EndAsync(row.Id, cancellationToken);
    }

    private static NotSupportedException NotOurs() => new("Grants are started by us, found by their id, and ended");

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> CountAsync<TResult>(Func<IQueryable<HeldGrant>, IQueryable<TResult>> query, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask CreateAsync(HeldGrant authorization, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask DeleteAsync(HeldGrant authorization, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<HeldGrant> FindAsync(string? subject, string? client, string? status, string? type, ImmutableArray<string>? scopes, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<HeldGrant> FindByApplicationIdAsync(string identifier, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<HeldGrant> FindBySubjectAsync(string subject, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<TResult?> GetAsync<TState, TResult>(Func<IQueryable<HeldGrant>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<HeldGrant> InstantiateAsync(CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<HeldGrant> ListAsync(int? count, int? offset, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(Func<IQueryable<HeldGrant>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> PruneAsync(DateTimeOffset threshold, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> RevokeAsync(string? subject, string? client, string? status, string? type, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> RevokeByApplicationIdAsync(string identifier, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> RevokeBySubjectAsync(string subject, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask SetApplicationIdAsync(HeldGrant authorization, string? identifier, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask SetCreationDateAsync(HeldGrant authorization, DateTimeOffset? date, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask SetPropertiesAsync(HeldGrant authorization, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask SetScopesAsync(HeldGrant authorization, ImmutableArray<string> scopes, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask SetSubjectAsync(HeldGrant authorization, string? subject, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask SetTypeAsync(HeldGrant authorization, string? type, CancellationToken cancellationToken) => throw NotOurs();
}
