namespace Dsp.Documents;

/// <summary>One submission as an edge parsed it: every document with its bytes, all for one patient.</summary>
public sealed record ProvidedSubmission
{
    /// <summary>The patient the submission and all its documents name.</summary>
    public required PatientIdentifier Patient { get; init; }
    public required Submission Submission { get; init; }
    public required IReadOnlyList<ProvidedDocument> Documents { get; init; }
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

/// <summary>What a deposit made, or had made before under the same ids: in the order of the request.</summary>
public sealed record Deposited(RecordId Record, SubmissionId Submission, DateTimeOffset At, IReadOnlyList<DepositedDocument> Documents, bool Repeated);

/// <param name="Differences">What in the document differs from the record's person (<see cref="Identity.PatientMatch"/>); a warning.</param>
public sealed record DepositedDocument(DocumentId Id, ContentId Content, long Version, IReadOnlyList<string>? Differences = null);
