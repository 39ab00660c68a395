using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dsp.Interop.Fhir;
using Dsp.Server.Api;
using Dsp.Server.Fhir;
using Dsp.Storage;

namespace Dsp.Server.Wire;

/// <summary>Writes refusals and faults in the words of the surface that was asked. The same refusal has the same bytes, whatever stands behind it.</summary>
internal static class Answers
{
    private const string Fhir = "application/fhir+json; charset=utf-8";
    private const string Problem = "application/problem+json; charset=utf-8";
    private const string Text = "text/plain; charset=utf-8";

    /// <param name="status">Another status than the table's, where the method or a header decides.</param>
    public static async Task RefuseAsync(HttpContext context, Refusal refusal, int? status = null)
    {
        try
        {
            await CallJournal.TellAsync(context, refusal);
        }
        catch (StorageUnavailableException)
        {
            // A refusal without its line is not given either.
            (refusal, status) = (Refusals.Unavailable, null);
        }
        var code = status ?? StatusTable.Of(refusal);
        if (StatusTable.RetryAfter(refusal) is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (code is 401 or 403) context.Response.Headers.WWWAuthenticate = SignIn.Challenge.Of(refusal, context);
        await (Surfaces.Of(context) switch
        {
            Surface.Fhir => WriteAsync(context, code, FhirMedia.TypeOf(FhirWish.Of(context)), FhirAnswers.Whole(context, OutcomeWriter.Bytes(refusal))),
            Surface.Api => JsonAsync(context, code, Problem, w => ProblemWriter.Write(w, refusal, code)),
            _ => WriteAsync(context, code, Text, Encoding.UTF8.GetBytes(refusal.Text + "\n")),
        });
    }

    /// <summary>A fault: neutral words and a reference that leads to the log; never a stack, never a detail.</summary>
    public static Task FaultAsync(HttpContext context, string reference)
    {
        var text = $"Something went wrong on our side; nothing was acknowledged. Reference {reference}.";
        return Surfaces.Of(context) switch
        {
            Surface.Fhir => JsonAsync(context, StatusCodes.Status500InternalServerError, Fhir, w => WriteFault(w, text)),
            Surface.Api => JsonAsync(context, StatusCodes.Status500InternalServerError, Problem, w => ProblemWriter.WriteFault(w, text, reference)),
            _ => WriteAsync(context, StatusCodes.Status500InternalServerError, Text, Encoding.UTF8.GetBytes(text + "\n")),
        };
    }

    /// <summary>JSON written by hand: the bytes are ours, in our order.</summary>
    public static Task JsonAsync(HttpContext context, int status, string contentType, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return WriteAsync(context, status, contentType, buffer.WrittenSpan.ToArray());
    }

    private static async Task WriteAsync(HttpContext context, int status, string contentType, byte[] bytes)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static void WriteFault(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("resourceType", "OperationOutcome");
        json.WriteStartArray("issue");
        json.WriteStartObject();
        json.WriteString("severity", "fatal");
        json.WriteString("code", "exception");
        json.WriteString("diagnostics", text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
