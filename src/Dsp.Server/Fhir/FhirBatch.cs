using System.IO.Pipelines;
using System.Text.Json;
using Dsp.Interop.Fhir;
using Dsp.Server.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Dsp.Server.Fhir;

/// <summary>The way through all guards for a request that came inside another one. Keeps what stands behind it when the process is built.</summary>
internal sealed class InnerRequests(RequestDelegate next, FhirBatch batch)
{
    public Task InvokeAsync(HttpContext context)
    {
        batch.Guarded = next;
        return next(context);
    }
}

/// <summary>
/// A batch (FHIR R4 http §3.1.0.11): each entry goes through the same guards, routes, rights and journal as a request by itself,
/// with the proof of the batch's sender; one after the other, so that one message never counts for more than its requests.
/// </summary>
internal sealed class FhirBatch(FhirSettings settings)
{
    private const int MostBytes = 16 * 1024 * 1024;
    private static readonly string[] Proof = ["Authorization", "Host", "Accept-Language", "Prefer", "User-Agent", "X-Request-Id"];

    /// <summary>The pipeline from its outermost guard on.</summary>
    public RequestDelegate? Guarded { get; set; }

    public async Task<Outcome<List<BatchAnswer>>> RunAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        if (json.Length > BatchReader.MostBytes) return Refusals.TooManyEntries;
        var entries = BatchReader.Read(json.Span, settings.Base);
        if (!entries.Succeeded) return entries.Refusal;
        var answers = new List<BatchAnswer>(entries.Value.Count);
        var room = MostBytes;
        foreach (var entry in entries.Value)
        {
            var answer = entry.Succeeded ? await SendAsync(context, entry.Value, room) : Refused(entry.Refusal);
            room -= answer.Body.Length;
            answers.Add(answer);
        }
        return answers;
    }

    /// <summary>One request with the proof of the outer one's sender, through every guard.</summary>
    /// <param name="room">Most bytes of its answer; a larger one is refused.</param>
    public async Task<BatchAnswer> SendAsync(HttpContext outer, BatchEntry entry, int room = MostBytes)
    {
        var kept = new BoundedStream(room);
        var features = new FeatureCollection();
        foreach (var shared in new[] { typeof(IHttpConnectionFeature), typeof(ITlsConnectionFeature), typeof(IHttpRequestLifetimeFeature), typeof(IServiceProvidersFeature) })
            if (outer.Features[shared] is { } feature) features[shared] = feature;
        features.Set<IHttpRequestFeature>(RequestOf(outer, entry));
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        var response = new StreamResponseBodyFeature(kept);
        features.Set<IHttpResponseBodyFeature>(response);
        var inner = new DefaultHttpContext(features);
        await Guarded!(inner);
        await response.CompleteAsync();
        if (kept.Overflowed) return Refused(Refusals.TooManyEntries);
        var headers = inner.Response.Headers;
        var answer = new BatchAnswer(inner.Response.StatusCode, Text(headers.Location), Text(headers.ETag), Text(headers.LastModified), kept.ToArray());
        return answer.Body.Length == 0 || IsObject(answer.Body) ? answer : Refused(Refusals.Unavailable);
    }

    private static HttpRequestFeature RequestOf(HttpContext outer, BatchEntry entry)
    {
        IHeaderDictionary headers = new HeaderDictionary { ["Accept"] = FhirNames.MediaType };
        foreach (var name in Proof)
            if (outer.Request.Headers.TryGetValue(name, out var value)) headers[name] = value;
        foreach (var (name, value) in entry.Headers) headers[name] = value;
        if (entry.Body is { } body)
        {
            headers.ContentType = FhirNames.MediaType;
            headers.ContentLength = body.Length;
        }
        return new HttpRequestFeature
        {
            Method = entry.Method,
            Scheme = outer.Request.Scheme,
            Protocol = outer.Request.Protocol,
            Path = "/fhir/" + entry.Path,
            QueryString = entry.Query,
            Headers = headers,
            Body = entry.Body is { } sent ? new MemoryStream(sent, writable: false) : Stream.Null,
        };
    }

    private static BatchAnswer Refused(Refusal refusal) => new(FhirRefusals.StatusOf(refusal), null, null, null, OutcomeWriter.Bytes(refusal));

    private static string? Text(Microsoft.Extensions.Primitives.StringValues header) => header.Count == 0 ? null : header.ToString();

    private static bool IsObject(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var read = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
            return read.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Keeps what fits; of an answer that does not fit nothing is of use.</summary>
    private sealed class BoundedStream(int most) : MemoryStream
    {
        public bool Overflowed { get; private set; }

        // Every other way of writing leads here, since the class is derived.
        public override void Write(byte[] buffer, int offset, int count)
        {
            Overflowed |= Length + count > most;
            if (!Overflowed) base.Write(buffer, offset, count);
        }
    }
}
