using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>Words in everything the visible documents say (R16), under the professional's own rights.</summary>
public sealed class LookupModel(ProRecordParts parts, SearchText search) : ProRecordPage(parts)
{
    [BindProperty]
    public LookupForm Form { get; set; } = new();

    public TextHits? Found { get; private set; }

    public LookupView View => new(Form, Found, RecordHref("/documents/"), Readable, ErrorOf);

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
