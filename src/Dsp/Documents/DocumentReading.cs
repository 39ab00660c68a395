using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>What the rules read in a document's bytes; its parts are the platform's clinical folder's to understand.</summary>
/// <param name="Rules">The version of the rules that read it; <c>dsp reindex</c> reads again what older rules have read.</param>
/// <param name="Facts">A sheet of facts.</param>
/// <param name="Terms">The words it can be found by.</param>
/// <param name="Text">Its text for readers, from which a hit shows a part.</param>
public sealed record DocumentReading(int Rules, byte[] Facts, byte[] Terms, byte[] Text)
{
    /// <summary>Something in it costs more than a deposit may cost (PDF, pictures): it waits for <see cref="IContentReader.ReadWholeAsync"/>.</summary>
    public bool Waits { get; init; }

    /// <summary>Whom the document says it is about; null where it does not say so in a form that can be compared.</summary>
    public PatientClaim? Patient { get; init; }

    /// <summary>What its source could do better, the patient apart.</summary>
    public IReadOnlyList<DepositFinding> Findings { get; init; } = [];

    /// <summary>The findings, with the patient where that was found to differ.</summary>
    internal IReadOnlyList<DepositFinding> FindingsWith(IReadOnlyList<string> differences) =>
        differences.Count == 0 ? Findings : [new DepositFinding(DepositFindings.WrongPatient, 1, differences), .. Findings];

    /// <summary>The reading ended for a reason that may be this machine's: worth another try, some times.</summary>
    public bool Again { get; init; }
}

/// <summary>Reads documents of every format that is understood. Never throws on content: what cannot be read gives an empty sheet that says why.</summary>
public interface IContentReader
{
    /// <summary>The version of the rules; grows when they find more, or something else.</summary>
    int Rules { get; }

    /// <summary>Reads at deposit what is read in a millisecond.</summary>
    DocumentReading Read(DocumentMetadata metadata, ReadOnlyMemory<byte> content);

    /// <summary>Whom a document says it is about, for asking before it is kept; within seconds, null where that is not known by then.</summary>
    Task<PatientClaim?> WhoAsync(DocumentMetadata metadata, ReadOnlyMemory<byte> content, CancellationToken cancel) => Task.FromResult(Read(metadata, content).Patient);

    /// <summary>What stands in the place of a reading that was given up: all that was read before, and why there is no more. Opens no content.</summary>
    /// <param name="kept">What was read at the deposit.</param>
    DocumentReading GiveUp(DocumentReading kept);

    /// <summary>Reads everything, in a process of its own where that is needed; may take minutes.</summary>
    Task<DocumentReading> ReadWholeAsync(DocumentMetadata metadata, ReadOnlyMemory<byte> content, CancellationToken cancel) => Task.FromResult(Read(metadata, content));
}

/// <summary>
/// A row of <c>document_facts</c>: one for every document, so that its presence says nothing. Sealed under the record's key,
/// bound to record, document, field and rules.
/// </summary>
internal static class FactRow
{
    private const string Table = "document_facts";

    public static ManyRows Rows() => new(Table, ["record_id", "document_id", "rules", "sealed_terms", "sealed_facts", "sealed_text"]);

    public static void Add(ManyRows rows, RecordKey key, DocumentId document, DocumentReading reading) =>
        rows.Add(key.Record, document, (long)reading.Rules, Seal(key, document, "terms", reading.Rules, reading.Terms), Seal(key, document, "facts", reading.Rules, reading.Facts), Seal(key, document, "text", reading.Rules, reading.Text));

    /// <summary>Takes the place of what older rules have read; a document that was withdrawn meanwhile gets none.</summary>
    public static Statement Replace(RecordKey key, DocumentId document, DocumentReading reading) => new(
        """
        INSERT INTO document_facts (record_id, document_id, rules, sealed_facts, sealed_terms, sealed_text)
        SELECT d.record_id, d.document_id, @rules, @facts, @terms, @text FROM documents d WHERE d.record_id = @record AND d.document_id = @document AND d.status <> 'withdrawn'
        ON CONFLICT (record_id, document_id) DO UPDATE SET rules = @rules, sealed_facts = @facts, sealed_terms = @terms, sealed_text = @text
        """,
        [
            ("record", key.Record), ("document", document), ("rules", (long)reading.Rules), ("facts", Seal(key, document, "facts", reading.Rules, reading.Facts)),
            ("terms", Seal(key, document, "terms", reading.Rules, reading.Terms)), ("text", Seal(key, document, "text", reading.Rules, reading.Text)),
        ]);

    /// <summary>All that was read in a document; null where there is no row.</summary>
    public static async Task<DocumentReading?> OfAsync(Database database, RecordKey key, DocumentId document, CancellationToken cancel) =>
        await database.QueryAsync(row => (Rules: row.Long(0), Facts: row.Bytes(1), Terms: row.Bytes(2), Text: row.Bytes(3)),
            "SELECT rules, sealed_facts, sealed_terms, sealed_text FROM document_facts WHERE record_id = @record AND document_id = @document", cancel, ("record", key.Record), ("document", document)) is [var row]
            ? new DocumentReading((int)row.Rules, Open(key, document, "facts", row.Rules, row.Facts), Open(key, document, "terms", row.Rules, row.Terms), Open(key, document, "text", row.Rules, row.Text)) : null;

    public static byte[] Open(RecordKey key, DocumentId document, string field, long rules, ReadOnlySpan<byte> bytes) => key.Open(Table, document.Value, field, rules, bytes);

    private static byte[] Seal(RecordKey key, DocumentId document, string field, int rules, ReadOnlySpan<byte> plain) => key.Seal(Table, document.Value, field, rules, plain);
}

/// <summary>A part of what was read in a document that this caller may see, opened.</summary>
/// <param name="Bytes">Empty where nothing was read yet, or the row does not open: then nothing is known, which is never "none".</param>
/// <param name="Rules">The version of the rules; 0 where nothing was read.</param>
public sealed record VisibleReading(StoredDocument Document, int Rules, byte[] Bytes);

/// <summary>What was read in one document, opened.</summary>
public sealed record OpenedReading(byte[] Facts, byte[] Text);

/// <summary>Which part of the readings is asked for; each is sealed by itself.</summary>
public enum ReadingPart { Facts, Terms, Text }

/// <summary>The one source of facts, words and texts: the rows of one record, passed through the permit.</summary>
internal static class VisibleReadings
{
    private const string From = " FROM documents d LEFT JOIN document_facts f ON f.record_id = d.record_id AND f.document_id = d.document_id WHERE d.record_id = @record AND d.status = 'current' ORDER BY d.added_at DESC, d.document_id DESC";
    private const string WithFacts = "SELECT " + DocumentRow.MetadataColumns + ", f.rules, f.sealed_facts" + From;
    private const string WithTerms = "SELECT " + DocumentRow.MetadataColumns + ", f.rules, f.sealed_terms" + From;
    private const string One = " FROM documents d LEFT JOIN document_facts f ON f.record_id = d.record_id AND f.document_id = d.document_id WHERE d.record_id = @record AND d.document_id = @document AND d.status = 'current'";
    private const string OneText = "SELECT " + DocumentRow.MetadataColumns + ", f.rules, f.sealed_text" + One;
    private const string OneFacts = "SELECT " + DocumentRow.MetadataColumns + ", f.rules, f.sealed_facts" + One;

    /// <summary>
    /// The current documents of the record that this caller may see, newest first, with one part of what was read in them. What
    /// is replaced, withdrawn, masked, quarantined or of a category that is not readable is not there. The caller's entry is
    /// still owed: nothing of this leaves before the permit is spent.
    /// </summary>
    public static async Task<IReadOnlyList<VisibleReading>> LoadAsync(Permit permit, Database database, Alarms alarms, ReadingPart part, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(Read, part == ReadingPart.Facts ? WithFacts : WithTerms, cancel, ("record", permit.Record));
        var field = part == ReadingPart.Facts ? "facts" : "terms";
        var opened = new VisibleReading?[rows.Count];
        // Opening is pure and most of the time of a long record: on every core, so that an emergency waits for none of it twice.
        if (rows.Count < Alone) for (var i = 0; i < opened.Length; i++) opened[i] = Open(permit, alarms, rows[i], field);
        else Parallel.For(0, opened.Length, new ParallelOptions { CancellationToken = cancel }, i => opened[i] = Open(permit, alarms, rows[i], field));
        return [.. opened.OfType<VisibleReading>()];
    }

    /// <summary>So few rows are opened by one.</summary>
    public const int Alone = 200;

    /// <summary>Facts and text of a document the caller has already been let in to; null where nothing was read or the row does not open.</summary>
    public static async Task<OpenedReading?> OfAsync(Permit permit, Database database, Alarms alarms, DocumentId document, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(row => (Rules: row.Long(0), Facts: row.Bytes(1), Text: row.Bytes(2)),
            "SELECT rules, sealed_facts, sealed_text FROM document_facts WHERE record_id = @record AND document_id = @document", cancel, ("record", permit.Record), ("document", document));
        if (rows.Count == 0) return null;
        try
        {
            return new OpenedReading(FactRow.Open(permit.Key, document, "facts", rows[0].Rules, rows[0].Facts), FactRow.Open(permit.Key, document, "text", rows[0].Rules, rows[0].Text));
        }
        catch (SealBrokenException)
        {
            alarms.Raise("facts-do-not-open", document, permit.Now);
            return null;
        }
    }

    /// <summary>The texts of some documents, for showing where a word stands; those not visible are left out.</summary>
    public static async Task<IReadOnlyList<VisibleReading>> TextsAsync(Permit permit, Database database, Alarms alarms, IEnumerable<DocumentId> documents, CancellationToken cancel)
    {
        var batch = new Batch();
        var slots = documents.Select(d => batch.Query(Read, OneText, ("record", permit.Record), ("document", d))).ToList();
        await database.ReadAsync(batch, cancel);
        return [.. slots.SelectMany(s => s.Rows).Select(row => Open(permit, alarms, row, "text")).OfType<VisibleReading>()];
    }

    /// <summary>The facts of one document; null where it is not current or not visible.</summary>
    public static async Task<VisibleReading?> FactsAsync(Permit permit, Database database, Alarms alarms, DocumentId document, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(Read, OneFacts, cancel, ("record", permit.Record), ("document", document));
        return rows.Count == 0 ? null : Open(permit, alarms, rows[0], "facts");
    }

    private static (DocumentRow Document, long? Rules, byte[]? Sealed) Read(Row row) => (DocumentRow.Read(row), row.LongOrNull(12), row.BytesOrNull(13));

    private static VisibleReading? Open(Permit permit, Alarms alarms, (DocumentRow Document, long? Rules, byte[]? Sealed) row, string field)
    {
        if (row.Document.Open(permit.Key, permit.Sheet, alarms, permit.Now) is not { State.Status: DocumentStatus.Current } document) return null;
        if (!permit.Visible(DocumentRow.Facts(document))) return null;
        if (row is not { Rules: { } rules, Sealed: { } bytes }) return new VisibleReading(document, 0, []);
        try
        {
            return new VisibleReading(document, (int)rules, FactRow.Open(permit.Key, document.Id, field, rules, bytes));
        }
        catch (SealBrokenException)
        {
            alarms.Raise("facts-do-not-open", document.Id, permit.Now);
            return new VisibleReading(document, 0, []);
        }
    }

    /// <summary>May this caller see something of that category in this document? The document itself was asked before.</summary>
    public static bool Visible(Permit permit, StoredDocument document, Codes.DataCategory category) =>
        category == document.Entry.Facts.Category || permit.Visible(DocumentRow.Facts(document) with { Category = category });
}
