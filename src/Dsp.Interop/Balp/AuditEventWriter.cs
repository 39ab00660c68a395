using System.Buffers;
using System.Text;
using System.Text.Json;
using Dsp.Interop.Fhir;
using Dsp.Journal;

namespace Dsp.Interop.Balp;

/// <summary>What an audit event says beside its journal entry.</summary>
/// <param name="BaseUrl">The configured public FHIR base, without a slash at its end.</param>
public sealed record AuditFacts(string BaseUrl);

/// <summary>
/// A journal entry as a FHIR AuditEvent in the shapes of BALP 1.1 and of the audit profiles of MHD, PDQm, PIXm, mCSD, QEDm and
/// IUA. A refusal has the same shape with outcome 4; it claims no profile, for those speak of successes only.
/// </summary>
public static class AuditEventWriter
{
    private const string EntityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private const string EntityRole = "http://terminology.hl7.org/CodeSystem/object-role";
    private const string Participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    private const string UserAgent = "https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes";

    /// <summary>Our own acts as subtypes.</summary>
    public const string ActionSystem = "urn:dsp:journal-action";

    public static byte[] Bytes(JournalEntry entry, AuditFacts facts)
    {
        var output = new ArrayBufferWriter<byte>(2048);
        Write(output, entry, facts);
        return output.WrittenSpan.ToArray();
    }

    public static void Write(IBufferWriter<byte> output, JournalEntry entry, AuditFacts facts)
    {
        var pattern = AuditPattern.Of(entry);
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "AuditEvent"u8);
        json.WriteString("id"u8, Ids.Text(entry.Id));
        if (pattern.Profiles.Count > 0)
        {
            json.WriteStartObject("meta"u8);
            Json.Strings(json, "profile", pattern.Profiles);
            json.WriteEndObject();
        }
        Json.Coding(json, "type", pattern.TypeSystem, pattern.Type, pattern.TypeDisplay);
        json.WriteStartArray("subtype"u8);
        foreach (var (system, code, display) in pattern.Subtypes) Json.Coding(json, system, code, display);
        json.WriteEndArray();
        json.WriteString("action"u8, pattern.Action);
        json.WriteString("recorded"u8, Instants.Text(entry.At));
        json.WriteString("outcome"u8, entry.Permitted ? "0"u8 : "4"u8);
        if (!entry.Permitted) json.WriteString("outcomeDesc"u8, "Refused by rule " + entry.Rule);
        json.WriteStartArray("agent"u8);
        Client(json, entry, pattern);
        Server(json, facts, pattern);
        User(json, entry, pattern);
        json.WriteEndArray();
        json.WriteStartObject("source"u8);
        json.WriteString("site"u8, facts.BaseUrl);
        Us(json, "observer", facts);
        json.WriteStartArray("type"u8);
        Json.Coding(json, "http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server");
        json.WriteEndArray();
        json.WriteEndObject();
        Entities(json, entry, facts, pattern);
        json.WriteEndObject();
    }

    private static void Client(Utf8JsonWriter json, JournalEntry entry, AuditPattern pattern)
    {
        var (code, display) = pattern.Sides switch
        {
            AuditSides.ClientSends => ("110153", "Source Role ID"),
            AuditSides.ServerSends => ("110152", "Destination Role ID"),
            _ => ("110150", "Application"),
        };
        json.WriteStartObject();
        Json.Concept(json, "type", AuditPattern.Dcm, code, display);
        json.WriteStartObject("who"u8);
        if (entry.Call?.ClientId is { } client) Identifier(json, null, client);
        json.WriteString("display"u8, NameOfSoftware(entry));
        json.WriteEndObject();
        json.WriteBoolean("requestor"u8, entry.Person is null);
        // Where no person came with it, the token is the software's own.
        if (entry.Call?.TokenId is { } token && AuditPattern.TokenOfPerson(entry) is null) Json.Strings(json, "policy", [token]);
        Network(json, NameOfSoftware(entry), "1");
        json.WriteEndObject();
    }

    /// <summary>As the entry names it; nobody where a call proved nothing.</summary>
    private static string NameOfSoftware(JournalEntry entry) => entry.Software ?? (entry.Call is null ? "portal" : "unknown");

    private static void Server(Utf8JsonWriter json, AuditFacts facts, AuditPattern pattern)
    {
        var (system, code, display) = pattern.Sides switch
        {
            AuditSides.ClientSends => (AuditPattern.Dcm, "110152", "Destination Role ID"),
            AuditSides.ServerSends => (AuditPattern.Dcm, "110153", "Source Role ID"),
            AuditSides.Custody => ("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "custodian", "Custodian"),
            _ => (UserAgent, "AuthzOauthService", "OAuth service"),
        };
        json.WriteStartObject();
        Json.Concept(json, "type", system, code, display);
        Us(json, "who", facts);
        json.WriteBoolean("requestor"u8, false);
        Network(json, facts.BaseUrl, "5");
        json.WriteEndObject();
    }

    /// <summary>The same words wherever this server is meant: profiles compare them.</summary>
    private static void Us(Utf8JsonWriter json, string name, AuditFacts facts)
    {
        json.WriteStartObject(name);
        Identifier(json, FhirNames.UriSystem, facts.BaseUrl);
        json.WriteString("display"u8, "DSP"u8);
        json.WriteEndObject();
    }

    private static void User(Utf8JsonWriter json, JournalEntry entry, AuditPattern pattern)
    {
        if (entry.Person is { } person)
        {
            var token = pattern.Sides == AuditSides.Token ? null : AuditPattern.TokenOfPerson(entry);
            json.WriteStartObject();
            json.WriteStartObject("type"u8);
            json.WriteStartArray("coding"u8);
            Json.Coding(json, Participation, pattern.UserRole, pattern.UserRole == "IRCP" ? "information recipient" : "author (originator)");
            if (token is not null) Json.Coding(json, UserAgent, "UserOauthAgent", null);
            json.WriteEndArray();
            json.WriteEndObject();
            if (entry.Profession is { } profession)
            {
                json.WriteStartArray("role"u8);
                json.WriteStartObject();
                json.WriteString("text"u8, profession);
                json.WriteEndObject();
                json.WriteEndArray();
            }
            // By a token: as its issuer names them. A deposit's person is the responsible one, who may be another than the token's.
            if (entry.Call is { Issuer: { } issuer, Subject: { } subject } && subject == person.ToString()) WhoOf(json, issuer, subject, entry.PersonName, pattern.Sides == AuditSides.Token ? null : "urn:uuid:" + person);
            else Who(json, person.Value, entry.PersonName);
            json.WriteBoolean("requestor"u8, true);
            Json.Strings(json, "policy", [token ?? "urn:dsp:rule:" + Uri.EscapeDataString(entry.Rule)]);
            json.WriteStartArray("purposeOfUse"u8);
            json.WriteStartObject();
            json.WriteStartArray("coding"u8);
            Json.Coding(json, "http://terminology.hl7.org/CodeSystem/v3-ActReason", pattern.Purpose);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (pattern.Sides == AuditSides.Token) return;
        if (entry.Institution is { } institution) Other(json, "institution", institution.Value, entry.InstitutionName);
        if (entry.OnBehalfOf is { } represented) Other(json, "represented person", represented.Value, null);
    }

    private static void Other(Utf8JsonWriter json, string text, Guid id, string? name)
    {
        json.WriteStartObject();
        json.WriteStartObject("type"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
        Who(json, id, name);
        json.WriteBoolean("requestor"u8, false);
        json.WriteEndObject();
    }

    private static void Who(Utf8JsonWriter json, Guid id, string? name) => WhoOf(json, FhirNames.UriSystem, "urn:uuid:" + Ids.Text(id), name, null);

    private static void WhoOf(Utf8JsonWriter json, string system, string value, string? name, string? other)
    {
        json.WriteStartObject("who"u8);
        Identifier(json, system, value);
        if (!string.IsNullOrEmpty(name)) json.WriteString("display"u8, name);
        json.WriteEndObject();
        if (other is not null) json.WriteString("altId"u8, other);
    }

    private static void Identifier(Utf8JsonWriter json, string? system, string value)
    {
        json.WriteStartObject("identifier"u8);
        if (system is not null) json.WriteString("system"u8, system);
        json.WriteString("value"u8, value);
        json.WriteEndObject();
    }

    private static void Network(Utf8JsonWriter json, string address, string type)
    {
        json.WriteStartObject("network"u8);
        json.WriteString("address"u8, address);
        json.WriteString("type"u8, type);
        json.WriteEndObject();
    }

    private static void Entities(Utf8JsonWriter json, JournalEntry entry, AuditFacts facts, AuditPattern pattern)
    {
        var open = false;
        void Begin(string? type, string? role, string entityTypeSystem = EntityType)
        {
            if (!open) json.WriteStartArray("entity"u8);
            open = true;
            json.WriteStartObject();
            if (type is not null) Json.Coding(json, "type", entityTypeSystem, type, entityTypeSystem == EntityType ? TypeDisplay(type) : null);
            if (role is not null) Json.Coding(json, "role", EntityRole, role, RoleDisplay(role));
        }
        if (pattern.Query is { } query)
        {
            Begin("2", "24");
            var verb = entry.Call?.Interaction switch { "update" => "PUT", "create" => "POST", "delete" => "DELETE", _ => "GET" };
            json.WriteBase64String("query"u8, Encoding.UTF8.GetBytes(AuditPattern.IsAddress(query) ? $"{verb} {facts.BaseUrl}/{query}" : query));
            json.WriteEndObject();
        }
        if (pattern.Patient is not null || pattern.PatientIdentifier is not null)
        {
            Begin("1", "1");
            json.WriteStartObject("what"u8);
            if (pattern.PatientIdentifier is { } identifier) Identifier(json, identifier.System, identifier.Value);
            else json.WriteString("reference"u8, pattern.Patient);
            json.WriteEndObject();
            if (pattern.PatientIdentifier is null) Details(json, ("context", entry.Context), ("detail", entry.Detail), ("rule", entry.Call is null ? null : entry.Rule));
            json.WriteEndObject();
        }
        else if (pattern.TellsDetail && !string.IsNullOrEmpty(entry.Detail))
        {
            Begin("4", null);
            Details(json, ("detail", entry.Detail));
            json.WriteEndObject();
        }
        foreach (var one in pattern.Objects)
        {
            Begin(one.Type, one.Role);
            json.WriteStartObject("what"u8);
            json.WriteString("reference"u8, one.Reference);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        if (pattern.IsAboutTheLog)
        {
            Begin("2", "13");
            json.WriteString("name"u8, "Security Audit Log"u8);
            Details(json, ("query", entry.Query));
            json.WriteEndObject();
        }
        // A token's request is the one thing its event is about.
        if (entry.Call?.RequestId is { } request && pattern.Sides != AuditSides.Token)
        {
            Begin("XrequestId", null, "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType");
            json.WriteStartObject("what"u8);
            Identifier(json, null, request);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        if (open) json.WriteEndArray();
    }

    private static string TypeDisplay(string type) => type switch { "1" => "Person", "2" => "System Object", _ => "Other" };

    private static string RoleDisplay(string role) => role switch { "1" => "Patient", "3" => "Report", "4" => "Domain Resource", "13" => "Security Resource", "20" => "Job", _ => "Query" };

    private static void Details(Utf8JsonWriter json, params (string Type, string? Value)[] details)
    {
        var open = false;
        foreach (var (type, value) in details)
        {
            if (string.IsNullOrEmpty(value)) continue;
            if (!open) json.WriteStartArray("detail"u8);
            open = true;
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteString("valueString"u8, value);
            json.WriteEndObject();
        }
        if (open) json.WriteEndArray();
    }
}
