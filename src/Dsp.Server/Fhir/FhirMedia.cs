using Dsp.Interop.Fhir;
using Microsoft.Net.Http.Headers;

namespace Dsp.Server.Fhir;

/// <summary>Which form an answer takes (FHIR R4 http §3.1.0.1.10; standards §2): <c>_format</c> wins over Accept.</summary>
internal static class FhirMedia
{
    public const string Json = "application/fhir+json";
    public const string JsonUtf8 = Json + "; charset=utf-8";

    private const string XmlUtf8 = FhirXml.MediaType + "; charset=utf-8";

    private static readonly string[] JsonNames = ["json", "application/json", Json, "text/json"];
    private static readonly string[] XmlNames = ["xml", "application/xml", FhirXml.MediaType, "text/xml"];

    /// <summary>The content type of an answer.</summary>
    public static string TypeOf(FhirWish wish) => wish.Xml ? XmlUtf8 : JsonUtf8;

    /// <returns>Null: a form that is offered is wanted. Else the refusal.</returns>
    public static Refusal? RefusalOf(HttpContext context)
    {
        var wish = FhirWish.Read(context, [.. context.Request.Query.SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")))]);
        return wish.Succeeded ? null : wish.Refusal;
    }

    /// <param name="format">The <c>_format</c> parameter, from the query or a posted search; it wins over Accept.</param>
    /// <returns>JSON where both are as welcome; null where neither is.</returns>
    public static FhirFormat? FormatOf(string? format, HttpRequest request)
    {
        if (format is { Length: > 0 })
        {
            var name = format.Replace(' ', '+').Split(';')[0].Trim();
            return JsonNames.Contains(name, StringComparer.OrdinalIgnoreCase) ? FhirFormat.Json : XmlNames.Contains(name, StringComparer.OrdinalIgnoreCase) ? FhirFormat.Xml : null;
        }
        if (Accepted(request) is not { } accepted) return FhirFormat.Json;
        var (json, xml) = (Welcome(accepted, JsonNames), Welcome(accepted, XmlNames));
        return json <= 0 && xml <= 0 ? null : xml > json ? FhirFormat.Xml : FhirFormat.Json;
    }

    /// <summary>The format in which the body is announced, in UTF-8; null where it is another.</summary>
    public static FhirFormat? BodyOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType.Value is not { } name || !FitsVersion(type)) return null;
        if (type.Charset.HasValue && !type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return null;
        return name.ToLowerInvariant() switch
        {
            Json or "application/json" => FhirFormat.Json,
            FhirXml.MediaType or "application/xml" => FhirFormat.Xml,
            _ => null,
        };
    }

    /// <summary>
    /// How a Binary is wanted: raw in its own type, or as a FHIR resource where FHIR is asked for by name more than its own type.
    /// </summary>
    /// <returns>Null where neither can be accepted.</returns>
    public static BinaryForm? BinaryFormOf(HttpRequest request, MediaTypeHeaderValue own)
    {
        if (Format(request) is { Length: > 0 } format) return FormatOf(format, request) is null ? null : BinaryForm.Fhir;
        if (Accepted(request) is not { } accepted) return BinaryForm.Raw;
        var fhir = accepted.Where(a => (a.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) || a.MediaType.Equals(FhirXml.MediaType, StringComparison.OrdinalIgnoreCase)) && FitsVersion(a)).Select(Weight).DefaultIfEmpty(0).Max();
        var named = accepted.Where(a => a.MediaType.Equals(own.MediaType, StringComparison.OrdinalIgnoreCase)).Select(Weight).DefaultIfEmpty(-1).Max();
        var any = accepted.Where(a => !a.MediaType.Equals(own.MediaType, StringComparison.OrdinalIgnoreCase) && new MediaTypeHeaderValue(own.MediaType).IsSubsetOf(new MediaTypeHeaderValue(a.MediaType))).Select(Weight).DefaultIfEmpty(0).Max();
        var raw = named >= 0 ? named : any;
        if (fhir <= 0 && raw <= 0) return null;
        return fhir > raw || (fhir == raw && named < 0) ? BinaryForm.Fhir : BinaryForm.Raw;
    }

    private static string? Format(HttpRequest request) => request.Query["_format"] is [{ } format] ? format : null;

    private static IList<MediaTypeHeaderValue>? Accepted(HttpRequest request) =>
        request.Headers.Accept.Count == 0 ? null : MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var list) ? list : [];

    /// <summary>How welcome a format is: by its own name, else by a range that covers it (RFC 9110 12.5.1); 0 where it is not.</summary>
    private static double Welcome(IList<MediaTypeHeaderValue> accepted, string[] names)
    {
        var named = accepted.Where(a => names.Contains(a.MediaType.Value, StringComparer.OrdinalIgnoreCase) && FitsVersion(a)).Select(Weight).ToList();
        return named.Count > 0 ? named.Max() : accepted.Where(a => a.MatchesAllTypes || a.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase)).Select(Weight).DefaultIfEmpty(0).Max();
    }

    /// <summary><c>fhirVersion=4.0</c>, or none named.</summary>
    private static bool FitsVersion(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(p => p.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase)) is not { } version || version.Value.Value?.Trim('"') is "4.0" or "4.0.1";

    private static double Weight(MediaTypeHeaderValue type) => type.Quality ?? 1;
}

/// <summary>The two formats of a resource.</summary>
internal enum FhirFormat { Json, Xml }

/// <summary>The two forms of a Binary.</summary>
internal enum BinaryForm { Raw, Fhir }
