using System.Buffers;
using System.Text.Json;
using Dsp.Access;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>
/// A holder's app takes the whole own record along (HL7 Bulk Data 2.0: <c>Patient/$export</c>). Nothing is prepared or kept: each file is
/// made when it is fetched, of the same searches, page by page, under the rights and with the journal entries of that moment.
/// </summary>
internal sealed class FhirExport(FhirBatch inner, ReadRecordState state, FhirSettings settings, TimeProvider clock)
{
    private const string Page = "_count=200";

    /// <summary>Asks for an export: 202 and where to look.</summary>
    public async Task BeginAsync(HttpContext context)
    {
        var caller = Callers.CallerOf(context);
        var asked = ExportRequest.Read(DocumentQuery.Parse(context.Request.QueryString.Value ?? ""), clock.GetUtcNow());
        var refusal = caller.Kind != CallerKind.Person ? Refusals.RoleMayNot
            : !context.Request.Headers["Prefer"].Any(p => p?.Contains("respond-async", StringComparison.OrdinalIgnoreCase) == true) ? Refusals.ParameterInvalid.Because("An export is asked for with Prefer: respond-async.").At("Prefer")
            : asked.Refusal;
        if (refusal is not null)
        {
            await Answers.RefuseAsync(context, refusal);
            return;
        }
        await CallJournal.TellAsync(context, null);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.ContentLocation = AddressOf(asked.Value, caller);
    }

    /// <summary>Every file is ready at once: 200 and the list of them.</summary>
    public async Task ManifestAsync(HttpContext context, string token)
    {
        var caller = Callers.CallerOf(context);
        if (Opened(token, caller) is not { } export)
        {
            await Answers.RefuseAsync(context, Refusals.NotFound);
            return;
        }
        await CallJournal.TellAsync(context, null);
        context.Response.Headers.Expires = (export.At + ExportRequest.Life).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        await Answers.JsonAsync(context, StatusCodes.Status200OK, "application/json", json =>
        {
            json.WriteStartObject();
            json.WriteString("transactionTime"u8, Instants.Text(export.At));
            json.WriteString("request"u8, $"{settings.Base}/Patient/$export");
            json.WriteBoolean("requiresAccessToken"u8, true);
            json.WriteStartArray("output"u8);
            foreach (var type in export.Types)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, type);
                json.WriteString("url"u8, $"{AddressOf(export, caller)}/{type}.ndjson");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("error"u8);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Ends it: nothing was kept.</summary>
    public async Task EndAsync(HttpContext context, string token)
    {
        if (Opened(token, Callers.CallerOf(context)) is null)
        {
            await Answers.RefuseAsync(context, Refusals.NotFound);
            return;
        }
        await CallJournal.TellAsync(context, null);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>One resource a line, newest first, as long as there are pages.</summary>
    public async Task FileAsync(HttpContext context, string token, string file)
    {
        var caller = Callers.CallerOf(context);
        var type = file.EndsWith(".ndjson", StringComparison.Ordinal) ? file[..^7] : "";
        if (Opened(token, caller) is not { } export || !export.Types.Contains(type))
        {
            await Answers.RefuseAsync(context, Refusals.NotFound);
            return;
        }
        var own = await state.OwnAsync(caller, context.RequestAborted);
        if (!own.Succeeded)
        {
            await Answers.RefuseAsync(context, own.Refusal);
            return;
        }
        for (var query = type == FhirRoutes.Patient.Type ? $"?_id={own.Value.Record}" : $"?patient={own.Value.Record}&{Page}"; query is not null;)
        {
            var answer = await inner.SendAsync(context, new BatchEntry("GET", type, query, [], null));
            if (answer.Status != StatusCodes.Status200OK)
            {
                await BreakAsync(context, answer);
                return;
            }
            if (!context.Response.HasStarted) context.Response.ContentType = ExportRequest.MediaType;
            query = await LinesAsync(context, export, answer.Body);
        }
    }

    private static async Task<string?> LinesAsync(HttpContext context, ExportRequest export, ReadOnlyMemory<byte> bundle)
    {
        using var json = JsonDocument.Parse(bundle, new JsonDocumentOptions { MaxDepth = 256 });
        var root = json.RootElement;
        if (root.TryGetProperty("entry", out var entries))
            foreach (var resource in entries.EnumerateArray().Select(e => e.GetProperty("resource")).Where(export.Wants))
            {
                using (var line = new Utf8JsonWriter(context.Response.BodyWriter)) resource.WriteTo(line);
                context.Response.BodyWriter.Write("\n"u8);
            }
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        var next = root.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").ValueEquals("next"u8)).Select(l => l.GetProperty("url").GetString()!).FirstOrDefault();
        return next?[next.IndexOf('?', StringComparison.Ordinal)..];
    }

    /// <summary>A refusal of the first page is the file's; later the connection ends, so that half a file does not look whole.</summary>
    private static async Task BreakAsync(HttpContext context, BatchAnswer answer)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = FhirNames.MediaType;
        await context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }

    private ExportRequest? Opened(string token, Caller caller) => ExportRequest.Open(token, settings.Search.PagingKey.Span, FhirSettings.CallerId(caller), clock.GetUtcNow());

    private string AddressOf(ExportRequest export, Caller caller) => $"{settings.Base}/$export/{export.Seal(settings.Search.PagingKey.Span, FhirSettings.CallerId(caller))}";
}
