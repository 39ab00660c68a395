using Dsp.Identity.Software;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// What a client may ask for: scopes of the grammar, within its registration, that mean something in the flow. An unknown scope
/// is refused, never left out. Nothing here gives a right: the gate decides at each call.
/// </summary>
internal sealed class RequestRules(Clients clients, Addresses addresses) :
    IOpenIddictServerHandler<ValidateAuthorizationRequestContext>, IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>, IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (await ProblemOfAsync(context.Request, context.ClientId, context.CancellationToken) is var (error, text)) context.Reject(error, text);
    }

    public async ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
    {
        if (await ProblemOfAsync(context.Request, context.ClientId, context.CancellationToken) is var (error, text)) context.Reject(error, text);
    }

    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (!context.Request.IsClientCredentialsGrantType()) return;
        var (scopes, error) = await AskedAsync(context.Request, context.ClientId, context.CancellationToken);
        if (scopes is null) context.Reject(Errors.InvalidScope, error);
        else if (scopes.Smart.Any(s => s.Context != ScopeContext.System) || scopes.Has(ScopeSet.OpenId) || scopes.Has(ScopeSet.FhirUser) || scopes.Has(ScopeSet.OfflineAccess) || scopes.Has(ScopeSet.Launch) || scopes.Has(ScopeSet.LaunchPatient))
            context.Reject(Errors.InvalidScope, "A software without a person asks for system scopes only.");
        else if (scopes.Smart.Count == 0 && scopes.Names.Count == 0) context.Reject(Errors.InvalidScope, "Name the scopes.");
    }

    private async Task<(string Error, string Text)?> ProblemOfAsync(OpenIddictRequest request, string? client, CancellationToken cancel)
    {
        var (scopes, error) = await AskedAsync(request, client, cancel);
        if (scopes is null) return (Errors.InvalidScope, error!);
        if (scopes.Smart.Any(s => s.Context == ScopeContext.System) || scopes.Has(ScopeSet.Feed)) return (Errors.InvalidScope, "A person gives no system scopes.");
        if (scopes.Smart.Count == 0 && scopes.Names.Count == 0) return (Errors.InvalidScope, "Name the scopes.");
        if (scopes.Has(ScopeSet.FhirUser) && !scopes.Has(ScopeSet.OpenId)) return (Errors.InvalidScope, "fhirUser goes with openid.");
        // The whole point of aud: a client that was led to a false server must not give its codes to us for it (SMART 2.2).
        var audience = (string?)request.GetParameter("aud");
        if (audience is null ? scopes.Smart.Count > 0 : audience.TrimEnd('/') != addresses.Fhir) return (Errors.InvalidRequest, $"The parameter aud names the FHIR base: {addresses.Fhir}");
        var launch = (string?)request.GetParameter("launch");
        if (scopes.Has(ScopeSet.Launch) != !string.IsNullOrEmpty(launch)) return (Errors.InvalidRequest, "The scope launch and the parameter launch go together.");
        return null;
    }

    private async Task<(ScopeSet? Scopes, string? Problem)> AskedAsync(OpenIddictRequest request, string? client, CancellationToken cancel)
    {
        if (ScopeSet.Parse(request.GetScopes()) is not { } asked) return (null, "A scope is unknown here, or has a parameter that is not supported.");
        // The portal acts with its cookie; no registered software does.
        if (asked.Has(ScopeSet.Act)) return (null, "The scope dsp.act.* is not given to connected software.");
        var registered = client is null ? null : await clients.FindAsync(client, cancel);
        return ScopeSet.Parse(registered?.Client.ScopeList ?? []) is { } allowed && allowed.Covers(asked) ? (asked, null) : (null, "A scope is outside this software's registration.");
    }
}
