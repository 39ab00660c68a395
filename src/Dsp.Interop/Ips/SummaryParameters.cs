using System.Text.Json;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Interop.Pdqm;

namespace Dsp.Interop.Ips;

/// <summary>The parameters of <c>$summary</c> (IPS 2.0): of the address, or of a posted Parameters resource.</summary>
public static class SummaryParameters
{
    private static readonly string[] Offered = ["identifier", "profile", "graph", "_format", "_pretty"];

    /// <summary>The members of a Parameters resource as pairs; an empty body has none.</summary>
    public static Outcome<IReadOnlyList<KeyValuePair<string, string>>> OfBody(ReadOnlyMemory<byte> body)
    {
        if (body.Length == 0) return Array.Empty<KeyValuePair<string, string>>();
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "resourceType") != "Parameters") return Refusals.Malformed.Because("A Parameters resource is expected here.");
            if (!root.TryGetProperty("parameter", out var parameters)) return Array.Empty<KeyValuePair<string, string>>();
            if (parameters.ValueKind != JsonValueKind.Array || parameters.EnumerateArray().Any(p => p.ValueKind != JsonValueKind.Object)) return Refusals.Malformed;
            return parameters.EnumerateArray().Select(p => KeyValuePair.Create(Text(p, "name") ?? "", Value(p))).ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair, which is no text.
            return Refusals.Malformed;
        }
    }

    /// <summary>Null: what is asked for is offered. The one profile is the IPS's own; <c>graph</c> has no effect.</summary>
    public static Refusal? RefusalOf(IReadOnlyList<KeyValuePair<string, string>> parameters, bool strict)
    {
        var problems = new Problems();
        foreach (var pair in parameters)
        {
            var p = SearchParameter.Of(pair);
            if (p.Name == "profile" && p.Raw.Split('|')[0] is not (IpsBundle.CompositionProfile or IpsBundle.Profile or "")) problems.Add(p.Invalid("The one profile offered is that of the International Patient Summary."));
            else if (strict && !Offered.Contains(pair.Key)) problems.Add(p.Invalid("This parameter is not offered."));
        }
        return problems.Any ? problems.Refusal() : null;
    }

    /// <summary>Whom <c>identifier</c> names, as system|value.</summary>
    public static Outcome<PatientIdentifier> Patient(IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        PatientSearchReader.Read(parameters.Where(p => p.Key.Split(':')[0] == "identifier"), strict: false);

    private static string Value(JsonElement parameter)
    {
        foreach (var member in parameter.EnumerateObject())
        {
            if (!member.Name.StartsWith("value", StringComparison.Ordinal)) continue;
            if (member.Value.ValueKind == JsonValueKind.String) return member.Value.GetString()!;
            if (member.Value.ValueKind == JsonValueKind.Number) return member.Value.GetRawText();
            if (member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) return member.Value.GetBoolean() ? "true" : "false";
            if (member is { Name: "valueCoding", Value.ValueKind: JsonValueKind.Object }) return Token(member.Value);
            if (member is { Name: "valueCodeableConcept", Value.ValueKind: JsonValueKind.Object } && member.Value.TryGetProperty("coding", out var codings) && codings.ValueKind == JsonValueKind.Array)
                return string.Join(',', codings.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Object).Select(Token));
            if (member is { Name: "valueIdentifier", Value.ValueKind: JsonValueKind.Object }) return $"{Text(member.Value, "system")}|{Text(member.Value, "value")}";
        }
        return "";
    }

    /// <summary>A coding as a search writes it: any of several is meant.</summary>
    private static string Token(JsonElement coding) => Text(coding, "system") is { } system ? $"{system}|{Text(coding, "code")}" : Text(coding, "code") ?? "";

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
