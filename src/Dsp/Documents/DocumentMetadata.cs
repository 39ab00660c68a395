using System.Text.Json.Serialization;
using Dsp.Access;
using Dsp.Codes;

namespace Dsp.Documents;

/// <summary>An identifier with its system; a globally unique one has system <c>urn:ietf:rfc:3986</c>.</summary>
public sealed record EntryIdentifier(string System, string Value, string? Use = null, string? Type = null);

/// <summary>An author or authenticator as asserted by the source.</summary>
public sealed record Author(string? Family, IReadOnlyList<string> Given, IReadOnlyList<EntryIdentifier> Identifiers, string? Institution = null, string? Role = null, string? Specialty = null)
{
    public string Name => string.Join(' ', new[] { Family?.ToUpperInvariant() }.Concat(Given).Where(p => !string.IsNullOrWhiteSpace(p)));
}

/// <summary>A date or instant of any precision, as sent, and the interval it covers (end exclusive, UTC).</summary>
public sealed record PartialDate(string Text, DateTimeOffset From, DateTimeOffset To);

/// <summary>A time range as sent; an open end is null.</summary>
public sealed record ServicePeriod(PartialDate? Start, PartialDate? End);

/// <summary>How a document relates to another one (XDS association RPLC, APND, XFRM, signs).</summary>
public enum RelationKind { Replaces, Appends, Transforms, Signs }

/// <summary>A relation to a document already registered, or to one of the same submission.</summary>
public sealed record DocumentRelation(RelationKind Kind, DocumentId Target);

/// <summary>
/// All metadata of one document entry (XDS DocumentEntry; MHD Comprehensive). What the source did not send is null or
/// empty; nothing is invented but hash and size, which are those of the bytes.
/// </summary>
public sealed record DocumentMetadata
{
    /// <summary>uniqueId as a URI: <c>urn:oid:…</c> or <c>urn:uuid:…</c>, lower-case scheme, at most 128 characters.</summary>
    public required string UniqueId { get; init; }

    /// <summary>Every further identifier, the source's entryUUID included.</summary>
    public IReadOnlyList<EntryIdentifier> Identifiers { get; init; } = [];

    // Written also where it is the first of its kind: a required member that is left out does not read back.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DataCategory Category { get; init; }

    /// <summary>Class codes as sent (LOINC or <c>urn:dsp:category</c>).</summary>
    public IReadOnlyList<CodedValue> ClassCodes { get; init; } = [];
    public CodedValue? Type { get; init; }
    public CodedValue? Format { get; init; }
    public required string MimeType { get; init; }
    public string? Language { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public PartialDate? Creation { get; init; }

    /// <summary>The DocumentReference's own date, where sent.</summary>
    public PartialDate? Date { get; init; }
    public IReadOnlyList<Author> Authors { get; init; } = [];
    public Author? Authenticator { get; init; }
    public ServicePeriod? Period { get; init; }
    public IReadOnlyList<CodedValue> Events { get; init; } = [];
    public CodedValue? Facility { get; init; }
    public CodedValue? PracticeSetting { get; init; }

    /// <summary>Confidentiality (N, R, V) and handling labels.</summary>
    public IReadOnlyList<CodedValue> SecurityLabels { get; init; } = [];
    public IReadOnlyList<EntryIdentifier> References { get; init; } = [];
    public IReadOnlyList<DocumentRelation> Relations { get; init; } = [];

    /// <summary>
    /// Of a signed summary: the documents whose statements its doctor went through, kept or not. What stands in any other document
    /// the doctor has not seen, so nothing of it was left out. Made by the signing page alone; never sent, never given.
    /// </summary>
    public IReadOnlyList<DocumentId>? GoneThrough { get; init; }

    /// <summary>The patient's identifier in the source.</summary>
    public EntryIdentifier? SourcePatientId { get; init; }

    /// <summary>The order the document answers, where a reference id says so.</summary>
    public string? Order { get; init; }

    /// <summary>SHA-1 of the bytes, 20 bytes (XDS hash); empty for a FHIR document Bundle.</summary>
    public byte[] Sha1 { get; init; } = [];
    public byte[] Sha256 { get; init; } = [];
    public long Size { get; init; }

    public bool HasLabel(string code) => SecurityLabels.Any(l => l.System == HandlingLabels.System && l.Code == code);

    /// <summary>When the document speaks of: its service start, else its creation.</summary>
    [JsonIgnore]
    public DateTimeOffset? At => (Period?.Start ?? Creation)?.From;

    /// <summary>Everything is there that XDS requires of an entry (MHD Comprehensive).</summary>
    [JsonIgnore]
    public bool IsComprehensive => this is
    {
        Type: not null, Format: not null, Facility: not null, PracticeSetting: not null, Language: not null, Creation: not null, SourcePatientId: not null,
        ClassCodes.Count: > 0, SecurityLabels.Count: > 0,
    };
}

/// <summary>Availability of a document (XDS), and what only our own acts make.</summary>
public enum DocumentStatus
{
    /// <summary>XDS Approved; FHIR current.</summary>
    Current,
    /// <summary>XDS Deprecated; FHIR superseded: replaced by a newer version.</summary>
    Superseded,
    /// <summary>Withdrawn by its author or the agency; FHIR entered-in-error, never found.</summary>
    Withdrawn,
}

/// <summary>The sealed state of a document; the clear status column must agree with it, else the row does not exist.</summary>
public sealed record DocumentState(DocumentStatus Status, DateTimeOffset Since, DocumentId? ReplacedBy = null, string? Reason = null, PersonId? By = null);

/// <summary>
/// What deciding on a document and listing it reads, taken from its metadata at deposit: a list of twenty opens no metadata.
/// </summary>
public sealed record DocumentFacts
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DataCategory Category { get; init; }
    public long Size { get; init; }

    /// <summary>When the document speaks of (<see cref="DocumentMetadata.At"/>).</summary>
    public DateTimeOffset? At { get; init; }
    public bool MinorConfidential { get; init; }

    /// <summary>The confidentiality code that goes with the label of a patient's request; null without that label.</summary>
    public string? PatientRequest { get; init; }
    public string? Order { get; init; }
    public bool IsComprehensive { get; init; }
    public IReadOnlyList<DocumentRelation>? Relations { get; init; }

    /// <summary>The documents a signed summary was made of, as they were when it was signed; null for every other document.</summary>
    public IReadOnlyList<ItemFacts>? Sources { get; init; }

    public static DocumentFacts Of(DocumentMetadata metadata) => new()
    {
        Category = metadata.Category,
        Size = metadata.Size,
        At = metadata.At,
        MinorConfidential = metadata.HasLabel(HandlingLabels.MinorConfidential),
        PatientRequest = metadata.HasLabel(HandlingLabels.PatientRequest)
            ? metadata.SecurityLabels.FirstOrDefault(l => l.Code is "R" or "V" && l.System != HandlingLabels.System)?.Code
            : null,
        Order = metadata.Order,
        IsComprehensive = metadata.IsComprehensive,
        Relations = metadata.Relations.Count == 0 ? null : metadata.Relations,
    };
}

/// <summary>The sealed entry without its metadata: facts, provenance of the deposit and what opens the content.</summary>
public sealed record DocumentEntry
{
    public required DocumentFacts Facts { get; init; }

    /// <summary>The responsible natural person (A909 art. 8(1)); null for the holder's own upload.</summary>
    public PersonId? DepositedBy { get; init; }
    public string? DepositedByName { get; init; }

    /// <summary>The system that sent it, if one did.</summary>
    public SystemId? DepositedThrough { get; init; }
    public InstitutionId? Institution { get; init; }
    public string? InstitutionName { get; init; }

    /// <summary>The holder put it in: always marked as patient-supplied (EHDS art. 5).</summary>
    public bool FromHolder { get; init; }

    /// <summary>The depositor was shown that the document names somebody else, and said that it belongs here.</summary>
    public bool PatientConfirmed { get; init; }

    /// <summary>The clear columns, repeated: a flipped column does not agree and the row does not exist.</summary>
    public required DateTimeOffset AddedAt { get; init; }
    public required SubmissionId Submission { get; init; }
    public required ContentId Content { get; init; }

    /// <summary>32 random bytes that with the record's key make the content's key; deleting the row erases the document.</summary>
    public required byte[] ContentSalt { get; init; }

    /// <summary>The content lies in the row table (small) or in the content store.</summary>
    public bool Inline { get; init; }
}

/// <summary>One document as the registry keeps it, opened under a permit.</summary>
public sealed record StoredDocument
{
    public required DocumentId Id { get; init; }
    public required RecordId Record { get; init; }
    public required ContentId Content { get; init; }
    public required DocumentEntry Entry { get; init; }
    public required DocumentState State { get; init; }

    /// <summary>Grows by one with each change of state; the FHIR versionId.</summary>
    public required long Version { get; init; }

    /// <summary>Canonical FHIR bytes made at deposit: a DocumentReference without id, meta, status, subject, relatesTo and attachment.url. Empty where not asked for.</summary>
    public ReadOnlyMemory<byte> Fhir { get; init; }

    /// <summary>All metadata, read when first asked for: a list shows most documents without them.</summary>
    public DocumentMetadata Metadata => MetadataFrom.Value;
    public required Lazy<DocumentMetadata> MetadataFrom { get; init; }
    public DateTimeOffset AddedAt => Entry.AddedAt;
    public long Size => Entry.Facts.Size;
}

/// <summary>A submission set (XDS; MHD List).</summary>
public sealed record Submission
{
    public required SubmissionId Id { get; init; }

    /// <summary>uniqueId as a URI.</summary>
    public required string UniqueId { get; init; }
    public string? Title { get; init; }
    public CodedValue? ContentType { get; init; }
    public string? SourceId { get; init; }
    public DateTimeOffset SubmittedAt { get; init; }
    public Author? Author { get; init; }
    public IReadOnlyList<string> IntendedRecipients { get; init; } = [];
    public IReadOnlyList<EntryIdentifier> Identifiers { get; init; } = [];
    public IReadOnlyList<DocumentId> Documents { get; init; } = [];

    /// <summary>Canonical FHIR bytes of the List, as for documents.</summary>
    public byte[] Fhir { get; init; } = [];
}
