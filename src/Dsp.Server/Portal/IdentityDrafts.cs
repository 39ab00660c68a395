using System.Text.Json.Serialization;
using Dsp.Accounts;
using Dsp.Sealing;
using Dsp.Server.SignIn.Providers;
using Dsp.Server.Wire;

namespace Dsp.Server.Portal;

/// <summary>A person whom a provider has proven and whose identity is not connected yet, between two pages.</summary>
/// <param name="Once">Names the provider's answer, so that it activates once.</param>
internal sealed record IdentityDraft(ProviderStatement Statement, DateTimeOffset At, string Once, DateTimeOffset Until);

/// <summary>Keeps it sealed in a cookie of half an hour.</summary>
public sealed class IdentityDrafts(ServiceKeys keys, ServerSettings settings, TimeProvider clock)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "dsp-identity";

    private const string Purpose = "portal-identity";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    internal IdentityDraft? Find(HttpContext context)
    {
        var found = keys.OpenText(Purpose, context.Request.Cookies[Cookie], IdentityDraftJson.Default.IdentityDraft);
        return found is not null && clock.GetUtcNow() < found.Until ? found : null;
    }

    internal void Keep(HttpContext context, ProvenIdentity proven)
    {
        var draft = new IdentityDraft(proven.Statement, proven.At, Ids.Text(Ids.New(clock)), clock.GetUtcNow() + Life);
        context.Response.Cookies.Append(Cookie, keys.SealText(Purpose, draft, IdentityDraftJson.Default.IdentityDraft), Options(Life));
    }

    internal void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options(null));

    // Lax, because the browser comes from the provider's site when it reads this first.
    private CookieOptions Options(TimeSpan? life) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = life, Secure = PortalSession.Secure(settings) };
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(IdentityDraft))]
internal sealed partial class IdentityDraftJson : JsonSerializerContext;
