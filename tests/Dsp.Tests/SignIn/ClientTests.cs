using System.Text.Json;
using System.Text.Json.Nodes;
using Dsp.Tests.Mhd;
using Dsp.Tests.Server;

namespace Dsp.Tests.SignIn;

/// <summary>fhir-kit-client and @medplum/core, unchanged: reading, searching, pages, history, deposits, operations, tokens; and the validator of one of them over our answers.</summary>
public sealed class ClientTests
{
    [Fact, Trait("Tier", "Normal")]
    public async Task Clients_by_other_people_complete_their_flows()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var cast = world.Cast;
        await cast.DepositedAsync(Resources.ResourceRouteTests.Everything);
        await cast.OpenContextAsync();
        var backend = await world.RegisterAsync("backend", "system/DocumentReference.c", redirects: false);
        var record = cast.Record;
        var answers = new List<string>
        {
            "metadata", $"Patient/{record}", $"Patient?identifier=urn:oid:1.3.182.4.4|{cast.Emma.Number}", $"DocumentReference?patient={record}&status=current", $"DocumentReference/$docref?patient={record}", $"List?patient={record}", $"Patient/{record}/$summary",
            $"AuditEvent?patient={record}&date=ge2020-01-01&date=le2030-01-01",
        };
        answers.AddRange(Interop.Resources.ResourceRoutes.All.Where(r => r.Parameters.Count > 0).Select(r => $"{r.Type}?patient={record}&_revinclude=Provenance:target"));
        answers.AddRange(Interop.Mcsd.DirectoryRoutes.All.Select(r => r.Type));
        JsonNode Publish()
        {
            var document = SimplifiedPublishTests.Good(cast.Emma.Number!);
            document["masterIdentifier"]!["value"] = Bundles.Urn();
            return document;
        }
        var task = new JsonObject
        {
            ["base"] = world.Server.Base, ["fhir"] = world.Server.Fhir, ["holder"] = cast.Holder, ["doctor"] = cast.DoctorToken, ["lab"] = cast.Lab, ["record"] = record, ["number"] = cast.Emma.Number,
            ["bundle"] = cast.Bundle("Un").InFolder(Bundles.Urn()), ["bundle2"] = cast.Bundle("Deux"), ["publish"] = Publish(), ["publish2"] = Publish(), ["assertion"] = backend.Assertion(),
            ["match"] = JsonNode.Parse("""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient","name":[{"family":"Weberscheid","given":["Emma"]}],"birthDate":"1984-03-12","gender":"female"}}]}"""),
            ["answers"] = new JsonArray([.. answers.Select(a => JsonValue.Create(a))]),
        };

        var got = await NodeClients.RunAsync("clients.mjs", task.ToJsonString());

        foreach (var step in got.EnumerateObject()) TestContext.Current.TestOutputHelper?.WriteLine($"{step.Name}: {step.Value.GetRawText()[..Math.Min(300, step.Value.GetRawText().Length)]}");
        // The last: this client names no scope in its token request, and SMART Backend Services asks for one.
        var refused = new[] { "kit read of nothing", "kit refused create", "medplum read of nothing", "medplum refused create", "medplum assertion" };
        Assert.Empty(got.EnumerateObject().Where(s => !refused.Contains(s.Name) && (s.Value.ValueKind is JsonValueKind.False or JsonValueKind.Null || (s.Value.ValueKind == JsonValueKind.Object && (s.Value.TryGetProperty("error", out _) || s.Value.TryGetProperty("invalid", out _))))).Select(s => $"{s.Name}: {s.Value}"));
        // A refusal reaches the user of the client with our words.
        foreach (var name in refused) Assert.Equal("OperationOutcome", got.GetProperty(name).GetProperty("outcome").GetProperty("resourceType").GetString());
        Assert.All(got.GetProperty("kit transaction").EnumerateArray().Concat(got.GetProperty("medplum batch").EnumerateArray()), s => Assert.StartsWith("201", s.GetString(), StringComparison.Ordinal));
        Assert.Equal((3, 3, 3), (got.GetProperty("kit search").GetInt32(), got.GetProperty("kit search by post").GetInt32(), got.GetProperty("kit pages").GetInt32()));
        Assert.Equal((5, 5), (got.GetProperty("medplum search").GetInt32(), got.GetProperty("medplum pages").GetInt32()));
        Assert.Equal((record, record), (got.GetProperty("kit read").GetString(), got.GetProperty("medplum read").GetString()));
        Assert.True(got.GetProperty("a damaged answer is told").GetBoolean());
        Assert.Equal(answers.Count, got.EnumerateObject().Count(s => s.Name.StartsWith("valid ", StringComparison.Ordinal)));
    }
}
