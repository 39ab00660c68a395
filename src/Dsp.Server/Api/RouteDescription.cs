namespace Dsp.Server.Api;

/// <summary>What <c>/api/openapi.json</c> says of a route, kept beside it.</summary>
/// <param name="Who">Whose call it is, in words.</param>
/// <param name="Body">The shape of the body; null: none.</param>
/// <param name="Answer">The shape of the answer; null: none.</param>
/// <param name="Media">Media type of the answer where it is not JSON.</param>
internal sealed record RouteDescription(string Summary, string Who, int Status, Type? Body, Type? Answer, string? Media, IReadOnlyList<string> Query);

internal static class RouteDescriptions
{
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder route, string summary, string who, int status, Type? body = null, Type? answer = null, string? media = null, params string[] query) =>
        route.WithMetadata(new RouteDescription(summary, who, status, body, answer, media, query));
}
