using Dsp.Access;
using Dsp.Codes;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>What a deposit refers to in its record: related documents, the sources of a signed summary, documents by their names.</summary>
internal sealed class DepositTargets(Database database, ServiceKeys keys, Alarms alarms)
{
    /// <summary>What the document relates to; every target current and visible, what it replaces the depositor's own.</summary>
    public async Task<Outcome<(IReadOnlyList<DocumentRelation> Relations, IReadOnlyList<StoredDocument> Replaced)>> ResolveAsync(Permit permit, ProvidedDocument document, CancellationToken cancel)
    {
        if (document.Metadata.Relations.Count == 0 && document.RelationsByName.Count == 0) return (document.Metadata.Relations, []);
        var relations = new List<DocumentRelation>(document.Metadata.Relations);
        foreach (var (kind, name) in document.RelationsByName)
        {
            var target = await FindByNameAsync(permit, name, cancel);
            if (target is null) return Refusals.UnresolvedReference;
            relations.Add(new DocumentRelation(kind, target.Value));
        }
        var replaced = new List<StoredDocument>();
        foreach (var relation in relations)
        {
            var target = await LoadAsync(permit, relation.Target, cancel);
            // A target this caller may not see is a reference to nothing.
            if (target is null || !(permit.Visible(DocumentRow.Facts(target)) || IsOwn(permit, target))) return Refusals.UnresolvedReference;
            if (target.State.Status != DocumentStatus.Current) return Refusals.TargetNotCurrent;
            if (relation.Kind != RelationKind.Replaces) continue;
            if (!IsOwn(permit, target)) return Refusals.NotOwnItem;
            replaced.Add(target);
        }
        return (relations, replaced);
    }

    /// <summary>
    /// What a signed summary was made of, as it stands now: read here, never taken from whoever signs. A former version gives way
    /// to its own sources. An item is published in its own category by the doctor; what the holder and the point of care hid stays hidden.
    /// </summary>
    public async Task<Outcome<IReadOnlyList<ItemFacts>>> SourcesAsync(Permit permit, ProvidedDocument document, CancellationToken cancel)
    {
        var found = new Dictionary<DocumentId, ItemFacts>();
        foreach (var id in document.Sources ?? [])
        {
            if (await LoadAsync(permit, id, cancel) is not { } source || !permit.Visible(DocumentRow.Facts(source))) return Refusals.UnresolvedReference;
            if (source.State.Status != DocumentStatus.Current) return Refusals.TargetNotCurrent;
            var facts = DocumentRow.Facts(source);
            foreach (var one in facts.Sources ?? [facts])
                found.TryAdd(one.Document, SignedFormats.Is(document.Metadata.Format, SignedFormats.Item) ? one with { Category = document.Metadata.Category } : one);
        }
        return found.Values.ToList();
    }

    private static bool IsOwn(Permit permit, StoredDocument document) =>
        (permit.Facts with { Item = DocumentRow.Facts(document) }).IsOwnItem || (document.Entry.FromHolder && permit.Facts.IsHolder);

    public async Task<DocumentId?> FindByNameAsync(Permit permit, string name, CancellationToken cancel)
    {
        var token = keys.Token("unique-id", permit.Record.ToString(), name);
        var found = await database.QueryAsync(row => new DocumentId(row.Guid(0)), "SELECT object_id FROM unique_ids WHERE token = @token", cancel, ("token", token));
        if (found.Count > 0) return found[0];
        var id = name.StartsWith("urn:uuid:", StringComparison.Ordinal) ? name[9..] : name;
        return Ids.TryParse(id, out var guid) ? new DocumentId(guid) : null;
    }

    public async Task<StoredDocument?> LoadAsync(Permit permit, DocumentId id, CancellationToken cancel, bool withFhir = false)
    {
        var rows = await database.QueryAsync(DocumentRow.Read, $"SELECT {(withFhir ? DocumentRow.Columns : DocumentRow.MetadataColumns)} FROM documents d WHERE d.record_id = @record AND d.document_id = @document", cancel,
            ("record", permit.Record), ("document", id));
        return rows.Count == 0 ? null : rows[0].Open(permit.Key, permit.Sheet, alarms, permit.Now);
    }
}
