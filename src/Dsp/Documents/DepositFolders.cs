using Dsp.Access;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>A document of a deposit, with the documents it replaces.</summary>
internal sealed record FilledDocument(DocumentId Id, IReadOnlyList<DocumentId> Replaced);

/// <summary>A folder as it will stand after the deposit.</summary>
/// <param name="From">As it stands now; null for a new one.</param>
/// <param name="Named">The submission named it; else it follows a replaced member.</param>
internal sealed record PlannedFolder(StoredFolder? From, Folder Next, bool Named);

/// <summary>
/// Which folders a deposit makes and fills (XDS: folders keep their members, and a new version joins the folders of what it replaces).
/// A folder this depositor may see nothing of is for this depositor a reference to nothing.
/// </summary>
internal sealed class DepositFolders(Database database, Alarms alarms)
{
    /// <summary>Members that one depositor sees of a folder, at most.</summary>
    private const int MostMembers = 1_000;

    public async Task<Outcome<IReadOnlyList<PlannedFolder>>> PlanAsync(
        Permit permit, ProvidedSubmission provided, IReadOnlyList<FilledDocument> documents, DateTimeOffset at, DepositTargets known, TimeProvider clock, CancellationToken cancel)
    {
        if (provided.Folders.Count == 0 && documents.All(d => d.Replaced.Count == 0)) return Outcome([]);
        var stored = await FoldersAsync(permit, cancel);
        var visible = provided.Folders.Count == 0 ? [] : await VisibleAsync(permit, cancel);
        var planned = new List<PlannedFolder>();
        foreach (var folder in provided.Folders)
        {
            var from = folder.Existing ? stored.Find(s => (folder.Known is { } id ? s.Folder.Id == id : s.Folder.UniqueId == folder.Folder.UniqueId) && s.Folder.Members.Any(m => visible.Contains(m.Document))) : null;
            if (folder.Existing && from is null) return Refusals.UnresolvedReference.Because("The folder to fill is not there.");
            if (planned.Exists(p => p.From is not null && p.From == from)) return Refusals.DuplicateInMessage.Because("One folder stands twice in the message.");
            var members = new List<DocumentId>(folder.Own.Select(i => documents[i].Id));
            foreach (var name in folder.MembersByName)
                members.Add(await known.FindByNameAsync(permit, name, cancel) ?? default);
            members.AddRange(folder.Members);
            if (members.Skip(folder.Own.Count).Any(m => !visible.Contains(m))) return Refusals.UnresolvedReference.Because("A folder names a document that is not there.");
            var next = Filled(from?.Folder ?? folder.Folder with { Id = FolderId.New(clock), AddedAt = at }, members, at);
            if (next.Members.Count(m => m.At == at || visible.Contains(m.Document)) > MostMembers) return Refusals.InvalidMetadata.Because("A folder holds at most 1,000 documents. Begin a new one.");
            planned.Add(new PlannedFolder(from, next, Named: true));
        }
        foreach (var document in documents)
            foreach (var replaced in document.Replaced) Follow(planned, stored, document.Id, replaced, at);
        return Outcome(planned);
    }

    /// <summary>Is one of these a folder of which the caller sees something?</summary>
    public async Task<bool> AnyVisibleAsync(Permit permit, IReadOnlyList<Guid> ids, CancellationToken cancel)
    {
        var visible = await VisibleAsync(permit, cancel);
        return (await FoldersAsync(permit, cancel)).Exists(f => ids.Contains(f.Folder.Id.Value) && f.Folder.Members.Any(m => visible.Contains(m.Document)));
    }

    private static Outcome<IReadOnlyList<PlannedFolder>> Outcome(List<PlannedFolder> planned) => planned;

    private static Folder Filled(Folder folder, IEnumerable<DocumentId> members, DateTimeOffset at) =>
        folder with { Members = [.. folder.Members, .. members.Distinct().Where(d => !folder.Members.Any(m => m.Document == d)).Select(d => new FolderMember(d, at))] };

    /// <summary>A new version joins every folder of the one it replaces.</summary>
    private static void Follow(List<PlannedFolder> planned, IReadOnlyList<StoredFolder> stored, DocumentId document, DocumentId replaced, DateTimeOffset at)
    {
        foreach (var folder in stored.Where(f => f.Folder.Members.Any(m => m.Document == replaced)))
        {
            var place = planned.FindIndex(p => p.From == folder);
            if (place < 0) planned.Add(new PlannedFolder(folder, Filled(folder.Folder, [document], at), Named: false));
            else planned[place] = planned[place] with { Next = Filled(planned[place].Next, [document], at) };
        }
    }

    private async Task<List<StoredFolder>> FoldersAsync(Permit permit, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(ListRow.Read, ListRow.Folders, cancel, ("record", permit.Record));
        return [.. rows.Select(r => r.OpenFolder(permit.Key, alarms, permit.Now)).OfType<StoredFolder>()];
    }

    private async Task<HashSet<DocumentId>> VisibleAsync(Permit permit, CancellationToken cancel)
    {
        var batch = new Batch();
        var rows = VisibleDocuments.Query(batch, permit.Record);
        await database.ReadAsync(batch, cancel);
        return VisibleDocuments.Of(permit, rows, alarms);
    }
}
