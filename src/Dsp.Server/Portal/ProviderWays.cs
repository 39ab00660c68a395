using Dsp.Access;
using Dsp.Accounts;
using Dsp.Server.SignIn.Providers;

namespace Dsp.Server.Portal;

/// <summary>The buttons of the external identity providers on a page.</summary>
/// <param name="Path">The page they post to; its handler is <c>Provider</c>.</param>
/// <param name="TextKey">Key of a button's words, with the provider's <c>name</c>.</param>
public sealed record ProviderButtons(IReadOnlyList<IdentityProvider> All, string Path, string TextKey);

/// <summary>A browser that came back from a provider: for what it had left, and what was proven.</summary>
/// <param name="Language">The language it left in.</param>
public sealed record ProviderReturn(ProviderPurpose Purpose, string Language, Outcome<ProvenIdentity> Proven);

/// <summary>
/// The way to an external identity provider and back. Leaving is a POST with antiforgery, then a page of ours that leads on;
/// coming back is believed from the browser that left, once, for the provider it left to, and for the session it left in.
/// </summary>
public sealed class ProviderWays(IServiceProvider services, ServerSettings settings, TakeProviderAnswer take)
{
    /// <summary>The page that leads on to the provider.</summary>
    public const string LeavePath = "/connexion/depart";

    private const int Longest = 512;

    public IReadOnlyList<IdentityProvider> All => settings.SignIn.Providers;

    private ProviderClient Client => services.GetRequiredService<ProviderClient>();

    private ProviderRequests Requests => services.GetRequiredService<ProviderRequests>();

    /// <summary>The providers whose identity this account is connected with.</summary>
    public IReadOnlyList<IdentityProvider> ConnectedTo(OwnAccountView view) => [.. All.Where(p => view.Factors.Any(f => f.Kind == FactorKind.External && f.Label == p.Issuer))];

    /// <summary>The statement lacks the number that its provider should state.</summary>
    public bool LacksNumber(ProviderStatement statement) => statement.NationalNumber is null && All.FirstOrDefault(p => p.Issuer == statement.Proof.Issuer)?.NumberClaim is not null;

    /// <summary>The provider's name as people know it; the issuer where it is not set any more.</summary>
    public string NameOf(string? issuer, Dsp.Ui.Languages.Language language) => All.FirstOrDefault(p => p.Issuer == issuer)?.NameIn(language) ?? issuer ?? "";

    /// <summary>Keeps in this browser what it leaves for.</summary>
    /// <param name="caller">Who is signed in; looked at where the purpose belongs to a session.</param>
    /// <returns>Null: lead on to <see cref="LeavePath"/>.</returns>
    public async Task<Refusal?> BeginAsync(HttpContext context, string? key, ProviderPurpose purpose, string language, Caller? caller)
    {
        if (Client.Find(key) is not { } provider) return Refusals.NotFound;
        if (!await Client.AnswersAsync(provider, context.RequestAborted)) return Refusals.ProviderUnavailable;
        Requests.Begin(context, provider, purpose, language, caller);
        return null;
    }

    /// <summary>Where this browser is about to go; null where it is about to go nowhere, or the provider does not answer.</summary>
    public async Task<(IdentityProvider Provider, string Address)?> LeaveAsync(HttpContext context) =>
        Requests.Find(context) is { } request && Client.Find(request.Provider) is { } provider && await Client.AddressAsync(request, context.RequestAborted) is { } address ? (provider, address) : null;

    /// <summary>What a browser brings back. Whatever is wrong with it, the words are one.</summary>
    /// <param name="key">The provider whose return address was called.</param>
    public async Task<ProviderReturn> TakeAsync(HttpContext context, string key, Caller? caller)
    {
        var request = Requests.Find(context);
        // Not this browser's: its own request, if it has one, goes on untouched.
        if (request is null || request.Provider != key || !IdTokenRules.FixedTimeEquals(One(context, "state"), request.State))
            return new ProviderReturn(ProviderPurpose.Enter, request?.Language ?? Dsp.Ui.Frame.DspUiServices.Of(context).Code, Refusals.ProviderAnswerRefused);
        Requests.Forget(context);
        return new ProviderReturn(request.Purpose, request.Language, await ProvenAsync(context, request, caller));
    }

    private async Task<Outcome<ProvenIdentity>> ProvenAsync(HttpContext context, ProviderRequest request, Caller? caller)
    {
        var cancel = context.RequestAborted;
        if (Client.Find(request.Provider) is not { } provider) return Refusals.ProviderAnswerRefused;
        if (!await Client.IsItsAnswerAsync(provider, One(context, "iss"), cancel)) return Refusals.ProviderAnswerRefused;
        // A copy of the cookie brings nothing a second time.
        if (!await take.RunAsync(request.State, cancel)) return Refusals.ProviderAnswerRefused;
        if (One(context, "error") is { } error) return error is "server_error" or "temporarily_unavailable" ? Refusals.ProviderUnavailable : Refusals.ProviderCancelled;
        if (request.Purpose != ProviderPurpose.Enter && (caller?.Session is null || caller.Session != request.Session)) return Refusals.ProviderAnswerRefused;
        return One(context, "code", longest: 2048) is { } code ? await Client.RedeemAsync(provider, request, code, cancel) : Refusals.ProviderAnswerRefused;
    }

    /// <summary>A parameter that is there once.</summary>
    private static string? One(HttpContext context, string name, int longest = Longest) =>
        context.Request.Query[name] is [{ Length: > 0 } value] && value.Length <= longest ? value : null;
}
