using System.Buffers;
using System.Text.Json;

namespace Dsp.Interop.Fhir;

/// <summary>A refusal as an OperationOutcome: one issue for each problem, our id and the XDS code beside it, no personal data.</summary>
public static class OutcomeWriter
{
    public static void Write(IBufferWriter<byte> output, Refusal refusal)
    {
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "OperationOutcome"u8);
        json.WriteStartArray("issue"u8);
        Issue(json, refusal);
        foreach (var other in refusal.Others) Issue(json, other);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What a validation found: every problem as an error, and remarks; never empty.</summary>
    public static void Found(IBufferWriter<byte> output, IReadOnlyList<Refusal> problems, IReadOnlyList<string> remarks)
    {
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "OperationOutcome"u8);
        json.WriteStartArray("issue"u8);
        foreach (var problem in problems) Issue(json, problem);
        foreach (var remark in remarks)
        {
            json.WriteStartObject();
            json.WriteString("severity"u8, "information"u8);
            json.WriteString("code"u8, "informational"u8);
            json.WriteString("diagnostics"u8, remark);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static byte[] Bytes(Refusal refusal)
    {
        var output = new ArrayBufferWriter<byte>(512);
        Write(output, refusal);
        return output.WrittenSpan.ToArray();
    }

    private static void Issue(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteStartObject();
        json.WriteString("severity"u8, FhirRefusals.SeverityOf(refusal));
        json.WriteString("code"u8, FhirRefusals.IssueOf(refusal));
        json.WriteStartObject("details"u8);
        json.WriteStartArray("coding"u8);
        Json.Coding(json, FhirNames.RefusalSystem, refusal.Id);
        if (refusal.XdsCode is { } xds) Json.Coding(json, FhirNames.XdsErrorSystem, xds);
        json.WriteEndArray();
        if (refusal.Rule is { } rule) json.WriteString("text"u8, rule);
        json.WriteEndObject();
        json.WriteString("diagnostics"u8, refusal.Text);
        if (refusal.Expression is { } expression)
        {
            json.WriteStartArray("expression"u8);
            json.WriteStringValue(expression);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
