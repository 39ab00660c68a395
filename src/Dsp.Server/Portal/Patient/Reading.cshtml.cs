using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>A CDA document as a page of ours: header, sections, tables; nothing of it runs and nothing is fetched.</summary>
public sealed class ReadingModel(PatientParts parts, RetrieveDocument retrieve) : PatientPage(parts)
{
    protected override string Section => "nav.documents";

    protected override bool ForRepresentatives => true;

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
