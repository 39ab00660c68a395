using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>Something of a deposited document that its source could do better, or must look at. Never a word of the document.</summary>
/// <param name="Id">A stable id (docs/connect/quality.md).</param>
/// <param name="Count">How often; 1 where it is about the whole document.</param>
/// <param name="Parts">Which parts differ, for <see cref="DepositFindings.WrongPatient"/>.</param>
public sealed record DepositFinding(string Id, int Count = 1, IReadOnlyList<string>? Parts = null);

/// <summary>Ids of findings.</summary>
public static class DepositFindings
{
    /// <summary>Name, number or birth date in the document differ from the record's person.</summary>
    public const string WrongPatient = "possible-wrong-patient";
    public const string MissingCode = "missing-code";
    public const string SectionWithoutCode = "section-without-code";
    public const string SectionNotRead = "section-not-read";
    public const string NotReadable = "not-readable";
    public const string TooManyEntries = "too-many-entries";

    /// <summary>Followed by the id of the problem with its text.</summary>
    public const string Text = "text-";
}

/// <summary>Sources whose deposit is refused where the document names another patient; all others get a warning. None by default.</summary>
/// <param name="RefuseWrongPatient">Ids of systems and of institutions.</param>
public sealed record DepositRules(IReadOnlySet<Guid> RefuseWrongPatient)
{
    public static DepositRules Usual { get; } = new(new HashSet<Guid>());
}

/// <summary>What is kept of a document for its depositor, sealed.</summary>
internal sealed record SealedReport(string UniqueId, IReadOnlyList<DepositFinding> Findings);

/// <summary>
/// The rows of <c>deposit_reports</c>: one for a document with findings, none for one without. Its source and day are in clear,
/// so that a source's list is found; what was found is sealed under the installation's own key.
/// </summary>
internal static class ReportRow
{
    private const string Table = "deposit_reports";

    public static Statement Put(ServiceKeys keys, StoredDocument document, IReadOnlyList<DepositFinding> findings) =>
        Put(keys, document.Record, document.Id, document.Entry, document.Metadata.UniqueId, findings);

    /// <summary>
    /// Takes the place of what was found before; nothing found leaves nothing, and a document that was withdrawn meanwhile gets
    /// none. The document's own row stands before it, in the same commit too.
    /// </summary>
    public static Statement Put(ServiceKeys keys, RecordId record, DocumentId document, DocumentEntry entry, string uniqueId, IReadOnlyList<DepositFinding> findings) =>
        findings.Count == 0 || SourceOf(entry) is not { } source
            ? Remove(record, document)
            : new Statement(
                """
                INSERT INTO deposit_reports (record_id, document_id, source_id, added_at, sealed)
                SELECT d.record_id, d.document_id, @source, @added, @sealed FROM documents d WHERE d.record_id = @record AND d.document_id = @document AND d.status <> 'withdrawn'
                ON CONFLICT (record_id, document_id) DO UPDATE SET sealed = @sealed
                """,
                [
                    ("record", record), ("document", document), ("source", source), ("added", entry.AddedAt),
                    ("sealed", keys.SealIdentity(Table, document.Value, 0, JsonSerializer.SerializeToUtf8Bytes(new SealedReport(uniqueId, findings), ReportJson.Default.SealedReport))),
                ]);

    public static Statement Remove(RecordId record, DocumentId document) =>
        new("DELETE FROM deposit_reports WHERE record_id = @record AND document_id = @document", [("record", record), ("document", document)]);

    public static SealedReport Open(ServiceKeys keys, DocumentId document, byte[] bytes) =>
        JsonSerializer.Deserialize(keys.OpenIdentity(Table, document.Value, 0, bytes), ReportJson.Default.SealedReport)!;

    /// <summary>What is kept of a document now; empty where nothing is.</summary>
    public static async Task<IReadOnlyList<DepositFinding>> FindingsAsync(Database database, ServiceKeys keys, RecordId record, DocumentId document, CancellationToken cancel) =>
        await database.QueryAsync(row => row.Bytes(0), "SELECT sealed FROM deposit_reports WHERE record_id = @record AND document_id = @document", cancel, ("record", record), ("document", document)) is [var bytes]
            ? Open(keys, document, bytes).Findings : [];

    /// <summary>Whose report it is: the system's that sent it, else the person's. What the holder uploads has no source to improve.</summary>
    private static Guid? SourceOf(DocumentEntry entry) => entry.FromHolder ? null : entry.DepositedThrough?.Value ?? entry.DepositedBy?.Value;
}

/// <summary>A line of a source's report: which of its own documents, and what was found.</summary>
/// <param name="UniqueId">The source's own id of the document.</param>
public sealed record DepositReportLine(DocumentId Document, RecordId Record, string UniqueId, DateTimeOffset DepositedAt, IReadOnlyList<DepositFinding> Findings);

/// <summary>A page, oldest first.</summary>
/// <param name="Next">Continue after this document; null on the last page.</param>
public sealed record DepositReportPage(IReadOnlyList<DepositReportLine> Lines, Guid? Next);

/// <summary>
/// What a source's own deposits could do better. Only what the caller itself deposited is in it, and nothing of any document
/// but its ids: no permit to a record is needed, and none is given.
/// </summary>
public sealed class ReadDepositReports(CallerGate gate, Database database, ServiceKeys keys, JournalWriter journal) : IOperation
{
    public const int Most = 200;

    /// <param name="after">The last document of the page before.</param>
    /// <param name="count">1 to <see cref="Most"/>.</param>
    /// <returns><see cref="Refusals.RoleMayNot"/> for whoever deposits for nobody but themselves.</returns>
    public async Task<Outcome<DepositReportPage>> RunAsync(Caller caller, DateTimeOffset? from, Guid? after, int count, CancellationToken cancel)
    {
        if (count is < 1 or > Most) return Refusals.ParameterInvalid.At("count");
        var action = caller.Kind == CallerKind.System ? AccessAction.RegisterContext : AccessAction.Search;
        var entered = await gate.EnterAsync(caller, action, JournalActions.ReadReports, cancel);
        if (entered.Refusal is { } refusal) return refusal;
        var source = caller.Kind switch { CallerKind.System => caller.System?.Value, CallerKind.Professional => caller.Person?.Value, _ => null };
        var effect = new Batch();
        journal.Add(effect, source is null ? entered.Entry with { Permitted = false, Rule = Refusals.RoleMayNot.Id } : entered.Entry, null);
        var rows = source is null ? null : effect.Query(
            row => (Record: new RecordId(row.Guid(0)), Document: new DocumentId(row.Guid(1)), At: row.Instant(2), Sealed: row.Bytes(3)),
            """
            SELECT record_id, document_id, added_at, sealed FROM deposit_reports
            WHERE  source_id = @source AND added_at >= @from AND document_id > @after
            ORDER  BY document_id LIMIT @count
            """, ("source", source), ("from", from ?? DateTimeOffset.UnixEpoch), ("after", after ?? Guid.Empty), ("count", (long)count + 1));
        await database.CommitAsync(effect, cancel);
        if (rows is null) return Refusals.RoleMayNot;
        var lines = rows.Rows.Take(count).Select(r => (r, Report: ReportRow.Open(keys, r.Document, r.Sealed)))
            .Select(x => new DepositReportLine(x.r.Document, x.r.Record, x.Report.UniqueId, x.r.At, x.Report.Findings)).ToList();
        return new DepositReportPage(lines, rows.Rows.Count > count ? lines[^1].Document.Value : null);
    }
}

/// <summary>How many documents of one source have a finding.</summary>
public sealed record SourceFindings(Guid Source, string? Name, string Finding, int Documents);

/// <summary>The installation's findings by source, for whoever runs it: numbers, no person and no document.</summary>
public sealed class CountDepositReports(Database database, ServiceKeys keys) : IOperation
{
    private const int Page = 1000;

    public async Task<IReadOnlyList<SourceFindings>> RunAsync(DateTimeOffset from, CancellationToken cancel)
    {
        var counted = new Dictionary<(Guid, string), int>();
        for (var after = Guid.Empty; ;)
        {
            var rows = await database.QueryAsync(row => (Source: row.Guid(0), Document: new DocumentId(row.Guid(1)), Sealed: row.Bytes(2)),
                "SELECT source_id, document_id, sealed FROM deposit_reports WHERE document_id > @after AND added_at >= @from ORDER BY document_id LIMIT @page", cancel,
                ("after", after), ("from", from), ("page", (long)Page));
            foreach (var row in rows)
            {
                foreach (var finding in ReportRow.Open(keys, row.Document, row.Sealed).Findings.DistinctBy(f => f.Id))
                    counted[(row.Source, finding.Id)] = counted.GetValueOrDefault((row.Source, finding.Id)) + 1;
                after = row.Document.Value;
            }
            if (rows.Count < Page) break;
        }
        var names = (await database.QueryAsync(row => (Id: row.Guid(0), Name: row.Text(1)), "SELECT system_id, name FROM systems", cancel)).ToDictionary(n => n.Id, n => n.Name);
        return [.. counted.Select(c => new SourceFindings(c.Key.Item1, names.GetValueOrDefault(c.Key.Item1), c.Key.Item2, c.Value)).OrderByDescending(c => c.Finding == DepositFindings.WrongPatient).ThenBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Source).ThenBy(c => c.Finding, StringComparer.Ordinal)];
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SealedReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
