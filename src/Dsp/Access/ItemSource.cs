using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>Where the facts of a record's items come from, for acts on items and for the filtered history. The store of items implements it.</summary>
public interface IItemSource
{
    /// <summary>One item, as the gate asks for it.</summary>
    IItemQuery One(DocumentId document);

    /// <summary>Many items of one record, in the round trip of the batch.</summary>
    IOpenItems Many(Batch batch, RecordId record, IReadOnlyCollection<DocumentId> documents);
}

public interface IOpenItems
{
    /// <summary>The authenticated facts of those that exist.</summary>
    IReadOnlyDictionary<DocumentId, ItemFacts> Open(RecordKey key, AccessSheet sheet);
}
