using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dsp.Interop.Mhd;
using Dsp.Tests.Support;

namespace Dsp.Tests.Mhd;

/// <summary>A good ITI-65 bundle with one document, of the shape a laboratory system sends, to be changed row by row.</summary>
internal static class ProvideExample
{
    public const string Base = "https://dsp.example.lu/fhir";
    public const string NationalNumber = "1987060112349";
    public const string SubmissionUrl = "urn:uuid:5b1f7b1e-0001-4000-8000-000000000001";
    public const string DocumentUrl = "urn:uuid:5b1f7b1e-0002-4000-8000-000000000002";
    public const string BinaryUrl = "urn:uuid:5b1f7b1e-0003-4000-8000-000000000003";
    public const string UniqueId = "urn:uuid:5b1f7b1e-0004-4000-8000-000000000004";
    public static readonly byte[] Content = Encoding.UTF8.GetBytes("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>");
    public static readonly ProvideSettings Settings = new() { BaseUrl = Base, MaxBytes = 1024 * 1024 };
    public static readonly MovedClock Clock = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private const string Profile = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/";

#pragma warning disable CA5350 // The XDS hash.
    public static string Hash(byte[] content) => Convert.ToBase64String(SHA1.HashData(content));
#pragma warning restore CA5350

    public static JsonObject Good() => JsonNode.Parse($$"""
        {
          "resourceType": "Bundle",
          "meta": { "profile": ["{{Profile}}IHE.MHD.Comprehensive.ProvideBundle"] },
          "type": "transaction",
          "timestamp": "2026-03-02T07:59:00.000Z",
          "entry": [
            {
              "fullUrl": "{{SubmissionUrl}}",
              "resource": {
                "resourceType": "List",
                "meta": { "profile": ["{{Profile}}IHE.MHD.Comprehensive.SubmissionSet"] },
                "contained": [{ "resourceType": "Practitioner", "id": "a", "name": [{ "family": "Source", "given": ["Bar"] }] }],
                "extension": [
                  { "url": "{{Profile}}ihe-designationType", "valueCodeableConcept": { "coding": [{ "system": "http://loinc.org", "code": "11502-2", "display": "Laboratory report" }] } },
                  { "url": "{{Profile}}ihe-sourceId", "valueIdentifier": { "value": "urn:oid:1.2.3.4.5" } }
                ],
                "identifier": [
                  { "use": "official", "system": "urn:ietf:rfc:3986", "value": "urn:uuid:5b1f7b1e-0005-4000-8000-000000000005" },
                  { "use": "usual", "system": "urn:ietf:rfc:3986", "value": "{{SubmissionUrl}}" }
                ],
                "status": "current", "mode": "working", "title": "Bilan",
                "code": { "coding": [{ "system": "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes", "code": "submissionset" }] },
                "subject": { "identifier": { "system": "urn:oid:1.3.182.4.4", "value": "{{NationalNumber}}" } },
                "date": "2026-03-02T07:59:00.000Z", "source": { "reference": "#a" },
                "entry": [{ "item": { "reference": "{{DocumentUrl}}" } }]
              },
              "request": { "method": "POST", "url": "List" }
            },
            {
              "fullUrl": "{{DocumentUrl}}",
              "resource": {
                "resourceType": "DocumentReference",
                "meta": { "profile": ["{{Profile}}IHE.MHD.Comprehensive.DocumentReference"] },
                "contained": [
                  { "resourceType": "Practitioner", "id": "a", "name": [{ "family": "Source", "given": ["Bar"] }] },
                  { "resourceType": "Patient", "id": "p", "identifier": [{ "system": "urn:oid:1.3.182.4.4", "value": "{{NationalNumber}}" }], "name": [{ "family": "X" }] }
                ],
                "masterIdentifier": { "type": { "coding": [{ "system": "https://profiles.ihe.net/ITI/MHD/CodeSystem/IHE.MHD.MHDIdentifierType", "code": "uniqueId" }] }, "system": "urn:ietf:rfc:3986", "value": "{{UniqueId}}" },
                "identifier": [{ "type": { "coding": [{ "system": "https://profiles.ihe.net/ITI/MHD/CodeSystem/IHE.MHD.MHDIdentifierType", "code": "entryUUID" }] }, "system": "urn:ietf:rfc:3986", "value": "{{DocumentUrl}}" }],
                "status": "current",
                "type": { "coding": [{ "system": "http://loinc.org", "code": "11502-2", "display": "Laboratory report" }] },
                "category": [{ "coding": [{ "system": "urn:dsp:category", "code": "MedicalAnalyses" }] }],
                "subject": { "identifier": { "system": "urn:oid:1.3.182.4.4", "value": "{{NationalNumber}}" } },
                "date": "2026-03-02T07:59:00.000Z",
                "author": [{ "reference": "#a" }],
                "securityLabel": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N" }] }],
                "content": [{
                  "attachment": { "contentType": "text/xml", "language": "fr-LU", "url": "{{BinaryUrl}}", "size": {{Content.Length}}, "hash": "{{Hash(Content)}}", "title": "Bilan é", "creation": "2026-03-02T07:59:00.000Z" },
                  "format": { "system": "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode", "code": "urn:ihe:iti:xds:2017:mimeTypeSufficient" }
                }],
                "context": {
                  "period": { "start": "2026-03-01T07:00:00.000Z", "end": "2026-03-02T07:00:00.000Z" },
                  "facilityType": { "coding": [{ "system": "http://snomed.info/sct", "code": "22232009", "display": "Hospital" }] },
                  "practiceSetting": { "coding": [{ "system": "http://snomed.info/sct", "code": "394802001", "display": "General medicine" }] },
                  "sourcePatientInfo": { "reference": "#p" }
                }
              },
              "request": { "method": "POST", "url": "DocumentReference" }
            },
            {
              "fullUrl": "{{BinaryUrl}}",
              "resource": { "resourceType": "Binary", "contentType": "text/xml", "data": "{{Convert.ToBase64String(Content)}}" },
              "request": { "method": "POST", "url": "Binary" }
            }
          ]
        }
        """)!.AsObject();

    public static JsonObject Minimal()
    {
        var bundle = Good();
        bundle["meta"]!["profile"]![0] = Profile + "IHE.MHD.Minimal.ProvideBundle";
        return bundle;
    }

    public static JsonObject List(this JsonObject bundle) => bundle.Resource(0);

    public static JsonObject Document(this JsonObject bundle) => bundle.Resource(1);

    public static JsonObject Attachment(this JsonObject bundle) => bundle.Document()["content"]![0]!["attachment"]!.AsObject();

    public static JsonObject Binary(this JsonObject bundle) => bundle.Resource(2);

    public static JsonObject Resource(this JsonObject bundle, int index) => bundle["entry"]![index]!["resource"]!.AsObject();

    public static Outcome<ProvidedBundle> Read(JsonNode bundle) => Read(bundle.ToJsonString());

    public static Outcome<ProvidedBundle> Read(string json) => ProvideBundleReader.Read(Encoding.UTF8.GetBytes(json), Settings, Clock);

    public static ProvidedBundle ReadGood(JsonNode bundle)
    {
        var outcome = Read(bundle);
        Assert.True(outcome.Succeeded, outcome.Refusal is { } r ? string.Join("\n", r.Others.Prepend(r).Select(o => $"{o.Id} {o.Expression} {o.Text}")) : "");
        return outcome.Value;
    }
}
