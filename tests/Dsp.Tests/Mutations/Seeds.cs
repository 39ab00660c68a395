using System.Text;
using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;
using Dsp.Tests.Mhd;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Mutations;

/// <summary>A request that is good, or that somebody sends in good faith.</summary>
/// <param name="Body">Null where there is none.</param>
internal sealed record Sent(string Method, string Path, byte[]? Body, string? Type, string Token);

/// <summary>What is mutated: every route of the FHIR door with every parameter of <see cref="FhirRoutes"/>, good messages of each kind, the guides' bundles and the corpus's FHIR files.</summary>
internal static class Seeds
{
    public const string Json = "application/fhir+json";

    /// <param name="documents">Documents and lists that are there.</param>
    public static List<Sent> Of(Cast cast, IReadOnlyList<string> documents, string list)
    {
        var seeds = new List<Sent>();
        string[] tokens = [cast.Holder, cast.DoctorToken, cast.OtherToken, cast.Lab, cast.Hospital];
        foreach (var route in FhirRoutes.Resources) seeds.AddRange(Asked(cast, route, tokens, documents, list));
        foreach (var body in Messages(cast, documents[0]))
        {
            var type = (string?)JsonNode.Parse(body)!["resourceType"] == "Bundle" ? "" : "/" + JsonNode.Parse(body)!["resourceType"];
            seeds.Add(new("POST", "/fhir" + type, Encoding.UTF8.GetBytes(body), Json, cast.Lab));
            seeds.Add(new("POST", $"/fhir/{(type.Length == 0 ? "Bundle" : type[1..])}/$validate", Encoding.UTF8.GetBytes(body), Json, cast.Lab));
        }
        const string patient = """{"resourceType":"Patient","identifier":[{"system":"urn:oid:1.3.182.3.1.1.77.34.3","value":"100"},{"system":"urn:oid:1.3.182.4.4","value":"1984031299114"}],"name":[{"family":"Weberscheid","given":["Emma"]}],"gender":"female","birthDate":"1984-03-12","active":true,"link":[{"other":{"reference":"Patient?identifier=urn:oid:1.3.182.3.1.1.77.34.3|101"},"type":"seealso"}]}""";
        seeds.Add(new("PUT", "/fhir/Patient?identifier=urn:oid:1.3.182.3.1.1.77.34.3%7C100", Encoding.UTF8.GetBytes(patient), Json, cast.Hospital));
        var match = $$"""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{{patient}}},{"name":"onlyCertainMatches","valueBoolean":true},{"name":"count","valueInteger":3}]}""";
        seeds.Add(new("POST", "/fhir/Patient/$match", Encoding.UTF8.GetBytes(match), Json, cast.DoctorToken));
        var correlate = """{"resourceType":"Parameters","parameter":[{"name":"sourceIdentifier","valueString":"urn:oid:1.3.182.4.4|1984031299114"},{"name":"targetSystem","valueString":"urn:oid:1.3.182.2.4.2"}]}""";
        seeds.Add(new("POST", "/fhir/Patient/$ihe-pix", Encoding.UTF8.GetBytes(correlate), Json, cast.DoctorToken));
        const string stay = """{"resourceType":"Encounter","identifier":[{"system":"urn:oid:1.2.3","value":"V-1"}],"status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"identifier":{"system":"urn:oid:1.3.182.4.4","value":"1984031299114"}},"period":{"end":"2026-11-11T10:00:00Z"}}""";
        seeds.Add(new("PUT", "/fhir/Encounter?identifier=urn:oid:1.2.3%7CV-1", Encoding.UTF8.GetBytes(stay), Json, cast.Hospital));
        seeds.Add(new("POST", "/fhir/Encounter", Encoding.UTF8.GetBytes(stay), Json, cast.Hospital));
        var batch = $$$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"DocumentReference?patient={{{cast.Record}}}"}},{"resource":{{{stay}}},"request":{"method":"PUT","url":"Encounter?identifier=urn:oid:1.2.3%7CV-1","ifMatch":"W/\"1\""}}]}""";
        seeds.Add(new("POST", "/fhir", Encoding.UTF8.GetBytes(batch), Json, cast.Hospital));
        const string subscription = """{"resourceType":"Subscription","status":"requested","reason":"x","criteria":"https://profiles.ihe.net/ITI/DSUBm/SubscriptionTopic/DSUBm-SubscriptionTopic-DocumentReference-MultiPatient","channel":{"type":"rest-hook","endpoint":"https://software.example/hook","payload":"application/fhir+json"}}""";
        seeds.Add(new("POST", "/fhir/Subscription", Encoding.UTF8.GetBytes(subscription), Json, cast.DoctorToken));
        seeds.Add(new("GET", "/fhir/ValueSet/document-type/$expand?filter=a&count=3&offset=1&displayLanguage=de", null, null, cast.Lab));
        seeds.Add(new("GET", "/fhir/Patient/$export?_type=Patient&_since=2026-01-01T00:00:00Z", null, null, cast.Holder));
        seeds.Add(new("GET", "/fhir/metadata", null, null, cast.Holder));
        // As many messages that could be kept as searches and files: most of what can go wrong goes wrong behind the first wall.
        var messages = seeds.Where(s => s.Body is not null && s.Type == Json).ToList();
        for (var i = 0; i < 40; i++) seeds.AddRange(messages);
        seeds.AddRange(Files(cast));
        return seeds;
    }

    private static IEnumerable<Sent> Asked(Cast cast, ResourceRoute route, string[] tokens, IReadOnlyList<string> documents, string list)
    {
        var id = route.Type switch { "List" => list, "Patient" => cast.Record, _ => documents[0] };
        var patient = route.Parameters.Any(p => p.Name == "patient") ? $"patient={cast.Record}&" : route.Type == "Patient" ? "family=weberscheid&birthdate=1984-03-12&" : "";
        if (route.Type == "AuditEvent") patient += "date=ge2026-01-01&date=le2027-01-01&";
        foreach (var token in tokens)
        {
            foreach (var parameter in route.Parameters)
            {
                var query = $"{patient}{parameter.Name}={Uri.EscapeDataString(Value(parameter, cast, documents))}";
                yield return new("GET", $"/fhir/{route.Type}?{query}", null, null, token);
                yield return new("POST", $"/fhir/{route.Type}/_search", Encoding.UTF8.GetBytes(query), "application/x-www-form-urlencoded", token);
            }
            foreach (var include in route.Includes.Concat(route.ReverseIncludes)) yield return new("GET", $"/fhir/{route.Type}?{patient}{(route.Includes.Contains(include) ? "_include" : "_revinclude")}={include}&_count=2&_total=accurate&_sort=date&_summary=true", null, null, token);
            yield return new("GET", $"/fhir/{route.Type}/{id}", null, null, token);
            if (route.Interactions.Contains("vread")) yield return new("GET", $"/fhir/{route.Type}/{id}/_history/1", null, null, token);
            if (route.Interactions.Contains("history-instance")) yield return new("GET", $"/fhir/{route.Type}/{id}/_history", null, null, token);
            foreach (var operation in route.Operations)
            {
                yield return new("GET", $"/fhir/{route.Type}/${operation.Name}?patient={cast.Record}&identifier=urn:oid:1.3.182.4.4%7C{cast.Emma.Number}&sourceIdentifier=urn:oid:1.3.182.4.4%7C{cast.Emma.Number}&start=2020-01-01", null, null, token);
                yield return new("GET", $"/fhir/{route.Type}/{id}/${operation.Name}", null, null, token);
            }
        }
    }

    private static string Value(SearchParameterRoute parameter, Cast cast, IReadOnlyList<string> documents) => (parameter.Name, parameter.Kind) switch
    {
        ("_id", _) => documents[0],
        ("patient", _) => cast.Record,
        ("patient.identifier" or "identifier", _) => "urn:oid:1.3.182.4.4|" + cast.Emma.Number,
        ("status", _) => "current",
        (_, SearchKind.Date) => "ge2020-01-01",
        (_, SearchKind.Token) => "http://loinc.org|11502-2",
        (_, SearchKind.Reference) => "Patient/" + cast.Record,
        (_, SearchKind.Number) => "1",
        _ => "sour",
    };

    private static IEnumerable<string> Messages(Cast cast, string target)
    {
        yield return Bundles.Provide(cast.Emma.Number!, "<a/>"u8.ToArray());
        yield return cast.Bundle().InFolder(Bundles.Urn()).And(cast.Bundle("Autre")).ToJsonString();
        yield return cast.Bundle().RelatedTo("appends", target).Updating(target, "W/\"1\"").ToJsonString();
        yield return SimplifiedPublishTests.Good(cast.Emma.Number!).ToJsonString();
        foreach (var mapped in GuideCases.Cases.Select(c => GuideCases.Mapped(c.Data).Message.ToJsonString()))
            yield return mapped.Replace(ProvideExample.NationalNumber, cast.Emma.Number!, StringComparison.Ordinal).Replace("0195a1b2-0000-7000-8000-00000000000a", target, StringComparison.Ordinal);
    }

    /// <summary>Files of the corpus up to 24 KiB, JSON and XML, posted where their type says.</summary>
    private static IEnumerable<Sent> Files(Cast cast)
    {
        foreach (var folder in new[] { "fhir-ig-instances", "fhir-test-cases" })
        {
            foreach (var file in Directory.EnumerateFiles(Shared.Require("corpora", folder), "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".json", StringComparison.Ordinal) || f.EndsWith(".xml", StringComparison.Ordinal)).Where(f => new FileInfo(f).Length < 24 * 1024).Order(StringComparer.Ordinal))
            {
                var bytes = File.ReadAllBytes(file);
                var type = Path.GetFileName(file).Split('-')[0];
                var path = type is "DocumentReference" ? "/fhir/DocumentReference" : type is "Patient" ? "/fhir/Patient/$match" : file.Contains("Bundle", StringComparison.OrdinalIgnoreCase) ? "/fhir" : "/fhir/DocumentReference/$validate";
                yield return new("POST", path, bytes, file.EndsWith(".xml", StringComparison.Ordinal) ? "application/fhir+xml" : Json, cast.Lab);
            }
        }
    }
}
