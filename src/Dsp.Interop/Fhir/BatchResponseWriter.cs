using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Dsp.Interop.Fhir;

/// <summary>What became of one request of a batch.</summary>
/// <param name="Body">A resource as JSON: what was found or kept, or the OperationOutcome of a refusal; empty where there is none.</param>
public sealed record BatchAnswer(int Status, string? Location, string? ETag, string? LastModified, ReadOnlyMemory<byte> Body)
{
    public bool Succeeded => Status is >= 200 and < 400;
}

/// <summary>The batch-response: one entry for each request, in its order.</summary>
public static class BatchResponseWriter
{
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<BatchAnswer> answers)
    {
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Bundle"u8);
        json.WriteString("type"u8, "batch-response"u8);
        if (answers.Count > 0)
        {
            json.WriteStartArray("entry"u8);
            foreach (var answer in answers) Write(json, answer);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BatchAnswer answer)
    {
        json.WriteStartObject();
        if (answer is { Succeeded: true, Body.Length: > 0 })
        {
            json.WritePropertyName("resource"u8);
            json.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        }
        json.WriteStartObject("response"u8);
        json.WriteString("status"u8, answer.Status.ToString(CultureInfo.InvariantCulture));
        if (answer.Location is { } location) json.WriteString("location"u8, location);
        if (answer.ETag is { } tag) json.WriteString("etag"u8, tag);
        if (answer.LastModified is { } at && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, out var instant)) json.WriteString("lastModified"u8, Instants.Text(instant));
        if (answer is { Succeeded: false, Body.Length: > 0 })
        {
            json.WritePropertyName("outcome"u8);
            json.WriteRawValue(answer.Body.Span, skipInputValidation: true);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
