using System.Text.Json;

namespace Dsp.Interop.Balp;

/// <summary>What the search parameters of an AuditEvent look at, read from the event as it is answered: what is found is what is shown.</summary>
internal static class AuditValues
{
    public static IEnumerable<(string? System, string Code)> Type(JsonElement told) => Coding(told.GetProperty("type"));

    public static IEnumerable<(string? System, string Code)> Subtypes(JsonElement told) => told.GetProperty("subtype").EnumerateArray().SelectMany(Coding);

    /// <summary>By the identifier, and by our own id in its bare form.</summary>
    public static IEnumerable<(string? System, string Code)> Agents(JsonElement told) =>
        Many(told, "agent").SelectMany(a => Identifier(a, "who").Concat(a.TryGetProperty("altId", out var other) ? Uri(other.GetString()!) : []));

    public static IEnumerable<(string? System, string Code)> Entities(JsonElement told) =>
        Many(told, "entity").SelectMany(e => Identifier(e, "what").Concat(e.TryGetProperty("what", out var what) && what.TryGetProperty("reference", out var reference) ? Uri("urn:uuid:" + reference.GetString()!.Split('/')[^1]) : []));

    public static IEnumerable<(string? System, string Code)> EntityTypes(JsonElement told) => Many(told, "entity").SelectMany(e => e.TryGetProperty("type", out var type) ? Coding(type) : []);

    public static IEnumerable<(string? System, string Code)> EntityRoles(JsonElement told) => Many(told, "entity").SelectMany(e => e.TryGetProperty("role", out var role) ? Coding(role) : []);

    public static IEnumerable<(string? System, string Code)> Source(JsonElement told) => Identifier(told.GetProperty("source"), "observer");

    public static IEnumerable<string> Addresses(JsonElement told) => Many(told, "agent").Where(a => a.TryGetProperty("network", out _)).Select(a => a.GetProperty("network").GetProperty("address").GetString()!);

    private static List<JsonElement> Many(JsonElement told, string name) => told.TryGetProperty(name, out var many) ? [.. many.EnumerateArray()] : [];

    private static IEnumerable<(string? System, string Code)> Coding(JsonElement coding) => [(Text(coding, "system"), Text(coding, "code")!)];

    private static IEnumerable<(string? System, string Code)> Identifier(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var who) || !who.TryGetProperty("identifier", out var identifier)) return [];
        var (system, value) = (Text(identifier, "system"), Text(identifier, "value")!);
        return system == Fhir.FhirNames.UriSystem ? Uri(value) : [(system, value)];
    }

    /// <summary>An id is asked for with and without its prefix.</summary>
    private static IEnumerable<(string? System, string Code)> Uri(string value) =>
        value.StartsWith("urn:uuid:", StringComparison.Ordinal) ? [(Fhir.FhirNames.UriSystem, value), (Fhir.FhirNames.UriSystem, value[9..])] : [(Fhir.FhirNames.UriSystem, value)];

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var text) ? text.GetString() : null;
}
