namespace Dsp.Server.Wire;

/// <summary>Puts each surface's protective headers on every answer, refusals and faults included (security §5, ux 3.5).</summary>
internal sealed class SurfaceHeaders(RequestDelegate next, ServerSettings settings)
{
    /// <summary>The portal's policy: own files only, nothing inline, never framed.</summary>
    public const string PagePolicy =
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    /// <summary>A rendered document: our style sheet and images of this origin, no script at all.</summary>
    public const string ViewPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Data and stored bytes: nothing may load or run.</summary>
    public const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Two years; the names below it too (RFC 6797).</summary>
    private const string TlsOnly = "max-age=63072000; includeSubDomains";

    private readonly bool tls = Portal.PortalSession.Secure(settings);

    public Task InvokeAsync(HttpContext context)
    {
        var surface = Surfaces.Of(context);
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (tls) headers.StrictTransportSecurity = TlsOnly;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = surface == Surface.Page ? PagePolicy : DataPolicy;
        if (surface == Surface.Page) headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }
}
