using System.Text;
using Dsp.Clinical;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Interop.Cda;
using Dsp.Interop.Workers;

namespace Dsp.Interop.Facts;

/// <summary>
/// Reads a deposited document by what its bytes are: CDA, a FHIR document in JSON or XML, plain text at the deposit; the text
/// of PDF and of pictures, alone or enclosed, afterwards in a process of its own. Every other format is found by its title
/// alone. Bounded in bytes, depth and count; a failure of its own ends here and is stated.
/// </summary>
public sealed class ContentReader(WorkerLimits? workers = null, bool scans = true) : IContentReader
{
    /// <summary>Characters of text kept for showing where a word stands; the words beyond are still found.</summary>
    public const int KeptText = 64 * 1024;

    /// <summary>The same where the text cannot be had from the document again without a worker: it is what <c>…/text</c> answers.</summary>
    public const int KeptEnclosedText = 512 * 1024;

    /// <summary>Characters of text looked at for words.</summary>
    internal const int LongestText = 2 * 1024 * 1024;
    private static readonly CdaLimits Limits = new(MaxBytes: 16 * 1024 * 1024);
    private readonly WorkerLimits workers = workers ?? new WorkerLimits();

    public int Rules => 2;

    public DocumentReading Read(DocumentMetadata metadata, ReadOnlyMemory<byte> content)
    {
        var (sheet, text, enclosed, patient) = ReadHere(metadata, content);
        return Made(metadata, enclosed.Count > 0 ? With(sheet, TextProblems.Waiting, 0) : sheet, text, KeptText) with { Waits = enclosed.Count > 0, Patient = patient };
    }

    public async Task<DocumentReading> ReadWholeAsync(DocumentMetadata metadata, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var (sheet, text, enclosed, patient) = ReadHere(metadata, content);
        if (enclosed.Count == 0) return Made(metadata, sheet, text, KeptText) with { Patient = patient };
        var (whole, problem, recognised, again) = (new StringBuilder(text), (string?)null, 0, false);
        foreach (var part in enclosed)
        {
            var bytes = part.Bytes();
            var read = bytes is null ? new WorkerText("", "pdf-broken")
                : await ReaderProcess.ReadAsync(part.Kind, bytes.Value, metadata.Language, workers with { Letters = Math.Max(0, workers.Letters - whole.Length) }, scans, cancel);
            whole.Append(Clean(read.Text));
            problem ??= read.Problem;
            recognised += read.Scans;
            again |= read.Again;
        }
        var reading = Made(metadata, With(sheet, problem, recognised), whole.ToString(), KeptEnclosedText);
        // What this installation lacks it may have tomorrow: such a reading is older than every rule, so that reindex takes it again.
        return reading with { Again = again, Rules = problem == TextProblems.ScanNotRead ? 0 : Rules, Patient = patient ?? Quality.PatientIn(whole.ToString()) };
    }

    public DocumentReading GiveUp(DocumentReading kept)
    {
        var sheet = With(FactSheet.FromBytes(kept.Facts), "reader-stopped", 0);
        return kept with { Facts = sheet.ToBytes(), Findings = Quality.FindingsOf(sheet) };
    }

    public async Task<PatientClaim?> WhoAsync(DocumentMetadata metadata, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var (_, _, enclosed, patient) = ReadHere(metadata, content);
        if (patient is not null || enclosed is not [{ Kind: "pdf" } only] || only.Bytes() is not { } bytes) return patient;
        // Somebody waits: the first pages name the patient, and what takes longer is compared when it is read for its words.
        var read = await ReaderProcess.ReadAsync(only.Kind, bytes, null, workers with { Pages = 3, TextTime = TimeSpan.FromSeconds(4) }, scans: false, cancel);
        return Quality.PatientIn(read.Text);
    }

    /// <summary>The words a person reads in it.</summary>
    /// <param name="type">Media type as deposited.</param>
    /// <param name="kept">What was read of it before, for formats that are read in a worker.</param>
    /// <returns>The text; null with the reason (an id of <see cref="TextProblems"/>) where there is none.</returns>
    public static (string? Text, string Problem) TextOf(string type, ReadOnlyMemory<byte> content, OpenedReading? kept)
    {
        var (sheet, text, enclosed, _) = ReadHere(new DocumentMetadata { UniqueId = "", Category = default, MimeType = type }, content);
        var problem = sheet.Report.Text;
        if (enclosed.Count > 0)
        {
            try
            {
                problem = kept is null ? TextProblems.Waiting : FactSheet.FromBytes(kept.Facts, []).Report.Text;
                if (kept?.Text is { Length: > 0 } packed) text = Encoding.UTF8.GetString(Packing.Unpack(packed));
            }
            catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
            {
                problem = TextProblems.Waiting;
            }
        }
        return string.IsNullOrWhiteSpace(text) ? (null, problem ?? "no-text") : (text, "");
    }

    private static (FactSheet Sheet, string Text, IReadOnlyList<Enclosed> Enclosed, PatientClaim? Patient) ReadHere(DocumentMetadata metadata, ReadOnlyMemory<byte> content)
    {
        try
        {
            var (sheet, text, enclosed, patient) = Read(metadata.MimeType.Split(';')[0].Trim(), metadata, content);
            return (sheet, text.Length > LongestText ? text[..LongestText] : text, enclosed, patient);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // A deposit is never lost to what could not be understood: the kind of the fault, never its text, is kept.
            return (new FactSheet([], new ReadingReport($"The reader failed ({e.GetType().Name}).")), "", [], null);
        }
    }

    private static FactSheet With(FactSheet sheet, string? problem, int scans) => sheet with { Report = sheet.Report with { Text = problem, Scans = scans } };

    private DocumentReading Made(DocumentMetadata metadata, FactSheet sheet, string text, int kept) =>
        new(Rules, sheet.ToBytes(), TermList.Of(metadata.Title, text, sheet), Packing.Pack(Encoding.UTF8.GetBytes(text.Length > kept ? text[..kept] : text))) { Findings = Quality.FindingsOf(sheet) };

    private static (FactSheet Sheet, string Text, IReadOnlyList<Enclosed> Enclosed, PatientClaim? Patient) Read(string type, DocumentMetadata metadata, ReadOnlyMemory<byte> content)
    {
        if (Enclosed.KindOf(type, content.Span) is { } kind) return (FactSheet.Empty, "", [new Enclosed(kind, () => content)], null);
        // What only calls itself so is not worth a process.
        if (Enclosed.KindOf(type) is { } promised) return (With(FactSheet.Empty, promised == "pdf" ? "pdf-broken" : "picture-broken", 0), "", [], null);
        if (content.Length > Limits.MaxBytes) return Unread("The document is larger than what is read for facts.");
        switch (First(content.Span))
        {
            case (byte)'<' when type != "text/html" && type != "image/svg+xml":
                if (!CdaXml.TryLoad(content, Limits, out var root, out var problem)) return Unread(problem.Detail);
                if (root.Name.NamespaceName == "http://hl7.org/fhir") return Fhir(FhirFactSheet.Read(() => FhirElement.OfXmlResource(root), metadata.Category));
                return CdaFactSheet.ClinicalIn(root) is { } clinical ? (CdaFactReader.Read(clinical, metadata.Category), CdaFactSheet.TextOf(clinical), Enclosed.In(clinical), Quality.PatientOf(clinical)) : (FactSheet.Empty, "", [], null);
            case (byte)'{' when type.EndsWith("json", StringComparison.OrdinalIgnoreCase):
                return Fhir(FhirFactSheet.Read(() => FhirElement.OfJson(content), metadata.Category));
            default:
                return type.Equals("text/plain", StringComparison.OrdinalIgnoreCase) ? (FactSheet.Empty, Encoding.UTF8.GetString(content.Span), [], null) : (With(FactSheet.Empty, TextProblems.Format, 0), "", [], null);
        }
    }

    private static (FactSheet, string, IReadOnlyList<Enclosed>, PatientClaim?) Fhir((FactSheet Sheet, string Text, FhirElement? Bundle) read) =>
        read.Bundle is null ? (read.Sheet, read.Text, [], null) : (read.Sheet, read.Text, Enclosed.In(read.Bundle), Quality.PatientOf(read.Bundle));

    /// <summary>What came out of a foreign process: letters and lines only.</summary>
    private static string Clean(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++) to[i] = char.IsControl(from[i]) && from[i] is not '\n' ? ' ' : from[i];
    });

    /// <summary>The first byte that is neither white space nor a byte order mark; 0 where there is none.</summary>
    private static byte First(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        // Sixteen-bit encodings of XML begin with their own mark; the XML reader knows them.
        if (bytes.Length > 3 && (bytes[..2].SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes[..2].SequenceEqual((ReadOnlySpan<byte>)[0xFE, 0xFF]))) return (byte)'<';
        var at = bytes.IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 ? (byte)0 : bytes[at];
    }

    private static (FactSheet, string, IReadOnlyList<Enclosed>, PatientClaim?) Unread(string reason) => (new FactSheet([], new ReadingReport(reason)), "", [], null);
}
