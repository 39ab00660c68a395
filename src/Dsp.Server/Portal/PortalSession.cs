using System.Text.Json.Serialization;
using Dsp.Access;
using Dsp.Accounts;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Server.Content;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Dsp.Ui.Frame;

namespace Dsp.Server.Portal;

/// <summary>What the portal's cookie says, sealed: who signed in, when, how, and acting for which place.</summary>
/// <param name="LongLived">A demo session: exempt from the 12 h rule (security §7).</param>
/// <param name="FreshAt">When a factor was proven again; null: at the beginning.</param>
/// <param name="Methods">What was proven at the beginning.</param>
/// <param name="ProvenAt">When the person proved it, where that was before the session began: at a provider. Null: then.</param>
internal sealed record SealedSession(
    CallerKind Kind, PersonId Person, InstitutionId? Institution, SessionId Session, DateTimeOffset SignedInAt, DateTimeOffset SeenAt, bool Strong, bool LongLived,
    DateTimeOffset? FreshAt = null, string? Methods = null, DateTimeOffset? ProvenAt = null);

/// <summary>
/// The portal's cookie: sealed under the server's key, unreadable and unchangeable for whoever holds it, ended by idleness,
/// by the clock, and at once by its session's row. It proves nothing on <c>/fhir</c> and <c>/api</c>.
/// </summary>
public sealed class PortalSession(ServiceKeys keys, StartSession start, RevokeSession end, WantedPages pages, ServerSettings settings, TimeProvider clock)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "dsp-session";

    private const string Purpose = "portal-session";

    /// <summary>The cookie is written again at most this often, so idleness is measured this much too long and never too short.</summary>
    private static readonly TimeSpan Rewrite = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Signs a person in; whoever calls has established who it is. A professional without a place chooses it on the next page.
    /// </summary>
    /// <param name="strong">Two factors were used.</param>
    /// <param name="longLived">The demo's exemption from the 12 h rule.</param>
    public async Task SignInAsync(HttpContext context, CallerKind kind, PersonId person, bool strong, bool longLived, CancellationToken cancel)
    {
        if (kind is not (CallerKind.Person or CallerKind.Professional)) throw new ArgumentOutOfRangeException(nameof(kind), kind, "The portal signs in persons and professionals");
        await EndEarlierAsync(context, cancel);
        // The place is chosen later, so the session's row names none.
        var session = await start.RunAsync(person.Value, null, settings.Session.LongestSession, cancel);
        var now = clock.GetUtcNow();
        Write(context, new SealedSession(kind, person, null, session, now, now, strong, longLived));
    }

    /// <summary>Enters with a session that signing in has made; whatever this browser was signed in as before is ended, and its cookie replaced.</summary>
    /// <param name="provenAt">When the person proved it, where that was earlier: the session is no fresher than that.</param>
    public async Task EnterAsync(HttpContext context, CallerKind kind, SignedIn signedIn, CancellationToken cancel, DateTimeOffset? provenAt = null)
    {
        await EndEarlierAsync(context, cancel);
        var now = clock.GetUtcNow();
        Write(context, new SealedSession(kind, signedIn.Person, null, signedIn.Session, now, now, signedIn.Level == SignInLevel.TwoFactors, false, Methods: string.Join(' ', signedIn.Methods), ProvenAt: provenAt));
    }

    /// <summary>A factor was proven again.</summary>
    public void Freshen(HttpContext context, DateTimeOffset at)
    {
        if (Read(context) is { } session) Write(context, session with { FreshAt = at });
    }

    /// <summary>The same person acts in the other role from the next request on; what that role may is asked of the directory at every decision.</summary>
    public void ActAs(HttpContext context, CallerKind kind)
    {
        if (kind is CallerKind.Person or CallerKind.Professional && Read(context) is { } session) Write(context, session with { Kind = kind, Institution = null });
    }

    /// <summary>Remembers the page of this request, to come back to it when a factor was proven again.</summary>
    internal void Remember(HttpContext context) => pages.Remember(context, Open(context)?.Person, null);

    private async Task EndEarlierAsync(HttpContext context, CancellationToken cancel)
    {
        if (Open(context) is { } earlier) await end.RunAsync(earlier.Session, cancel);
    }

    /// <summary>Where somebody goes who has just signed in: the page they asked for, else the start. A professional chooses a place first.</summary>
    public string AfterSignIn(HttpContext context, CallerKind kind, PersonId person, string language) =>
        kind == CallerKind.Professional ? $"/{language}/pro/lieu" : pages.Take(context, person) ?? "/" + language;

    /// <summary>Acts for this place from the next request on; whether the person works there is asked of the directory at every decision.</summary>
    public void ChoosePlace(HttpContext context, InstitutionId place)
    {
        if (Read(context) is { Kind: CallerKind.Professional } session) Write(context, session with { Institution = place });
    }

    /// <summary>Signs out: the cookie goes, and its session is ended, so that a copy of it is worth nothing.</summary>
    public async Task SignOutAsync(HttpContext context, CancellationToken cancel)
    {
        if (Open(context) is { } session) await SignOutAsync(context, session, cancel);
    }

    private async Task SignOutAsync(HttpContext context, SealedSession session, CancellationToken cancel)
    {
        await end.RunAsync(session.Session, cancel);
        context.Response.Cookies.Delete(Cookie, Options());
    }

    /// <summary>The caller of a page; null where nobody is signed in, or not any more.</summary>
    internal Caller? CallerOf(HttpContext context)
    {
        if (Read(context) is not { } session) return null;
        var now = clock.GetUtcNow();
        if (now - session.SeenAt > Rewrite) Write(context, session with { SeenAt = now });
        return new Caller
        {
            Kind = session.Kind, Person = session.Person, Institution = session.Institution, Session = session.Session, Strong = session.Strong,
            AuthenticatedAt = session.ProvenAt ?? session.SignedInAt, FreshAt = session.FreshAt, LongLived = session.LongLived, MayAct = true, ThroughPortal = true, Software = "portal",
        };
    }

    /// <summary>Remembers the page of this request and why its session is over, and ends that session for good: a copy of its cookie is worth nothing.</summary>
    internal async Task LeaveAsync(HttpContext context, CancellationToken cancel)
    {
        var session = Open(context);
        pages.Remember(context, session?.Person, session is null ? null : EndingOf(session) ?? SessionEnding.Ended);
        if (session is not null) await SignOutAsync(context, session, cancel);
    }

    /// <summary>When this session ends by itself; null where nobody is signed in.</summary>
    internal SessionEnd? EndOf(HttpContext context) => Read(context) is { } session
        ? new SessionEnd(IdleOf(session) + Rewrite, settings.Session.LongestSession - (clock.GetUtcNow() - session.SignedInAt))
        : null;

    private SealedSession? Read(HttpContext context) => Open(context) is { } session && EndingOf(session) is null ? session : null;

    private SessionEnding? EndingOf(SealedSession session) =>
        clock.GetUtcNow() - session.SignedInAt > settings.Session.LongestSession ? SessionEnding.Longest
        : clock.GetUtcNow() - session.SeenAt > IdleOf(session) + Rewrite ? SessionEnding.Idle
        : null;

    private TimeSpan IdleOf(SealedSession session) => session.Kind == CallerKind.Person ? settings.Session.PatientIdle : settings.Session.ProfessionalIdle;

    private SealedSession? Open(HttpContext context) => keys.OpenText(Purpose, context.Request.Cookies[Cookie], SealedSessionJson.Default.SealedSession);

    private void Write(HttpContext context, SealedSession session) =>
        context.Response.Cookies.Append(Cookie, keys.SealText(Purpose, session, SealedSessionJson.Default.SealedSession), Options());

    // Lax, so that a link in a letter's mail still finds its reader signed in; every change is a POST with antiforgery.
    private CookieOptions Options() => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, Secure = Secure(settings),
    };

    /// <summary>Whether cookies travel over TLS only.</summary>
    internal static bool Secure(ServerSettings settings) => settings.PublicBase?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>Establishes the caller of a page from the cookie; nowhere else is the cookie looked at.</summary>
/// <remarks>A session that was ended is nobody's from the next request on, whatever the page asks.</remarks>
internal sealed class CookieGuard(RequestDelegate next, PortalSession session, SessionStands stands)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Wire.Surfaces.Of(context) == Wire.Surface.Page && session.CallerOf(context) is { Session: { } id, Person: { } person } caller && await stands.RunAsync(id, person, context.RequestAborted))
            Callers.Set(context, caller);
        await next(context);
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, Converters = [typeof(IdJson.Person), typeof(IdJson.Institution), typeof(SessionIdJson)])]
[JsonSerializable(typeof(SealedSession))]
internal sealed partial class SealedSessionJson : JsonSerializerContext;
