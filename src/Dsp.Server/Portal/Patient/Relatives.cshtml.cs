using Dsp.Access;
using Dsp.Records;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P20: whom I represent, and who represents me.</summary>
public sealed class RelativesModel(PatientParts parts, ListRepresented represented, ReadRights rights) : PatientPage(parts)
{
    protected override string Section => "nav.relatives";

    protected override bool WorksWithoutRecord => true;

    public IReadOnlyList<RepresentedHolder> Mine { get; private set; } = [];

    public IReadOnlyList<Representation> MyOwn { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await represented.RunAsync(Me, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Mine = found.Value;
        if (Record != RecordId.None) MyOwn = (await rights.RunAsync(Me, Record, Cancel)).Match(r => r.Representations, _ => []);
        return Page();
    }
}
