using System.Globalization;
using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;

namespace Dsp.Tests.Conformance;

/// <summary>Whether what was sent comes back: every value of every element but those that the server sets itself.</summary>
internal static class Sameness
{
    /// <summary>Set by the server, or a name inside the message that became another one; narratives are made anew or left out.</summary>
    private static readonly HashSet<string> Own = ["id", "meta", "text", "url", "data", "reference", "hash", "size", "fullUrl", "implicitRules", "language"];

    /// <summary>Elements of the whole that the server sets: the patient by its own id, relations by theirs, members by what the reader may see.</summary>
    private static readonly HashSet<string> Set = ["subject", "relatesTo", "entry", "status", "date", "resourceType"];

    /// <summary>Top-level elements of which a value is missing in the answer.</summary>
    public static List<string> Lost(JsonNode sent, JsonNode got) =>
        [.. sent.AsObject().Where(p => !Own.Contains(p.Key) && !Set.Contains(p.Key) && p.Value is not null && Values(p.Value).Except(Values(got[p.Key])).Any()).Select(p => $"{p.Key} ({Values(p.Value).Except(Values(got[p.Key])).First()})")];

    /// <summary>A description of a document as this domain takes it: our patient, codes of ours where they are others', bytes in place of an address.</summary>
    public static void OfThisDomain(JsonObject document, string number)
    {
        document["subject"] = new JsonObject { ["identifier"] = new JsonObject { ["system"] = "urn:oid:1.3.182.4.4", ["value"] = number } };
        document["status"] = "current";
        document["type"] ??= Concept("http://loinc.org", "11502-2");
        if ((string?)document["type"]!["coding"]?[0]?["system"] != "http://loinc.org") document["type"] = Concept("http://loinc.org", "11502-2");
        document["category"] = Analyses();
        if (document["securityLabel"] is not null) document["securityLabel"] = new JsonArray(Concept("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N"));
        document["masterIdentifier"] = new JsonObject { ["system"] = FhirNames.UriSystem, ["value"] = "urn:uuid:" + Guid.NewGuid() };
        foreach (var name in new[] { "id", "identifier", "relatesTo", "docStatus", "text", "author", "authenticator", "custodian", "extension", "modifierExtension" }) document.Remove(name);
        var content = document["content"]![0]!.AsObject();
        while (document["content"]!.AsArray().Count > 1) document["content"]!.AsArray().RemoveAt(1);
        content.Remove("extension");
        content["format"] = new JsonObject { ["system"] = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode", ["code"] = "urn:ihe:iti:xds:2017:mimeTypeSufficient" };
        var attachment = content["attachment"]!.AsObject();
        foreach (var name in new[] { "url", "hash", "size" }) attachment.Remove(name);
        attachment["contentType"] ??= "application/pdf";
        attachment["data"] = Convert.ToBase64String("%PDF-1.7"u8);
        if (document["context"] is JsonObject context)
            foreach (var name in new[] { "sourcePatientInfo", "related", "encounter", "facilityType", "practiceSetting", "event" }) context.Remove(name);
        if (document["context"] is JsonObject { Count: 0 }) document.Remove("context");
    }

    public static JsonArray Analyses() => [Concept("urn:dsp:category", "MedicalAnalyses")];

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };

    private static HashSet<string> Values(JsonNode? node) => node switch
    {
        null => [],
        JsonArray many => [.. many.SelectMany(Values)],
        JsonObject element => [.. element.Where(p => !Own.Contains(p.Key)).SelectMany(p => Values(p.Value))],
        _ => [DateTimeOffset.TryParse(node.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && node.ToString().Contains('T', StringComparison.Ordinal) ? at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) : node.ToString()],
    };
}
