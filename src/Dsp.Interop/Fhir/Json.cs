using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dsp.Interop.Fhir;

/// <summary>The small shapes that FHIR resources repeat.</summary>
internal static class Json
{
    /// <summary>Accents stay readable; the media type is never HTML.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = false };

    public static void Coding(Utf8JsonWriter json, string system, string code, string? display = null)
    {
        json.WriteStartObject();
        Members(json, system, code, display);
        json.WriteEndObject();
    }

    public static void Coding(Utf8JsonWriter json, string name, string system, string code, string? display)
    {
        json.WriteStartObject(name);
        Members(json, system, code, display);
        json.WriteEndObject();
    }

    public static void Concept(Utf8JsonWriter json, string name, string system, string code, string? display = null)
    {
        json.WriteStartObject(name);
        json.WriteStartArray("coding"u8);
        Coding(json, system, code, display);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        var open = false;
        foreach (var value in values)
        {
            if (!open) json.WriteStartArray(name);
            open = true;
            json.WriteStringValue(value);
        }
        if (open) json.WriteEndArray();
    }

    private static void Members(Utf8JsonWriter json, string system, string code, string? display)
    {
        json.WriteString("system"u8, system);
        json.WriteString("code"u8, code);
        if (display is not null) json.WriteString("display"u8, display);
    }
}
