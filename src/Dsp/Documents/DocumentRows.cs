using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>
/// A row of <c>documents</c> as it stands, and the way it opens. The clear columns are conveniences for SQL: a row whose
/// clear columns do not agree with what is sealed does not exist, and raises an alarm.
/// </summary>
internal sealed record DocumentRow(
    DocumentId Id, SubmissionId Submission, ContentId Content, string Status, string Category, long AddedAt, long? DocumentAt, long Size, long Version,
    byte[] SealedEntry, byte[] SealedState, byte[]? SealedFhir)
{
    private const string Clear = "d.document_id, d.submission_id, d.content_id, d.status, d.category, d.added_at, d.document_at, d.size, d.version, d.sealed_entry, d.sealed_state";
    public const string Columns = Clear + ", d.sealed_fhir";

    /// <summary>The same columns without the canonical bytes.</summary>
    public const string MetadataColumns = Clear + ", NULL";

    public static DocumentRow Read(Row row) =>
        new(new(row.Guid(0)), new(row.Guid(1)), new(row.Guid(2)), row.Text(3), row.Text(4), row.Long(5), row.LongOrNull(6), row.Long(7), row.Long(8), row.Bytes(9), row.Bytes(10), row.BytesOrNull(11));

    /// <returns>Null where the row is not what was sealed, or its document is quarantined.</returns>
    public StoredDocument? Open(RecordKey key, AccessSheet sheet, Alarms alarms, DateTimeOffset now)
    {
        if (sheet.Quarantined.Contains(Id)) return null;
        try
        {
            var (entry, metadata) = OpenEntry(key.Open("documents", Id.Value, "entry", 0, SealedEntry));
            var state = JsonSerializer.Deserialize(key.Open("documents", Id.Value, "state", Version, SealedState), DocumentJson.Default.DocumentState)!;
            var fhir = SealedFhir is null ? default : new ReadOnlyMemory<byte>(key.Open("documents", Id.Value, "fhir", 0, SealedFhir));
            if (Agrees(entry, state))
                return new StoredDocument { Id = Id, Record = key.Record, Content = Content, Entry = entry, MetadataFrom = metadata, State = state, Version = Version, Fhir = fhir };
        }
        catch (Exception e) when (e is SealBrokenException or JsonException)
        {
            // Told below.
        }
        alarms.Raise("document-row-does-not-open", Id, now);
        return null;
    }

    private bool Agrees(DocumentEntry entry, DocumentState state) =>
        Status == StatusText(state.Status)
        && Category == entry.Facts.Category.ToString()
        && AddedAt == Instants.ToMicroseconds(entry.AddedAt)
        && Submission == entry.Submission
        && Content == entry.Content
        && Size == entry.Facts.Size
        && DocumentAt == Microseconds(entry.Facts.At);

    /// <summary>The plain text of the sealed entry: length of the entry's JSON (4 bytes, big-endian) ‖ that JSON ‖ the metadata's JSON.</summary>
    private static byte[] PlainEntry(DocumentEntry entry, DocumentMetadata metadata)
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(entry, DocumentJson.Default.DocumentEntry);
        var rest = JsonSerializer.SerializeToUtf8Bytes(metadata, DocumentJson.Default.DocumentMetadata);
        var plain = new byte[4 + head.Length + rest.Length];
        BinaryPrimitives.WriteInt32BigEndian(plain, head.Length);
        head.CopyTo(plain, 4);
        rest.CopyTo(plain, 4 + head.Length);
        return plain;
    }

    private static (DocumentEntry Entry, Lazy<DocumentMetadata> Metadata) OpenEntry(byte[] plain)
    {
        var split = 4 + BinaryPrimitives.ReadInt32BigEndian(plain);
        return (JsonSerializer.Deserialize(plain.AsSpan(4..split), DocumentJson.Default.DocumentEntry)!,
            new Lazy<DocumentMetadata>(() => JsonSerializer.Deserialize(plain.AsSpan(split), DocumentJson.Default.DocumentMetadata)!));
    }

    public static string StatusText(DocumentStatus status) => status switch
    {
        DocumentStatus.Current => "current",
        DocumentStatus.Superseded => "superseded",
        _ => "withdrawn",
    };

    private static long? Microseconds(DateTimeOffset? at) => at is { } known ? Instants.ToMicroseconds(known) : null;

    public static Statement Insert(RecordKey key, DocumentId id, DocumentEntry entry, DocumentMetadata metadata, DocumentState state, ReadOnlySpan<byte> fhir) => new(
        """
        INSERT INTO documents (record_id, document_id, submission_id, content_id, status, category, added_at, document_at, size, version, sealed_entry, sealed_fhir, sealed_state)
        VALUES (@record, @document, @submission, @content, @status, @category, @added, @at, @size, 1, @entry, @fhir, @state)
        """,
        [
            ("record", key.Record), ("document", id), ("submission", entry.Submission), ("content", entry.Content),
            ("status", StatusText(state.Status)), ("category", entry.Facts.Category.ToString()), ("added", entry.AddedAt),
            ("at", Microseconds(entry.Facts.At)), ("size", entry.Facts.Size),
            ("entry", key.Seal("documents", id.Value, "entry", 0, PlainEntry(entry, metadata))),
            ("fhir", key.Seal("documents", id.Value, "fhir", 0, fhir)),
            ("state", SealState(key, id, 1, state)),
        ]);

    /// <summary>The next state of a document, from exactly this version; another version undoes the batch.</summary>
    public static Statement ChangeState(RecordKey key, StoredDocument document, DocumentState next) => new(
        """
        UPDATE documents SET status = @status, version = @next, sealed_state = @state
        WHERE  record_id = @record AND document_id = @document AND version = @version
        """,
        [
            ("status", StatusText(next.Status)), ("next", document.Version + 1), ("state", SealState(key, document.Id, document.Version + 1, next)),
            ("record", key.Record), ("document", document.Id), ("version", document.Version),
        ])
    { Changes = 1 };

    private static byte[] SealState(RecordKey key, DocumentId id, long version, DocumentState state) =>
        key.Seal("documents", id.Value, "state", version, JsonSerializer.SerializeToUtf8Bytes(state, DocumentJson.Default.DocumentState));

    /// <summary>What the access rules know of a document.</summary>
    public static ItemFacts Facts(StoredDocument document) => Facts(document.Id, document.Entry);

    public static ItemFacts Facts(DocumentId id, DocumentEntry entry) =>
        new(id, entry.Facts.Category, entry.DepositedBy, entry.DepositedThrough, entry.Facts.MinorConfidential, entry.Facts.PatientRequest, entry.Facts.Order, entry.Facts.At) { Sources = entry.Facts.Sources };
}

/// <summary>A document as the item of a decision: its row travels in the gate's one round trip.</summary>
/// <param name="withFhir">The canonical bytes are asked for too.</param>
internal sealed class DocumentItem(DocumentId document, Alarms alarms, TimeProvider clock, bool withFhir = false) : IItemQuery
{
    private const string InRecord = " FROM documents d WHERE d.record_id = @record AND d.document_id = @document";
    private const string ByObject = " FROM object_ids o JOIN documents d ON d.record_id = o.record_id AND d.document_id = o.object_id WHERE o.object_id = @document";

    /// <summary>The opened document, once the gate has answered; null where there is none.</summary>
    public StoredDocument? Document { get; private set; }

    public IOpenItem Query(Batch batch, RecordRef record) => new Opened(this, record is RecordRef.ById byId
        ? batch.Query(DocumentRow.Read, withFhir ? "SELECT " + DocumentRow.Columns + InRecord : "SELECT " + DocumentRow.MetadataColumns + InRecord, ("record", byId.Id), ("document", document))
        : batch.Query(DocumentRow.Read, withFhir ? "SELECT " + DocumentRow.Columns + ByObject : "SELECT " + DocumentRow.MetadataColumns + ByObject, ("document", document)));

    private sealed class Opened(DocumentItem item, Slot<DocumentRow> slot) : IOpenItem
    {
        public ItemFacts? Open(RecordKey key, AccessSheet sheet)
        {
            item.Document = slot.First?.Open(key, sheet, item.Alarms, item.Clock.GetUtcNow());
            return item.Document is null ? null : DocumentRow.Facts(item.Document);
        }
    }

    private Alarms Alarms { get; } = alarms;
    private TimeProvider Clock { get; } = clock;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true,
    Converters = [typeof(IdJson.Record), typeof(IdJson.Person), typeof(IdJson.Institution), typeof(IdJson.System), typeof(IdJson.Document), typeof(IdJson.Content), typeof(IdJson.Submission), typeof(IdJson.Folder)])]
[JsonSerializable(typeof(DocumentEntry))]
[JsonSerializable(typeof(DocumentMetadata))]
[JsonSerializable(typeof(DocumentState))]
[JsonSerializable(typeof(Submission))]
[JsonSerializable(typeof(Folder))]
internal sealed partial class DocumentJson : JsonSerializerContext;
