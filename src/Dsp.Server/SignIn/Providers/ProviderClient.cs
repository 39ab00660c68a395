using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Dsp.Accounts;
using Dsp.Server.Wire;
using Microsoft.AspNetCore.WebUtilities;

namespace Dsp.Server.SignIn.Providers;

/// <summary>Whom a provider has proven, and when.</summary>
public sealed record ProvenIdentity(ProviderStatement Statement, DateTimeOffset At);

/// <summary>The code flow with PKCE against an external provider; nothing of it touches a cookie or a page.</summary>
internal sealed class ProviderClient(ServerSettings settings, Addresses addresses, ProviderDocuments documents, ClientProof proof, OutboundHttp http, TimeProvider clock, ILogger<ProviderClient> log)
{
    /// <summary>Where providers send the browser back to; each has its own address, so that none can answer for another.</summary>
    public const string ReturnPath = "/connexion/retour/";

    private const int LongestCode = 2048;

    public IdentityProvider? Find(string? key) => settings.SignIn.Providers.FirstOrDefault(p => p.Key == key);

    /// <summary>Whether the provider answers at this moment.</summary>
    public async Task<bool> AnswersAsync(IdentityProvider provider, CancellationToken cancel) => await documents.FindAsync(provider, cancel) is not null;

    /// <summary>The address of the provider that a browser with this request goes to; null while the provider does not answer.</summary>
    public async Task<string?> AddressAsync(ProviderRequest request, CancellationToken cancel)
    {
        if (Find(request.Provider) is not { } provider || await documents.FindAsync(provider, cancel) is not { } metadata) return null;
        var asked = new Dictionary<string, string?>
        {
            ["response_type"] = "code", ["response_mode"] = "query", ["client_id"] = provider.ClientId, ["redirect_uri"] = ReturnOf(provider), ["scope"] = provider.Scopes,
            ["state"] = request.State, ["nonce"] = request.Nonce, ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(request.Verifier))), ["code_challenge_method"] = "S256",
            ["max_age"] = (request.AsksAgain ? 0 : (int)provider.MaxAge.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture), ["ui_locales"] = request.Language,
        };
        if (provider.StrongAcr.Count > 0) asked["acr_values"] = string.Join(' ', provider.StrongAcr);
        if (request.AsksAgain || provider.MaxAge == TimeSpan.Zero) asked["prompt"] = "login";
        return new Uri(QueryHelpers.AddQueryString(metadata.Authorization, asked)).AbsoluteUri;
    }

    /// <summary>Whether an answer came from the provider that was asked (RFC 9207).</summary>
    public async Task<bool> IsItsAnswerAsync(IdentityProvider provider, string? issuer, CancellationToken cancel) =>
        issuer is null ? await documents.FindAsync(provider, cancel) is { NamesItself: false } : issuer == provider.Issuer;

    /// <summary>Redeems the code and checks what the provider says.</summary>
    public async Task<Outcome<ProvenIdentity>> RedeemAsync(IdentityProvider provider, ProviderRequest request, string code, CancellationToken cancel)
    {
        if (code.Length > LongestCode) return Refusals.ProviderAnswerRefused;
        if (await documents.FindAsync(provider, cancel) is not { } metadata || proof.Of(provider, metadata) is not { } own) return Refusals.ProviderUnavailable;
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = ReturnOf(provider), ["code_verifier"] = request.Verifier };
        using var content = new FormUrlEncodedContent(form.Concat(own.Form));
        if (await http.SendAsync(HttpMethod.Post, metadata.Token, provider.Internal, content, own.Header, cancel) is not { } answer) return Fail(provider, "token: no answer", Refusals.ProviderUnavailable);
        using var json = answer.Status == 200 ? Json.Parse(answer.Body) : null;
        if (json?.RootElement.Text("id_token") is not { } token) return Fail(provider, answer.Status >= 500 ? "token: fault" : "token: refused", answer.Status >= 500 ? Refusals.ProviderUnavailable : Refusals.ProviderAnswerRefused);

        if (!IdTokenRules.TryReadKid(token, out var kid)) return Fail(provider, "id_token: alg", Refusals.ProviderAnswerRefused);
        if (await documents.KeyAsync(provider, metadata, kid, cancel) is not { } key) return Fail(provider, "id_token: key", Refusals.ProviderAnswerRefused);
        var (claims, broken) = await IdTokenRules.CheckAsync(token, key, provider, request, clock.GetUtcNow());
        if (claims is null) return Fail(provider, "id_token: " + broken, Refusals.ProviderAnswerRefused);
        // The level is decided here, whatever was asked for: a provider may give less.
        if (!provider.IsStrong(claims.Acr, claims.Amr)) return Fail(provider, "level", Refusals.ProviderTooWeak);
        var number = claims.Number;
        if (number is null && provider.NumberClaim is { } claim && metadata.UserInfo is { } address && json.RootElement.Text("access_token") is { } access)
        {
            if (await UserInfoAsync(provider, address, access, cancel) is not { } told) return Fail(provider, "userinfo: no answer", Refusals.ProviderUnavailable);
            using (told)
            {
                // OpenID Connect Core 5.3.4: another subject's words are not about this person.
                if (told.RootElement.Text("sub") != claims.Subject) return Fail(provider, "userinfo: sub", Refusals.ProviderAnswerRefused);
                number = told.RootElement.Text(claim);
            }
        }
        return new ProvenIdentity(new ProviderStatement(new BindingProof(FactorKind.External, provider.Issuer, claims.Subject, IsStrong: true), number), claims.AuthenticatedAt);
    }

    private async Task<System.Text.Json.JsonDocument?> UserInfoAsync(IdentityProvider provider, string address, string access, CancellationToken cancel) =>
        await http.SendAsync(HttpMethod.Get, address, provider.Internal, null, new AuthenticationHeaderValue("Bearer", access), cancel) is { Status: 200 } answer ? Json.Parse(answer.Body) : null;

    private string ReturnOf(IdentityProvider provider) => addresses.Base + ReturnPath + provider.Key;

    private Refusal Fail(IdentityProvider provider, string what, Refusal refusal)
    {
        log.ProviderFailed(provider.Key, what);
        return refusal;
    }
}
