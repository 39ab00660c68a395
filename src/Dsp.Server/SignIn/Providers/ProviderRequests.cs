using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Dsp.Access;
using Dsp.Sealing;
using Dsp.Server.Content;
using Dsp.Server.Portal;
using Dsp.Server.Wire;

namespace Dsp.Server.SignIn.Providers;

/// <summary>What somebody goes to a provider for.</summary>
public enum ProviderPurpose
{
    /// <summary>To sign in, or to activate where nothing is connected yet.</summary>
    Enter,
    /// <summary>To prove a factor again in this session.</summary>
    Confirm,
    /// <summary>To connect the identity to the account of this session.</summary>
    Connect,
}

/// <summary>One way to a provider and back, as the browser that began it keeps it, sealed.</summary>
internal sealed record ProviderRequest(string Provider, ProviderPurpose Purpose, string Language, DateTimeOffset BegunAt, string State, string Nonce, string Verifier)
{
    /// <summary>The session it belongs to; null where nobody is signed in yet.</summary>
    public SessionId? Session { get; init; }

    /// <summary>The person proves it now, whatever session the provider has.</summary>
    [JsonIgnore]
    public bool AsksAgain => Purpose == ProviderPurpose.Confirm;

    /// <summary>Before this, the person's proof at the provider is too old.</summary>
    public DateTimeOffset Earliest(IdentityProvider provider) => AsksAgain ? BegunAt : BegunAt - provider.MaxAge;
}

/// <summary>
/// Binds a request to the browser that began it: its state, nonce and verifier lie sealed in a cookie of ten minutes, so an answer
/// brought by another browser, or one nobody asked for, belongs to nothing.
/// </summary>
internal sealed class ProviderRequests(ServiceKeys keys, ServerSettings settings, TimeProvider clock)
{
    private const string Purpose = "portal-provider";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Name of the cookie; over TLS no neighbouring host can set one of this name.</summary>
    public string Cookie => PortalSession.Secure(settings) ? "__Host-dsp-provider" : "dsp-provider";

    public void Begin(HttpContext context, IdentityProvider provider, ProviderPurpose purpose, string language, Caller? caller)
    {
        var request = new ProviderRequest(provider.Key, purpose, language, clock.GetUtcNow(), Secret(), Secret(), Secret()) { Session = purpose == ProviderPurpose.Enter ? null : caller?.Session };
        context.Response.Cookies.Append(Cookie, keys.SealText(Purpose, request, ProviderRequestJson.Default.ProviderRequest), Options(Life));
    }

    /// <summary>What this browser began; null where it began nothing, or too long ago.</summary>
    public ProviderRequest? Find(HttpContext context)
    {
        var found = keys.OpenText(Purpose, context.Request.Cookies[Cookie], ProviderRequestJson.Default.ProviderRequest);
        return found is not null && clock.GetUtcNow() - found.BegunAt < Life ? found : null;
    }

    public void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options(null));

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // Lax, because the browser comes back from another site.
    private CookieOptions Options(TimeSpan? life) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = life, Secure = PortalSession.Secure(settings) };
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, Converters = [typeof(SessionIdJson)])]
[JsonSerializable(typeof(ProviderRequest))]
internal sealed partial class ProviderRequestJson : JsonSerializerContext;
