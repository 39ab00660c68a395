using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Accounts;
using Dsp.Sealing;
using Dsp.Server.SignIn.Providers;

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
        if (context.Request.Cookies[Cookie] is not { Length: > 0 and < 4096 } text || !Base64Url.IsValid(text)) return null;
        try
        {
            var found = JsonSerializer.Deserialize(keys.OpenServerKey(Purpose, Base64Url.DecodeFromChars(text)), IdentityDraftJson.Default.IdentityDraft);
            return found is not null && clock.GetUtcNow() < found.Until ? found : null;
        }
        catch (Exception e) when (e is SealBrokenException or JsonException)
        {
            return null;
        }
    }

    internal void Keep(HttpContext context, ProvenIdentity proven)
    {
        var draft = new IdentityDraft(proven.Statement, proven.At, Ids.Text(Ids.New(clock)), clock.GetUtcNow() + Life);
        context.Response.Cookies.Append(Cookie, Base64Url.EncodeToString(keys.SealServerKey(Purpose, JsonSerializer.SerializeToUtf8Bytes(draft, IdentityDraftJson.Default.IdentityDraft))), Options(Life));
    }

    internal void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options(null));

    // Lax, because the browser comes from the provider's site when it reads this first.
    private CookieOptions Options(TimeSpan? life) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = life, Secure = PortalSession.Secure(settings) };
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(IdentityDraft))]
internal sealed partial class IdentityDraftJson : JsonSerializerContext;
