using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S14: what one must know first, on one page; what is not there is written as not documented, never as negative.</summary>
public sealed class EmergencySheetModel(ProRecordParts parts, ReadFacts facts, EndCareContext end) : ProRecordPage(parts)
{
    private const int DocumentsShown = 6;
    private const int DaysShown = 2;
    private const int AnalysesShown = 12;

    protected override string Section => "nav.emergency";

    public SummaryView View { get; private set; } = null!;

    public ResultGrid Grid { get; private set; } = null!;

    /// <summary>The newest documents of the categories an emergency asks for: images, analyses, reports, summaries.</summary>
    public IReadOnlyList<StoredDocument> Newest { get; private set; } = [];

    /// <summary>What nobody documented: named, so that it is not taken for absent.</summary>
    public string NotDocumented => string.Join(", ", First.Append(FactKind.Medicine).SelectMany(k => View.Of(k)).Where(p => p.NotDocumented).Select(View.Title));

    /// <summary>What a source was asked and does not know, or has nothing to say about: never left out, it is not "none".</summary>
    public IReadOnlyList<(string Title, RecordedFact Said)> Unknown =>
        [.. First.Append(FactKind.Medicine).SelectMany(k => View.Of(k)).Where(p => p.Entries.Count == 0 && p.Denials.Count == 0 && p.Silences.Count > 0).Select(p => (View.Title(p), p.Silences[0]))];

    /// <summary>What must be known first, in this order; medicines have a box of their own.</summary>
    public static IReadOnlyList<FactKind> First { get; } = [.. LiveSummary.Emergency.Where(k => k != FactKind.Medicine)];

    private static readonly DataCategory[] Wanted = [DataCategory.MedicalImaging, DataCategory.MedicalAnalyses, DataCategory.CareReports, DataCategory.Syntheses, DataCategory.ProsthesesDevices, DataCategory.HolderExpression];

    public async Task<IActionResult> OnGetAsync()
    {
        // All documents, also those a signed summary left out: in an emergency more is better than edited.
        var query = LiveSummary.Query(LiveSummary.Emergency) with { WithFormerReads = true };
        var read = await facts.RunAsync(Me, new RecordRef.ById(Record), query, found =>
        {
            var summary = PatientSummary.Of(found, Head.Holder, Guid.Empty, Clock.GetUtcNow());
            var grid = ResultGrid.Of(ResultSeries.Of(found.Facts), 0, DaysShown, found.Former, AnalysesShown);
            var newest = found.Documents.Where(d => Wanted.Contains(d.Entry.Facts.Category)).OrderByDescending(d => d.Entry.Facts.At ?? d.AddedAt).Take(DocumentsShown).ToList();
            var lines = summary.Parts.Where(p => LiveSummary.Emergency.Contains(p.Kind)).SelectMany(p => p.Entries.Concat(p.Denials).SelectMany(e => e.Sources).Concat(p.Silences)).Select(s => s.Source.Id);
            return new Shown<(PatientSummary Summary, ResultGrid Grid, IReadOnlyList<StoredDocument> Newest)>((summary, grid, newest), [.. lines.Concat(grid.Points.SelectMany(p => p.Sources).Select(s => s.Source.Id)).Distinct()]);
        }, Cancel);
        if (!read.Succeeded) return Refused(read.Refusal);
        View = new SummaryView(read.Value.Summary, T.Language, RecordHref("/documents/"));
        (Grid, Newest) = (read.Value.Grid, read.Value.Newest);
        ShowAllergies(View);
        return Page();
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        if (!IsEmergency || Head.RelationId is not { } context) return NotFound();
        var done = await end.RunAsync(Me, context, Cancel);
        return done.Succeeded ? To("/pro", "contextEnded") : Refused(done.Refusal);
    }
}
