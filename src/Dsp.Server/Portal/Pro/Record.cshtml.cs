using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S06: the patient's record: newest analyses at once, all documents found by words, category and date.</summary>
public sealed class RecordModel(ProRecordParts parts, DocumentWords words, FindDocuments find, ReadFacts facts, ResultWords results) : ProRecordPage(parts)
{
    private const int DaysShown = 3;
    private const int AnalysesShown = 8;

    /// <summary>What is looked for in so many of the newest documents; all analyses have a page of their own.</summary>
    private const int RecentDocuments = 60;

    private static readonly FactKind[] Shown = [FactKind.Alert, FactKind.Allergy, FactKind.Problem, FactKind.Medicine, FactKind.Device, FactKind.Immunization];

    [BindProperty(SupportsGet = true)]
    public string? Categorie { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Du { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Au { get; set; }

    public DocumentWords Words => words;

    public DocumentFilter Filter { get; private set; } = null!;

    /// <summary>The signed version and what came after it; without one, of all documents.</summary>
    public SummaryView Summary { get; private set; } = null!;

    /// <summary>The last analyses.</summary>
    public ResultGrid Grid { get; private set; } = null!;

    public ResultWords Results => results;

    /// <summary>This patient's referring doctor signs the summary.</summary>
    public bool MaySign => Head.Group == MatrixGroup.REF;

    public IReadOnlyList<StoredDocument> Documents { get; private set; } = [];

    public bool MayDeposit => Head.Group is { } group && Enum.GetValues<DataCategory>().Any(c => AccessMatrix.MayWrite(c, group));

    /// <summary>When this page was opened, for the guard against the wrong patient.</summary>
    public string OpenedAt => PatientGuard.Stamp(Clock);

    public async Task<IActionResult> OnGetAsync()
    {
        Filter = DocumentFilter.Of(Categorie, Du, Au);
        if (Filter.DateWrong) ModelState.AddModelError("du", T["documents.dateWrong"]);
        var all = await AllDocuments.ReadAsync(find, Me, new RecordRef.ById(Record), Cancel);
        if (!all.Succeeded) return Refused(all.Refusal);
        var query = new FactQuery { Kinds = Shown, RecentKinds = [FactKind.Result, FactKind.VitalSign], Recent = RecentDocuments, WithFormerReads = true };
        var read = await facts.RunAsync(Me, new RecordRef.ById(Record), query, found =>
        {
            var summary = PatientSummary.Of(found, Head.Holder, Guid.Empty, Clock.GetUtcNow(), fromSigned: true);
            var grid = ResultGrid.Of(ResultSeries.Of(found.Facts), 0, DaysShown, found.Former, AnalysesShown);
            var lines = summary.Parts.Where(p => Shown.Contains(p.Kind)).SelectMany(p => p.Entries.Concat(p.Denials).SelectMany(e => e.Sources).Concat(p.Silences)).Select(s => s.Source.Id);
            return new Shown<(PatientSummary Summary, ResultGrid Grid)>((summary, grid), [.. lines.Concat(grid.Points.SelectMany(p => p.Sources).Select(s => s.Source.Id)).Distinct()]);
        }, Cancel);
        if (!read.Succeeded) return Refused(read.Refusal);
        (Summary, Grid) = (new SummaryView(read.Value.Summary, T.Language, RecordHref("/documents/")), read.Value.Grid);
        ShowAllergies(Summary);
        Documents = [.. all.Value.Where(d => Filter.Matches(d))];
        return Page();
    }
}
