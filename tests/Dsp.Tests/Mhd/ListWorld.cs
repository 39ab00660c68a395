using System.Text.Json;
using System.Text.Json.Nodes;
using Dsp.Tests.Server;

namespace Dsp.Tests.Mhd;

/// <summary>Bundles with several documents, folders, replacements and updates, and what the door answers about lists.</summary>
internal static class ListWorld
{
    private const string Mhd = "https://profiles.ihe.net/ITI/MHD/";

    public static JsonObject Bundle(this Cast cast, string title = "Bilan", string? uniqueId = null) =>
        JsonNode.Parse(Bundles.Provide(cast.Emma.Number!, System.Text.Encoding.UTF8.GetBytes(title), title, uniqueId: uniqueId))!.AsObject();

    /// <summary>The document of another bundle in this one's submission.</summary>
    public static JsonObject And(this JsonObject bundle, JsonObject other)
    {
        foreach (var entry in other["entry"]!.AsArray().Skip(1)) bundle["entry"]!.AsArray().Add(entry!.DeepClone());
        bundle.List()["entry"]!.AsArray().Add(new JsonObject { ["item"] = new JsonObject { ["reference"] = (string?)other["entry"]![1]!["fullUrl"] } });
        return bundle;
    }

    /// <summary>A folder that holds the bundle's first document, and others by reference.</summary>
    public static JsonObject InFolder(this JsonObject bundle, string uniqueId, string? known = null, params string[] others)
    {
        var members = new JsonArray([.. others.Prepend((string)bundle["entry"]![1]!["fullUrl"]!).Select(m => new JsonObject { ["item"] = new JsonObject { ["reference"] = m } })]);
        bundle["entry"]!.AsArray().Add(new JsonObject
        {
            ["fullUrl"] = Bundles.Urn(),
            ["resource"] = new JsonObject
            {
                ["resourceType"] = "List",
                ["extension"] = new JsonArray(new JsonObject { ["url"] = Mhd + "StructureDefinition/ihe-designationType", ["valueCodeableConcept"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://snomed.info/sct", ["code"] = "225728007" }) } }),
                ["identifier"] = new JsonArray(new JsonObject { ["use"] = "usual", ["system"] = "urn:ietf:rfc:3986", ["value"] = uniqueId }),
                ["status"] = "current",
                ["mode"] = "working",
                ["title"] = "Suivi",
                ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Mhd + "CodeSystem/MHDlistTypes", ["code"] = "folder" }) },
                ["subject"] = bundle.List()["subject"]!.DeepClone(),
                ["entry"] = members,
            },
            ["request"] = new JsonObject { ["method"] = known is null ? "POST" : "PUT", ["url"] = known is null ? "List" : known.Length > 0 ? "List/" + known : "List" },
        });
        return bundle;
    }

    public static JsonObject RelatedTo(this JsonObject bundle, string code, JsonObject target)
    {
        bundle.Document()["relatesTo"] = new JsonArray(new JsonObject { ["code"] = code, ["target"] = target });
        return bundle;
    }

    public static JsonObject RelatedTo(this JsonObject bundle, string code, string document) => bundle.RelatedTo(code, new JsonObject { ["reference"] = "DocumentReference/" + document });

    /// <summary>The UpdateDocumentRefs slice as a patch.</summary>
    public static JsonObject Updating(this JsonObject bundle, string document, string? ifMatch = null)
    {
        var request = new JsonObject { ["method"] = "PATCH", ["url"] = "DocumentReference/" + document };
        if (ifMatch is not null) request["ifMatch"] = ifMatch;
        bundle["entry"]!.AsArray().Add(new JsonObject
        {
            ["fullUrl"] = Bundles.Urn(),
            ["resource"] = JsonNode.Parse("""{ "resourceType": "Parameters", "parameter": [{ "name": "operation", "part": [{ "name": "path", "valueString": "DocumentReference.status" }, { "name": "type", "valueCode": "replace" }, { "name": "value", "valueCode": "superseded" }] }] }"""),
            ["request"] = request,
        });
        return bundle;
    }

    public static Task<Answer> SendAsync(this Cast cast, JsonObject bundle, string? token = null) => cast.DepositAsync(token ?? cast.Lab, bundle.ToJsonString());

    /// <summary>Deposits, and gives the location of each entry: <c>Type/id/…</c>.</summary>
    public static async Task<IReadOnlyList<string[]>> KeptAsync(this Cast cast, JsonObject bundle, string? token = null)
    {
        var answer = await cast.SendAsync(bundle, token);
        Assert.True(answer.Status == 200, answer.Text);
        return [.. answer.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response").GetProperty("location").GetString()!.Split('/'))];
    }

    public static Task<Answer> ListsAsync(this Cast cast, string token, string more = "") =>
        cast.Server.GetAsync($"/fhir/List?patient.identifier={Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + cast.Emma.Number)}&status=current{more}", token);

    public static Task<Answer> MaskAsync(this Cast cast, string document, string from) =>
        cast.Server.PostJsonAsync($"/api/records/{cast.Record}/masks", cast.Holder, $$"""{"documentId":"{{document}}","from":"{{from}}"}""");

    public static IReadOnlyList<JsonElement> Resources(this Answer answer, string type) =>
        answer.Json.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray().Select(e => e.GetProperty("resource")).Where(r => r.GetProperty("resourceType").GetString() == type)] : [];

    /// <summary>The documents a List shows.</summary>
    public static IReadOnlyList<string> Members(this JsonElement list) =>
        list.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray().Select(e => e.GetProperty("item").GetProperty("reference").GetString()!.Split('/')[1])] : [];

    /// <summary>Status, our id and the XDS code of a refusal.</summary>
    public static (int Status, string Id, string? Xds) Told(this Answer answer)
    {
        var codes = answer.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding").EnumerateArray().Select(c => c.GetProperty("code").GetString()!).ToList();
        return (answer.Status, codes[0], codes.ElementAtOrDefault(1));
    }
}
