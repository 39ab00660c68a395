using Dsp.Access;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>Documents as the items that acts on access and the filtered history speak of.</summary>
public sealed class DocumentItems(Alarms alarms, TimeProvider clock) : IItemSource
{
    public IItemQuery One(DocumentId document) => new DocumentItem(document, alarms, clock);

    public IOpenItems Many(Batch batch, RecordId record, IReadOnlyCollection<DocumentId> documents)
    {
        // The list is padded to a power of two, so that few texts are prepared.
        var wanted = documents.ToList();
        var width = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, wanted.Count));
        var ids = Enumerable.Range(0, width).Select(i => ("d" + i, (object?)(wanted.Count == 0 ? default : wanted[Math.Min(i, wanted.Count - 1)]))).ToArray();
        var rows = batch.Query(DocumentRow.Read,
            $"SELECT {DocumentRow.MetadataColumns} FROM documents d WHERE d.record_id = @record AND d.document_id IN ({string.Join(", ", ids.Select(i => "@" + i.Item1))})",
            [("record", record), .. ids]);
        return new Opened(rows, alarms, clock);
    }

    private sealed class Opened(Slot<DocumentRow> rows, Alarms alarms, TimeProvider clock) : IOpenItems
    {
        public IReadOnlyDictionary<DocumentId, ItemFacts> Open(RecordKey key, AccessSheet sheet) =>
            rows.Rows.Select(r => r.Open(key, sheet, alarms, clock.GetUtcNow()))
                .OfType<StoredDocument>()
                .ToDictionary(d => d.Id, DocumentRow.Facts);
    }
}
