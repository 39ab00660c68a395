using Microsoft.Net.Http.Headers;

namespace Dsp.Server.Fhir;

/// <summary>Which form an answer takes (FHIR R4 http §3.1.0.1.10; standards §2): <c>_format</c> wins over Accept.</summary>
internal static class FhirMedia
{
    public const string Json = "application/fhir+json";
    public const string JsonUtf8 = Json + "; charset=utf-8";

    private static readonly string[] JsonNames = ["json", "application/json", Json, "text/json"];

    /// <returns>Null: JSON is wanted. Else the refusal.</returns>
    public static Refusal? RefusalOf(HttpRequest request) => RefusalOf(Format(request), request);

    /// <param name="format">The <c>_format</c> parameter, from the query or a posted search.</param>
    public static Refusal? RefusalOf(string? format, HttpRequest request)
    {
        if (format is { Length: > 0 }) return JsonNames.Contains(format.Replace(' ', '+').Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase) ? null : Refusals.FormatNotSupported;
        var accepted = Accepted(request);
        return accepted is null || accepted.Any(a => a.Quality is not 0 && IsJson(a)) ? null : Refusals.FormatNotSupported;
    }

    /// <summary>Is the body announced as FHIR JSON in UTF-8?</summary>
    public static bool IsJsonBody(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Value is { } name && (name.Equals(Json, StringComparison.OrdinalIgnoreCase) || name.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && FitsVersion(type);

    /// <summary>
    /// How a Binary is wanted: raw in its own type, or as a FHIR resource where FHIR is asked for by name more than its own type.
    /// </summary>
    /// <returns>Null where neither can be accepted.</returns>
    public static BinaryForm? BinaryFormOf(HttpRequest request, MediaTypeHeaderValue own)
    {
        if (Format(request) is { Length: > 0 } format) return RefusalOf(format, request) is null ? BinaryForm.Fhir : null;
        if (Accepted(request) is not { } accepted) return BinaryForm.Raw;
        var fhir = accepted.Where(a => a.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) && FitsVersion(a)).Select(Weight).DefaultIfEmpty(0).Max();
        var named = accepted.Where(a => a.MediaType.Equals(own.MediaType, StringComparison.OrdinalIgnoreCase)).Select(Weight).DefaultIfEmpty(-1).Max();
        var any = accepted.Where(a => !a.MediaType.Equals(own.MediaType, StringComparison.OrdinalIgnoreCase) && new MediaTypeHeaderValue(own.MediaType).IsSubsetOf(new MediaTypeHeaderValue(a.MediaType))).Select(Weight).DefaultIfEmpty(0).Max();
        var raw = named >= 0 ? named : any;
        if (fhir <= 0 && raw <= 0) return null;
        return fhir > raw || (fhir == raw && named < 0) ? BinaryForm.Fhir : BinaryForm.Raw;
    }

    private static string? Format(HttpRequest request) => request.Query["_format"] is [{ } format] ? format : null;

    private static IList<MediaTypeHeaderValue>? Accepted(HttpRequest request) =>
        request.Headers.Accept.Count == 0 ? null : MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var list) ? list : [];

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MatchesAllTypes || type.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase)
        || (JsonNames.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase) && FitsVersion(type));

    /// <summary><c>fhirVersion=4.0</c>, or none named.</summary>
    private static bool FitsVersion(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(p => p.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase)) is not { } version || version.Value.Value?.Trim('"') is "4.0" or "4.0.1";

    private static double Weight(MediaTypeHeaderValue type) => type.Quality ?? 1;
}

/// <summary>The two forms of a Binary.</summary>
internal enum BinaryForm { Raw, Fhir }
