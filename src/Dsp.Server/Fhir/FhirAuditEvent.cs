using Dsp.Access;
using Dsp.Documents;
using Dsp.Interop.Balp;
using Dsp.Interop.Mhd;
using Dsp.Journal;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>ITI-81: who looked, as BALP audit events; for the holder of a record, and for the security officer what concerns no record. The journal is the one source; its rights apply.</summary>
internal sealed class FhirAuditEvent(BodyReader bodies, ReadHistory history, ReadRecordState state, ReadSecurityEntries security, Patients patients, FhirSettings settings, TimeProvider clock)
{
    private const int MostPages = 25;

    public async Task SearchAsync(HttpContext context)
    {
        var caller = Callers.CallerOf(context);
        var callerId = FhirSettings.CallerId(caller);
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var query = parameters.Succeeded ? AuditSearchReader.Read(parameters.Value, FhirParameters.Strict(context.Request), settings.Search, callerId, ofInstallation: caller.Kind == CallerKind.Agent) : parameters.Refusal;
        var facts = new AuditFacts(settings.Base);
        var found = !query.Succeeded ? query.Refusal
            : query.Value.Patient is { } patient ? await OfRecordAsync(caller, patient, query.Value, facts, context.RequestAborted)
            : await OfInstallationAsync(caller, query.Value, facts, context.RequestAborted);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var events = found.Value.Entries.Select(e => new SearchEntry($"{settings.Base}/AuditEvent/{Ids.Text(e.Id)}", AuditEventWriter.Bytes(e, facts))).ToList();
        var next = found.Value.Next is { } after ? $"{settings.Base}/AuditEvent?{DocumentQuery.PageParameter}={query.Value.Next(after, settings.Search.PagingKey.Span, callerId)}" : null;
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, events, null, new SearchLinks($"{settings.Base}/AuditEvent?{query.Value.Applied}", next), clock.GetUtcNow()));
    }

    private async Task<Outcome<Page>> OfInstallationAsync(Caller caller, AuditQuery query, AuditFacts facts, CancellationToken cancel)
    {
        var wanted = new WantedHistory { From = query.From, To = query.To, Count = query.Count, After = query.After };
        var read = await security.RunAsync(caller, wanted, e => query.Matches(e, facts), "AuditEvent?" + query.Applied, cancel);
        return read.Succeeded ? new Page([.. read.Value.Lines.Select(l => l.Entry)], read.Value.Next) : read.Refusal;
    }

    /// <summary>Newest first, page after page, until enough entries fit; nothing where there is no such record for this caller.</summary>
    private async Task<Outcome<Page>> OfRecordAsync(Caller caller, PatientIdentifier patient, AuditQuery query, AuditFacts facts, CancellationToken cancel)
    {
        var record = patient.Record;
        if (record is null)
        {
            var view = await state.RunAsync(caller, patients.Of(patient), cancel);
            if (!view.Succeeded) return view.Refusal.Kind == RefusalKind.NotFound ? new Page([], null) : view.Refusal;
            record = view.Value.Record;
        }
        var wanted = new WantedHistory { From = query.From, To = query.To, Document = query.Documents is [var one] ? one : null, Count = 200, After = query.After };
        var fitting = new List<JournalEntry>();
        for (var page = 0; ; page++)
        {
            var read = await history.RunAsync(caller, record.Value, wanted, cancel);
            if (!read.Succeeded) return read.Refusal.Kind == RefusalKind.NotFound ? new Page([], null) : read.Refusal;
            fitting.AddRange(read.Value.Lines.Select(l => l.Entry).Where(e => query.Matches(e, facts)));
            if (fitting.Count > query.Count) return new Page([.. fitting.Take(query.Count)], fitting[query.Count - 1].Id);
            if (read.Value.Next is not { } next) return new Page(fitting, null);
            if (page == MostPages) return new Page(fitting, next);
            wanted = wanted with { After = next };
        }
    }

    private sealed record Page(IReadOnlyList<JournalEntry> Entries, Guid? Next);
}
