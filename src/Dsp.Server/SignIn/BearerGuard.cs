using Dsp.Access;
using Dsp.Server.Wire;

namespace Dsp.Server.SignIn;

/// <summary>
/// <c>/fhir</c> and <c>/api</c> take bearer tokens and nothing else; a cookie proves nothing here. The proof is asked for
/// before anything is looked up, so that what exists and what does not have one answer.
/// </summary>
internal sealed class BearerGuard(RequestDelegate next, ITokenValidator validator)
{
    private const string Prefix = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var need = endpoint?.Metadata.GetMetadata<ScopeNeed>();
        if ((need is null && Surfaces.Of(context) is Surface.Page or Surface.Content) || endpoint?.Metadata.GetMetadata<OpenToAll>() is not null)
        {
            await next(context);
            return;
        }
        if (await ProofAsync(context) is not { } proven)
        {
            context.Features.Set(CallJournal.FactsOf(context, null));
            await Answers.RefuseAsync(context, Refusals.NotSignedIn);
            return;
        }
        var call = CallJournal.FactsOf(context, proven);
        context.Features.Set(call);
        var limits = need?.IsMetBy(proven);
        Callers.Set(context, proven.ToCaller(limits) with { Call = call }, proven);
        if (need is { ForSome: false } && limits is null)
        {
            await Answers.RefuseAsync(context, Refusals.ScopeMissing);
            return;
        }
        await next(context);
    }

    private async ValueTask<ProvenToken?> ProofAsync(HttpContext context)
    {
        // One header, one scheme: a second Authorization header is nobody's proof.
        if (context.Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var proven = await validator.ValidateAsync(header[Prefix.Length..].Trim(), context.RequestAborted);
        // A token that is bound to a certificate is nobody's without it.
        return proven?.Thumbprint is { } bound && bound != ClientCertificates.ThumbprintOf(context) ? null : proven;
    }
}

/// <summary>The caller of a request: made once at the edge, from a token here or from the portal's cookie.</summary>
public static class Callers
{
    /// <exception cref="InvalidOperationException">The route is open to all, or no guard stood before it.</exception>
    public static Caller CallerOf(HttpContext context) =>
        Find(context) ?? throw new InvalidOperationException("Nobody was established as the caller of this request");

    /// <summary>Null where nobody is signed in.</summary>
    public static Caller? Find(HttpContext context) => context.Features.Get<Known>()?.Caller;

    /// <summary>For the guards of a surface, once per request.</summary>
    public static void Set(HttpContext context, Caller caller) => context.Features.Set(new Known(caller, null));

    internal static void Set(HttpContext context, Caller caller, ProvenToken proven) => context.Features.Set(new Known(caller, proven));

    /// <summary>What the token proved; null on surfaces that take none.</summary>
    internal static ProvenToken? ProofOf(HttpContext context) => context.Features.Get<Known>()?.Proven;

    private sealed record Known(Caller Caller, ProvenToken? Proven);
}

/// <summary>The challenge of RFC 6750 that goes with 401 and 403.</summary>
internal static class Challenge
{
    public static string Of(Refusal refusal, HttpContext context)
    {
        if (refusal.Id == Refusals.ScopeMissing.Id)
        {
            var need = context.GetEndpoint()?.Metadata.GetMetadata<ScopeNeed>();
            return need is null ? "Bearer realm=\"dsp\", error=\"insufficient_scope\"" : $"Bearer realm=\"dsp\", error=\"insufficient_scope\", scope=\"{string.Join(' ', need.AnyOf)}\"";
        }
        if (refusal.Kind != RefusalKind.NotAuthenticated) return "Bearer realm=\"dsp\"";
        return context.Request.Headers.Authorization.Count == 0 ? "Bearer realm=\"dsp\"" : "Bearer realm=\"dsp\", error=\"invalid_token\"";
    }
}
