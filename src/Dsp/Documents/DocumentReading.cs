using Dsp.Access;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>What the rules read in a document's bytes; its parts are the platform's clinical folder's to understand.</summary>
/// <param name="Rules">The version of the rules that read it; <c>dsp reindex</c> reads again what older rules have read.</param>
/// <param name="Facts">A sheet of facts.</param>
/// <param name="Terms">The words it can be found by.</param>
/// <param name="Text">Its text for readers, from which a hit shows a part.</param>
public sealed record DocumentReading(int Rules, byte[] Facts, byte[] Terms, byte[] Text);

/// <summary>Reads documents of every format that is understood. Never throws on content: what cannot be read gives an empty sheet that says why.</summary>
public interface IContentReader
{
    /// <summary>The version of the rules; grows when they find more, or something else.</summary>
    int Rules { get; }

    DocumentReading Read(DocumentMetadata metadata, ReadOnlyMemory<byte> content);
}

/// <summary>
/// A row of <c>document_facts</c>: one for every document, so that its presence says nothing. Sealed under the record's key,
/// bound to record, document, field and rules.
/// </summary>
internal static class FactRow
{
    private const string Table = "document_facts";

    public static ManyRows Rows() => new(Table, ["record_id", "document_id", "rules", "sealed_facts", "sealed_terms", "sealed_text"]);

    public static void Add(ManyRows rows, RecordKey key, DocumentId document, DocumentReading reading) =>
        rows.Add(key.Record, document, (long)reading.Rules, Seal(key, document, "facts", reading.Rules, reading.Facts), Seal(key, document, "terms", reading.Rules, reading.Terms), Seal(key, document, "text", reading.Rules, reading.Text));

    /// <summary>Takes the place of what older rules have read; a document that is gone gets none.</summary>
    public static Statement Replace(RecordKey key, DocumentId document, DocumentReading reading) => new(
        """
        INSERT INTO document_facts (record_id, document_id, rules, sealed_facts, sealed_terms, sealed_text)
        SELECT d.record_id, d.document_id, @rules, @facts, @terms, @text FROM documents d WHERE d.record_id = @record AND d.document_id = @document
        ON CONFLICT (record_id, document_id) DO UPDATE SET rules = @rules, sealed_facts = @facts, sealed_terms = @terms, sealed_text = @text
        """,
        [
            ("record", key.Record), ("document", document), ("rules", (long)reading.Rules), ("facts", Seal(key, document, "facts", reading.Rules, reading.Facts)),
            ("terms", Seal(key, document, "terms", reading.Rules, reading.Terms)), ("text", Seal(key, document, "text", reading.Rules, reading.Text)),
        ]);

    public static byte[] Open(RecordKey key, DocumentId document, string field, long rules, ReadOnlySpan<byte> bytes) => key.Open(Table, document.Value, field, rules, bytes);

    private static byte[] Seal(RecordKey key, DocumentId document, string field, int rules, ReadOnlySpan<byte> plain) => key.Seal(Table, document.Value, field, rules, plain);
}
