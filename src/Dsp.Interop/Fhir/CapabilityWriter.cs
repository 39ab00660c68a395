using System.Buffers;
using System.Text.Json;
using Dsp.Codes;

namespace Dsp.Interop.Fhir;

/// <summary>What the statement says of this installation.</summary>
/// <param name="BaseUrl">The configured public FHIR base, without a slash at its end.</param>
/// <param name="Date">When the software was made or configured.</param>
public sealed record CapabilityFacts(string BaseUrl, string SoftwareVersion, DateTimeOffset Date, AffinityDomain Domain, string? AuthorizeUrl = null, string? TokenUrl = null);

/// <summary>The CapabilityStatement at <c>[base]/metadata</c>, printed from <see cref="FhirRoutes"/>.</summary>
public static class CapabilityWriter
{
    private const string MhdStatements = "https://profiles.ihe.net/ITI/MHD/CapabilityStatement/";
    private static readonly string[] Instantiates =
    [
        MhdStatements + "IHE.MHD.DocumentRecipient",
        MhdStatements + "IHE.MHD.DocumentRecipient.Comprehensive",
        MhdStatements + "IHE.MHD.DocumentRecipient.UnContained",
        MhdStatements + "IHE.MHD.DocumentRecipient.Fdoc",
        MhdStatements + "IHE.MHD.DocumentRecipient.Simplified",
        MhdStatements + "IHE.MHD.DocumentResponder",
        "https://profiles.ihe.net/ITI/PDQm/CapabilityStatement/IHE.PDQm.PatientDemographicsSupplier",
        "https://profiles.ihe.net/ITI/PDQm/CapabilityStatement/IHE.PDQm.PatientDemographicsSupplierMatch",
        "https://profiles.ihe.net/ITI/PIXm/CapabilityStatement/IHE.PIXm.Manager",
        "https://profiles.ihe.net/ITI/PCF/CapabilityStatement/IHE.PCF.consentRegistry",
        "https://profiles.ihe.net/PCC/QEDm/CapabilityStatement/IHE.QEDm.Clinical-Data-Source",
        "http://hl7.eu/fhir/health-data-api/CapabilityStatement/EEHRxF-ResourceAccessProvider",
        "http://hl7.eu/fhir/health-data-api/CapabilityStatement/EEHRxF-DocumentAccessProvider",
        "http://hl7.eu/fhir/health-data-api/CapabilityStatement/EEHRxF-DocumentAccessProvider-SubmissionOption",
    ];

    private static readonly string[] Guides =
    [
        "https://profiles.ihe.net/ITI/MHD/ImplementationGuide/ihe.iti.mhd|4.2.4",
        "https://profiles.ihe.net/ITI/BALP/ImplementationGuide/ihe.iti.balp|1.1.4",
        "https://profiles.ihe.net/ITI/PCF/ImplementationGuide/ihe.iti.pcf|1.1.0",
        "http://hl7.org/fhir/uv/ips/ImplementationGuide/hl7.fhir.uv.ips|2.0.0",
        "http://hl7.org/fhir/uv/ipa/ImplementationGuide/hl7.fhir.uv.ipa|1.1.0",
        "http://hl7.eu/fhir/health-data-api/ImplementationGuide/hl7.fhir.eu.health-data-api|1.0.0-ballot",
    ];

    public static byte[] Bytes(CapabilityFacts facts)
    {
        var output = new ArrayBufferWriter<byte>(8192);
        Write(output, facts);
        return output.WrittenSpan.ToArray();
    }

    public static void Write(IBufferWriter<byte> output, CapabilityFacts facts)
    {
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "CapabilityStatement"u8);
        json.WriteString("url"u8, facts.BaseUrl + "/metadata");
        json.WriteString("version"u8, facts.SoftwareVersion);
        json.WriteString("name"u8, "DossierDeSoinsPartage"u8);
        json.WriteString("status"u8, "active"u8);
        json.WriteString("date"u8, Instants.Text(facts.Date));
        json.WriteString("kind"u8, "instance"u8);
        Json.Strings(json, "instantiates", Instantiates);
        json.WriteStartObject("software"u8);
        json.WriteString("name"u8, "DSP"u8);
        json.WriteString("version"u8, facts.SoftwareVersion);
        json.WriteEndObject();
        json.WriteStartObject("implementation"u8);
        json.WriteString("description"u8, Domain(facts.Domain));
        json.WriteString("url"u8, facts.BaseUrl);
        json.WriteEndObject();
        json.WriteString("fhirVersion"u8, "4.0.1"u8);
        Json.Strings(json, "format", ["json", "xml", FhirNames.MediaType, FhirXml.MediaType]);
        Json.Strings(json, "implementationGuide", Guides);
        json.WriteStartArray("rest"u8);
        json.WriteStartObject();
        json.WriteString("mode"u8, "server"u8);
        Security(json, facts);
        json.WriteStartArray("resource"u8);
        foreach (var resource in FhirRoutes.Resources) Resource(json, resource);
        json.WriteEndArray();
        json.WriteStartArray("interaction"u8);
        foreach (var (code, documentation) in FhirRoutes.System)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteString("documentation"u8, documentation);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Operations(json, FhirRoutes.Operations);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Security(Utf8JsonWriter json, CapabilityFacts facts)
    {
        json.WriteStartObject("security"u8);
        if (facts is { AuthorizeUrl: { } authorize, TokenUrl: { } token })
        {
            json.WriteStartArray("extension"u8);
            json.WriteStartObject();
            json.WriteStartArray("extension"u8);
            Address(json, "authorize", authorize);
            Address(json, "token", token);
            json.WriteEndArray();
            json.WriteString("url"u8, "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteBoolean("cors"u8, false);
        json.WriteStartArray("service"u8);
        json.WriteStartObject();
        json.WriteStartArray("coding"u8);
        Json.Coding(json, "http://terminology.hl7.org/CodeSystem/restful-security-service", "SMART-on-FHIR", "SMART-on-FHIR");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("description"u8, "Bearer tokens only. Each answer holds what this caller may see, never a hint at what they may not."u8);
        json.WriteEndObject();
    }

    private static void Address(Utf8JsonWriter json, string name, string url)
    {
        json.WriteStartObject();
        json.WriteString("url"u8, name);
        json.WriteString("valueUri"u8, url);
        json.WriteEndObject();
    }

    private static void Resource(Utf8JsonWriter json, ResourceRoute route)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, route.Type);
        Json.Strings(json, "supportedProfile", route.Profiles);
        json.WriteString("documentation"u8, route.Documentation);
        json.WriteStartArray("interaction"u8);
        foreach (var interaction in route.Interactions)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, interaction);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (route.ConditionalUpdate)
        {
            json.WriteBoolean("conditionalUpdate"u8, true);
        }
        Json.Strings(json, "searchInclude", route.Includes);
        Json.Strings(json, "searchRevInclude", route.ReverseIncludes);
        if (route.Parameters.Count > 0)
        {
            json.WriteStartArray("searchParam"u8);
            foreach (var parameter in route.Parameters)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, parameter.Name);
                if (parameter.Definition is { } definition) json.WriteString("definition"u8, definition);
                json.WriteString("type"u8, parameter.Kind switch
                {
                    SearchKind.Token => "token",
                    SearchKind.Text => "string",
                    SearchKind.Date => "date",
                    SearchKind.Reference => "reference",
                    _ => "number",
                });
                json.WriteString("documentation"u8, parameter.Documentation);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        Operations(json, route.Operations);
        json.WriteEndObject();
    }

    private static void Operations(Utf8JsonWriter json, IReadOnlyList<OperationRoute> operations)
    {
        if (operations.Count == 0) return;
        json.WriteStartArray("operation"u8);
        foreach (var operation in operations)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, operation.Name);
            json.WriteString("definition"u8, operation.Definition);
            json.WriteString("documentation"u8, operation.Documentation);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The affinity domain in one text: which system is taken for which field.</summary>
    private static string Domain(AffinityDomain domain) =>
        "Affinity domain: " + string.Join("; ", domain.Systems.GroupBy(s => s.Field).Select(g => $"{g.Key.ToString().ToLowerInvariant()} {string.Join(", ", g.Select(s => s.System))}")) + ".";
}
