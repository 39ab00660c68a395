using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Conformance;

/// <summary>Every FHIR file of the baseline at the door that reads its type: what a careful parser cannot read is refused, what it reads is taken or refused by a named rule, in both formats alike.</summary>
public sealed class BaselineTests
{
    [Fact, Golden]
    public async Task Every_file_of_the_baseline_is_taken_or_refused_by_name_in_both_formats()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var (list, wrong, rows) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new List<string>(), 0);
        foreach (var row in File.ReadAllLines(Shared.Require("corpora", "BASELINE-fhir-json.tsv")).Skip(1).Select(l => l.Split('\t')))
        {
            rows++;
            var bytes = File.ReadAllBytes(Path.Combine(Shared.Require("corpora"), row[0]));
            var place = Place(row[1]);
            var asked = await AskAsync(cast, place, bytes, FhirNames.MediaType);
            var told = Told(asked, wrong, row[0]);
            if (row[2] == "fail" && !IsRefused(asked)) wrong.Add($"{row[0]} at {place}: {asked.Status}");
            var line = $"{row[2]} | {(place.EndsWith("$validate", StringComparison.Ordinal) ? "$validate" : place)} | {asked.Status} {string.Join(' ', told)}".TrimEnd();
            list[line] = list.GetValueOrDefault(line) + 1;
            // An attribute has no line ends and no white space of its own (XML 1.0 3.3.3), which is what this file is about.
            if (row[2] != "ok" || row[0].EndsWith("params-ws.json", StringComparison.Ordinal)) continue;
            var xml = await AskAsync(cast, place, FhirXml.Bytes(FhirJson.Own(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes)), FhirXml.MediaType);
            // What was taken in JSON is the same message in XML, and gets its first answer again.
            if (xml.Status != asked.Status || !Told(xml, wrong, row[0]).SequenceEqual(told)) wrong.Add($"{row[0]} at {place}: {asked.Status} in JSON, {xml.Status} in XML {string.Join(' ', Told(xml, wrong, row[0]))} instead of {string.Join(' ', told)}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count}\n{string.Join('\n', wrong.Take(40))}");
        Golden.Check("conformance/baseline.txt", $"# Of {rows} files: by verdict of the baseline, door, answer and rules\n{string.Concat(list.Select(l => $"{l.Value} {l.Key}\n"))}");
    }

    /// <summary>Where a type is written; <c>$validate</c> reads the others.</summary>
    private static string Place(string type) => type switch { "Bundle" => "/fhir", "DocumentReference" => "/fhir/DocumentReference", "" => "/fhir/Bundle/$validate", _ => $"/fhir/{type}/$validate" };

    private static Task<Answer> AskAsync(Cast cast, string place, byte[] bytes, string type) =>
        cast.Server.SendAsync(HttpMethod.Post, place, cast.Lab, new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } });

    private static bool IsRefused(Answer answer) =>
        answer.Status is 400 or 422 || (answer.Status == 200 && answer.Json.GetProperty("resourceType").GetString() == "OperationOutcome" && answer.Json.GetProperty("issue").EnumerateArray().Any(i => i.GetProperty("severity").GetString() == "error"));

    /// <summary>Our ids, each once; an error without one is wrong.</summary>
    private static List<string> Told(Answer answer, List<string> wrong, string name)
    {
        if (answer.Status >= 500) wrong.Add($"{name}: {answer.Whole}");
        var said = answer.Header("Content-Type").Contains("xml", StringComparison.Ordinal) ? JsonNode.Parse(FhirJson.Bytes(FhirXml.Parse(answer.Bytes, 64).Resource!))! : JsonNode.Parse(answer.Bytes)!;
        if ((string?)said["resourceType"] != "OperationOutcome") return [];
        var errors = said["issue"]!.AsArray().Where(i => (string?)i!["severity"] == "error").ToList();
        if (errors.Any(i => i!["details"]?["coding"]?[0]?["code"] is null)) wrong.Add($"{name}: an error without our id: {said.ToJsonString(new JsonSerializerOptions())}");
        return [.. errors.Select(i => (string?)i!["details"]?["coding"]?[0]?["code"] ?? "?").Distinct().Order(StringComparer.Ordinal)];
    }
}
