using System.Text.Json;
using Dsp.Clinical;
using Dsp.Codes;

namespace Dsp.Interop.CdsHooks;

/// <summary>Reading of JSON that somebody else wrote: what is not of its shape is not there.</summary>
internal static class HookJson
{
    /// <summary>Longest text kept of a code, a name or a word.</summary>
    private const int Longest = 300;
    private const int MostCodings = 20;

    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    public static JsonElement? Object(this JsonElement element, string name) => Of(element, name, JsonValueKind.Object);

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) => Of(element, name, JsonValueKind.Array) is { } array ? array.EnumerateArray() : [];

    public static bool Has(this JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    public static bool IsTrue(this JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A CodeableConcept; null where it says nothing.</summary>
    public static Concept? Concept(JsonElement? element)
    {
        if (element is not { ValueKind: JsonValueKind.Object } concept) return null;
        var codes = concept.Items("coding").Take(MostCodings).Select(c => c.Text("code") is { } code ? new CodedValue(Cut(c.Text("system")) ?? "", Cut(code)!, Cut(c.Text("display"))) : null).OfType<CodedValue>().ToList();
        var read = new Concept(codes.Count > 0 ? codes : null, Cut(concept.Text("text")));
        return read.SaysSomething ? read : null;
    }

    private static JsonElement? Of(JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    private static string? Cut(string? text) => text is { Length: > Longest } ? text[..Longest] : text;
}
