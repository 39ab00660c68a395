using System.Buffers;
using Dsp.Interop.Fhir;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>The one way in for resources: whatever format was sent, what comes out is JSON of a depth within the limits.</summary>
internal static class FhirBodies
{
    /// <summary>XML is held as text and as objects while it becomes JSON, some eight times its size: more is 413, and fits as JSON.</summary>
    public const int LongestXml = 16 * 1024 * 1024;

    /// <param name="mayBeEmpty">An operation may be called without a body.</param>
    /// <returns>The body in JSON, to be disposed when it was used; else why it is not read.</returns>
    public static async Task<Outcome<Body>> ReadAsync(HttpContext context, BodyReader bodies, bool mayBeEmpty = false)
    {
        var format = FhirMedia.BodyOf(context.Request);
        if (format is null && !mayBeEmpty) return Refusals.MediaTypeNotSupported;
        var read = await bodies.ReadAsync(context);
        if (!read.Succeeded) return read.Refusal;
        var body = read.Value;
        if (format == FhirFormat.Xml && body.Bytes.Length > LongestXml)
        {
            body.Dispose();
            return RequestFaults.TooLarge(bodies.Limits with { MaxBody = LongestXml });
        }
        if (mayBeEmpty && body.Bytes.Length == 0) return body;
        var fault = format switch
        {
            FhirFormat.Json => bodies.CheckJson(body.Bytes.Span),
            FhirFormat.Xml => bodies.Replace(body, FhirXml.Parse(body.Bytes, bodies.Limits.MaxDepth), out body),
            _ => Refusals.MediaTypeNotSupported,
        };
        if (fault is null) return body;
        body.Dispose();
        return fault;
    }

    /// <summary>What was read of XML takes the place of its bytes.</summary>
    private static Refusal? Replace(this BodyReader bodies, Body sent, (Hl7.Fhir.Model.Resource? Resource, IReadOnlyList<Refusal> Problems) read, out Body body)
    {
        body = sent;
        if (read.Problems.Count > 0) return read.Problems[0] with { Others = [.. read.Problems.Skip(1).Take(MostProblems)] };
        if (read.Resource is null) return Refusals.Malformed;
        var json = FhirJson.Bytes(read.Resource);
        sent.Dispose();
        body = bodies.Empty();
        return body.TryAppend(new ReadOnlySequence<byte>(json), int.MaxValue) is null ? null : Refusals.Unavailable;
    }

    private const int MostProblems = 49;
}
