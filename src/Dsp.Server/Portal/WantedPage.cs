using System.Text.Json.Serialization;
using Dsp.Sealing;
using Dsp.Server.Wire;

namespace Dsp.Server.Portal;

/// <summary>Why a session is over.</summary>
public enum SessionEnding
{
    /// <summary>Nothing was asked for too long.</summary>
    Idle,
    /// <summary>It reached its longest time.</summary>
    Longest,
    /// <summary>It was ended, or the sign-in is too old or too weak for what was asked.</summary>
    Ended,
}

/// <summary>The page somebody asked for while nobody was signed in.</summary>
/// <param name="Address">Path and query on this site.</param>
/// <param name="Person">Whose session ended; to others the page is not offered. Null where there was none.</param>
public sealed record WantedPage(string Address, PersonId? Person, SessionEnding? Ending);

/// <summary>
/// Keeps the page asked for over a sign-in, in a sealed cookie: an address can hold what somebody searched for, so it is not
/// handed on in another address.
/// </summary>
public sealed class WantedPages(ServiceKeys keys, ServerSettings settings)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "dsp-wanted";

    private const string Purpose = "portal-wanted";
    private const int Longest = 1500;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>Remembers the page of this request.</summary>
    internal void Remember(HttpContext context, PersonId? person, SessionEnding? ending)
    {
        var request = context.Request;
        // What a form sent is gone; its page is where it is sent again.
        var address = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : request.Path.ToUriComponent();
        if (address.Length > Longest) address = request.Path.ToUriComponent();
        // A second tab finds the session gone: what is known of it stays true.
        var wanted = person is null && Find(context) is { } earlier ? earlier with { Address = address } : new WantedPage(address, person, ending);
        context.Response.Cookies.Append(Cookie, keys.SealText(Purpose, wanted, WantedPageJson.Default.WantedPage), Options(Kept));
    }

    /// <summary>What was remembered; null where nothing was, or somebody else wrote it.</summary>
    internal WantedPage? Find(HttpContext context) => keys.OpenText(Purpose, context.Request.Cookies[Cookie], WantedPageJson.Default.WantedPage);

    /// <summary>The page this person asked for, once; null where there is none.</summary>
    internal string? Take(HttpContext context, PersonId person)
    {
        if (Find(context) is not { } wanted) return null;
        context.Response.Cookies.Delete(Cookie, Options(null));
        return (wanted.Person is null || wanted.Person == person) && IsOwn(wanted.Address) ? wanted.Address : null;
    }

    /// <summary>An address of this site: a browser reads two slashes, or a slash and a backslash, as another host.</summary>
    internal static bool IsOwn(string address) => address.StartsWith('/') && (address.Length == 1 || address[1] is not ('/' or '\\'));

    private CookieOptions Options(TimeSpan? kept) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = kept, Secure = PortalSession.Secure(settings),
    };
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, Converters = [typeof(IdJson.Person)])]
[JsonSerializable(typeof(WantedPage))]
internal sealed partial class WantedPageJson : JsonSerializerContext;
