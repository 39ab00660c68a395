using Dsp.Documents;
using Dsp.Server.Wire;

namespace Dsp.Server.Content;

/// <summary>The one route of the content origin.</summary>
internal static class ContentRoutes
{
    /// <summary>What a browser may show by itself; everything else is offered as a file.</summary>
    private static readonly HashSet<string> Shown = new(StringComparer.OrdinalIgnoreCase) { "application/pdf", "image/png", "image/jpeg" };

    public static void MapContent(this WebApplication app) =>
        app.MapGet("/content/{handle}", HandOutAsync).WithName("content");

    private static async Task HandOutAsync(HttpContext context, string handle, ContentHandles handles, RetrieveDocument retrieve)
    {
        if (handles.Use(handle) is not { } opened)
        {
            await Answers.RefuseAsync(context, Refusals.NotFound);
            return;
        }
        var found = await retrieve.RunAsync(opened.Caller, opened.Record, opened.Document, range: null, context.RequestAborted);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var type = DocumentBytes.TypeOf(found.Value.Document);
        await DocumentBytes.WriteAsync(context, found.Value, asFile: opened.Save || !Shown.Contains(type.MediaType.Value ?? ""));
    }
}
