using System.Security.Cryptography;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Mhd;
using Dsp.Sealing;

namespace Dsp.Server.Portal;

/// <summary>Why a file is not taken; each has its sentence.</summary>
public enum UploadProblem { Missing, Empty, TooLarge, WrongKind }

/// <summary>A file that a person chose in a form, looked at before anything is kept.</summary>
/// <param name="MimeType">What its first bytes say; the name and the browser's word do not count.</param>
public sealed record UploadedFile(byte[] Bytes, string MimeType)
{
    /// <summary>20 MB.</summary>
    public const long Most = 20_000_000;

    /// <summary>Kinds and their first bytes (ISO 32000-1 §7.5.2; ISO/IEC 10918-1; ISO/IEC 15948).</summary>
    private static readonly (string Type, byte[] Start)[] Kinds =
        [("application/pdf", "%PDF-"u8.ToArray()), ("image/jpeg", [0xFF, 0xD8, 0xFF]), ("image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])];

    public static async Task<(UploadedFile? File, UploadProblem? Problem)> ReadAsync(IFormFile? file, CancellationToken cancel)
    {
        if (file is null || string.IsNullOrEmpty(file.FileName)) return (null, UploadProblem.Missing);
        if (file.Length == 0) return (null, UploadProblem.Empty);
        if (file.Length > Most) return (null, UploadProblem.TooLarge);
        var bytes = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, cancel);
        return Of(bytes);
    }

    public static (UploadedFile? File, UploadProblem? Problem) Of(byte[] bytes)
    {
        var kind = Array.Find(Kinds, k => bytes.AsSpan().StartsWith(k.Start));
        return kind.Type is null ? (null, UploadProblem.WrongKind) : (new UploadedFile(bytes, kind.Type), null);
    }

    /// <summary>The text key of a problem.</summary>
    public static string KeyOf(UploadProblem problem) => problem switch
    {
        UploadProblem.Missing => "add.fileMissing",
        UploadProblem.Empty => "add.fileEmpty",
        UploadProblem.TooLarge => "add.fileLarge",
        _ => "add.fileKind",
    };
}

/// <summary>What a form of the portal deposits: one document, described as a source system would.</summary>
/// <param name="Title">As typed; cut to 120 characters.</param>
/// <param name="Record">The record, which is also the patient identifier.</param>
/// <param name="Replaces">The document it replaces.</param>
public sealed record PortalDeposit(UploadedFile File, string Title, DateOnly Date, DataCategory Category, string? Loinc, string Language, Author? Author, RecordId Record, DocumentId? Replaces = null)
{
    private const string Loincs = "http://loinc.org";
    private const int LongestTitle = 120;

    /// <summary>The submission for the operation, with the same canonical bytes a system's deposit has.</summary>
    public ProvidedSubmission ToSubmission(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var text = Date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var type = DocumentTypes.Find(Loinc);
        var title = Title.Trim();
        var metadata = new DocumentMetadata
        {
            UniqueId = "urn:uuid:" + Ids.Text(Ids.New(clock)),
            Category = Category,
            ClassCodes = [new CodedValue("urn:dsp:category", Category.ToString())],
            Type = type is null ? null : new CodedValue(Loincs, type.Loinc, type.Name("en")),
            MimeType = File.MimeType,
            Language = Language,
            Title = title[..Math.Min(LongestTitle, title.Length)],
            Creation = new PartialDate(text, Deadlines.StartOf(Date), Deadlines.StartOf(Date.AddDays(1))),
            Authors = Author is null ? [] : [Author],
            SecurityLabels = [new CodedValue("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
            Relations = Replaces is { } old ? [new DocumentRelation(RelationKind.Replaces, old)] : [],
#pragma warning disable CA5350 // XDS names SHA-1 as the hash of an entry (ITI TF-3 4.2.3.2.10); SHA-256 stands beside it.
            Sha1 = SHA1.HashData(File.Bytes),
#pragma warning restore CA5350
            Sha256 = SHA256.HashData(File.Bytes),
            Size = File.Bytes.Length,
        };
        var submission = new Submission { Id = default, UniqueId = Ids.Oid(Ids.New(clock)), SubmittedAt = now, Author = Author };
        return new ProvidedSubmission
        {
            Patient = new PatientIdentifier("", "", Record),
            Submission = submission with { Fhir = SinglePartBuilder.Submission(submission) },
            Documents = [new ProvidedDocument { Metadata = metadata, Content = File.Bytes, Fhir = SinglePartBuilder.Document(metadata) }],
        };
    }
}
