using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Pdqm;

/// <summary>A patient as the FHIR door shows them.</summary>
/// <param name="Id">The record's id for those with a relation, else the person's.</param>
/// <param name="Gender">male, female, other or unknown (FHIR administrative-gender); null where not known.</param>
/// <param name="Active">False where the record is closed or replaced.</param>
public sealed record PatientData(Guid Id, IReadOnlyList<EntryIdentifier> Identifiers, string? Family, IReadOnlyList<string> Given, Identity.PartialDate? BirthDate, string? Gender, bool Active, long Version = 1, DateTimeOffset? LastUpdated = null)
{
    /// <summary>The commune of residence.</summary>
    public string? City { get; init; }

    /// <summary>The patient that goes on in place of a merged one.</summary>
    public Guid? ReplacedBy { get; init; }
}

/// <summary>FHIR R4 Patient (PDQm 3.2 Patient Demographics: id, identifiers, name, birth date, gender, active).</summary>
public static class PatientWriter
{
    public static void Write(IBufferWriter<byte> output, PatientData patient)
    {
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Patient"u8);
        json.WriteString("id"u8, Ids.Text(patient.Id));
        json.WriteStartObject("meta"u8);
        json.WriteString("versionId"u8, patient.Version.ToString(CultureInfo.InvariantCulture));
        if (patient.LastUpdated is { } at) json.WriteString("lastUpdated"u8, Instants.Text(at));
        json.WriteEndObject();
        if (patient.Identifiers.Count > 0)
        {
            json.WriteStartArray("identifier"u8);
            foreach (var identifier in patient.Identifiers)
            {
                json.WriteStartObject();
                if (identifier.Use is { } use) json.WriteString("use"u8, use);
                json.WriteString("system"u8, identifier.System);
                json.WriteString("value"u8, identifier.Value);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteBoolean("active"u8, patient.Active);
        if (patient.Family is not null || patient.Given.Count > 0)
        {
            json.WriteStartArray("name"u8);
            json.WriteStartObject();
            json.WriteString("use"u8, "official"u8);
            if (patient.Family is { } family) json.WriteString("family"u8, family);
            Json.Strings(json, "given", patient.Given);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        if (patient.Gender is { } gender) json.WriteString("gender"u8, gender);
        if (patient.BirthDate is { } birth) json.WriteString("birthDate"u8, birth.ToString());
        if (patient.City is { } city)
        {
            json.WriteStartArray("address"u8);
            json.WriteStartObject();
            json.WriteString("city"u8, city);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        if (patient.ReplacedBy is { } survivor)
        {
            json.WriteStartArray("link"u8);
            json.WriteStartObject();
            json.WriteStartObject("other"u8);
            json.WriteString("reference"u8, "Patient/" + Ids.Text(survivor));
            json.WriteEndObject();
            json.WriteString("type"u8, "replaced-by"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    public static byte[] Bytes(PatientData patient)
    {
        var output = new ArrayBufferWriter<byte>(512);
        Write(output, patient);
        return output.WrittenSpan.ToArray();
    }
}
