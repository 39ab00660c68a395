using Dsp.Records;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S03: finding a patient. It never says whether there is a record.</summary>
public sealed class FindModel(ProParts parts, FindPerson find) : SearchPage(parts, find)
{
    protected override string Section => "nav.search";

    public override string HitHref(PersonId person) => Href("/pro/patients/" + person);

    public void OnGet()
    {
    }

    public Task<IActionResult> OnPostAsync() => SearchAsync();
}
