using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Ips;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>The patient summary, whole, with the source of each line.</summary>
public sealed class SummaryModel(ProRecordParts parts, ComposeSummary compose) : ProRecordPage(parts)
{
    /// <summary>"1": from all documents, also what the doctor left out.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Tout { get; set; }

    public SummaryView View { get; private set; } = null!;

    public bool MaySign => Head.Group == MatrixGroup.REF;

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await compose.RunAsync(Me, new RecordRef.ById(Record), Cancel, fromSigned: Tout != "1", SummaryView.Kinds);
        if (!found.Succeeded) return found.Refusal.Kind == RefusalKind.NotFound ? Neutral() : Refused(found.Refusal);
        View = new SummaryView(found.Value, T.Language, RecordHref("/documents/"));
        ShowAllergies(View);
        return Page();
    }

    /// <summary>The whole summary as a file, in the language asked for.</summary>
    public async Task<IActionResult> OnGetPdfAsync(string? langue)
    {
        var found = await compose.RunAsync(Me, new RecordRef.ById(Record), Cancel, fromSigned: Tout != "1");
        if (!found.Succeeded) return found.Refusal.Kind == RefusalKind.NotFound ? Neutral() : Refused(found.Refusal);
        return File(SummaryPdf.Write(found.Value, Language.Find(langue)?.Code ?? Lang), "application/pdf", "dsp.pdf");
    }
}
