using System.Collections.Immutable;
using System.Text.Json;
using Dsp.Identity.Software;
using OpenIddict.Abstractions;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>A token's row as the authorization server fills it.</summary>
internal sealed class HeldToken(IssuedRow row)
{
    public IssuedRow Row { get; set; } = row;
}

/// <summary>
/// Codes, refresh tokens, pushed requests and access tokens as the authorization server keeps them. Two that redeem one at once
/// do not both succeed; ending all of a grant ends its session.
/// </summary>
internal sealed class IssuedStore(Grants grants, TimeProvider clock) : IOpenIddictTokenStore<HeldToken>
{
    public ValueTask<HeldToken> InstantiateAsync(CancellationToken cancellationToken) =>
        new(new HeldToken(new IssuedRow(Ids.New(clock), null, null, null, "", "", null, null, null, null, null, 0)));

    public async ValueTask CreateAsync(HeldToken token, CancellationToken cancellationToken) => await grants.AddAsync(token.Row, cancellationToken);

    public async ValueTask UpdateAsync(HeldToken token, CancellationToken cancellationToken) =>
        token.Row = await grants.ChangeAsync(token.Row, cancellationToken) ?? throw new OpenIddictExceptions.ConcurrencyException("The token was changed by another request");

    public async ValueTask<HeldToken?> FindByIdAsync(string identifier, CancellationToken cancellationToken) =>
        Ids.TryParse(identifier, out var id) && await grants.FindIssuedAsync(id, cancellationToken) is { } row ? new HeldToken(row) : null;

    public async ValueTask<HeldToken?> FindByReferenceIdAsync(string identifier, CancellationToken cancellationToken) =>
        await grants.FindReferencedAsync(identifier, cancellationToken) is { } row ? new HeldToken(row) : null;

    public async IAsyncEnumerable<HeldToken> FindByAuthorizationIdAsync(string identifier, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Ids.TryParse(identifier, out var grant)) yield break;
        foreach (var row in await grants.IssuedUnderAsync(grant, cancellationToken)) yield return new HeldToken(row);
    }

    /// <summary>A code or refresh token came back a second time: somebody has a copy. The whole grant ends.</summary>
    public async ValueTask<long> RevokeByAuthorizationIdAsync(string identifier, CancellationToken cancellationToken) =>
        Ids.TryParse(identifier, out var grant) ? await grants.EndAsync(grant, cancellationToken) : 0;

    public ValueTask<string?> GetIdAsync(HeldToken token, CancellationToken cancellationToken) => new(Ids.Text(token.Row.Id));

    public ValueTask<string?> GetApplicationIdAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.ClientId);

    public ValueTask<string?> GetAuthorizationIdAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.Grant is { } grant ? Ids.Text(grant) : null);

    public ValueTask<DateTimeOffset?> GetCreationDateAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.CreatedAt);

    public ValueTask<DateTimeOffset?> GetExpirationDateAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.ExpiresAt);

    public ValueTask<DateTimeOffset?> GetRedemptionDateAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.RedeemedAt);

    public ValueTask<string?> GetPayloadAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.Payload);

    public ValueTask<string?> GetReferenceIdAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.Reference);

    public ValueTask<string?> GetStatusAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.Status);

    public ValueTask<string?> GetSubjectAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.Subject);

    public ValueTask<string?> GetTypeAsync(HeldToken token, CancellationToken cancellationToken) => new(token.Row.Kind);

    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(HeldToken token, CancellationToken cancellationToken) => new(ImmutableDictionary<string, JsonElement>.Empty);

    public ValueTask SetApplicationIdAsync(HeldToken token, string? identifier, CancellationToken cancellationToken) => Set(token, token.Row with { ClientId = identifier });

    public ValueTask SetAuthorizationIdAsync(HeldToken token, string? identifier, CancellationToken cancellationToken) => Set(token, token.Row with { Grant = Ids.TryParse(identifier, out var grant) ? grant : null });

    public ValueTask SetCreationDateAsync(HeldToken token, DateTimeOffset? date, CancellationToken cancellationToken) => Set(token, token.Row with { CreatedAt = date });

    public ValueTask SetExpirationDateAsync(HeldToken token, DateTimeOffset? date, CancellationToken cancellationToken) => Set(token, token.Row with { ExpiresAt = date });

    public ValueTask SetRedemptionDateAsync(HeldToken token, DateTimeOffset? date, CancellationToken cancellationToken) => Set(token, token.Row with { RedeemedAt = date });

    public ValueTask SetPayloadAsync(HeldToken token, string? payload, CancellationToken cancellationToken) => Set(token, token.Row with { Payload = payload });

    public ValueTask SetReferenceIdAsync(HeldToken token, string? identifier, CancellationToken cancellationToken) => Set(token, token.Row with { Reference = identifier });

    public ValueTask SetStatusAsync(HeldToken token, string? status, CancellationToken cancellationToken) => Set(token, token.Row with { Status = status ?? "" });

    public ValueTask SetSubjectAsync(HeldToken token, string? subject, CancellationToken cancellationToken) => Set(token, token.Row with { Subject = subject });

    public ValueTask SetTypeAsync(HeldToken token, string? type, CancellationToken cancellationToken) => Set(token, token.Row with { Kind = type ?? "" });

    // Nothing of ours is kept beside the columns.
    public ValueTask SetPropertiesAsync(HeldToken token, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancellationToken) =>
        properties.IsEmpty ? default : throw NotOurs();

    private static ValueTask Set(HeldToken token, IssuedRow row)
    {
        token.Row = row;
        return default;
    }

    private static NotSupportedException NotOurs() => new("Tokens are found by id, by reference and by grant");

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> CountAsync<TResult>(Func<IQueryable<HeldToken>, IQueryable<TResult>> query, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask DeleteAsync(HeldToken token, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<HeldToken> FindAsync(string? subject, string? client, string? status, string? type, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<HeldToken> FindByApplicationIdAsync(string identifier, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<HeldToken> FindBySubjectAsync(string subject, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<TResult?> GetAsync<TState, TResult>(Func<IQueryable<HeldToken>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<HeldToken> ListAsync(int? count, int? offset, CancellationToken cancellationToken) => throw NotOurs();

    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(Func<IQueryable<HeldToken>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> PruneAsync(DateTimeOffset threshold, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> RevokeAsync(string? subject, string? client, string? status, string? type, CancellationToken cancellationToken) => throw NotOurs();

    public ValueTask<long> RevokeByApplicationIdAsync(string identifier, CancellationToken cancellationToken = default) => throw NotOurs();

    public ValueTask<long> RevokeBySubjectAsync(string subject, CancellationToken cancellationToken = default) => throw NotOurs();
}
