using Dsp.Access;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P17: eight characters and a picture, once, for ten minutes. The code is made by the button and shown by that answer alone.</summary>
public sealed class CodeModel(PatientParts parts, CreatePresenceCode create) : PatientPage(parts)
{
    /// <summary>Lengths offered, in days; the last is the legal maximum (A909 annex 1(3)).</summary>
    public static IReadOnlyList<int> Lengths { get; } = [1, 7, 15];

    protected override string Section => "nav.access";

    [BindProperty]
    public int Jours { get; set; } = 15;

    public CreatedPresenceCode? Code { get; private set; }

    /// <summary>What the picture holds: record and token, no identifier of a person (security §6).</summary>
    public string Payload => $"dsp:{Code!.Record}:{Code.QrToken}";

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var made = await create.RunAsync(Me, Record, Lengths.Contains(Jours) ? Jours : Lengths[^1], null, Cancel);
        if (!made.Succeeded) return Refused(made.Refusal);
        Code = made.Value;
        return Page();
    }
}
