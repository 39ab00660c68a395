using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Dsp.Interop.Fhir;
using Dsp.Tests.Server;

namespace Dsp.Tests.Security;

/// <summary>Everything that can be asked about a record at the FHIR door, and the answers without what names a world: ids, addresses, the words of page tokens.</summary>
internal static partial class LeakBattery
{
    /// <summary>Searches of every parameter of every type that takes a patient, with totals, order, inclusion, chains and reverse chains; operations.</summary>
    /// <param name="values">Values of documents that are there and of documents that are hidden or never were.</param>
    public static IEnumerable<string> Searches(string record, IReadOnlyList<string> values)
    {
        foreach (var route in FhirRoutes.Resources.Where(r => r.Parameters.Any(p => p.Name == "patient")))
        {
            var begin = $"/fhir/{route.Type}?patient={record}{(route.Type == "AuditEvent" ? "&date=ge2020-01-01&date=le2030-01-01" : "")}";
            foreach (var more in new[] { "", "&_total=accurate", "&_summary=count", "&_summary=true", "&_elements=id", "&_count=0&_total=accurate", "&_count=1&_total=accurate", "&_sort=date", "&_sort=-_lastUpdated", "&_has:List:item:code=folder", "&_has:Provenance:target:recorded=ge2020", "&_include=*", "&patient.name=x", "&subject:Patient.family=weberscheid", "&_lastUpdated=ge2020-01-01", "&_contained=both", "&_format=xml" })
                yield return begin + more;
            foreach (var include in route.Includes.Select(i => "_include=" + i).Concat(route.ReverseIncludes.Select(i => "_revinclude=" + i)).Append("_revinclude=List:item")) yield return $"{begin}&{include}&_total=accurate";
            foreach (var parameter in route.Parameters.Where(p => p.Name is not ("patient" or "patient.identifier")))
                foreach (var value in parameter.Kind == SearchKind.Date ? ["ge2020-01-01", "lt2020-01-01", "2026-11-20"] : parameter.Name == "status" ? ["current", "superseded", "current,superseded"] : values)
                    yield return $"{begin}&{parameter.Name}={Uri.EscapeDataString(value)}&_total=accurate";
        }
        yield return $"/fhir/DocumentReference/$docref?patient={record}";
        yield return $"/fhir/DocumentReference/$docref?patient={record}&start=2020-01-01&end=2030-01-01&on-demand=true";
        yield return $"/fhir/Patient/{record}/$summary";
        yield return $"/fhir/Patient/{record}";
    }

    /// <summary>What names one thing, in every form an id can be asked with.</summary>
    public static IEnumerable<string> Reads(string id, string record) =>
    [
        $"/fhir/DocumentReference/{id}", $"/fhir/DocumentReference/{id}/_history", $"/fhir/DocumentReference/{id}/_history/1", $"/fhir/DocumentReference/{id}/_history/2", $"/fhir/Binary/{id}", $"/fhir/Binary/{id}?_format=json", $"/fhir/List/{id}", $"/fhir/List/{id}/_history", $"/fhir/List/{id}/_history/1",
        $"/fhir/Provenance/{id}", $"/fhir/Observation/{id}", $"/fhir/Patient/{id}", $"/fhir/DocumentReference?patient={record}&_id={id}&_total=accurate", $"/fhir/List?patient={record}&_id={id}", $"/fhir/DocumentReference?patient={record}&related=DocumentReference/{id}&_total=accurate", $"/fhir/DocumentReference?patient={record}&identifier=urn:uuid:{id}&_total=accurate",
    ];

    /// <summary>Every page of a search, one answer after the other.</summary>
    public static async Task<string> AskAsync(Cast cast, string token, string path)
    {
        var all = new StringBuilder();
        for (var (page, next) = (0, (string?)path); next is not null && page < 30; page++)
        {
            var answer = await cast.Server.GetAsync(next, token);
            all.Append(answer.Whole);
            var link = NextLink().Match(answer.Header("Content-Type").Contains("json", StringComparison.Ordinal) ? answer.Text : "");
            next = link.Success ? link.Groups["url"].Value.Replace("\\u0026", "&", StringComparison.Ordinal) : null;
        }
        return all.ToString();
    }

    public static async Task<string> PostAsync(Cast cast, string token, string path, string body, params (string Name, string Value)[] headers) =>
        (await cast.Server.SendAsync(HttpMethod.Post, path, token, new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(FhirNames.MediaType)), headers)).Whole;

    /// <summary>Ids numbered as they come; page tokens by their length; the server's own address; the number the holder got here.</summary>
    /// <remarks>A folder and the submission that made it are of one instant and stand in the order of their ids, which is chance: lists are compared without order.</remarks>
    public static string Plain(Cast cast, string answers)
    {
        answers = answers.Replace(cast.Emma.EHealthId!, "{ehealth}", StringComparison.Ordinal);
        if (answers.Contains("/fhir/List?", StringComparison.Ordinal))
        {
            var pieces = Id().Replace(PageToken().Replace(answers.Replace(cast.Server.Base, "{base}", StringComparison.Ordinal), "page"), "{id}").Replace("</Bundle>", "", StringComparison.Ordinal).Split(["{\"fullUrl\"", "<entry>"], StringSplitOptions.None).SelectMany(p => p.Split('\n')).Select(p => p.TrimEnd(',', ']', '}'));
            return string.Join('\n', pieces.Order(StringComparer.Ordinal));
        }
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        string Numbered(Match m) => string.Create(CultureInfo.InvariantCulture, $"{{{(seen.TryGetValue(m.Value, out var n) ? n : seen[m.Value] = seen.Count + 1)}}}");
        var text = answers.Replace(cast.Server.Base, "{base}", StringComparison.Ordinal);
        text = PageToken().Replace(text, m => string.Create(CultureInfo.InvariantCulture, $"page={{{m.Length}}}"));
        return Id().Replace(text, Numbered);
    }

    [GeneratedRegex(@"page=[A-Za-z0-9_-]{16,}")]
    private static partial Regex PageToken();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{40,64}|2\.25\.[0-9]+")]
    private static partial Regex Id();

    [GeneratedRegex("\"relation\":\"next\",\"url\":\"(?<url>[^\"]+)\"")]
    private static partial Regex NextLink();
}
