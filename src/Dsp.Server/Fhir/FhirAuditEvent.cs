using Dsp.Access;
using Dsp.Interop.Balp;
using Dsp.Interop.Mhd;
using Dsp.Journal;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>ITI-81 as the holder uses it: who looked, as BALP audit events. The journal is the one source; its rights apply.</summary>
internal static class FhirAuditEvent
{
    private const int MostPages = 25;

    public static async Task SearchAsync(HttpContext context, BodyReader bodies, ReadHistory history, ReadRecordState state, Patients patients, FhirSettings settings, TimeProvider clock)
    {
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var query = parameters.Succeeded ? AuditSearchReader.Read(parameters.Value, FhirParameters.Strict(context.Request), settings.Base) : parameters.Refusal;
        var found = query.Succeeded ? await FindAsync(Callers.CallerOf(context), query.Value, history, state, patients, context.RequestAborted) : query.Refusal;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var facts = new AuditFacts(settings.Base);
        var events = found.Value.Select(e => new SearchEntry($"{settings.Base}/AuditEvent/{Ids.Text(e.Id)}", AuditEventWriter.Bytes(e, facts))).ToList();
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, events, null, new SearchLinks($"{settings.Base}/AuditEvent?{query.Value.Applied}"), clock.GetUtcNow()));
    }

    /// <summary>Newest first, page after page, until enough entries fit; nothing where there is no such record for this caller.</summary>
    private static async Task<Outcome<List<JournalEntry>>> FindAsync(Caller caller, AuditQuery query, ReadHistory history, ReadRecordState state, Patients patients, CancellationToken cancel)
    {
        var record = query.Patient.Record;
        if (record is null)
        {
            var view = await state.RunAsync(caller, patients.Of(query.Patient), cancel);
            if (!view.Succeeded) return view.Refusal.Kind == RefusalKind.NotFound ? new List<JournalEntry>() : view.Refusal;
            record = view.Value.Record;
        }
        var wanted = new WantedHistory { From = query.From, To = query.To, Document = query.Documents is [var one] ? one : null, Count = 200 };
        var fitting = new List<JournalEntry>();
        for (var page = 0; page < MostPages; page++)
        {
            var read = await history.RunAsync(caller, record.Value, wanted, cancel);
            if (!read.Succeeded) return read.Refusal.Kind == RefusalKind.NotFound ? new List<JournalEntry>() : read.Refusal;
            fitting.AddRange(read.Value.Lines.Select(l => l.Entry).Where(query.Matches));
            if (fitting.Count >= query.Count || read.Value.Next is not { } next) break;
            wanted = wanted with { After = next };
        }
        return fitting.Take(query.Count).ToList();
    }
}
