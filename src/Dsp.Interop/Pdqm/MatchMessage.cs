using System.Buffers;
using System.Text.Json;
using Dsp.Identity;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;
using Patient = Hl7.Fhir.Model.Patient;

namespace Dsp.Interop.Pdqm;

/// <summary>What <c>Patient/$match</c> was asked (ITI-119).</summary>
/// <param name="Count">At most so many.</param>
public sealed record MatchAsked(MatchClaim Claim, bool OnlyCertain, int Count);

/// <summary>Reads the Parameters of <c>Patient/$match</c>.</summary>
public static class MatchReader
{
    public static Outcome<MatchAsked> Read(ReadOnlySpan<byte> body, int most)
    {
        var (parameters, problems) = FhirJson.Parse<Parameters>(body);
        if (problems.Count > 0 || parameters is null) return problems.Count > 0 ? problems[0] with { Others = [.. problems.Skip(1)] } : Refusals.Malformed;
        var resources = parameters.Parameter.Where(p => p.Name == "resource").ToList();
        if (resources is not [{ Resource: Patient patient }]) return Refusals.PatientRequired.Because("One Patient is given as the parameter resource.").At("Parameters.parameter");
        var (onlyCertain, count) = (false, most);
        foreach (var parameter in parameters.Parameter)
        {
            switch (parameter)
            {
                case { Name: "onlyCertainMatches", Value: FhirBoolean { Value: { } only } }: onlyCertain = only; break;
                case { Name: "count", Value: Integer { Value: { } asked and > 0 } }: count = asked; break;
                case { Name: "onlyCertainMatches" or "count" }: return Refusals.ParameterInvalid.Because("onlyCertainMatches is a boolean, count a number from 1.").At(parameter.Name);
            }
        }
        return new MatchAsked(ClaimOf(patient), onlyCertain, count);
    }

    internal static MatchClaim ClaimOf(Patient patient) => new(
        [.. patient.Identifier.Where(i => i is { System.Length: > 0, Value.Length: > 0 }).Select(i => new PersonIdentifier(Domains.Of(i.System!), i.Value!))],
        [.. patient.Name.Select(n => n.Family).OfType<string>().Where(f => !string.IsNullOrWhiteSpace(f))],
        [.. (patient.Name.Find(n => n.Use == HumanName.NameUse.Official && n.Given.Any()) ?? patient.Name.Find(n => n.Given.Any()))?.Given.OfType<string>().Where(g => !string.IsNullOrWhiteSpace(g)) ?? []],
        PartialDate.TryParse(patient.BirthDate, out var born) ? born : null,
        patient.Gender switch { AdministrativeGender.Female => Gender.Female, AdministrativeGender.Male => Gender.Male, AdministrativeGender.Other => Gender.Other, _ => null });
}

/// <summary>One graded match.</summary>
public readonly record struct MatchEntry(string FullUrl, ReadOnlyMemory<byte> Json, Match Match);

/// <summary>The searchset of <c>Patient/$match</c>: best first, each with score and grade.</summary>
public static class MatchBundleWriter
{
    private const string GradeExtension = "http://hl7.org/fhir/StructureDefinition/match-grade";

    public static void Write(IBufferWriter<byte> output, IReadOnlyList<MatchEntry> entries, DateTimeOffset at)
    {
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Bundle"u8);
        json.WriteStartObject("meta"u8);
        json.WriteString("lastUpdated"u8, Instants.Text(at));
        json.WriteEndObject();
        json.WriteString("type"u8, "searchset"u8);
        json.WriteNumber("total"u8, entries.Count);
        if (entries.Count > 0) json.WriteStartArray("entry"u8);
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("fullUrl"u8, entry.FullUrl);
            json.WritePropertyName("resource"u8);
            json.WriteRawValue(entry.Json.Span, skipInputValidation: true);
            json.WriteStartObject("search"u8);
            json.WriteStartArray("extension"u8);
            json.WriteStartObject();
            json.WriteString("url"u8, GradeExtension);
            json.WriteString("valueCode"u8, CodeOf(entry.Match.Grade));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("mode"u8, "match"u8);
            json.WriteNumber("score"u8, entry.Match.Score);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        if (entries.Count > 0) json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string CodeOf(MatchGrade grade) => grade switch
    {
        MatchGrade.Certain => "certain",
        MatchGrade.Probable => "probable",
        MatchGrade.Possible => "possible",
        _ => "certainly-not",
    };
}
