using System.Text.Json;
using Dsp.Server.Wire;

namespace Dsp.Server.Api;

/// <summary>RFC 9457 problem details; <c>type</c> and <c>id</c> name the refusal.</summary>
internal static class ProblemWriter
{
    public static void Write(Utf8JsonWriter json, Refusal refusal, int status)
    {
        json.WriteStartObject();
        json.WriteString("type", "urn:dsp:refusal:" + refusal.Id);
        json.WriteString("title", StatusTable.TitleOf(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", refusal.Text);
        json.WriteString("id", refusal.Id);
        if (refusal.Expression is { } expression) json.WriteString("field", expression);
        if (refusal.Others.Count > 0)
        {
            json.WriteStartArray("others");
            foreach (var other in refusal.Others)
            {
                json.WriteStartObject();
                json.WriteString("id", other.Id);
                json.WriteString("detail", other.Text);
                if (other.Expression is { } at) json.WriteString("field", at);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    public static void WriteFault(Utf8JsonWriter json, string text, string reference)
    {
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", StatusTable.TitleOf(500));
        json.WriteNumber("status", 500);
        json.WriteString("detail", text);
        json.WriteString("reference", reference);
        json.WriteEndObject();
    }
}
