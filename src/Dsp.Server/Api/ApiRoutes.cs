using Dsp.Server.SignIn;

namespace Dsp.Server.Api;

/// <summary>Every route of the platform API (architecture §10). A golden file prints the table; OpenAPI is made of it.</summary>
internal static class ApiRoutes
{
    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api");
        CareContextRoutes.Map(api);
        RightsRoutes.Map(api);
        HistoryRoutes.Map(api);
        ClosureRoutes.Map(api);
        FeedRoutes.Map(api);
        LaunchRoutes.Map(api);
        SearchRoute.Map(api);
        TextRoute.Map(api);
        ReportRoute.Map(api);
        api.MapGet("/records/{recordId}/documents/{documentId}/view", ViewRoute.ViewAsync).Needs(Scopes.Retrieve)
            .Says("The document as a page that runs nothing", "whoever may read it", 200, null, null, "text/html");
        api.MapGet("/openapi.json", DescribeAsync).Open();
    }

    private static async Task DescribeAsync(HttpContext context, OpenApiDocument document)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Bytes.Length;
        await context.Response.Body.WriteAsync(document.Bytes, context.RequestAborted);
    }
}
