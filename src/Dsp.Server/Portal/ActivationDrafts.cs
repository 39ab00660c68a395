using System.Text.Json.Serialization;
using Dsp.Accounts;
using Dsp.Sealing;
using Dsp.Server.Wire;

namespace Dsp.Server.Portal;

/// <summary>An activation on its way, between its pages: what the letter's code proved, and what was filled in since.</summary>
internal sealed record ActivationDraft(ActivationTicket Ticket, Contact? Contact, string Language, byte[] Key);

/// <summary>The key of an application being set up by somebody signed in.</summary>
internal sealed record KeyDraft(PersonId Person, byte[] Key, DateTimeOffset Until);

/// <summary>Keeps drafts sealed: in a cookie of this browser, or in a field of the form.</summary>
public sealed class ActivationDrafts(ServiceKeys keys, ServerSettings settings, TimeProvider clock)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "dsp-activation";

    private const string Purpose = "portal-activation";
    private const string KeyPurpose = "portal-totp";
    private static readonly TimeSpan KeyLife = TimeSpan.FromMinutes(20);

    internal ActivationDraft? Find(HttpContext context) =>
        keys.OpenText(Purpose, context.Request.Cookies[Cookie], ActivationJson.Default.ActivationDraft) is { } draft && clock.GetUtcNow() < draft.Ticket.Until ? draft : null;

    internal void Keep(HttpContext context, ActivationDraft draft) =>
        context.Response.Cookies.Append(Cookie, keys.SealText(Purpose, draft, ActivationJson.Default.ActivationDraft), Options());

    internal void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options());

    /// <summary>A new key for the form, and the same again after a wrong code.</summary>
    internal (byte[] Key, string Sealed) KeyFor(PersonId person, string? before)
    {
        var key = FindKey(person, before) ?? Totp.NewKey();
        return (key, keys.SealText(KeyPurpose, new KeyDraft(person, key, clock.GetUtcNow() + KeyLife), ActivationJson.Default.KeyDraft));
    }

    internal byte[]? FindKey(PersonId person, string? text) =>
        keys.OpenText(KeyPurpose, text, ActivationJson.Default.KeyDraft) is { } draft && draft.Person == person && clock.GetUtcNow() < draft.Until ? draft.Key : null;

    private CookieOptions Options() => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true, Secure = PortalSession.Secure(settings) };
}

[JsonSourceGenerationOptions(Converters = [typeof(IdJson.Person)])]
[JsonSerializable(typeof(ActivationDraft))]
[JsonSerializable(typeof(KeyDraft))]
internal sealed partial class ActivationJson : JsonSerializerContext;
