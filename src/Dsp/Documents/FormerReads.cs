using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>The former versions of visible documents that this caller may see.</summary>
/// <param name="Of">The version before, by the document that replaced it.</param>
/// <param name="Read">Documents of which the caller had read an earlier version.</param>
public sealed record FormerVersions(IReadOnlyDictionary<DocumentId, DocumentId> Of, IReadOnlySet<DocumentId> Read)
{
    public static FormerVersions None { get; } = new(new Dictionary<DocumentId, DocumentId>(), new HashSet<DocumentId>());
}

/// <summary>
/// Which replaced versions the caller had read, by the journal's own lines: what they know from them may be wrong, and the page
/// that shows the new version says so. Only the caller's own lines are looked at; nothing is told of other readers.
/// </summary>
public sealed class FormerReads(Database database, JournalWriter journal, Alarms alarms)
{
    /// <summary>A longer history is not walked for a mark.</summary>
    private const int MostLines = 4_000;
    private const int Chunk = 400;

    private const int AtOnce = 64;

    /// <summary>A document replaced more often than this is followed no further.</summary>
    private const int MostVersions = 20;

    private const string Lines =
        """
        SELECT e.entry_id, b.sealed
        FROM   journal_entries e JOIN journal_bodies b ON b.record_id = e.record_id AND b.entry_id = e.entry_id
        WHERE  e.record_id = @record AND e.entry_id < @before
        ORDER  BY e.entry_id DESC
        LIMIT  @count
        """;

    private static readonly HashSet<string> Reading = new(StringComparer.Ordinal) { JournalActions.Read, JournalActions.ReadFacts, JournalActions.SearchText };

    public async Task<FormerVersions> FindAsync(Permit permit, IReadOnlyList<StoredDocument> visible, CancellationToken cancel)
    {
        var shown = new Dictionary<DocumentId, DocumentId>();
        var former = await FormerAsync(permit, visible, shown, cancel);
        return former.Count == 0 ? FormerVersions.None : new FormerVersions(shown, permit.Caller.Person is { } reader ? await ReadAsync(permit, reader, former, cancel) : new HashSet<DocumentId>());
    }

    /// <summary>Every earlier version this caller may see, with the visible document it led to.</summary>
    private async Task<Dictionary<DocumentId, DocumentId>> FormerAsync(Permit permit, IReadOnlyList<StoredDocument> visible, Dictionary<DocumentId, DocumentId> shown, CancellationToken cancel)
    {
        var all = new Dictionary<DocumentId, DocumentId>();
        var next = visible.SelectMany(d => Replaced(d).Select(r => (Old: r, Current: d.Id))).ToList();
        for (var version = 0; next.Count > 0 && version < MostVersions; version++)
        {
            var rows = new List<(StoredDocument Document, DocumentId Current)>();
            foreach (var part in next.Chunk(AtOnce))
            {
                // The list is padded to one width, so that one text is prepared.
                var ids = Enumerable.Range(0, AtOnce).Select(i => ("d" + i, (object?)part[Math.Min(i, part.Length - 1)].Old)).ToArray();
                var found = await database.QueryAsync(DocumentRow.Read,
                    $"SELECT {DocumentRow.MetadataColumns} FROM documents d WHERE d.record_id = @record AND d.status = 'superseded' AND d.document_id IN ({string.Join(", ", ids.Select(i => "@" + i.Item1))})", cancel, [("record", permit.Record), .. ids]);
                var opened = found.Select(r => r.Open(permit.Key, permit.Sheet, alarms, permit.Now)).OfType<StoredDocument>().Where(d => permit.Visible(DocumentRow.Facts(d))).ToDictionary(d => d.Id);
                rows.AddRange(part.Where(n => opened.ContainsKey(n.Old)).Select(n => (opened[n.Old], n.Current)));
            }
            foreach (var (document, current) in rows)
            {
                all.TryAdd(document.Id, current);
                if (version == 0) shown.TryAdd(current, document.Id);
            }
            next = [.. rows.SelectMany(r => Replaced(r.Document).Where(old => !all.ContainsKey(old)).Select(old => (old, r.Current)))];
        }
        return all;
    }

    private static IEnumerable<DocumentId> Replaced(StoredDocument document) => (document.Entry.Facts.Relations ?? []).Where(r => r.Kind == RelationKind.Replaces).Select(r => r.Target);

    private async Task<IReadOnlySet<DocumentId>> ReadAsync(Permit permit, PersonId reader, Dictionary<DocumentId, DocumentId> former, CancellationToken cancel)
    {
        var read = new HashSet<DocumentId>();
        var before = new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff");
        for (var walked = 0; walked < MostLines; walked += Chunk)
        {
            var rows = await database.QueryAsync(r => (Id: r.Guid(0), Sealed: r.Bytes(1)), Lines, cancel, ("record", permit.Record), ("before", before), ("count", (long)Chunk));
            foreach (var row in rows)
            {
                var entry = CanonicalEntry.Read(journal.Open(permit.Record, row.Id, row.Sealed, permit.Key).Canonical);
                if (entry.Person != reader || !entry.Permitted || !Reading.Contains(entry.Action)) continue;
                foreach (var document in entry.Documents) if (former.TryGetValue(document, out var current)) read.Add(current);
            }
            if (rows.Count < Chunk) break;
            before = rows[^1].Id;
        }
        return read;
    }
}
