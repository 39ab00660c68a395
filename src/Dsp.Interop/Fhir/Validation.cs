using System.Text;
using System.Text.Json;
using Dsp.Interop.Mhd;
using Dsp.Interop.Pcf;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Fhir;

/// <summary>What a validation found.</summary>
/// <param name="Problems">Every break of a rule; empty where the message would be taken.</param>
/// <param name="Remarks">What was and was not looked at.</param>
public sealed record Validation(IReadOnlyList<Refusal> Problems, IReadOnlyList<string> Remarks)
{
    private const string NotLookedAt = "Whether the patient is known here, whether ids were used before and what the sender may do is decided at deposit alone.";

    /// <summary>
    /// <c>[base]/[type]/$validate</c> (FHIR R4 resource-operation-validate): the same reading that a deposit gets, and nothing after
    /// it. A transaction is read as ITI-65, a DocumentReference with its bytes as ITI-105, a Consent as ITI-108, everything else as
    /// FHIR R4.
    /// </summary>
    /// <param name="type">The type in the address.</param>
    /// <param name="json">The resource, or Parameters with a member <c>resource</c>; depth within the limits.</param>
    /// <returns>A refusal only where nothing can be said: no JSON object, a type FHIR does not know, Parameters without a resource.</returns>
    public static Outcome<Validation> Read(string type, ReadOnlyMemory<byte> json, ProvideSettings settings, TimeProvider clock)
    {
        if (ModelInfo.ModelInspector.FindClassMapping(type) is not { IsResource: true }) return Refusals.Malformed.Because("FHIR R4 does not define this resource type.");
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            using var read = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = BundleScan.MaxDepth + 8 });
            var root = read.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return Refusals.Malformed;
            if (type != "Parameters" && TypeOf(root) == "Parameters")
            {
                if (Wrapped(root) is not { } wrapped) return Refusals.MissingMetadata.Because("The member resource is missing.").At("Parameters.parameter");
                (root, json) = (wrapped, Encoding.UTF8.GetBytes(wrapped.GetRawText()));
            }
            return Of(type, root, json, settings, clock);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair, which is no text.
            return Refusals.Malformed;
        }
    }

    private static Validation Of(string type, JsonElement root, ReadOnlyMemory<byte> json, ProvideSettings settings, TimeProvider clock)
    {
        if (TypeOf(root) != type) return new Validation([Refusals.Malformed.Because($"A {type} is expected at this address.").At("resourceType")], []);
        if (type == "Bundle" && root.TryGetProperty("type", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("transaction"u8))
            return Read(ProvideBundleReader.Read(json, settings, clock), "Read as ITI-65 Provide Document Bundle. " + NotLookedAt);
        if (type == "DocumentReference" && HasData(root))
            return Read(SimplifiedPublishReader.Read(json, settings, settings.BaseUrl, clock), "Read as ITI-105 Simplified Publish. " + NotLookedAt);
        if (type == "Encounter") return Read(Stays.StayReader.Read(json.Span, null, null, settings.BaseUrl), "Read as a stay that an institution's system registers. " + NotLookedAt);
        if (type == "Consent") return Read(ConsentReader.Read(json.Span, settings.BaseUrl, clock.GetUtcNow()), "Read as ITI-108 Access Consent. Whether the actor is listed and the document is there is decided when the choice is made.");
        var (_, problems) = FhirJson.Parse<Resource>(json.Span);
        return new Validation(problems, [type == "Bundle" ? "Read as FHIR R4. A deposit is a transaction Bundle (ITI-65)." : $"Read as FHIR R4. A {type} by itself is not deposited here."]);
    }

    private static Validation Read<T>(Outcome<T> outcome, string remark) => new(outcome.Succeeded ? [] : [outcome.Refusal, .. outcome.Refusal.Others], [remark]);

    private static string? TypeOf(JsonElement root) => root.TryGetProperty("resourceType", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private static bool HasData(JsonElement root) =>
        root.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
        && content.EnumerateArray().Any(c => c.ValueKind == JsonValueKind.Object && c.TryGetProperty("attachment", out var attachment) && attachment.ValueKind == JsonValueKind.Object && attachment.TryGetProperty("data", out _));

    private static JsonElement? Wrapped(JsonElement root)
    {
        if (!root.TryGetProperty("parameter", out var parameters) || parameters.ValueKind != JsonValueKind.Array) return null;
        foreach (var parameter in parameters.EnumerateArray())
            if (parameter.ValueKind == JsonValueKind.Object && parameter.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.ValueEquals("resource"u8)
                && parameter.TryGetProperty("resource", out var resource) && resource.ValueKind == JsonValueKind.Object)
                return resource;
        return null;
    }
}
