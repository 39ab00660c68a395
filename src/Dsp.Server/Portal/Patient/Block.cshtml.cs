using Dsp.Access;
using Dsp.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P16: closing the whole record to somebody; the risk is said first, and that it was said is journalled (A909 art. 6(3)).</summary>
public sealed class BlockModel(PatientParts parts, SearchDirectory directory, BlockFromRecord block) : DirectoryPage(parts, directory)
{
    public async Task<IActionResult> OnPostAsync()
    {
        if (!await ChooseAsync()) return NotFound();
        var done = await block.RunAsync(Me, Record, Actor, T["block.risk"], Cancel);
        return done.Succeeded ? To("/acces", "blockedPlain") : Refused(done.Refusal);
    }
}
