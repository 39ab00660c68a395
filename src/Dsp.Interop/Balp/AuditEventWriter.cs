using System.Buffers;
using System.Text;
using System.Text.Json;
using Dsp.Interop.Fhir;
using Dsp.Journal;

namespace Dsp.Interop.Balp;

/// <summary>What an audit event says beside its journal entry.</summary>
/// <param name="BaseUrl">The configured public FHIR base, without a slash at its end.</param>
/// <param name="Submission">The submission set of a deposit, where it is known.</param>
/// <param name="RequestId">The X-Request-Id of the call, where it is known.</param>
public sealed record AuditFacts(string BaseUrl, SubmissionId? Submission = null, string? RequestId = null);

/// <summary>
/// A journal entry as a FHIR AuditEvent in the shapes of BALP 1.1 and of MHD's audit profiles for ITI-65, 67 and 68. A
/// refusal has the same shape with outcome 4; it claims no profile, for those speak of successes only.
/// </summary>
public static class AuditEventWriter
{
    private const string Dcm = "http://dicom.nema.org/resources/ontology/DCM";
    private const string EntityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private const string EntityRole = "http://terminology.hl7.org/CodeSystem/object-role";

    /// <summary>Our own acts as subtypes.</summary>
    public const string ActionSystem = "urn:dsp:journal-action";

    /// <summary>How the query of a search for lists begins; every other is one for document references.</summary>
    internal const string Lists = "List?";

    public static byte[] Bytes(JournalEntry entry, AuditFacts facts)
    {
        var output = new ArrayBufferWriter<byte>(2048);
        Write(output, entry, facts);
        return output.WrittenSpan.ToArray();
    }

    public static void Write(IBufferWriter<byte> output, JournalEntry entry, AuditFacts facts)
    {
        var pattern = AuditPattern.Of(entry, facts);
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
        json.WriteStartObject("observer"u8);
        json.WriteString("display"u8, "DSP"u8);
        json.WriteEndObject();
        json.WriteStartArray("type"u8);
        Json.Coding(json, "http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server");
        json.WriteEndArray();
        json.WriteEndObject();
        Entities(json, entry, facts, pattern);
        json.WriteEndObject();
    }

    private static void Client(Utf8JsonWriter json, JournalEntry entry, AuditPattern pattern)
    {
        json.WriteStartObject();
        Json.Concept(json, "type", Dcm, pattern.ClientIsSource ? "110153" : "110152", pattern.ClientIsSource ? "Source Role ID" : "Destination Role ID");
        json.WriteStartObject("who"u8);
        json.WriteString("display"u8, entry.Software ?? "portal");
        json.WriteEndObject();
        json.WriteBoolean("requestor"u8, entry.Person is null);
        Network(json, entry.Software ?? "portal", "1");
        json.WriteEndObject();
    }

    private static void Server(Utf8JsonWriter json, AuditFacts facts, AuditPattern pattern)
    {
        json.WriteStartObject();
        Json.Concept(json, "type", Dcm, pattern.ClientIsSource ? "110152" : "110153", pattern.ClientIsSource ? "Destination Role ID" : "Source Role ID");
        json.WriteStartObject("who"u8);
        json.WriteString("display"u8, "DSP"u8);
        json.WriteEndObject();
        json.WriteBoolean("requestor"u8, false);
        Network(json, facts.BaseUrl, "5");
        json.WriteEndObject();
    }

    private static void User(Utf8JsonWriter json, JournalEntry entry, AuditPattern pattern)
    {
        if (entry.Person is { } person)
        {
            json.WriteStartObject();
            Json.Concept(json, "type", "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", pattern.UserRole, pattern.UserRole == "IRCP" ? "information recipient" : "author (originator)");
            if (entry.Profession is { } profession)
            {
                json.WriteStartArray("role"u8);
                json.WriteStartObject();
                json.WriteString("text"u8, profession);
                json.WriteEndObject();
                json.WriteEndArray();
            }
            Who(json, person.Value, entry.PersonName);
            json.WriteBoolean("requestor"u8, true);
            Json.Strings(json, "policy", ["urn:dsp:rule:" + Uri.EscapeDataString(entry.Rule)]);
            json.WriteStartArray("purposeOfUse"u8);
            json.WriteStartObject();
            json.WriteStartArray("coding"u8);
            Json.Coding(json, "http://terminology.hl7.org/CodeSystem/v3-ActReason", pattern.Purpose);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
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

    private static void Who(Utf8JsonWriter json, Guid id, string? name)
    {
        json.WriteStartObject("who"u8);
        Identifier(json, FhirNames.UriSystem, "urn:uuid:" + Ids.Text(id));
        if (!string.IsNullOrEmpty(name)) json.WriteString("display"u8, name);
        json.WriteEndObject();
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
        json.WriteStartArray("entity"u8);
        if (entry.Query is { } query)
        {
            Begin(json, "2", "System Object", "24", "Query");
            json.WriteBase64String("query"u8, Encoding.UTF8.GetBytes($"GET {facts.BaseUrl}/{(query.StartsWith(Lists, StringComparison.Ordinal) || query.StartsWith("Patient", StringComparison.Ordinal) ? "" : "DocumentReference?")}{query}"));
            json.WriteEndObject();
        }
        // A query of the register concerns no record, and names no patient where nobody was found.
        if (entry.Record != RecordId.None || entry.Query is null)
        {
            json.WriteStartObject();
            What(json, "Patient/" + entry.Record);
            Json.Coding(json, "type", EntityType, "1", "Person");
            Json.Coding(json, "role", EntityRole, "1", "Patient");
            Details(json, ("context", entry.Context), ("detail", entry.Detail));
            json.WriteEndObject();
        }
        if (pattern.NamesSubmission && facts.Submission is { } submission) Object(json, "List/" + submission, "20", "Job");
        foreach (var document in entry.Documents) Object(json, "DocumentReference/" + document, "3", "Report");
        if (facts.RequestId is { } request)
        {
            json.WriteStartObject();
            json.WriteStartObject("what"u8);
            Identifier(json, null, request);
            json.WriteEndObject();
            Json.Coding(json, "type", "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId", null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Object(Utf8JsonWriter json, string reference, string role, string display)
    {
        json.WriteStartObject();
        What(json, reference);
        Json.Coding(json, "type", EntityType, "2", "System Object");
        Json.Coding(json, "role", EntityRole, role, display);
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string type, string typeDisplay, string role, string roleDisplay)
    {
        json.WriteStartObject();
        Json.Coding(json, "type", EntityType, type, typeDisplay);
        Json.Coding(json, "role", EntityRole, role, roleDisplay);
    }

    private static void What(Utf8JsonWriter json, string reference)
    {
        json.WriteStartObject("what"u8);
        json.WriteString("reference"u8, reference);
        json.WriteEndObject();
    }

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
