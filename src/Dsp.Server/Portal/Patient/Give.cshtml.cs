using Dsp.Access;
using Dsp.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P16: lasting access for a person or an institution of the directory, for a chosen length.</summary>
public sealed class GiveModel(PatientParts parts, SearchDirectory directory, AddToCircle add) : DirectoryPage(parts, directory)
{
    [BindProperty]
    public string? Duree { get; set; }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await ChooseAsync()) return NotFound();
        var today = Deadlines.DayOf(Clock.GetUtcNow());
        DateTimeOffset? end = Duree switch { "6m" => Deadlines.StartOf(today.AddMonths(6)), "12m" => Deadlines.StartOf(today.AddMonths(12)), _ => null };
        if (Duree is not ("6m" or "12m" or "open"))
        {
            ModelState.AddModelError("duree", T["give.lengthMissing"]);
            return Page();
        }
        var done = await add.RunAsync(Me, Record, Actor, end, Cancel);
        return done.Succeeded ? To("/acces", "accessGivenPlain") : Refused(done.Refusal);
    }
}
