using System.Globalization;

namespace Dsp.Codes;

/// <summary>Analyses that answer the same question, and how long an answer is worth showing before the question is asked again.</summary>
/// <param name="Codes">LOINC codes of the analysis itself, or of the panel.</param>
/// <param name="Members">Of a panel: its analyses, each with the codes that say the same.</param>
/// <param name="Least">Of a panel: so many of its analyses in one document are the panel.</param>
/// <param name="Words">Names, folded, for orders and results without a code of LOINC.</param>
/// <param name="Source">Where the number of days comes from, or that it is an assumption.</param>
public sealed record ExamGroup(string Name, int Days, IReadOnlyList<string> Codes, IReadOnlyList<IReadOnlyList<string>> Members, int Least, IReadOnlyList<string> Words, string Source)
{
    public bool IsPanel => Members.Count > 0;

    /// <summary>Which of the panel's analyses a code is; null where it is none of them.</summary>
    public int? MemberOf(string loinc)
    {
        for (var i = 0; i < Members.Count; i++)
            if (Members[i].Contains(loinc)) return i;
        return null;
    }
}

/// <summary>One word of imaging: a modality, a region of the body, or a side.</summary>
/// <param name="Days">Of a modality with an interval of its own.</param>
/// <param name="Dicom">Modality codes of DICOM.</param>
/// <param name="Region">Of a modality that is of one region only.</param>
/// <param name="Words">Folded, in the languages reports are written in.</param>
public sealed record ImagingTerm(string Name, int? Days, IReadOnlyList<string> Dicom, string? Region, IReadOnlyList<string> Snomed, IReadOnlyList<string> Words);

/// <summary>An imaging exam that LOINC names by modality and region in one code.</summary>
public sealed record ImagingExam(string Loinc, string Modality, string? Region, int? Days);

/// <summary>Which exams are the same, and for how long an existing one is shown: <c>exams.csv</c> and <c>imaging.csv</c>.</summary>
public static class ExamTable
{
    private static readonly IReadOnlyList<ExamGroup> Lines = LoadGroups();
    private static readonly Dictionary<string, ExamGroup> ByCode = Groups.SelectMany(g => g.Codes.Select(c => (c, g))).ToDictionary(p => p.c, p => p.g, StringComparer.Ordinal);
    private static readonly List<string[]> Imaging = [.. Embedded.Lines("Codes/imaging.csv")[1..].Select(l => l.Split(';'))];

    public static IReadOnlyList<ExamGroup> Groups => [.. Lines.Where(g => g.Codes.Count > 0)];

    /// <summary>For analyses without a line of their own.</summary>
    public static ExamGroup Analysis { get; } = Lines.First(g => g.Name == "analysis");

    /// <summary>For imaging without an interval of its own.</summary>
    public static ExamGroup AnyImaging { get; } = Lines.First(g => g.Name == "imaging");

    public static IReadOnlyList<ImagingTerm> Modalities { get; } = Terms("modality");
    public static IReadOnlyList<ImagingTerm> Regions { get; } = Terms("region");
    public static IReadOnlyList<ImagingTerm> Sides { get; } = Terms("side");
    public static IReadOnlyDictionary<string, ImagingExam> Exams { get; } = Imaging.Where(p => p[0] == "exam").Select(p => new ImagingExam(p[1], p[6], Text(p[4]), Number(p[2]))).ToDictionary(e => e.Loinc, StringComparer.Ordinal);

    /// <summary>The group of a LOINC code; null where it has none of its own.</summary>
    public static ExamGroup? OfCode(string loinc) => ByCode.GetValueOrDefault(loinc);

    private static List<ExamGroup> LoadGroups() =>
    [
        .. Embedded.Lines("Codes/exams.csv")[1..].Select(l => l.Split(';')).Select(p => new ExamGroup(
            p[0], Number(p[1])!.Value, List(p[2], ' '), [.. List(p[3], ' ').Select(m => List(m, '/'))], Number(p[4]) ?? 0, List(p[5], '|'), p[6])),
    ];

    private static List<ImagingTerm> Terms(string kind) =>
        [.. Imaging.Where(p => p[0] == kind).Select(p => new ImagingTerm(p[1], Number(p[2]), List(p[3], ' '), Text(p[4]), List(p[5], ' '), List(p[6], '|')))];

    private static string[] List(string text, char separator) => text.Split(separator, StringSplitOptions.RemoveEmptyEntries);

    private static string? Text(string text) => text.Length > 0 ? text : null;

    private static int? Number(string text) => text.Length > 0 ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
