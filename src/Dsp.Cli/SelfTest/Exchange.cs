using System.Text.Json;

namespace Dsp.Cli.SelfTest;

/// <summary>One request of the software under test and the answer it got.</summary>
/// <param name="Path">Without the query, as <c>/fhir/DocumentReference</c>.</param>
/// <param name="Sent">The body sent; empty where there was none, or more than is looked at.</param>
/// <param name="Got">The body answered, likewise.</param>
/// <param name="Disturbed">The answer was made here, to see what the software does.</param>
internal sealed record Exchange(string Method, string Path, string Query, string? ContentType, byte[] Sent, int Status, byte[] Got, bool Disturbed)
{
    public bool Succeeded => Status is >= 200 and < 300;

    public bool IsDeposit => Method == "POST" && Path is "/fhir" or "/fhir/" or "/fhir/DocumentReference" && Text(Sent).Contains("\"DocumentReference\"", StringComparison.Ordinal);

    public bool IsDocumentSearch => (Method == "GET" && Path == "/fhir/DocumentReference") || (Method == "POST" && Path == "/fhir/DocumentReference/_search");

    public bool IsRetrieval => Method == "GET" && Path.StartsWith("/fhir/Binary/", StringComparison.Ordinal);

    /// <summary>The unique ids of the documents in a deposit, in order.</summary>
    public IReadOnlyList<string> UniqueIds => Strings(Sent, "masterIdentifier", "value");

    /// <summary>The stable ids of the refusals in an answer.</summary>
    public IReadOnlyList<string> Refusals => Strings(Got, "details", "coding", "code");

    public static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    /// <summary>Every text at the end of a path of properties, wherever in the message it begins.</summary>
    private static List<string> Strings(byte[] json, params string[] path)
    {
        if (json.Length == 0) return [];
        try
        {
            using var read = JsonDocument.Parse(json);
            return [.. Below(read.RootElement, path, path)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Below(JsonElement element, ReadOnlyMemory<string> left, string[] whole)
    {
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().SelectMany(e => Below(e, left, whole));
        if (left.Length == 0) return element.ValueKind == JsonValueKind.String ? [element.GetString()!] : [];
        if (element.ValueKind != JsonValueKind.Object) return [];
        return element.EnumerateObject().SelectMany(p => p.NameEquals(left.Span[0]) ? Below(p.Value, left[1..], whole) : left.Length == whole.Length ? Below(p.Value, left, whole) : []);
    }
}
