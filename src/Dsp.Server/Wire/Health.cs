using Dsp.Interop.Workers;
using Dsp.Server.Audit;
using Dsp.Server.SignIn;
using Dsp.Storage;

namespace Dsp.Server.Wire;

/// <summary>For the operator's watch: alive, and ready to serve (the database answers).</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", LiveAsync).Open();
        app.MapGet("/health/ready", ReadyAsync).Open();
    }

    private static Task LiveAsync(HttpContext context) => Answers.JsonAsync(context, 200, "application/json", w => State(w, "alive"));

    private static async Task ReadyAsync(HttpContext context, Database database, AuditSender audit, ClockCheck clock)
    {
        try
        {
            if (!await Migrator.IsMigratedAsync(database, context.RequestAborted))
            {
                await Answers.RefuseAsync(context, Refusals.Unavailable);
                return;
            }
            var sending = await audit.StateAsync(context.RequestAborted);
            await Answers.JsonAsync(context, 200, "application/json", w => State(w, "ready", more: json =>
            {
                // None of them a reason to take a node out: documents are kept and say that they were not read, events wait, the journal has its line.
                json.WriteString("scans", Sandbox.Known switch { null => "not tried yet", { ReadsScans: true, Pages: true } => "read", _ => "not read" });
                json.WriteString("audit", sending);
                json.WriteString("clock", clock.State);
            }));
        }
        catch (StorageUnavailableException)
        {
            await Answers.RefuseAsync(context, Refusals.Unavailable);
        }
    }

    private static void State(System.Text.Json.Utf8JsonWriter writer, string state, Action<System.Text.Json.Utf8JsonWriter>? more = null)
    {
        writer.WriteStartObject();
        writer.WriteString("status", state);
        more?.Invoke(writer);
        writer.WriteEndObject();
    }
}
