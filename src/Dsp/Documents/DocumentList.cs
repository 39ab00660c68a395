using Dsp.Codes;

namespace Dsp.Documents;

/// <summary>The two kinds of list that documents stand in.</summary>
public enum ListKind { SubmissionSet, Folder }

/// <summary>
/// A submission set or a folder as one reader sees it: the visible members only, and the versions that these make. Where no
/// member is visible there is no list.
/// </summary>
public sealed record DocumentList
{
    public required ListKind Kind { get; init; }
    public required Guid Id { get; init; }
    public required RecordId Record { get; init; }

    /// <summary>When it came in; the order of a search.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>The visible members, each with the instant it came in; never empty.</summary>
    public required IReadOnlyList<FolderMember> Members { get; init; }

    public required string UniqueId { get; init; }
    public string? Title { get; init; }
    public IReadOnlyList<CodedValue> Types { get; init; } = [];
    public string? SourceId { get; init; }
    public Author? Author { get; init; }
    public IReadOnlyList<EntryIdentifier> Identifiers { get; init; } = [];

    /// <summary>Canonical FHIR bytes without id, meta, status, subject and entry.</summary>
    public required ReadOnlyMemory<byte> Fhir { get; init; }

    /// <summary>
    /// The instants at which what this reader sees of it changed: version n is the list as it was at the n-th. Members that are hidden
    /// leave no gap, for a count of changes would tell of them.
    /// </summary>
    public IReadOnlyList<DateTimeOffset> Changes => [.. Members.Select(m => m.At).Distinct().Order()];

    public DateTimeOffset ChangedAt => Members.Max(m => m.At);

    public int Version => Changes.Count;

    /// <summary>The list as it was in one of its versions; null where there was none of that number.</summary>
    public DocumentList? At(int version) =>
        version >= 1 && version <= Changes.Count && Changes[version - 1] is var at ? this with { Members = [.. Members.Where(m => m.At <= at)] } : null;

    /// <returns>Null where this reader may see none of its members.</returns>
    internal static DocumentList? Of(Submission submission, RecordId record, Func<DocumentId, bool> visible) =>
        submission.Documents.Where(visible).Select(d => new FolderMember(d, submission.SubmittedAt)).ToList() is { Count: > 0 } members
            ? new DocumentList
            {
                Kind = ListKind.SubmissionSet,
                Id = submission.Id.Value,
                Record = record,
                AddedAt = submission.SubmittedAt,
                Members = members,
                UniqueId = submission.UniqueId,
                Title = submission.Title,
                Types = submission.ContentType is { } type ? [type] : [],
                SourceId = submission.SourceId,
                Author = submission.Author,
                Identifiers = submission.Identifiers,
                Fhir = submission.Fhir,
            }
            : null;

    /// <returns>Null where this reader may see none of its members.</returns>
    internal static DocumentList? Of(Folder folder, RecordId record, Func<DocumentId, bool> visible) =>
        folder.Members.Where(m => visible(m.Document)).ToList() is { Count: > 0 } members
            ? new DocumentList
            {
                Kind = ListKind.Folder,
                Id = folder.Id.Value,
                Record = record,
                AddedAt = folder.AddedAt,
                Members = members,
                UniqueId = folder.UniqueId,
                Title = folder.Title,
                Types = folder.Types,
                Identifiers = folder.Identifiers,
                Fhir = folder.Fhir,
            }
            : null;
}

/// <summary>A search for lists in one record, newest first.</summary>
public sealed record ListSearch
{
    public IReadOnlyList<ListKind> Kinds { get; init; } = [ListKind.SubmissionSet, ListKind.Folder];

    /// <summary>Applied in memory to opened lists with a visible member only.</summary>
    public IReadOnlyList<Func<DocumentList, bool>> Criteria { get; init; } = [];

    /// <summary>At most 200.</summary>
    public int Count { get; init; } = 50;

    /// <summary>Continue after this list (exclusive); from a paging link bound to the caller.</summary>
    public (DateTimeOffset AddedAt, Guid List)? After { get; init; }

    /// <summary>The documents in the lists of the page are wanted with their canonical bytes.</summary>
    public bool WithDocuments { get; init; }

    /// <summary>The search as the caller sent it, for the journal; sealed there.</summary>
    public string? AsSent { get; init; }
}

/// <summary>One page of the lists this caller may see.</summary>
/// <param name="Documents">Their members, where they were asked for.</param>
/// <param name="More">There is a further page after the last list.</param>
/// <param name="Total">All that match and this caller may see.</param>
public sealed record FoundLists(RecordId Record, IReadOnlyList<DocumentList> Lists, IReadOnlyList<StoredDocument> Documents, bool More, int Total);
