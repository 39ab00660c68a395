using Dsp.Codes;
using Dsp.Documents;

namespace Dsp.Interop.Mhd;

/// <summary>What the reader of ITI-65 messages needs to know of the installation.</summary>
public sealed record ProvideSettings
{
    /// <summary>The configured public FHIR base, without a slash at its end.</summary>
    public required string BaseUrl { get; init; }
    public AffinityDomain Domain { get; init; } = AffinityDomain.Default;

    /// <summary>Largest message in bytes; beyond it, TooLarge.</summary>
    public long MaxBytes { get; init; } = 200L * 1024 * 1024;

    /// <summary>Folders in one message, at most.</summary>
    public int MaxFolders { get; init; } = 20;

    /// <summary>Identifier systems of the register of health professionals: national, and its test root.</summary>
    public IReadOnlyList<string> ProfessionalSystems { get; init; } = ["urn:oid:1.3.182.4.1", "urn:oid:2.999.1.182.4.1"];

    /// <summary>
    /// The register numbers a document's authors and legal authenticator carry, authenticator first: whoever of them the
    /// directory knows is the responsible person (architecture 9).
    /// </summary>
    public IEnumerable<EntryIdentifier> RegisterNumbers(DocumentMetadata document) =>
        (document.Authenticator is { } a ? document.Authors.Prepend(a) : document.Authors)
            .SelectMany(author => author.Identifiers)
            .Where(i => ProfessionalSystems.Contains(i.System))
            .DistinctBy(i => (i.System, i.Value));
}

/// <summary>The metadata options of MHD that a message may declare by its profile.</summary>
public enum ProvideOption { Minimal, Comprehensive, UnContainedComprehensive }

/// <summary>What one entry of the request was, so that the answer keeps its order.</summary>
public enum ProvidedEntryKind
{
    /// <summary>The SubmissionSet List.</summary>
    Submission,
    /// <summary>A DocumentReference; the number is its place in the submission's documents.</summary>
    Document,
    /// <summary>The bytes of a document; the number is that document's place.</summary>
    Content,
    /// <summary>The update that sets a replaced document superseded; the id is that document's.</summary>
    Update,
    /// <summary>A folder that is made; the number is its place in the submission's folders.</summary>
    Folder,
    /// <summary>A folder that is filled; the number is its place in the submission's folders.</summary>
    FilledFolder,
    /// <summary>A Patient, Practitioner or Organization that the others refer to; it is kept inside them, not on its own.</summary>
    Supporting,
}

public sealed record ProvidedEntry(ProvidedEntryKind Kind, int Document = -1, DocumentId? Updated = null);

/// <summary>A message that was read: what to deposit, and how to answer it entry by entry.</summary>
public sealed record ProvidedBundle(ProvidedSubmission Submission, IReadOnlyList<ProvidedEntry> Entries, ProvideOption Option);
