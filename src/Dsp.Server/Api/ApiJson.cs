using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Codes;
using Dsp.Server.Wire;

namespace Dsp.Server.Api;

/// <summary>How <c>/api</c> reads and writes JSON: unknown members, double keys, comments, wrong types and missing values are refused.</summary>
internal static class ApiJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        MaxDepth = 16,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new IdJson.Record(), new IdJson.Person(), new IdJson.Institution(), new IdJson.System(), new IdJson.Document(), new IdJson.Submission(),
            new JsonStringEnumConverter<DataCategory>(allowIntegerValues: false), new InstantJson(),
        },
    };

    /// <summary>Reads a body of a known shape.</summary>
    /// <returns>The value; or malformed with the place where reading stopped, never with what was read.</returns>
    public static Outcome<T> Read<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) is { } value ? value : Refusals.Malformed;
        }
        catch (JsonException e)
        {
            return Refusals.Malformed.At(PathOf(e));
        }
        catch (FormatException)
        {
            return Refusals.Malformed;
        }
    }

    /// <summary>The place in the message, as far as it is made of names of ours.</summary>
    private static string PathOf(JsonException fault) => fault.Path is { Length: > 0 and <= 100 } path && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '$' or '.' or '[' or ']') ? path : "$";
}

/// <summary>Instants: written in UTC with milliseconds, read with any zone.</summary>
internal sealed class InstantJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Instants.Text(value));
}
