using System.Security.Cryptography;
using System.Text;
using Dsp.Documents;
using Dsp.Identity;

namespace Dsp.Clinical;

/// <summary>Statements that say the same about one subject: shown once, with every source.</summary>
/// <param name="Sources">The newest first.</param>
/// <param name="Disputed">Another source says otherwise, and stands beside it.</param>
/// <param name="Current">Is it so now? Null where no source says so and no duration runs.</param>
public sealed record SummaryEntry(IReadOnlyList<RecordedFact> Sources, bool Disputed, bool? Current)
{
    /// <summary>The newest statement; what is shown is what it says.</summary>
    public RecordedFact Shown => Sources[0];

    /// <summary>16 hexadecimal digits by which a form names the line; the same as long as its newest statement is.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Shown.Source.Id}|{Shown.Fact.Kind}|{Shown.Fact.Statement}|{Shown.Fact.Place.Path}|{Shown.Fact.Name}|{Shown.Fact.Start?.Text}")).AsSpan(0, 8));
}

/// <summary>One section as pages and formats show it.</summary>
/// <param name="Past">The problems that are over, which stand apart from the others.</param>
/// <param name="Denials">Dated quotations of sources that say "none known" or "it is not so": never a state of the record.</param>
/// <param name="Silences">Sources that say that they do not know, or have no information.</param>
public sealed record SummaryPart(FactKind Kind, bool Past, IReadOnlyList<SummaryEntry> Entries, IReadOnlyList<SummaryEntry> Denials, IReadOnlyList<RecordedFact> Silences)
{
    /// <summary>No source says anything: "not documented", which is never "none".</summary>
    public bool NotDocumented => Entries.Count == 0 && Denials.Count == 0 && Silences.Count == 0;
}

/// <summary>
/// The summary of one record for one caller, ready to be shown: what the live summary holds, line by line, with the holder's
/// identity and how complete it can be.
/// </summary>
/// <param name="Id">A new id for each summary made; nothing of it is kept.</param>
/// <param name="Newer">Visible documents deposited after the newest one a line comes from.</param>
public sealed record PatientSummary(Guid Id, RecordId Record, Person Holder, DateTimeOffset At, LiveSummary Live, IReadOnlyList<SummaryPart> Parts, int Newer)
{
    /// <summary>Analyses and measurements shown, each with its last value and the one before.</summary>
    public const int MostSeries = 40;

    /// <summary>The newest version a referring doctor signed, where there is one this caller may see.</summary>
    public SignedVersion? Signed { get; init; }

    /// <summary>The items published with the signed version.</summary>
    public IReadOnlyList<StoredDocument> SignedItems { get; init; } = [];

    /// <summary>The lines come from the signed version and from what came after it; false where they come from all documents.</summary>
    public bool FromSigned { get; init; }

    /// <summary>Visible documents no line comes from.</summary>
    public int WithoutFacts => Live.WithoutFacts;

    /// <summary>Visible documents that could not be read, or not to the end.</summary>
    public int Unread => Live.Unread;

    /// <summary>The documents of every line, denial and silence, for the journal and for whoever names the sources.</summary>
    public IReadOnlyCollection<RecordedFact> Statements =>
        [.. Parts.SelectMany(p => p.Entries.Concat(p.Denials).SelectMany(e => e.Sources).Concat(p.Silences))];

    /// <summary>Builds it of what a caller may see; pure.</summary>
    /// <param name="fromSigned">Where a version was signed, of its lines and of what its doctor had not gone through: what the doctor left out stays out.</param>
    public static PatientSummary Of(FoundFacts found, Person holder, Guid id, DateTimeOffset now, bool fromSigned = false)
    {
        var signed = SignedVersion.Newest(found.Documents);
        var measured = found.Facts;
        if (fromSigned && signed is not null) found = found with { Facts = [.. found.Facts.Where(signed.Keeps)] };
        var live = LiveSummary.Of(found, LiveSummary.Whole, now);
        var parts = live.Sections.SelectMany(s => PartsOf(s, now)).Concat(Measured(measured, FactKind.VitalSign, FactKind.Result)).ToList();
        var made = new PatientSummary(id, found.Record, holder, now, live, parts, 0);
        var newest = made.Statements.Select(s => s.Source.AddedAt).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        return made with { Newer = found.Documents.Count(d => d.AddedAt > newest), Signed = signed, FromSigned = fromSigned && signed is not null, SignedItems = [.. found.Documents.Where(d => signed is not null && d.Id != signed.Document.Id && d.Entry.Submission == signed.Document.Entry.Submission)] };
    }

    /// <summary>The lines of the kinds that a signed document carries, each named: what a form offers, and whether it is still the same.</summary>
    public string Offered => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', Signable.SelectMany(p => p.Entries.Concat(p.Denials)).Select(e => e.Key + e.Sources.Count)))).AsSpan(0, 16));

    /// <summary>The documents of all that is offered, and of all that was when the version before was signed.</summary>
    public IReadOnlyList<DocumentId> GoneThrough =>
        [.. (Signed?.Document.Metadata.GoneThrough ?? []).Concat(Signable.SelectMany(p => p.Entries.Concat(p.Denials)).SelectMany(e => e.Sources).Select(s => s.Source.Id)).Distinct()];

    /// <summary>The parts a referring doctor goes through; everything else stays live.</summary>
    public IEnumerable<SummaryPart> Signable => Parts.Where(p => SignedVersion.Carried.Contains(p.Kind)).Select(p => p with { Denials = [.. p.Denials.Where(d => !LiveSummary.IsGeneral(d.Shown.Fact) || AbsentCodes.Says(d.Shown.Fact.Code) == FactStatement.Negated)], Silences = [] });

    /// <summary>The lines somebody chose, and some of their own; measurements, which are always live, are left out.</summary>
    /// <param name="added">Statements of who chooses, <see cref="SignedVersion.OwnWords"/> as their source.</param>
    public PatientSummary Only(Func<SummaryEntry, bool> keep, IReadOnlyList<RecordedFact> added) => this with
    {
        Parts =
        [
            .. Signable.Select(p => p with
            {
                Entries = [.. p.Entries.Where(keep), .. p.Past ? [] : added.Where(a => a.Fact.Kind == p.Kind).Select(a => new SummaryEntry([a], false, LiveSummary.IsCurrent(a, At)))],
                Denials = [.. p.Denials.Where(keep)],
            }),
        ],
    };

    private static IEnumerable<SummaryPart> PartsOf(SummarySection section, DateTimeOffset now)
    {
        var entries = section.Lines.SelectMany(l => EntriesOf(l, now)).ToList();
        var denials = section.Denials.GroupBy(d => (Folding.Fold(d.Fact.Name ?? ""), d.Fact.Start?.Text)).Select(g => new SummaryEntry([.. g], section.Lines.Count > 0, null)).ToList();
        if (section.Kind != FactKind.Problem) return [new SummaryPart(section.Kind, false, entries, denials, section.Silences)];
        return
        [
            new SummaryPart(section.Kind, false, [.. entries.Where(e => e.Current != false)], denials, section.Silences),
            new SummaryPart(section.Kind, true, [.. entries.Where(e => e.Current == false)], [], []),
        ];
    }

    private static IEnumerable<SummaryEntry> EntriesOf(SummaryLine line, DateTimeOffset now)
    {
        // Two injections of one vaccine are two events, not two tellings of one.
        if (line.Newest.Fact.Kind is FactKind.Immunization or FactKind.Procedure)
            return line.Statements.GroupBy(s => (s.Fact.Statement, Day: Day(s.Fact))).Select(g => Entry([.. g], false, now));
        if (!line.Conflict) return [new SummaryEntry(line.Statements, false, line.Current)];
        return line.Statements.GroupBy(s => Says(s, now)).Select(g => Entry([.. g], true, now));
    }

    private static SummaryEntry Entry(IReadOnlyList<RecordedFact> sources, bool disputed, DateTimeOffset now) => new(sources, disputed, LiveSummary.IsCurrent(sources[0], now));

    /// <summary>What two sources must agree in to say the same.</summary>
    private static (FactStatement, string, string, string, bool?) Says(RecordedFact s, DateTimeOffset now) =>
        (s.Fact.Statement, Folding.Fold(s.Fact.ClinicalStatus?.Name ?? ""), Folding.Fold(s.Fact.Criticality?.Name ?? ""), s.Fact.Doses is [{ Dose: { } dose }, ..] ? $"{dose.Number} {dose.Unit}" : "", LiveSummary.IsCurrent(s, now));

    private static string? Day(Fact fact) => fact.Start?.Text is { Length: > 10 } instant ? instant[..10] : fact.Start?.Text;

    /// <summary>The last value of each analysis and the one before it, the newest first.</summary>
    private static IEnumerable<SummaryPart> Measured(IReadOnlyList<RecordedFact> facts, params FactKind[] kinds)
    {
        foreach (var kind in kinds)
        {
            var series = ResultSeries.Of(facts.Where(f => f.Fact.Kind == kind && f.Fact.Statement == FactStatement.Asserted)).OrderByDescending(s => s.Points[^1].At).Take(MostSeries);
            yield return new SummaryPart(kind, false, [.. series.SelectMany(s => s.Points.TakeLast(2).Reverse()).Select(p => new SummaryEntry(p.Sources, false, null))], [], []);
        }
    }
}
