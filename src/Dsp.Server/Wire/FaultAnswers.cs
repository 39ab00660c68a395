using System.Security.Cryptography;
using Dsp.Access;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Server.Wire;

/// <summary>Turns what nobody expected, and what routing left without words, into an answer of the surface. Outermost but for the headers.</summary>
internal sealed class FaultAnswers(RequestDelegate next, ServerLimits limits, Alarms alarms, TimeProvider clock, ILogger<FaultAnswers> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.ContentLength is null && context.Response.StatusCode is 404 or 405) await NamelessAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
#pragma warning disable CA1031 // Whatever it is, it is told neutrally and logged under its reference.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            await AnswerAsync(context, fault);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception fault)
    {
        var refusal = fault switch
        {
            BadHttpRequestException bad => RequestFaults.RefusalOf(bad, limits),
            StorageUnavailableException => Refusals.Unavailable,
            SheetChangedException => Refusals.SheetChanged,
            _ => null,
        };
        var reference = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        if (fault is StorageUnavailableException) log.StoreAway(fault.InnerException?.GetType().Name ?? "");
        if (fault is SealBrokenException) alarms.Raise("seal-broken", reference, clock.GetUtcNow());
        if (refusal is null) log.Fault(reference, fault.GetType().FullName ?? "", fault.InnerException?.GetType().FullName ?? "", fault.StackTrace ?? "");
        if (context.Response.HasStarted)
        {
            // Half an answer must not look whole.
            context.Abort();
            return;
        }
        ClearBody(context);
        await (refusal is null ? Answers.FaultAsync(context, reference) : Answers.RefuseAsync(context, refusal));
    }

    /// <summary>Routing said no without words: no such route, or not by this method.</summary>
    private static Task NamelessAsync(HttpContext context)
    {
        // The base takes a POST only; the pages' language segment makes routing see it as an unknown page.
        var status = context.Request.Path == "/fhir" ? StatusCodes.Status405MethodNotAllowed : context.Response.StatusCode;
        return Surfaces.Of(context) == Surface.Page
            ? Task.CompletedTask
            : Answers.RefuseAsync(context, status == 405 || Surfaces.Of(context) == Surface.Fhir ? Refusals.InteractionNotSupported : Refusals.NotFound, status);
    }

    private static void ClearBody(HttpContext context)
    {
        foreach (var name in new[] { "Content-Length", "Content-Disposition", "Content-Range", "Content-Encoding", "ETag", "Digest", "Repr-Digest", "Accept-Ranges", "Location" })
            context.Response.Headers.Remove(name);
    }
}

/// <summary>What Kestrel says of a message it gave up reading.</summary>
internal static class RequestFaults
{
    public static Refusal RefusalOf(BadHttpRequestException fault, ServerLimits limits) => fault.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge(limits),
        StatusCodes.Status408RequestTimeout => Refusals.TooSlow,
        _ => Refusals.Malformed,
    };

    public static Refusal TooLarge(ServerLimits limits)
    {
        var limit = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{limits.MaxBody} bytes");
        return Refusals.TooLarge with
        {
            Text = Refusals.TooLarge.Text.Replace("{limit}", limit, StringComparison.Ordinal),
            Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["limit"] = limit },
        };
    }
}
