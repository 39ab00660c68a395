using System.Security.Cryptography;
using Dsp.Access;
using Dsp.Server.Wire;
using Dsp.Storage;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dsp.Server.Portal;

/// <summary>
/// Shows the error page of the portal (ux 2) in place of a status without words or a fault: what still works, one button, the
/// helpdesk, 112, a reference. Never a stack, never a detail, and the same page for what is absent and what is hidden.
/// </summary>
internal sealed class PageFaults(RequestDelegate next, EndpointDataSource endpoints, ILogger<PageFaults> log)
{
    private const string ErrorPage = "/Public/Error";

    public async Task InvokeAsync(HttpContext context)
    {
        if (Surfaces.Of(context) != Surface.Page)
        {
            await next(context);
            return;
        }
        var status = 0;
        try
        {
            await next(context);
            if (context.Response.HasStarted || context.Response.StatusCode < 400 || context.Response.ContentLength is not null || context.Response.ContentType is not null) return;
            status = context.Response.StatusCode;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // Whatever it is, it is told neutrally and logged under its reference.
        catch (Exception fault) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            status = StatusOf(fault);
            log.Fault(ErrorPages.ReferenceOf(context), fault.GetType().FullName ?? "", fault.InnerException?.GetType().FullName ?? "", fault.StackTrace ?? "");
        }
        await ShowAsync(context, status);
    }

    private static int StatusOf(Exception fault) => fault switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        StorageUnavailableException => StatusCodes.Status503ServiceUnavailable,
        SheetChangedException => StatusCodes.Status409Conflict,
        CryptographicException => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    private async Task ShowAsync(HttpContext context, int status)
    {
        var page = endpoints.Endpoints.OfType<RouteEndpoint>().First(e => e.Metadata.GetMetadata<PageActionDescriptor>()?.ViewEnginePath == ErrorPage);
        foreach (var name in new[] { "Location", "Content-Length", "Content-Disposition", "ETag" }) context.Response.Headers.Remove(name);
        context.Response.StatusCode = status;
        context.Request.Method = HttpMethods.Get;
        context.Request.RouteValues = new RouteValueDictionary { ["page"] = ErrorPage };
        context.SetEndpoint(page);
        await page.RequestDelegate!(context);
    }
}
