namespace Dsp.Clinical;

/// <summary>One subject as all visible documents speak of it: the same statement of several documents once, differing ones side by side.</summary>
/// <param name="Statements">The newest first, each with its source.</param>
/// <param name="Conflict">The sources do not agree: shown side by side, decided by nobody.</param>
/// <param name="Current">Is it so now? Null where no source says so and no duration runs.</param>
public sealed record SummaryLine(string Name, IReadOnlyList<RecordedFact> Statements, bool Conflict, bool? Current)
{
    public RecordedFact Newest => Statements[0];
}

/// <summary>One section.</summary>
/// <param name="Denials">Dated quotations of sources that say "none known": never a state, and beside the lines where both stand.</param>
/// <param name="Silences">Sources that say that they do not know, or have no information.</param>
public sealed record SummarySection(FactKind Kind, IReadOnlyList<SummaryLine> Lines, IReadOnlyList<RecordedFact> Denials, IReadOnlyList<RecordedFact> Silences)
{
    /// <summary>Something is known and something denies that there is any.</summary>
    public bool Conflict => Lines.Count > 0 && Denials.Count > 0;

    /// <summary>No source says anything: written as "not documented", never as "none".</summary>
    public bool NotDocumented => Lines.Count == 0 && Denials.Count == 0 && Silences.Count == 0;
}

/// <summary>
/// The summary of a record as its visible documents make it, and the emergency sheet's data. It may be incomplete, and says by
/// how much: documents that gave nothing to it, and documents that could not be read.
/// </summary>
/// <param name="WithoutFacts">Visible documents no line comes from.</param>
public sealed record LiveSummary(RecordId Record, IReadOnlyList<SummarySection> Sections, IReadOnlyList<ResultSeries> LastResults, int Documents, int WithoutFacts, int Unread)
{
    /// <summary>What an emergency team must know first, in this order.</summary>
    public static IReadOnlyList<FactKind> Emergency { get; } =
        [FactKind.Alert, FactKind.Allergy, FactKind.Problem, FactKind.Medicine, FactKind.Device, FactKind.Pregnancy, FactKind.AdvanceDirective];

    /// <summary>The sections of a patient summary (IPS 2.0).</summary>
    public static IReadOnlyList<FactKind> Whole { get; } =
        [.. Emergency, FactKind.Immunization, FactKind.Procedure, FactKind.SocialHistory, FactKind.FunctionalStatus, FactKind.FamilyHistory, FactKind.Plan];

    private const int LastResultsShown = 20;

    /// <summary>The last results are looked for in so many of the newest documents; a thousand old reports are a trend, not news.</summary>
    private const int RecentDocuments = 60;

    /// <summary>The facts it is made of.</summary>
    public static FactQuery Query(IReadOnlyList<FactKind> kinds) => new() { Kinds = [.. kinds], RecentKinds = [FactKind.Result, FactKind.VitalSign], Recent = RecentDocuments };

    /// <summary>What a reader is shown of it, for the journal: the documents of every line, and of the last values.</summary>
    public IReadOnlyCollection<DocumentId> Sources =>
        [.. Sections.SelectMany(s => s.Lines.SelectMany(l => l.Statements).Concat(s.Denials).Concat(s.Silences)).Concat(LastResults.SelectMany(r => r.Points).SelectMany(p => p.Sources)).Select(f => f.Source.Id).Distinct()];

    public SummarySection this[FactKind kind] => Sections.First(s => s.Kind == kind);

    /// <summary>Builds it of what a caller may see; pure.</summary>
    public static LiveSummary Of(FoundFacts found, IReadOnlyList<FactKind> kinds, DateTimeOffset now)
    {
        // What a document says of a mother, a donor or an unborn child is nothing of the patient's own.
        var own = found.Facts.Where(f => f.Fact.IsOwn || f.Fact.Kind == FactKind.FamilyHistory).ToList();
        var used = own.Select(f => f.Source.Id).ToHashSet();
        // The last value of an analysis and the one before it: what changed is seen, the rest is a trend of its own.
        var results = ResultSeries.Of(own).OrderByDescending(s => s.Points[^1].At).Take(LastResultsShown).Select(s => s with { Points = [.. s.Points.TakeLast(2)] });
        return new LiveSummary(
            found.Record,
            [.. kinds.Select(kind => Section(kind, [.. own.Where(f => f.Fact.Kind == kind).OrderByDescending(f => f.At).ThenByDescending(f => f.Source.AddedAt).ThenByDescending(f => f.Source.Id.Value)], now))],
            [.. results],
            found.Documents.Count, found.Documents.Count(d => !used.Contains(d.Id)), found.Unread.Count);
    }

    private static SummarySection Section(FactKind kind, List<RecordedFact> facts, DateTimeOffset now)
    {
        var denials = new List<RecordedFact>();
        var silences = new List<RecordedFact>();
        var groups = new List<Group>();
        foreach (var fact in facts)
        {
            if (fact.Fact.Statement is FactStatement.Unknown or FactStatement.NoInformation) silences.Add(fact);
            else if (fact.Fact.Statement == FactStatement.Negated && IsGeneral(fact.Fact)) denials.Add(fact);
            else (groups.Find(g => g.Takes(fact.Fact)) ?? New(groups)).Add(fact);
        }
        // A subject that is only ever denied ("not taken", "refuted") is a quotation as well, under its own name.
        denials.AddRange(groups.Where(g => g.Facts.TrueForAll(f => f.Fact.Statement == FactStatement.Negated)).SelectMany(g => g.Facts));
        return new SummarySection(kind, [.. groups.Where(g => g.Facts.Exists(f => f.Fact.Statement != FactStatement.Negated)).Select(g => g.Line(now))], denials, silences);
    }

    private static Group New(List<Group> groups)
    {
        var made = new Group();
        groups.Add(made);
        return made;
    }

    /// <summary>A denial of the whole section: its subject is a code of absence, the type of an allergy alone, or nothing at all.</summary>
    public static bool IsGeneral(Fact fact) => fact.Code is not { SaysSomething: true } || AbsentCodes.Says(fact.Code) is not null || (fact.Kind is FactKind.Allergy or FactKind.Problem && GeneralSubjects.Overlaps(fact.Code.Codes?.Select(c => c.Code) ?? []));

    /// <summary>Subjects that name a kind of thing and no thing: allergy to substance, to drug, to food; problem; finding.</summary>
    private static readonly HashSet<string> GeneralSubjects = ["419199007", "416098002", "414285001", "418038007", "420134006", "419511003", "55607006", "404684003", "64572001", "473011001", "106190000"];

    /// <summary>Statements about one subject: they share a code, or have the same words where a source gave no code.</summary>
    private sealed class Group
    {
        private readonly HashSet<(string, string)> codes = [];
        private readonly HashSet<string> names = new(StringComparer.Ordinal);

        public List<RecordedFact> Facts { get; } = [];

        public bool Takes(Fact fact) =>
            fact.Stage == Facts[0].Fact.Stage
            && ((fact.Code?.Codes?.Any(c => codes.Contains((c.System, c.Code))) ?? false) || (fact.Name is { } name && names.Contains(Folding.Fold(name))));

        public void Add(RecordedFact fact)
        {
            Facts.Add(fact);
            foreach (var code in fact.Fact.Code?.Codes ?? []) codes.Add((code.System, code.Code));
            if (fact.Fact.Name is { } name) names.Add(Folding.Fold(name));
        }

        public SummaryLine Line(DateTimeOffset now)
        {
            // One document may say the same twice; two that say the same are one statement with two sources, both kept.
            var conflict = Facts.Select(f => f.Fact.Statement).Distinct().Count() > 1
                || Differ(f => f.ClinicalStatus?.Name) || Differ(f => f.Criticality?.Name)
                || Facts[0].Fact.Kind == FactKind.Medicine && Differ(f => f.Doses is [{ Dose: { } dose }, ..] ? $"{dose.Number} {dose.Unit}" : null);
            var currents = Facts.Select(f => IsCurrent(f, now)).OfType<bool>().Distinct().ToList();
            return new SummaryLine(Facts[0].Fact.Name ?? "", Facts, conflict || currents.Count > 1, currents.Count == 1 ? currents[0] : null);
        }

        private bool Differ(Func<Fact, string?> part) => Facts.Select(f => part(f.Fact)).OfType<string>().Select(Folding.Fold).Distinct(StringComparer.Ordinal).Count() > 1;
    }

    /// <summary>What one statement says of the present: only where the source asserts it and says so, or a duration runs or has run out.</summary>
    public static bool? IsCurrent(RecordedFact recorded, DateTimeOffset now)
    {
        var fact = recorded.Fact;
        if (fact.Statement != FactStatement.Asserted) return null;
        var status = fact.ClinicalStatus?.Codes?.Select(c => c.Code).FirstOrDefault() ?? (fact.Kind == FactKind.Medicine ? fact.RecordStatus : null);
        // Stopped by word is stopped, whatever end was planned; a date is over when the whole of it is.
        if (status is "inactive" or "resolved" or "remission" or "73425007" or "413322009" or "stopped" or "aborted" or "cancelled") return false;
        var ended = fact.End?.From is not null ? fact.End : fact.Doses is { Count: > 0 } doses && doses.All(d => d.End?.From is not null) ? doses.MaxBy(d => d.End!.From)!.End : null;
        if (ended is { From: { } from } && (ended.To ?? from) is var end) return end > now && (fact.Start?.From is not { } start || start <= now) ? true : end <= now ? false : null;
        return status switch
        {
            "active" or "recurrence" or "relapse" or "55561003" or "Active" => true,
            // "Completed" is said of an entry as often as of a treatment, "suspended" of a treatment that may go on: not said.
            _ => null,
        };
    }
}
