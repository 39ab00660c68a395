using Dsp.Access;
using Dsp.Clinical;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>Words in everything the documents say (R16), with what narrows them.</summary>
public sealed class LookupModel(PatientParts parts, SearchText search) : PatientPage(parts)
{
    protected override string Section => "nav.documents";

    protected override bool ForRepresentatives => true;

    [BindProperty]
    public LookupForm Form { get; set; } = new();

    public TextHits? Found { get; private set; }

    public LookupView View => new(Form, Found, Href("/documents/"), DocumentsModel.Categories, ErrorOf);

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form.Query(ModelState, T) is not { } query) return Page();
        var found = await search.RunAsync(Me, new RecordRef.ById(Record), query, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Found = found.Value;
        return Page();
    }
}
