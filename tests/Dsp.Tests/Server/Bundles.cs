using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Dsp.Tests.Server;

/// <summary>ITI-65 Comprehensive bundles as a source system sends them, one document each.</summary>
internal static class Bundles
{
    private const string Mhd = "https://profiles.ihe.net/ITI/MHD/";

    public static string Provide(
        string number, byte[] bytes, string title = "Document", string contentType = "text/xml", string type = "11502-2", string category = "MedicalAnalyses",
        string? uniqueId = null, string? hash = null, long? size = null, string confidentiality = "N", string? submission = null)
    {
        var (set, entry, binary) = (Urn(), Urn(), Urn());
        const string now = "2026-11-20T10:00:00Z";
        JsonObject Subject() => new() { ["identifier"] = Identifier("urn:oid:1.3.182.4.4", number) };
        JsonObject Practitioner() => new() { ["resourceType"] = "Practitioner", ["id"] = "a", ["name"] = new JsonArray(new JsonObject { ["family"] = "Source", ["given"] = new JsonArray("Bar") }) };
        JsonObject Patient() => new() { ["resourceType"] = "Patient", ["id"] = "p", ["identifier"] = new JsonArray(Identifier("urn:oid:1.3.182.4.4", number)), ["name"] = new JsonArray(new JsonObject { ["family"] = "X" }) };
        var list = new JsonObject
        {
            ["resourceType"] = "List",
            ["meta"] = Profile("IHE.MHD.Comprehensive.SubmissionSet"),
            ["contained"] = new JsonArray(Practitioner()),
            ["extension"] = new JsonArray(
                new JsonObject { ["url"] = Mhd + "StructureDefinition/ihe-designationType", ["valueCodeableConcept"] = Code("http://loinc.org", type) },
                new JsonObject { ["url"] = Mhd + "StructureDefinition/ihe-sourceId", ["valueIdentifier"] = new JsonObject { ["value"] = "urn:oid:1.2.3.4.5" } }),
            ["identifier"] = new JsonArray(
                new JsonObject { ["use"] = "usual", ["system"] = "urn:ietf:rfc:3986", ["value"] = submission ?? Oid() },
                new JsonObject { ["use"] = "official", ["system"] = "urn:ietf:rfc:3986", ["value"] = set }),
            ["status"] = "current",
            ["mode"] = "working",
            ["title"] = title,
            ["code"] = Code(Mhd + "CodeSystem/MHDlistTypes", "submissionset"),
            ["subject"] = Subject(),
            ["date"] = now,
            ["source"] = new JsonObject { ["reference"] = "#a" },
            ["entry"] = new JsonArray(new JsonObject { ["item"] = new JsonObject { ["reference"] = entry } }),
        };
        var document = new JsonObject
        {
            ["resourceType"] = "DocumentReference",
            ["meta"] = Profile("IHE.MHD.Comprehensive.DocumentReference"),
            ["contained"] = new JsonArray(Practitioner(), Patient()),
            ["masterIdentifier"] = new JsonObject { ["type"] = Code(Mhd + "CodeSystem/IHE.MHD.MHDIdentifierType", "uniqueId"), ["system"] = "urn:ietf:rfc:3986", ["value"] = uniqueId ?? Urn() },
            ["identifier"] = new JsonArray(new JsonObject { ["type"] = Code(Mhd + "CodeSystem/IHE.MHD.MHDIdentifierType", "entryUUID"), ["system"] = "urn:ietf:rfc:3986", ["value"] = entry }),
            ["status"] = "current",
            ["type"] = Code("http://loinc.org", type),
            ["category"] = new JsonArray(Code("urn:dsp:category", category)),
            ["subject"] = Subject(),
            ["date"] = now,
            ["author"] = new JsonArray(new JsonObject { ["reference"] = "#a" }),
            ["securityLabel"] = new JsonArray(Code("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", confidentiality)),
            ["content"] = new JsonArray(new JsonObject
            {
                ["attachment"] = new JsonObject
                {
                    ["contentType"] = contentType,
                    ["language"] = "fr-LU",
                    ["url"] = binary,
                    ["size"] = size ?? bytes.Length,
                    ["hash"] = hash ?? Sha1(bytes),
                    ["title"] = title,
                    ["creation"] = now,
                },
                ["format"] = new JsonObject { ["system"] = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode", ["code"] = "urn:ihe:iti:xds:2017:mimeTypeSufficient" },
            }),
            ["context"] = new JsonObject
            {
                ["period"] = new JsonObject { ["start"] = now, ["end"] = now },
                ["facilityType"] = Code("http://snomed.info/sct", "22232009"),
                ["practiceSetting"] = Code("http://snomed.info/sct", "394802001"),
                ["sourcePatientInfo"] = new JsonObject { ["reference"] = "#p" },
            },
        };
        return new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["meta"] = Profile("IHE.MHD.Comprehensive.ProvideBundle"),
            ["type"] = "transaction",
            ["timestamp"] = now,
            ["entry"] = new JsonArray(
                Entry(set, list, "List"),
                Entry(entry, document, "DocumentReference"),
                Entry(binary, new JsonObject { ["resourceType"] = "Binary", ["contentType"] = contentType, ["data"] = Convert.ToBase64String(bytes) }, "Binary")),
        }.ToJsonString();
    }

    /// <summary>What MHD asks of a submission set's unique id.</summary>
    public static string Oid() => "urn:oid:2.25." + new System.Numerics.BigInteger(Guid.NewGuid().ToByteArray(), isUnsigned: true).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static string Urn() => "urn:uuid:" + Guid.NewGuid().ToString("D");

#pragma warning disable CA5350 // XDS fixes SHA-1 as the hash attribute.
    private static string Sha1(byte[] bytes) => Convert.ToBase64String(SHA1.HashData(bytes));
#pragma warning restore CA5350

    private static JsonObject Entry(string url, JsonObject resource, string type) =>
        new() { ["fullUrl"] = url, ["resource"] = resource, ["request"] = new JsonObject { ["method"] = "POST", ["url"] = type } };

    private static JsonObject Profile(string name) => new() { ["profile"] = new JsonArray(Mhd + "StructureDefinition/" + name) };

    private static JsonObject Identifier(string system, string value) => new() { ["system"] = system, ["value"] = value };

    private static JsonObject Code(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };
}
