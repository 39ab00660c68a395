using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;

namespace Dsp.Tests.Mutations;

/// <summary>One request made worse, by a seed alone: the same number gives the same request.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly string[] Words =
    [
        "", " ", "null", "0", "-1", "99999999999999999999", "1e400", "true", "é", "\u202e", "😀", "a\u0000b", "../../etc/passwd", "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "%00", "%", "|", "||", ",", ",,", "$", "\\", "urn:uuid:", "urn:oid:1.2.3",
        "ge", "zz2020", "ge2020-13-45", "2020-01-01T25:00:00Z", "9999-12-31T23:59:59Z", "0000", "ne2020", "1984-03", "http://loinc.org|", "|11502-2", "Patient/", "Patient/../List/1", "00000000-0000-0000-0000-000000000000", "0195a1b2-0000-7000-8000-00000000000a", "system|value|third", "current,superseded", "*", "\r\nX-Evil: 1", "\ud800",
    ];

    private static readonly (string Name, string[] Values)[] Headers =
    [
        ("Accept", ["application/fhir+xml", "application/fhir+json;fhirVersion=5.0", "text/html", "*/*;q=0", "x", "application/fhir+json;q=2", ",,,", "application/fhir+xml, application/fhir+json;q=0.5"]),
        ("Prefer", ["return=minimal", "return=OperationOutcome", "handling=strict", "handling=lenient, return=x", "respond-async", ";;"]),
        ("If-Match", ["W/\"1\"", "W/\"99\"", "*", "x", "\"", "W/\"1\", W/\"2\""]), ("If-None-Match", ["W/\"1\"", "*", "x"]), ("If-None-Exist", ["identifier=x|y", "", "&&", "_id=1"]),
        ("If-Modified-Since", ["Tue, 24 Nov 2026 00:00:00 GMT", "x"]), ("Range", ["bytes=0-1", "bytes=5-1", "bytes=-", "bytes=99999999999999999999-"]), ("Accept-Language", ["de", "xx", ";;;", "*"]), ("Content-Encoding", ["gzip", "br", "x"]),
        ("Authorization", ["Bearer x", "Basic eDp5", "Bearer ", "x"]), ("X-Request-Id", ["a\tb", "", "1"]), ("X-Forwarded-Host", ["evil.example"]), ("X-HTTP-Method-Override", ["DELETE"]), ("Content-Language", ["fr"]),
    ];

    private static readonly string[] More =
        ["_has:Provenance:target:recorded=ge2020", "_total=accurate", "_total=x", "_count=0", "_count=-1", "_count=999999999999", "_count=x", "_sort=-date,nothing", "_sort=", "_include=*", "_include=List:item", "_include:iterate=Patient:link", "_revinclude=Provenance:target", "_summary=count", "_summary=x", "_elements=id,nothing", "_elements=,", "_format=xml", "_format=json", "_format=x", "_format=application%2Ffhir%2Bxml", "page=abc", "page=", "_lastUpdated=ge2020", "_filter=x eq 1", "_query=x", "_contained=true", "_type=Patient", "_since=x", "patient:Patient.name=x", "subject.family=x", "=", "&", "a", "%", "x=%C3%28"];

    /// <summary>The message and the headers it goes with.</summary>
    public (Sent Message, List<(string Name, string Value)> Headers) Next(Sent seed)
    {
        var (message, headers) = (seed, new List<(string, string)>());
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            switch (random.Next(message.Body is null ? 6 : 12))
            {
                case 0 or 1: message = message with { Path = Query(message.Path) }; break;
                case 2: message = message with { Path = Place(message.Path) }; break;
                case 3:
                    var (name, values) = Headers[random.Next(Headers.Length)];
                    headers.Add((name, values[random.Next(values.Length)]));
                    break;
                case 4 when random.Next(4) == 0: message = message with { Method = Pick("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY") }; break;
                case 5 when message.Type is not null && random.Next(3) == 0: message = message with { Type = Pick("application/fhir+xml", "application/json", "text/plain", "application/x-www-form-urlencoded", "application/fhir+json; charset=utf-16", "multipart/form-data", "") }; break;
                case 4 or 5: message = message with { Path = Query(message.Path) }; break;
                default: message = Body(message); break;
            }
        }
        return (message, headers);
    }

    private Sent Body(Sent message)
    {
        if (message.Body is not { Length: > 0 } body) return message;
        if (message.Type == "application/x-www-form-urlencoded") return message with { Body = Encoding.UTF8.GetBytes(Query("/x?" + Encoding.UTF8.GetString(body))[3..]) };
        if (message.Type == Seeds.Json && random.Next(5) > 0 && Parsed(body) is { } node and not JsonValue)
        {
            for (var i = random.Next(1, 4); i > 0; i--) Element(node);
            var json = Encoding.UTF8.GetBytes(node.ToJsonString());
            // One in six arrives as XML, where it still is a resource of some kind.
            return random.Next(6) == 0 && InXml(json) is { } xml ? message with { Body = xml, Type = FhirXml.MediaType } : message with { Body = json };
        }
        return message with { Body = Bytes(body) };
    }

    private byte[] Bytes(byte[] body)
    {
        var at = random.Next(body.Length);
        switch (random.Next(6))
        {
            case 0: return body[..at];
            case 1: return [.. body[..at], (byte)random.Next(256), .. body[at..]];
            case 2: return [.. "\uFEFF"u8, .. body];
            case 3: return [.. body, .. body];
            case 4: return [.. body[..at], .. Encoding.UTF8.GetBytes(Word()), .. body[Math.Min(body.Length, at + random.Next(20))..]];
            default:
                var copy = (byte[])body.Clone();
                copy[at] = (byte)random.Next(256);
                return copy;
        }
    }

    private void Element(JsonNode root)
    {
        var all = Below(root).ToList();
        if (all.Count == 0) return;
        var chosen = all[random.Next(all.Count)];
        var other = all[random.Next(all.Count)].DeepClone();
        JsonNode? made = random.Next(9) switch
        {
            0 => null,
            1 => JsonValue.Create(random.Next()),
            2 => JsonValue.Create(Word()),
            3 => new JsonArray(other),
            4 => new JsonObject { [Word()] = other },
            5 => JsonValue.Create(new string('x', random.Next(1, 70_000))),
            6 => JsonValue.Create(true),
            _ => other,
        };
        switch (chosen.Parent)
        {
            case JsonObject parent:
                var key = chosen.GetPropertyName();
                if (random.Next(3) == 0) parent.Remove(key);
                else if (random.Next(5) == 0) parent[Pick(key + "x", "_" + key, "extension", "id", "contained", "resourceType", "")] = made;
                else parent[key] = made;
                break;
            case JsonArray parent:
                if (random.Next(3) == 0) parent.RemoveAt(chosen.GetElementIndex());
                else if (random.Next(3) == 0) parent.Add(made);
                else parent[chosen.GetElementIndex()] = made;
                break;
            default: break;
        }
    }

    private string Query(string path)
    {
        var (place, query) = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? (path[..at], path[(at + 1)..]) : (path, "");
        var parts = query.Length == 0 ? [] : query.Split('&').ToList();
        switch (random.Next(7))
        {
            case 0 or 1: parts.Add(More[random.Next(More.Length)]); break;
            case 2 when parts.Count > 0: parts.RemoveAt(random.Next(parts.Count)); break;
            case 3 when parts.Count > 0: parts.Add(parts[random.Next(parts.Count)]); break;
            case 4 when parts.Count > 0:
                var named = random.Next(parts.Count);
                parts[named] = parts[named].Split('=')[0] + Pick(":not", ":missing", ":exact", ":contains", ":identifier", ":x", ".identifier", ".family", "") + "=" + (parts[named].Split('=', 2) is [_, var kept] ? kept : "");
                break;
            default:
                if (parts.Count == 0) parts.Add("x=1");
                var valued = random.Next(parts.Count);
                parts[valued] = parts[valued].Split('=')[0] + "=" + Uri.EscapeDataString(random.Next(40) == 0 ? new string('9', 4000) : Word().Replace("\ud800", "\ufffd", StringComparison.Ordinal));
                break;
        }
        return place + "?" + string.Join('&', parts.Select(Sendable));
    }

    private string Place(string path)
    {
        var (place, rest) = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? (path[..at], path[at..]) : (path, "");
        var parts = place.Split('/').ToList();
        switch (parts.Count > 2 ? random.Next(5) : 5)
        {
            case 0: parts[^1] = Sendable(Uri.EscapeDataString(Word().Replace("\ud800", "", StringComparison.Ordinal))); break;
            case 1: parts.Add(Pick("_history", "_history/9", "$summary", "$validate", "$everything", "1", "%2e%2e", "")); break;
            case 2 when parts.Count > 3: parts.RemoveAt(parts.Count - 1); break;
            case 3: parts[^1] += Pick("x", "%20", "%00", ";a=b", "%2F", "$"); break;
            default:
                if (parts.Count < 3) parts.Add("");
                parts[2] = Pick("DocumentReference", "List", "Binary", "Patient", "Observation", "Bundle", "CarePlan", "metadata", "AuditEvent", "documentreference");
                break;
        }
        return string.Join('/', parts) + rest;
    }

    private static string Sendable(string text) => string.Concat(text.Select(c => c is > ' ' and < (char)127 ? c.ToString() : Uri.EscapeDataString(char.IsSurrogate(c) ? "\ufffd" : c.ToString())));

    private string Word() => Words[random.Next(Words.Length)];

    private string Pick(params string[] words) => words[random.Next(words.Length)];

    private static IEnumerable<JsonNode> Below(JsonNode node) => node switch
    {
        JsonObject inner => inner.Where(p => p.Value is not null).SelectMany(p => Below(p.Value!).Prepend(p.Value!)),
        JsonArray many => many.Where(v => v is not null).SelectMany(v => Below(v!).Prepend(v!)),
        _ => [],
    };

    private static JsonNode? Parsed(byte[] body)
    {
        try
        {
            // To the last leaf, since a node is read only when it is asked for.
            return JsonNode.Parse(JsonNode.Parse(body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsSpan(3) : body)!.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }

    private static byte[]? InXml(byte[] json)
    {
        try
        {
            return FhirXml.Bytes(FhirJson.Own(json));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }
}
