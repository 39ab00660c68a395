using System.Globalization;
using Dsp.Codes;
using Dsp.Documents;

namespace Dsp.Clinical;

/// <summary>
/// A summary that a referring doctor read line by line and signed (R45): a FHIR document of the record like any other, told by its
/// format, which only the referring doctor may deposit. Its items of other categories are documents of their own beside it.
/// </summary>
/// <param name="Number">1 for the first version; as the document says.</param>
public sealed record SignedVersion(StoredDocument Document, int Number)
{
    /// <summary>LOINC: Patient summary Document.</summary>
    public const string TypeCode = "60591-5";

    /// <summary>System of the identifier that holds the version's number.</summary>
    public const string NumberSystem = "urn:dsp:summary-version";

    /// <summary>
    /// What a signed document carries and so decides: for these kinds what the doctor left out stays out. Of every other kind, of
    /// what is not known and of a denial without a code all documents are read as before.
    /// </summary>
    public static IReadOnlyList<FactKind> Carried { get; } = [FactKind.Allergy, FactKind.Problem, FactKind.Medicine, FactKind.Device, FactKind.Immunization, FactKind.Procedure];

    private readonly HashSet<DocumentId> goneThrough = [.. Document.Metadata.GoneThrough ?? []];

    /// <summary>
    /// A statement that stands beside the signed ones, or is one of them. What the doctor could not see was not left out by them:
    /// the holder's own summary has it, and that of whoever may see it.
    /// </summary>
    public bool Keeps(RecordedFact said) =>
        said.Source.Id == Document.Id
        || !Carried.Contains(said.Fact.Kind)
        || said.Fact.Statement is FactStatement.Unknown or FactStatement.NoInformation
        || (said.Fact.Statement == FactStatement.Negated && LiveSummary.IsGeneral(said.Fact))
        || (!goneThrough.Contains(said.Source.Id) && said.Source.Entry.Submission != Document.Entry.Submission);

    /// <summary>Older than this it says so.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromDays(365);

    public bool IsOldAt(DateTimeOffset now) => now - Document.AddedAt > FreshFor;

    /// <summary>The newest of the documents that is one; null where none is.</summary>
    public static SignedVersion? Newest(IEnumerable<StoredDocument> visible) =>
        visible.Where(d => d.Entry.Facts.Category == DataCategory.Syntheses && SignedFormats.Is(d.Metadata.Format, SignedFormats.Summary)).MaxBy(d => d.AddedAt) is { } document ? new SignedVersion(document, NumberOf(document.Metadata)) : null;

    /// <summary>The source of what a signer writes in their own words: the document that is being signed, which has no id yet.</summary>
    public static StoredDocument OwnWords(RecordId record, DocumentMetadata metadata, DateTimeOffset now) => new()
    {
        Id = default,
        Record = record,
        Content = default,
        Version = 0,
        State = new DocumentState(DocumentStatus.Current, now),
        MetadataFrom = new Lazy<DocumentMetadata>(metadata),
        Entry = new DocumentEntry { Facts = DocumentFacts.Of(metadata), AddedAt = now, Submission = default, Content = default, ContentSalt = [] },
    };

    private static int NumberOf(DocumentMetadata metadata) =>
        metadata.Identifiers.FirstOrDefault(i => i.System == NumberSystem) is { } number && int.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : 1;
}
