using System.Globalization;
using System.Text;
using Dsp.Server.SignIn.Cards;
using Dsp.Server.SignIn.OAuth;
using Dsp.Server.Tls;

namespace Dsp.Server.Wire;

/// <summary>
/// Answers 421 to requests that are not for us. Demo: the Host header is a loopback name with the port, and nothing was
/// forwarded (security §7). Otherwise: the Host header is the configured public base's or the content origin's.
/// Forwarded headers are never believed in either mode.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, ServerSettings settings)
{
    private static readonly string[] Forwarding = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Real-IP", "Via"];
    private readonly HashSet<string> named = Named(settings);

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Value ?? "";
        if (CardDoor.IsElsewhere(context, settings) || IsPageForSoftware(context)) return RefuseAsync(context);
        var ours = settings.Demo
            ? IsLoopback(host, context.Connection.LocalPort) && !Array.Exists(Forwarding, context.Request.Headers.ContainsKey)
            : named.Count == 0 || named.Contains(host) || context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);
        return ours ? next(context) : RefuseAsync(context);
    }

    /// <summary>Where software shows certificates there are no pages: a browser would be asked for one.</summary>
    private bool IsPageForSoftware(HttpContext context) =>
        TlsSettings.IsFor(context, settings.Tls.SystemsBase) && Surfaces.Of(context) == Surface.Page && !OAuthPaths.AreOf(context);

    private static bool IsLoopback(string host, int port)
    {
        var end = port.ToString(CultureInfo.InvariantCulture);
        return host.Equals("127.0.0.1:" + end, StringComparison.Ordinal) || host.Equals("localhost:" + end, StringComparison.OrdinalIgnoreCase) || host.Equals("[::1]:" + end, StringComparison.Ordinal);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("This server does not answer under this name.\n")).AsTask();
    }

    private static HashSet<string> Named(ServerSettings settings) =>
        new[] { settings.PublicBase, settings.ContentBase, settings.Tls.CardBase?.ToString(), settings.Tls.SystemsBase?.ToString() }.OfType<string>().Select(a => new Uri(a).Authority).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
