using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S14: the newest documents by category, on one page; what is not there is written as unknown, never as negative.</summary>
public sealed class EmergencySheetModel(ProRecordParts parts, DocumentWords words, FindDocuments find, EndCareContext end) : ProRecordPage(parts)
{
    private const int PerSection = 3;

    /// <summary>What to know first, left.</summary>
    private static readonly DataCategory[] First = [DataCategory.Syntheses, DataCategory.AllergiesIntolerances, DataCategory.PrescriptionsTreatments, DataCategory.ProsthesesDevices];

    private static readonly DataCategory[] Then = [DataCategory.MedicalAnalyses, DataCategory.MedicalImaging, DataCategory.CareReports];

    protected override string Section => "nav.emergency";

    public DocumentWords Words => words;

    public IReadOnlyList<(string Key, IReadOnlyList<StoredDocument> Documents)> Left { get; private set; } = [];

    public IReadOnlyList<(string Key, IReadOnlyList<StoredDocument> Documents)> Right { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var all = await AllDocuments.ReadAsync(find, Me, new RecordRef.ById(Record), Cancel);
        if (!all.Succeeded) return Refused(all.Refusal);
        var byCategory = all.Value.ToLookup(d => d.Metadata.Category);
        Left = [.. First.Select(c => (c.ToString(), (IReadOnlyList<StoredDocument>)[.. byCategory[c].Take(PerSection)]))];
        Right = [.. Then.Select(c => (c.ToString(), (IReadOnlyList<StoredDocument>)[.. byCategory[c].Take(PerSection)]))];
        return Page();
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        if (!IsEmergency || Head.RelationId is not { } context) return NotFound();
        var done = await end.RunAsync(Me, context, Cancel);
        return done.Succeeded ? To("/pro", "contextEnded") : Refused(done.Refusal);
    }
}
