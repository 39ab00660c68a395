using Dsp.Ui.Languages;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>Where the authorization server answers, and how long what it issues is good.</summary>
internal static class OAuthPaths
{
    public const string Authorize = "/oauth/authorize";
    public const string Token = "/oauth/token";
    public const string Pushed = "/oauth/par";
    public const string Introspect = "/oauth/introspect";
    public const string Revoke = "/oauth/revoke";
    public const string EndSession = "/oauth/end-session";
    public const string Keys = "/oauth/jwks";
    public const string OpenId = "/.well-known/openid-configuration";
    public const string Metadata = "/.well-known/oauth-authorization-server";
    public const string Smart = "/.well-known/smart-configuration";

    /// <summary>The page that asks a person, below a language.</summary>
    public const string Page = "/autoriser";

    /// <summary>A software's own token: SMART asks for at most five minutes.</summary>
    public static readonly TimeSpan SystemToken = TimeSpan.FromMinutes(5);

    /// <summary>A person's token; whoever needs it longer refreshes it.</summary>
    public static readonly TimeSpan PersonToken = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan Code = TimeSpan.FromMinutes(1);

    /// <summary>A pushed or remembered request: until the person has signed in and decided.</summary>
    public static readonly TimeSpan Request = TimeSpan.FromMinutes(30);

    /// <summary>Longest life of a client's assertion (SMART Backend Services).</summary>
    public static readonly TimeSpan Assertion = TimeSpan.FromMinutes(5);

    /// <summary>What two clocks may differ by.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>The addresses of the asking page, one in each language.</summary>
    public static IEnumerable<string> Pages => Language.All.Select(l => $"/{l.Code}{Page}");

    /// <summary>Whether the authorization server is to look at a request; all others are spared its machinery.</summary>
    public static bool AreOf(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        return path.StartsWith("/oauth/", StringComparison.OrdinalIgnoreCase) || path is OpenId or Metadata || path.EndsWith(Page, StringComparison.OrdinalIgnoreCase);
    }
}
