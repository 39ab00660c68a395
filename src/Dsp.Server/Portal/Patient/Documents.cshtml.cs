using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P05: all documents by month, found by words, category and date.</summary>
public sealed class DocumentsModel(PatientParts parts, DocumentWords words, FindDocuments find, ReadRights rights) : PatientPage(parts)
{
    protected override string Section => "nav.documents";

    protected override bool ForRepresentatives => true;

    [BindProperty(SupportsGet = true)]
    public string? Categorie { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Du { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Au { get; set; }

    public DocumentWords Words => words;

    public DocumentFilter Filter { get; private set; } = null!;

    public int Count { get; private set; }

    public IReadOnlyList<IGrouping<DateOnly, StoredDocument>> Months { get; private set; } = [];

    /// <summary>Who sees what, in words; empty for a representative, who learns nothing of it.</summary>
    public Rights? Rights { get; private set; }

    public static IEnumerable<DataCategory> Categories => Enum.GetValues<DataCategory>().Where(c => c != DataCategory.AccessTraces);

    public async Task<IActionResult> OnGetAsync()
    {
        Filter = DocumentFilter.Of(Categorie, Du, Au);
        if (Filter.DateWrong) ModelState.AddModelError("du", T["documents.dateWrong"]);
        var all = await AllDocuments.ReadAsync(find, Me, new RecordRef.ById(Record), Cancel);
        if (!all.Succeeded) return Refused(all.Refusal);
        var matching = all.Value.Where(d => Filter.Matches(d)).ToList();
        Count = matching.Count;
        Months = [.. matching.GroupBy(d => new DateOnly(DocumentWords.SortDay(d).Year, DocumentWords.SortDay(d).Month, 1))];
        if (!IsProxy) Rights = (await rights.RunAsync(Me, Record, Cancel)).Match(r => (Rights?)r, _ => null);
        return Page();
    }
}
