using System.Globalization;
using System.Text;
using System.Text.Json;
using Dsp.Server.Api;
using Dsp.Server.Fhir;

namespace Dsp.Server.Wire;

/// <summary>Writes refusals and faults in the words of the surface that was asked. The same refusal has the same bytes, whatever stands behind it.</summary>
internal static class Answers
{
    /// <param name="status">Another status than the table's, where the method or a header decides.</param>
    public static Task RefuseAsync(HttpContext context, Refusal refusal, int? status = null)
    {
        var code = status ?? StatusTable.Of(refusal);
        if (StatusTable.RetryAfter(refusal) is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (code is 401 or 403) context.Response.Headers.WWWAuthenticate = SignIn.Challenge.Of(refusal, context);
        return WriteAsync(context, code, Surfaces.Of(context) switch
        {
            Surface.Fhir => ("application/fhir+json; charset=utf-8", w => OutcomeWriter.Write(w, refusal)),
            Surface.Api => ("application/problem+json; charset=utf-8", w => ProblemWriter.Write(w, refusal, code)),
            _ => ("text/plain; charset=utf-8", null),
        }, refusal.Text);
    }

    /// <summary>A fault: neutral words and a reference that leads to the log; never a stack, never a detail.</summary>
    public static Task FaultAsync(HttpContext context, string reference)
    {
        var text = $"Something went wrong on our side; nothing was acknowledged. Reference {reference}.";
        return WriteAsync(context, StatusCodes.Status500InternalServerError, Surfaces.Of(context) switch
        {
            Surface.Fhir => ("application/fhir+json; charset=utf-8", w => OutcomeWriter.WriteFault(w, text)),
            Surface.Api => ("application/problem+json; charset=utf-8", w => ProblemWriter.WriteFault(w, text, reference)),
            _ => ("text/plain; charset=utf-8", null),
        }, text);
    }

    /// <summary>JSON written by hand: the bytes are ours, in our order.</summary>
    public static Task JsonAsync(HttpContext context, int status, string contentType, Action<Utf8JsonWriter> write) =>
        WriteAsync(context, status, (contentType, write), "");

    private static async Task WriteAsync(HttpContext context, int status, (string Type, Action<Utf8JsonWriter>? Json) form, string text)
    {
        byte[] bytes;
        if (form.Json is null)
        {
            bytes = Encoding.UTF8.GetBytes(text + "\n");
        }
        else
        {
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer)) form.Json(writer);
            bytes = buffer.ToArray();
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = form.Type;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
