using System.Net;
using System.Net.Sockets;
using Dsp.Accounts;

namespace Dsp.Server.Portal;

/// <summary>From where a browser signs in: its network address, and the device secret it keeps.</summary>
public sealed class SignInPlaces(ServerSettings settings)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "dsp-device";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    /// <summary>The place of this request.</summary>
    public SignInPlace Of(HttpContext context) => new(AddressOf(context), context.Request.Cookies[Cookie], DeviceName(context.Request.Headers.UserAgent.ToString()));

    /// <summary>This browser is known from now on: told to nobody as new, and not slowed down by guesses made elsewhere.</summary>
    public void Keep(HttpContext context, SignedIn signedIn) => context.Response.Cookies.Append(Cookie, signedIn.DeviceSecret, new CookieOptions
    {
        // Lax, because whoever comes back from an identity provider comes from another site.
        HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = Kept, Secure = PortalSession.Secure(settings),
    });

    private string? AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } remote) return null;
        if (remote.IsIPv4MappedToIPv6) remote = remote.MapToIPv4();
        if (!remote.Equals(settings.SignIn.TrustedProxy)) return IsPublic(remote) ? Counted(remote) : null;
        // The proxy adds what it saw at the end; anything before was written by whoever asks.
        var last = context.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        return IPAddress.TryParse(last, out var told) ? Counted(told) : null;
    }

    /// <summary>A home has a whole /64 of IPv6 addresses.</summary>
    private static string Counted(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();

    /// <summary>Behind a private address stands a proxy or a whole house: counting it would shut everybody out at once.</summary>
    private static bool IsPublic(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal) return false;
        var bytes = address.GetAddressBytes();
        return bytes.Length != 4 || !(bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254) || (bytes[0] == 100 && bytes[1] is >= 64 and < 128));
    }

    /// <summary>"Firefox, Windows": what people recognise; never the browser's whole text.</summary>
    internal static string DeviceName(string agent)
    {
        bool Has(string part) => agent.Contains(part, StringComparison.Ordinal);
        var browser = Has("Edg/") ? "Edge" : Has("Firefox/") || Has("FxiOS/") ? "Firefox" : Has("Chrome/") || Has("CriOS/") ? "Chrome" : Has("Safari/") ? "Safari" : "";
        var system = Has("Windows") ? "Windows" : Has("Android") ? "Android" : Has("iPhone") ? "iPhone" : Has("iPad") ? "iPad" : Has("Mac OS X") ? "macOS" : Has("Linux") ? "Linux" : "";
        return string.Join(", ", new[] { browser, system }.Where(t => t.Length > 0));
    }
}
