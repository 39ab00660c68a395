using Dsp.Codes;
using Dsp.Documents;

namespace Dsp.Clinical;

/// <summary>
/// Which of a record's results and images answer an order already. A pure function of what the caller may see: the same code,
/// another code of the same analysis, the panel or its members, imaging of the same modality and region; each within the
/// interval of its kind (<see cref="ExamTable"/>). It shows what is there and concludes nothing.
/// </summary>
public static class ExamMatching
{
    /// <summary>Rows shown for one order.</summary>
    public const int Most = 10;

    private const string Loinc = "http://loinc.org";
    private static readonly string[] ImagingTypes = ["68604-8", "85430-7", "18748-4", "55113-5"];

    /// <summary>The existing exams for one order, the newest first.</summary>
    public static IReadOnlyList<ExistingExam> Of(FoundFacts found, ExamOrder order, DateTimeOffset now)
    {
        var rows = Analyses(found, order, now).Concat(Images(found, order, now)).OrderByDescending(r => r.At).ThenBy(r => r.Match).ThenByDescending(r => r.Document.Value);
        // One exam told by two documents, or fitting in two ways, is one row.
        return [.. rows.DistinctBy(r => r.Value is { } v ? (r.At, r.Code?.System, r.Code?.Code, Comparable(v), v.Coded?.Name) : (object)r.Document).Take(Most)];
    }

    /// <summary>A value by all that it says, without how its source spells or translates it; what is coded is compared by name.</summary>
    private static FactValue Comparable(FactValue value) => value with
    {
        Unit = value.Unit ?? value.UnitCode,
        UnitCode = null,
        Coded = null,
        Translations = null,
        Low = value.Low is { } low ? Comparable(low) : null,
        High = value.High is { } high ? Comparable(high) : null,
    };

    /// <summary>How far back an order looks: what was deposited before cannot answer it.</summary>
    public static int DaysOf(ExamOrder order)
    {
        var imaging = ImagingTraits.Of(order);
        return imaging.SaysNothing && !AsksForImaging(order) ? DaysOf(order.What) : Math.Max(DaysOf(imaging), DaysOf(order.What));
    }

    private static int DaysOf(ImagingTraits imaging) => imaging.Days ?? ExamTable.AnyImaging.Days;

    /// <summary>Of an analysis: its own, that of the panel it belongs to, else that of any analysis.</summary>
    private static int DaysOf(Concept analysis) =>
        (GroupOf(analysis) ?? (analysis.CodeIn(Loinc) is { } code ? ExamTable.Groups.FirstOrDefault(g => g.MemberOf(code) is not null) : null) ?? ExamTable.Analysis).Days;

    private static bool AsksForImaging(ExamOrder order) => order.What.Codes?.Any(c => ImagingTypes.Contains(c.Code)) == true;

    /// <summary>Which facts could answer an order, or be part of what does; the others need not be kept.</summary>
    public static Func<RecordedFact, bool> Concerning(ExamOrder order)
    {
        var asked = GroupOf(order.What);
        var names = NamesOf(order);
        return said => said.Fact.Category == DataCategory.MedicalImaging
            || (said.Fact.Code is { } code && IsDone(said.Fact)
                && (Same(order.What, code) is not null || IsAlike(order.What, names, asked, code)
                    || (asked is { IsPanel: true } && ((code.CodeIn(Loinc) is { } member && asked.MemberOf(member) is not null) || (said.Fact.Panel?.CodeIn(Loinc) is { } panel && asked.Codes.Contains(panel))))));
    }

    private static IEnumerable<ExistingExam> Analyses(FoundFacts found, ExamOrder order, DateTimeOffset now)
    {
        var asked = GroupOf(order.What);
        var (days, names) = (DaysOf(order.What), NamesOf(order));
        var done = found.Facts.Where(f => IsDone(f.Fact) && IsRecent(f.At, days, now)).ToList();
        foreach (var fact in done)
        {
            if (fact.Fact.Code is not { } said) continue;
            if (Same(order.What, said) is { } same) yield return ExistingExam.Of(fact.Source, fact.At, ExamMatch.SameCode, same, said.Name, fact.Fact.Value, days);
            else if (IsAlike(order.What, names, asked, said)) yield return ExistingExam.Of(fact.Source, fact.At, ExamMatch.Equivalent, said.Codes is [var first, ..] ? first : null, said.Name, fact.Fact.Value, days);
        }
        if (asked is not { IsPanel: true } panel) yield break;
        foreach (var document in done.GroupBy(f => f.Source.Id))
        {
            var named = document.Select(f => f.Fact.Panel?.CodeIn(Loinc)).FirstOrDefault(c => c is not null && panel.Codes.Contains(c));
            var members = document.Where(f => f.Fact.Code?.CodeIn(Loinc) is { } c && panel.MemberOf(c) is not null).ToList();
            if (named is null && members.Select(f => panel.MemberOf(f.Fact.Code!.CodeIn(Loinc)!)).Distinct().Count() < panel.Least) continue;
            var newest = (members.Count > 0 ? members : [.. document]).MaxBy(f => f.At)!;
            yield return ExistingExam.Of(newest.Source, newest.At, ExamMatch.Panel, named is null ? null : new CodedValue(Loinc, named), newest.Fact.Panel?.Name, null, days);
        }
    }

    private static IEnumerable<ExistingExam> Images(FoundFacts found, ExamOrder order, DateTimeOffset now)
    {
        var asked = ImagingTraits.Of(order);
        if (asked.SaysNothing && !AsksForImaging(order)) yield break;
        var days = DaysOf(asked);
        var said = found.Facts.ToLookup(f => f.Source.Id);
        foreach (var document in found.Documents.Where(IsImaging))
        {
            var at = document.Entry.Facts.At ?? document.AddedAt;
            if (!IsRecent(at, days, now)) continue;
            var same = said[document.Id].Select(f => f.Fact.Code).OfType<Concept>().Select(c => Same(order.What, c)).FirstOrDefault(c => c is not null);
            if (same is not null) yield return ExistingExam.Of(document, at, ExamMatch.SameCode, same, document.Metadata.Title, null, days);
            else if (asked.IsSame(ImagingTraits.Of(document, said[document.Id])) is { } sure) yield return ExistingExam.Of(document, at, sure ? ExamMatch.Imaging : ExamMatch.PossibleImaging, null, document.Metadata.Title, null, days);
        }
    }

    /// <summary>A result that is there: not ordered, not denied, not unknown, not of somebody else, not waited for.</summary>
    private static bool IsDone(Fact fact) =>
        fact is { Kind: FactKind.Result, Stage: FactStage.Done, Statement: FactStatement.Asserted, Value: { Type: not FactValueType.Absent }, RecordStatus: not "registered" } && fact.IsOwn && fact.Category != DataCategory.MedicalImaging;

    /// <summary>Within the interval; a time a day ahead is a clock, one further on is no exam that was done.</summary>
    private static bool IsRecent(DateTimeOffset at, int days, DateTimeOffset now) => at >= now.AddDays(-days) && at <= now.AddDays(1);

    private static bool IsImaging(StoredDocument document) => document.Entry.Facts.Category == DataCategory.MedicalImaging || ImagingTypes.Contains(document.Metadata.Type?.Code);

    /// <summary>By its LOINC code; by its words only where it has none.</summary>
    private static ExamGroup? GroupOf(Concept concept)
    {
        if (concept.Codes?.Where(c => c.System == Loinc).Select(c => ExamTable.OfCode(c.Code)).FirstOrDefault(g => g is not null) is { } coded) return coded;
        if (concept.CodeIn(Loinc) is not null) return null;
        var words = Texts(concept).Select(t => t.Split(' ')).ToList();
        return ExamTable.Groups.FirstOrDefault(g => words.Exists(t => g.Words.Any(w => (" " + string.Join(' ', t) + " ").Contains(" " + w + " ", StringComparison.Ordinal))));
    }

    private static CodedValue? Same(Concept order, Concept said) => said.Codes?.FirstOrDefault(c => order.Codes?.Any(o => o.System == c.System && o.Code == c.Code) == true);

    /// <param name="names">The order's own words, folded.</param>
    /// <param name="asked">The group of the order; a panel is no analysis that another could be like.</param>
    private static bool IsAlike(Concept order, HashSet<string> names, ExamGroup? asked, Concept said) => (asked is { IsPanel: false } && GroupOf(said) == asked) || IsSameName(order, names, said);

    /// <summary>The same words where no catalogue has a code for both: two codes of one catalogue are two analyses, whatever they are called.</summary>
    private static bool IsSameName(Concept order, HashSet<string> names, Concept said) =>
        names.Count > 0 && !(order.Codes ?? []).Any(o => said.Codes?.Any(c => c.System == o.System) == true) && Texts(said).Any(names.Contains);

    /// <summary>Words that a result could be called by; none of imaging, which is compared by modality and region.</summary>
    private static HashSet<string> NamesOf(ExamOrder order) => ImagingTraits.Of(order).SaysNothing ? Texts(order.What).ToHashSet(StringComparer.Ordinal) : [];

    private static IEnumerable<string> Texts(Concept concept) =>
        (concept.Codes ?? []).Select(c => c.Display).Append(concept.Text).OfType<string>().Select(Folding.Fold).Where(t => t.Length > 1).Distinct();
}
