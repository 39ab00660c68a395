using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>A CDA document of a patient as a page of ours.</summary>
public sealed class ReadingModel(ProRecordParts parts, RetrieveDocument retrieve) : ProRecordPage(parts)
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public CdaMarkup Cda { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await retrieve.RunAsync(Me, Record, new DocumentId(Id), range: null, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Cda = CdaMarkup.Of(await CdaMarkup.BytesAsync(found.Value, Cancel), T.Language);
        return Page();
    }
}
