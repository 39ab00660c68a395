using Dsp.Documents;

namespace Dsp.Server.Portal;

/// <summary>A short list of documents in a box.</summary>
/// <param name="Base">Address to which a document's id is added.</param>
public sealed record NewestDocuments(IReadOnlyList<StoredDocument> Documents, string Base);
