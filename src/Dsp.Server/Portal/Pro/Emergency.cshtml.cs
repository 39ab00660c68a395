using Dsp.Records;
using Dsp.Ui.Frame;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S13: finding the patient received in the emergency department.</summary>
public sealed class EmergencyModel(ProParts parts, FindPerson find) : SearchPage(parts, find)
{
    protected override string Section => "nav.emergency";

    protected override Space Space => Space.Urgent;

    public override string HitHref(PersonId person) => Href("/pro/urgence/" + person);

    public void OnGet()
    {
    }

    public Task<IActionResult> OnPostAsync() => SearchAsync();
}
