using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S06: the patient's record: newest analyses at once, all documents found by words, category and date.</summary>
public sealed class RecordModel(ProRecordParts parts, DocumentWords words, FindDocuments find) : ProRecordPage(parts)
{
    private const int Newest = 3;

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Categorie { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Du { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Au { get; set; }

    public DocumentWords Words => words;

    public DocumentFilter Filter { get; private set; } = null!;

    public IReadOnlyList<StoredDocument> Analyses { get; private set; } = [];

    public IReadOnlyList<StoredDocument> Summaries { get; private set; } = [];

    public IReadOnlyList<StoredDocument> Documents { get; private set; } = [];

    public bool MayDeposit => Head.Group is { } group && Enum.GetValues<DataCategory>().Any(c => AccessMatrix.MayWrite(c, group));

    /// <summary>The categories this professional may read: the filter offers no others.</summary>
    public IEnumerable<DataCategory> Readable => Enum.GetValues<DataCategory>().Where(c => c != DataCategory.AccessTraces && Head.Group is { } group && AccessMatrix.MayRead(c, group));

    /// <summary>When this page was opened, for the guard against the wrong patient.</summary>
    public string OpenedAt => PatientGuard.Stamp(Clock);

    public async Task<IActionResult> OnGetAsync()
    {
        Filter = DocumentFilter.Of(Q, Categorie, Du, Au);
        if (Filter.DateWrong) ModelState.AddModelError("du", T["documents.dateWrong"]);
        var all = await AllDocuments.ReadAsync(find, Me, new RecordRef.ById(Record), Cancel);
        if (!all.Succeeded) return Refused(all.Refusal);
        Analyses = [.. all.Value.Where(d => d.Metadata.Category == DataCategory.MedicalAnalyses).Take(Newest)];
        Summaries = [.. all.Value.Where(d => d.Metadata.Category is DataCategory.Syntheses or DataCategory.AllergiesIntolerances).Take(Newest)];
        Documents = [.. all.Value.Where(d => Filter.Matches(d, words))];
        return Page();
    }
}
