using System.Buffers;
using System.Text.Json;
using Dsp.Identity;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Interop.Pdqm;
using Dsp.Records;

namespace Dsp.Interop.Pixm;

/// <summary>Reads what <c>Patient/$ihe-pix</c> was asked (ITI-83).</summary>
public static class CorrelationReader
{
    private static readonly string[] Ignored = ["_format", "_pretty"];

    public static Outcome<PatientQuery> Read(IReadOnlyList<KeyValuePair<string, string>> parameters, bool strict)
    {
        var problems = new Problems();
        PersonIdentifier? source = null;
        var targets = new List<string>();
        foreach (var pair in parameters.Where(p => p.Value.Length > 0))
        {
            var p = SearchParameter.Of(pair);
            switch (p)
            {
                case { Name: "sourceIdentifier", Modifier: null, Tokens: [({ Length: > 0 } system, { } value)] } when source is null: source = new PersonIdentifier(Domains.Of(system), value); break;
                case { Name: "sourceIdentifier" }: problems.Add(p.Invalid("The source is given once, as system|value.")); break;
                case { Name: "targetSystem", Modifier: null }: targets.AddRange(p.Values.Select(Domains.Of)); break;
                case { Name: "targetSystem" }: problems.Add(p.Invalid("This modifier is not offered.")); break;
                default:
                    if (strict && !Ignored.Contains(p.Name)) problems.Add(p.Invalid("This parameter is not offered."));
                    break;
            }
        }
        if (source is null && !problems.Any) problems.Add(Refusals.PatientRequired.Because("The source is given as sourceIdentifier, system|value.").At("sourceIdentifier"));
        if (problems.Any) return problems.Refusal();
        var text = DocumentQuery.Format([KeyValuePair.Create("sourceIdentifier", $"{source!.System}|{source.Value}"), .. targets.Select(t => KeyValuePair.Create("targetSystem", t))]);
        return new PatientQuery { Identifiers = [source], Domains = targets, Correlates = true, Text = "Patient/$ihe-pix?" + text };
    }
}

/// <summary>The Parameters that answer <c>Patient/$ihe-pix</c>; without a correlation they are empty.</summary>
public static class CorrelationWriter
{
    /// <param name="patient">Absolute reference of the patient.</param>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<PersonIdentifier> identifiers, string patient)
    {
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Parameters"u8);
        if (identifiers.Count > 0)
        {
            json.WriteStartArray("parameter"u8);
            foreach (var identifier in identifiers)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, "targetIdentifier"u8);
                json.WriteStartObject("valueIdentifier"u8);
                json.WriteString("use"u8, "official"u8);
                json.WriteString("system"u8, identifier.System);
                json.WriteString("value"u8, identifier.Value);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteStartObject();
            json.WriteString("name"u8, "targetId"u8);
            json.WriteStartObject("valueReference"u8);
            json.WriteString("reference"u8, patient);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
