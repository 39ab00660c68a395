using Dsp.Server.Content;

namespace Dsp.Server.Wire;

/// <summary>The surfaces of the process; each has its own errors, headers and proof of who is asking.</summary>
internal enum Surface
{
    /// <summary><c>/fhir</c>: OperationOutcome, bearer token.</summary>
    Fhir,
    /// <summary><c>/api</c>, <c>/cds-services</c> and <c>/health</c>: problem details, bearer token.</summary>
    Api,
    /// <summary>The content origin: stored bytes by one-use handle, no cookie, no token.</summary>
    Content,
    /// <summary>Everything else: the portal's pages, cookie and antiforgery.</summary>
    Page,
}

internal static class Surfaces
{
    public static Surface Of(HttpContext context) =>
        context.Features.Get<ContentOrigin>() is not null ? Surface.Content
        : context.Request.Path.StartsWithSegments("/fhir", StringComparison.OrdinalIgnoreCase) ? Surface.Fhir
        : context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
            || context.Request.Path.StartsWithSegments(CdsHooks.CdsHooksDoor.Path, StringComparison.OrdinalIgnoreCase) ? Surface.Api
        : Surface.Page;
}
