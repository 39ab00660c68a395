using System.Globalization;

namespace Dsp.Server.Fhir;

/// <summary>Versions as weak entity tags: <c>W/"3"</c> (FHIR R4 http §3.1.0.5).</summary>
internal static class EntityTags
{
    public static string Of(long version) => $"W/\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The version of <c>If-Match</c>; null where nothing is said. A tag that is none of ours is no present version.</summary>
    public static Outcome<int?> Expected(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0) return (int?)null;
        var text = request.Headers.IfMatch.ToString();
        var tag = text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text;
        return tag is ['"', .. var inner, '"'] && int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : Refusals.VersionStale;
    }
}
