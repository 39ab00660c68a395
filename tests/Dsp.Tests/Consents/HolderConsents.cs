using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Dsp.Tests.Server;

namespace Dsp.Tests.Consents;

/// <summary>Consents as a holder's software writes them, and the calls of ITI-108.</summary>
internal static class HolderConsents
{
    /// <summary>A whole Consent of PCF around one provision; in order until a test takes something away.</summary>
    public static JsonObject Of(string record, string policy, string provision) => JsonNode.Parse(
        $$"""
        {
          "resourceType": "Consent", "status": "active",
          "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] },
          "category": [{ "coding": [{ "system": "http://loinc.org", "code": "59284-0" }] }],
          "patient": { "reference": "Patient/{{record}}" }, "dateTime": "2026-11-23",
          "performer": [{ "reference": "Patient/{{record}}" }],
          "organization": [{ "display": "DSP" }],
          "sourceAttachment": { "contentType": "text/plain", "title": "I know the risk" },
          "policy": [{ "uri": "urn:dsp:policy:{{policy}}" }],
          "provision": {{provision}}
        }
        """)!.AsObject();

    public static JsonObject Circle(string record, string actor, string? end = null) =>
        Of(record, "circle", $$"""{ "type": "permit", "actor": [{{Actor(actor)}}]{{(end is null ? "" : $$""", "period": { "end": "{{end}}" }""")}} }""");

    public static JsonObject Block(string record, string actor) => Of(record, "block", $$"""{ "type": "deny", "actor": [{{Actor(actor)}}] }""");

    /// <summary>Hidden from one actor, or from everyone but some persons.</summary>
    public static JsonObject Mask(string record, string document, string? actor, params string[] except) => Of(record, "mask",
        $$"""
        { "type": "deny", "data": [{ "meaning": "instance", "reference": { "reference": "DocumentReference/{{document}}" } }]
          {{(actor is null ? "" : $""", "actor": [{Actor(actor)}]""")}}
          {{(except.Length == 0 ? "" : $$""", "provision": [{ "type": "permit", "actor": [{{string.Join(",", except.Select(Actor))}}] }]""")}} }
        """);

    public static JsonObject Objection(string record, string inside) =>
        Of(record, "deposit-objection", $$"""{ "type": "deny", "action": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": "collect" }] }], {{inside}} }""");

    public static JsonObject Country(string record, string country) => Of(record, "country",
        $$"""{ "type": "permit", "purpose": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT" }], "actor": [{ {{Role}}, "reference": { "type": "Organization", "identifier": { "system": "urn:iso:std:iso:3166", "value": "{{country}}" } } }] }""");

    public static string Actor(string reference) => $$"""{ {{Role}}, "reference": { "reference": "{{reference}}" } }""";

    private const string Role = """ "role": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP" }] }""";

    public static Task<Answer> MakeAsync(this Cast cast, JsonNode consent, string? token = null) =>
        cast.Server.SendAsync(HttpMethod.Post, "/fhir/Consent", token ?? cast.Holder, Body(consent));

    public static Task<Answer> ChangeAsync(this Cast cast, JsonNode consent, string? match = null, string? token = null) =>
        cast.Server.SendAsync(HttpMethod.Put, $"/fhir/Consent/{consent["id"]}", token ?? cast.Holder, Body(consent), match is null ? [] : [("If-Match", match)]);

    public static Task<Answer> EndAsync(this Cast cast, string id, string? token = null, string? match = null) =>
        cast.Server.SendAsync(HttpMethod.Delete, $"/fhir/Consent/{id}", token ?? cast.Holder, null, match is null ? [] : [("If-Match", match)]);

    public static Task<Answer> FindAsync(this Cast cast, string more = "", string? token = null) => cast.Server.GetAsync($"/fhir/Consent?patient={cast.Record}{more}", token ?? cast.Holder);

    public static string Id(this Answer answer) => answer.Json.GetProperty("id").GetString()!;

    public static JsonObject Node(this Answer answer) => JsonNode.Parse(answer.Text)!.AsObject();

    private static StringContent Body(JsonNode consent) => new(consent.ToJsonString(), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json"));
}
