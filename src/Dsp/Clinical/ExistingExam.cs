using Dsp.Codes;
using Dsp.Documents;

namespace Dsp.Clinical;

/// <summary>An exam somebody is about to order: an analysis, a panel, or imaging.</summary>
/// <param name="What">Its code in LOINC or in a local catalogue, and its words.</param>
public sealed record ExamOrder(Concept What)
{
    /// <summary>The DICOM modality or a SNOMED CT code, where the order says it apart.</summary>
    public string? Modality { get; init; }

    /// <summary>The part of the body, coded or in words, where the order says it apart.</summary>
    public Concept? BodyRegion { get; init; }

    /// <summary>The order as the journal keeps it.</summary>
    internal string AsSent => string.Join(' ', (What.Codes ?? []).Select(c => $"{c.System}|{c.Code}").Append(What.Text).Append(Modality).Append(BodyRegion?.Name).Where(p => !string.IsNullOrEmpty(p)));
}

/// <summary>Why an existing exam is shown for an order; the surest first.</summary>
public enum ExamMatch
{
    /// <summary>The same code.</summary>
    SameCode,

    /// <summary>Another code or name of the same analysis.</summary>
    Equivalent,

    /// <summary>The panel that was ordered, or most of its analyses in one document.</summary>
    Panel,

    /// <summary>Imaging of the same modality and region.</summary>
    Imaging,

    /// <summary>Imaging that may be it: the document does not say of which modality, or of which region.</summary>
    PossibleImaging,
}

/// <summary>An exam that was done within the interval of its kind.</summary>
/// <param name="At">When it was done: the result's own time, else its document's.</param>
/// <param name="Code">The code that fits; null where words or the kind of document did.</param>
/// <param name="Name">As its source calls it.</param>
/// <param name="Value">Of an analysis; null for panels and imaging.</param>
/// <param name="Days">The interval it lies in.</param>
public sealed record ExistingExam(DocumentId Document, string? Title, string? Author, DateTimeOffset At, string? Institution, ExamMatch Match, CodedValue? Code, string? Name, FactValue? Value, int Days)
{
    internal static ExistingExam Of(StoredDocument document, DateTimeOffset at, ExamMatch match, CodedValue? code, string? name, FactValue? value, int days) => new(
        document.Id,
        document.Metadata.Title,
        document.Metadata.Authors.Select(a => a.Name).FirstOrDefault(n => n.Length > 0) ?? document.Entry.DepositedByName,
        at, document.Entry.InstitutionName, match, code, name, value, days);
}

/// <summary>What there is for one order.</summary>
/// <param name="Record">Whose; the empty one where nothing may be seen.</param>
/// <param name="Exams">The newest first, at most <see cref="ExamMatching.Most"/>.</param>
public sealed record ExistingExams(RecordId Record, ExamOrder Order, IReadOnlyList<ExistingExam> Exams);
