namespace Dsp.Journal;

/// <summary>
/// A query as it may leave: the resource type, operations, ids of ours and the names of its parameters, of those that are known.
/// Values are people's data or say what somebody is ill with; words of a search, and whatever else was typed into an address, are nothing else.
/// </summary>
public static class AuditQueryText
{
    private const string Cut = "…";

    /// <summary>Types and parameters that the FHIR door serves; a test compares them with its routes.</summary>
    public static IReadOnlySet<string> KnownTypes { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "AllergyIntolerance", "AuditEvent", "Binary", "Bundle", "Condition", "Consent", "DiagnosticReport", "DocumentReference", "Encounter", "HealthcareService", "Immunization", "List", "Location", "MedicationDispense",
        "MedicationRequest", "MedicationStatement", "Observation", "Organization", "Patient", "Practitioner", "PractitionerRole", "Procedure", "Provenance", "Subscription", "ValueSet",
    };

    public static IReadOnlySet<string> KnownParameters { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "_id", "_lastUpdated", "_count", "_include", "_revinclude", "_sort", "_summary", "_elements", "_format", "_total", "page", "active", "address", "address-city", "address-country", "address-postalcode", "address-state", "authoredon", "effective", "whenhandedover",
        "agent.identifier", "author.family", "author.given", "birthdate", "category", "class", "clinical-status", "code", "creation", "date", "designationType", "end", "entity-role", "entity-type", "entity.identifier", "event",
        "facility", "family", "format", "gender", "given", "graph", "identifier", "intent", "location", "mothersMaidenName", "name", "on-demand", "organization", "outcome", "partof", "patient", "patient.identifier", "period",
        "practitioner", "profile", "related", "role", "security-label", "service", "service-type", "setting", "source.family", "source.given", "source.identifier", "sourceId", "sourceIdentifier", "specialty", "start", "status",
        "subject", "subject.identifier", "subtype", "targetCommunityIdList", "targetSystem", "telecom", "title", "type", "url", "version", "actor", "filter", "displayLanguage", "system", "_since", "_type", "grant_type", "client_id", "scope",
    };

    /// <summary>What follows it is the claim about a person.</summary>
    private const string Match = "Patient/$match ";

    /// <returns>Null where nothing may leave.</returns>
    public static string? Outward(string? query)
    {
        if (query is null) return null;
        if (query.StartsWith(Match, StringComparison.Ordinal)) return Match.TrimEnd();
        var mark = query.IndexOf('?', StringComparison.Ordinal);
        var (path, parameters) = mark < 0 ? (query, "") : (query[..mark], query[(mark + 1)..]);
        // The search for documents is kept without its type.
        if (mark < 0 && path.Contains('=', StringComparison.Ordinal)) (path, parameters) = ("", path);
        if (Shown(path) is not { } shown) return null;
        var names = string.Join('&', parameters.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => Uri.UnescapeDataString(p.Split('=')[0])).Where(n => KnownParameters.Contains(n.Split(':')[0])).Select(n => n.Split(':')[0]).Distinct());
        return (shown, names) switch { ("", "") => null, (_, "") => shown, ("", _) => names, _ => $"{shown}?{names}" };
    }

    private static string? Shown(string path)
    {
        if (path.Length == 0) return "";
        if (path.StartsWith("api/", StringComparison.Ordinal)) return "api/";
        if (path == "oauth/token") return path;
        var segments = path.Split('/');
        if (!KnownTypes.Contains(segments[0]) && !IsOperation(segments[0])) return null;
        return string.Join('/', segments.Take(4).Select((s, i) => i == 0 || IsOperation(s) || s == "_history" || Ids.TryParse(s, out _) ? s : Cut));
    }

    private static bool IsOperation(string segment) => segment is "$docref" or "$summary" or "$match" or "$ihe-pix" or "$validate" or "$export" or "$expand" or "$validate-code" or "$status";
}
