namespace Dsp.Documents;

/// <summary>One submission as an edge parsed it: every document with its bytes, all for one patient.</summary>
public sealed record ProvidedSubmission
{
    /// <summary>The patient the submission and all its documents name.</summary>
    public required PatientIdentifier Patient { get; init; }
    public required Submission Submission { get; init; }
    public required IReadOnlyList<ProvidedDocument> Documents { get; init; }

    /// <summary>Folders that this submission makes or fills.</summary>
    public IReadOnlyList<ProvidedFolder> Folders { get; init; } = [];

    /// <summary>Documents the source itself says are superseded by this submission, with the version it knows of them where it names one.</summary>
    public IReadOnlyList<(DocumentId Document, long? Version)> Supersedes { get; init; } = [];

    /// <summary>One document sent without a submission set (ITI-105): the journal says so.</summary>
    public bool Simplified { get; init; }
}

/// <summary>A patient identifier as sent: system (<c>urn:oid:</c> form) and value; or the record's own id.</summary>
public sealed record PatientIdentifier(string System, string Value, RecordId? Record = null);

/// <summary>One document to deposit.</summary>
public sealed record ProvidedDocument
{
    /// <summary>Metadata with hash and size as computed from <see cref="Content"/>; relations name registered documents.</summary>
    public required DocumentMetadata Metadata { get; init; }
    public required byte[] Content { get; init; }

    /// <summary>Canonical FHIR bytes, see <see cref="StoredDocument.Fhir"/>.</summary>
    public required byte[] Fhir { get; init; }

    /// <summary>The depositor saw that the document names somebody else, and confirmed the record.</summary>
    public bool PatientConfirmed { get; init; }

    /// <summary>The documents a signed summary was made of; null for everything that comes through another door than its own page.</summary>
    public IReadOnlyCollection<DocumentId>? Sources { get; init; }

    /// <summary>Relations to documents named by their unique id or entryUUID as sent, resolved by the operation.</summary>
    public IReadOnlyList<(RelationKind Kind, string Target)> RelationsByName { get; init; } = [];
}

/// <summary>A folder as one submission makes or fills it.</summary>
public sealed record ProvidedFolder
{
    /// <summary>Metadata of a new folder; of one that is there only its unique id counts.</summary>
    public required Folder Folder { get; init; }

    /// <summary>It must be there already.</summary>
    public bool Existing { get; init; }

    /// <summary>The folder's own id, where the source names it by that.</summary>
    public FolderId? Known { get; init; }

    /// <summary>Places of its members among the submission's documents.</summary>
    public IReadOnlyList<int> Own { get; init; } = [];

    /// <summary>Members registered before.</summary>
    public IReadOnlyList<DocumentId> Members { get; init; } = [];

    /// <summary>The same by their unique ids.</summary>
    public IReadOnlyList<string> MembersByName { get; init; } = [];
}

/// <summary>What a deposit made, or had made before under the same ids: in the order of the request.</summary>
public sealed record Deposited(RecordId Record, SubmissionId Submission, DateTimeOffset At, IReadOnlyList<DepositedDocument> Documents, bool Repeated)
{
    /// <summary>The folders named in the request, in its order.</summary>
    public IReadOnlyList<FolderId> Folders { get; init; } = [];
}

/// <param name="Differences">What in the document differs from the record's person (<see cref="Identity.PatientMatch"/>); a warning.</param>
/// <param name="Stored">The document as it stands in the record; of a simplified deposit, whose answer shows it.</param>
public sealed record DepositedDocument(DocumentId Id, ContentId Content, long Version, IReadOnlyList<string>? Differences = null, StoredDocument? Stored = null);
