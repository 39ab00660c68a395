using Dsp.Server.Wire;

namespace Dsp.Server.Content;

/// <summary>Keeps the two origins apart: the content origin answers handles only, the main one never answers them (security §5).</summary>
internal sealed class OriginGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var forContent = context.Request.Path.StartsWithSegments("/content", StringComparison.OrdinalIgnoreCase);
        if (forContent == (Surfaces.Of(context) == Surface.Content)) return next(context);
        return Answers.RefuseAsync(context, Refusals.NotFound);
    }
}
