using System.Security.Cryptography;
using System.Text.Json;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Vault;

namespace Dsp.Documents;

/// <summary>
/// Deposits one submission: all of it or nothing (ITI-41, ITI-65). When it returns, every document is durable and readable.
/// Repeating it with the same ids and bytes answers as the first time; the same ids with other bytes are refused.
/// </summary>
public sealed class DepositDocuments(AccessGate gate, ContentVault vault, Database database, ServiceKeys keys, IContentReader reader, People people, DepositRules rules, Alarms alarms, TimeProvider clock) : IOperation
{
    private readonly DepositTargets known = new(database, keys, alarms);
    private readonly DepositFolders folders = new(database, alarms);

    /// <summary>The journal's word for a document sent without a submission set (ITI-105).</summary>
    public const string Simplified = "simplified";

    /// <param name="patient">The record, as the edge resolved it from the submission's patient identifier.</param>
    public async Task<Outcome<Deposited>> RunAsync(Caller caller, RecordRef patient, ProvidedSubmission provided, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await DepositOnceAsync(caller, patient, provided, cancel);
            }
            catch (SheetChangedException)
            {
                // Rights or a replaced document changed between decision and effect: decide again, fail closed.
                if (attempt == 3) return Refusals.SheetChanged;
            }
        }
    }

    private async Task<Outcome<Deposited>> DepositOnceAsync(Caller caller, RecordRef patient, ProvidedSubmission provided, CancellationToken cancel)
    {
        var registerIds = provided.Documents.SelectMany(d => RegisterIdsOf(d.Metadata)).Distinct(StringComparer.Ordinal).Take(10).ToList();
        var replaces = provided.Documents.Any(d => d.Metadata.Relations.Concat(d.RelationsByName.Select(r => new DocumentRelation(r.Kind, default))).Any(r => r.Kind == RelationKind.Replaces));
        var entered = await gate.EnterAsync(
            new AccessRequest(caller, patient, AccessAction.Deposit, replaces ? JournalActions.Replace : JournalActions.Deposit) { ResponsibleRegisterIds = registerIds, Detail = provided.Simplified ? Simplified : null }, cancel);
        if (entered.Permit is not { } permit) return Refused(entered.Refusal!);
        using var _ = permit;
        try
        {
            var plan = await PlanAsync(permit, entered, provided, cancel);
            if (!plan.Succeeded)
            {
                // Sent again, a new version finds its target superseded by itself: that is the first answer once more.
                if (plan.Refusal.Id == Refusals.TargetNotCurrent.Id && await AnswerKnownAsync(permit, provided, null, cancel) is { Succeeded: true } again) return again;
                await permit.GiveUpAsync(plan.Refusal, cancel);
                return plan.Refusal;
            }
            return await CommitAsync(permit, provided, plan.Value, cancel);
        }
        catch
        {
            permit.Faulted = true;
            throw;
        }
    }

    /// <summary>A stop by state or block is one answer: unknown patient. Only rules about the caller and the window are told.</summary>
    private static Refusal Refused(Refusal refusal) => refusal.Kind == RefusalKind.NotFound ? Refusals.UnknownPatient : refusal;

    private sealed record Plan(IReadOnlyList<PlannedDocument> Documents, IReadOnlyList<PlannedFolder> Folders, SubmissionId Submission, DateTimeOffset At);

    /// <param name="Reading">What the document says, read once and only where it is kept: nobody opens the content for it later.</param>
    private sealed record PlannedDocument(ProvidedDocument Provided, DocumentId Id, ContentId Content, ProfessionalFacts? Responsible, DocumentMetadata Metadata, IReadOnlyList<StoredDocument> Replaced, IReadOnlyList<ItemFacts>? Sources, Lazy<DocumentReading> Reading)
    {
        /// <summary>What in it differs from the record's person.</summary>
        public IReadOnlyList<string> Differences { get; set; } = [];

        /// <summary>As it was kept, once it is and where the answer shows it.</summary>
        public StoredDocument? Kept { get; set; }
    }

    /// <summary>Every document's responsible person, right and relations; all problems at once.</summary>
    private async Task<Outcome<Plan>> PlanAsync(Permit permit, Entered entered, ProvidedSubmission provided, CancellationToken cancel)
    {
        var problems = new List<Refusal>();
        var planned = new List<PlannedDocument>();
        foreach (var (document, index) in provided.Documents.Select((d, i) => (d, i)))
        {
            var responsible = entered.Responsible(RegisterIdsOf(document.Metadata));
            if (responsible is null && permit.Caller.Kind != CallerKind.Person)
            {
                problems.Add(Refusals.NoResponsiblePerson);
                continue;
            }
            var id = DocumentId.New(clock);
            var item = new ItemFacts(id, document.Metadata.Category, responsible?.Person, permit.Caller.System, Order: document.Metadata.Order, At: document.Metadata.At);
            if (permit.RefusalOfDeposit(item, responsible) is { } refusal) problems.Add(Refused(refusal));
            else if (SignedFormats.IsSigned(document.Metadata.Format) && (document.Sources is null || !permit.Facts.IsReferringDoctor)) problems.Add(Refusals.NotTheReferringDoctor);
            var targets = await known.ResolveAsync(permit, document, cancel);
            var sources = await known.SourcesAsync(permit, document, cancel);
            if ((targets.Refusal ?? sources.Refusal) is { } unresolved) problems.Add(unresolved);
            else planned.Add(new PlannedDocument(document, id, ContentId.New(clock), responsible, document.Metadata with { Relations = targets.Value.Relations }, targets.Value.Replaced, sources.Value.Count > 0 ? sources.Value : null, new(() => reader.Read(document.Metadata, document.Content))));
        }
        if (problems.Count > 0) return problems[0] with { Others = [.. problems.Skip(1)] };
        await ComparePatientAsync(permit, planned, cancel);
        if (planned.Exists(p => p.Differences.Count > 0) && IsRefused(permit)) return Refusals.PossibleWrongPatient;
        if (provided.Supersedes.Any(s => !planned.Exists(p => p.Replaced.Any(r => r.Id == s.Document && (s.Version ?? r.Version) == r.Version))))
            return provided.Supersedes.Any(s => planned.Exists(p => p.Replaced.Any(r => r.Id == s.Document))) ? Refusals.VersionStale : Refusals.UnresolvedReference;
        var at = clock.Now();
        var filled = await folders.PlanAsync(permit, provided, [.. planned.Select(p => new FilledDocument(p.Id, [.. p.Replaced.Select(r => r.Id)]))], at, known, clock, cancel);
        return filled.Succeeded ? new Plan(planned, filled.Value, SubmissionId.New(clock), at) : filled.Refusal;
    }

    /// <summary>Whom each document says it is about, beside whose record this is: asked only where a document says so.</summary>
    private async Task ComparePatientAsync(Permit permit, List<PlannedDocument> planned, CancellationToken cancel)
    {
        // The holder's own upload may be about anybody; nobody is warned of one's own papers.
        if (permit.Caller.Kind == CallerKind.Person && permit.Facts.IsHolder) return;
        if (!planned.Exists(p => p.Reading.Value.Patient is { IsEmpty: false }) || await people.FindAsync(database, permit.Sheet.Holder, cancel) is not { } holder) return;
        foreach (var document in planned)
            if (document.Reading.Value.Patient is { IsEmpty: false } claim && !document.Provided.PatientConfirmed)
                document.Differences = PatientMatch.Differences(claim, holder.Details, Deadlines.DayOf(permit.Now));
    }

    private bool IsRefused(Permit permit) =>
        (permit.Caller.System is { } system && rules.RefuseWrongPatient.Contains(system.Value)) || (permit.Facts.Actor.Institution is { } place && rules.RefuseWrongPatient.Contains(place.Id.Value));

    private async Task<Outcome<Deposited>> CommitAsync(Permit permit, ProvidedSubmission provided, Plan plan, CancellationToken cancel)
    {
        permit.Entry = permit.Entry with { Documents = [.. plan.Documents.Select(d => d.Id)], Submission = plan.Submission };
        if (plan.Documents is [{ Responsible: { } person }, ..])
            permit.Entry = permit.Entry with { Person = person.Person, PersonName = person.Name, Profession = person.Profession };
        try
        {
            await permit.SpendAsync(await BatchAsync(permit, provided, plan, shared: true, cancel), cancel);
        }
        catch (DuplicateKeyException e) when (e.Table == "unique_ids")
        {
            var known = await AnswerKnownAsync(permit, provided, plan, cancel);
            if (known is { } answer)
            {
                if (answer.Refusal is { } refusal) await permit.GiveUpAsync(refusal, cancel);
                return answer;
            }
            // The ids are taken by something this caller may not know of: for this caller they are free (security §3, W1).
            await permit.SpendAsync(await BatchAsync(permit, provided, plan, shared: false, cancel), cancel);
        }
        return new Deposited(permit.Record, plan.Submission, plan.At, [.. plan.Documents.Select(d => new DepositedDocument(d.Id, d.Content, 1, d.Differences, d.Kept))], Repeated: false) { Folders = [.. plan.Folders.Where(f => f.Named).Select(f => f.Next.Id)] };
    }

    private async Task<Batch> BatchAsync(Permit permit, ProvidedSubmission provided, Plan plan, bool shared, CancellationToken cancel)
    {
        var batch = new Batch();
        var objects = new ManyRows("object_ids", ["object_id", "record_id", "kind"]);
        var names = new ManyRows("unique_ids", ["token", "record_id", "object_id"]);
        var facts = FactRow.Rows();
        var waiting = WaitingReadings.Rows();
        foreach (var document in plan.Documents)
        {
            var content = await vault.PutAsync(permit, batch, document.Content, document.Provided.Content, cancel);
            var entry = new DocumentEntry
            {
                Facts = DocumentFacts.Of(document.Metadata) with { Sources = document.Sources },
                DepositedBy = document.Responsible?.Person,
                DepositedByName = document.Responsible?.Name,
                DepositedThrough = permit.Caller.System,
                Institution = permit.Facts.Actor.Institution?.Id,
                InstitutionName = permit.Facts.Actor.Institution?.Name,
                FromHolder = permit.Caller.Kind == CallerKind.Person,
                AddedAt = plan.At,
                Submission = plan.Submission,
                Content = document.Content,
                ContentSalt = content.Salt,
                Inline = content.Inline,
                PatientConfirmed = document.Provided.PatientConfirmed,
            };
            var state = new DocumentState(DocumentStatus.Current, plan.At);
            batch.Add(DocumentRow.Insert(permit.Key, document.Id, entry, document.Metadata, state, document.Provided.Fhir));
            if (provided.Simplified)
                document.Kept = new StoredDocument { Id = document.Id, Record = permit.Record, Content = document.Content, Entry = entry, State = state, Version = 1, Fhir = document.Provided.Fhir, MetadataFrom = new(document.Metadata) };
            FactRow.Add(facts, permit.Key, document.Id, document.Reading.Value);
            if (document.Reading.Value.FindingsWith(document.Differences) is { Count: > 0 } findings) batch.Add(ReportRow.Put(keys, permit.Record, document.Id, entry, document.Metadata.UniqueId, findings));
            if (document.Reading.Value.Waits) WaitingReadings.Add(waiting, permit.Record, document.Id, plan.At);
            foreach (var replaced in document.Replaced)
                batch.Add(DocumentRow.ChangeState(permit.Key, replaced, new DocumentState(DocumentStatus.Superseded, plan.At, document.Id, By: permit.Entry.Person)));
            objects.Add(document.Id, permit.Record, "document");
            names.Add(UniqueToken(permit, document.Metadata.UniqueId, shared), permit.Record, document.Id);
        }
        var submission = provided.Submission with { Id = plan.Submission, SubmittedAt = plan.At, Documents = [.. plan.Documents.Select(d => d.Id)] };
        batch.Add("INSERT INTO submission_sets (record_id, submission_id, added_at, sealed) VALUES (@record, @submission, @at, @sealed)",
            ("record", permit.Record), ("submission", plan.Submission), ("at", plan.At),
            ("sealed", permit.Key.Seal("submission_sets", plan.Submission.Value, "submission", 0, JsonSerializer.SerializeToUtf8Bytes(submission, DocumentJson.Default.Submission))));
        objects.Add(plan.Submission, permit.Record, "submission");
        names.Add(UniqueToken(permit, submission.UniqueId, shared), permit.Record, plan.Submission);
        foreach (var folder in plan.Folders)
        {
            batch.Add(folder.From is { } from ? StoredFolder.Change(permit.Key, from, folder.Next) : StoredFolder.Insert(permit.Key, folder.Next));
            if (folder.From is not null) continue;
            objects.Add(folder.Next.Id, permit.Record, "folder");
            names.Add(UniqueToken(permit, folder.Next.UniqueId, shared), permit.Record, folder.Next.Id);
        }
        objects.AddTo(batch);
        names.AddTo(batch);
        facts.AddTo(batch);
        waiting.AddTo(batch);
        return batch;
    }

    /// <summary>Unique within the record; where the shared token is taken by something hidden, one of the depositor's own.</summary>
    private byte[] UniqueToken(Permit permit, string uniqueId, bool shared) => shared
        ? keys.Token("unique-id", permit.Record.ToString(), uniqueId)
        : keys.Token("unique-id-own", permit.Record.ToString(), uniqueId, permit.Caller.System?.ToString() ?? permit.Caller.Person?.ToString() ?? "");

    /// <summary>
    /// The ids were there before. The same submission again gets the first answer; other content is a conflict. Null where
    /// what was there is nothing this caller may see.
    /// </summary>
    private async Task<Outcome<Deposited>?> AnswerKnownAsync(Permit permit, ProvidedSubmission provided, Plan? plan, CancellationToken cancel)
    {
        string[] asked = [.. provided.Documents.Select(d => d.Metadata.UniqueId), .. provided.Folders.Select(f => f.Folder.UniqueId), provided.Submission.UniqueId];
        var found = await database.QueryAsync(
            row => (Token: row.Bytes(0), Object: row.Guid(1)),
            $"SELECT token, object_id FROM unique_ids WHERE token IN ({string.Join(", ", asked.Select((_, i) => "@t" + i))})", cancel,
            [.. asked.Select((name, i) => ("t" + i, (object?)UniqueToken(permit, name, shared: true)))]);
        Guid? ObjectOf(string name) => UniqueToken(permit, name, shared: true) is var token ? found.Where(f => f.Token.AsSpan().SequenceEqual(token)).Select(f => (Guid?)f.Object).FirstOrDefault() : null;
        var submissionObject = ObjectOf(provided.Submission.UniqueId);
        var documents = new List<StoredDocument>();
        foreach (var document in provided.Documents)
        {
            if (ObjectOf(document.Metadata.UniqueId) is not { } id) continue;
            var stored = await known.LoadAsync(permit, new DocumentId(id), cancel, withFhir: provided.Simplified);
            if (stored is null || !permit.Visible(DocumentRow.Facts(stored))) return null;
            if (!stored.Metadata.Sha256.AsSpan().SequenceEqual(document.Metadata.Sha256)) return Refusals.UniqueIdTaken;
            documents.Add(stored);
        }
        if (documents.Count == 0 && submissionObject is null && provided.Folders.Select(f => ObjectOf(f.Folder.UniqueId)).OfType<Guid>().ToList() is { Count: > 0 } taken)
        {
            if (!await folders.AnyVisibleAsync(permit, taken, cancel)) return null;
            return Refusals.SubmissionTaken.Because("This folder id is already registered.");
        }
        if (documents.Count != provided.Documents.Count) return submissionObject is null ? Refusals.UniqueIdTaken : Refusals.SubmissionTaken;
        if (submissionObject is not null && documents.Any(d => d.Entry.Submission.Value != submissionObject)) return Refusals.SubmissionTaken;
        var kept = provided.Folders.Select(f => f.Known?.Value ?? ObjectOf(f.Folder.UniqueId)).ToList();
        if (kept.Contains(null)) return Refusals.SubmissionTaken;
        permit.Entry = permit.Entry with { Documents = [.. documents.Select(d => d.Id)], Submission = documents[0].Entry.Submission, Detail = provided.Simplified ? Simplified + " repeated" : "repeated" };
        await permit.SpendAsync(new Batch(), cancel);
        return new Deposited(permit.Record, documents[0].Entry.Submission, documents[0].AddedAt, [.. documents.Select((d, i) => new DepositedDocument(d.Id, d.Content, d.Version, plan?.Documents[i].Differences, provided.Simplified ? d : null))], Repeated: true)
        {
            Folders = [.. kept.Select(f => new FolderId(f!.Value))],
        };
    }

    private static IReadOnlyList<string> RegisterIdsOf(DocumentMetadata metadata) =>
        [.. metadata.Authors.Append(metadata.Authenticator).OfType<Author>().SelectMany(a => a.Identifiers).Where(i => ProfessionalRegister.Systems.Contains(i.System)).Select(i => i.Value).Distinct(StringComparer.Ordinal)];
}
