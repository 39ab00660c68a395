using Dsp.Access;
using Dsp.Ui.Frame;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S13: the patient is compared, one reason is given, the record opens for 24 hours; the patient is told at once.</summary>
public sealed class EmergencyOpenModel(ProParts parts, ConfirmPatient confirm, RegisterEmergency register) : ProPage(parts)
{
    private const int LongestWords = 200;

    /// <summary>The reasons offered, by the end of their text key.</summary>
    public static IReadOnlyList<string> Reasons { get; } = ["received", "unresponsive", "other"];

    protected override string Section => "nav.emergency";

    protected override Space Space => Space.Urgent;

    [BindProperty(SupportsGet = true)]
    public Guid Person { get; set; }

    [BindProperty]
    public string? Motif { get; set; }

    [BindProperty]
    public string? Mots { get; set; }

    public ConfirmedPatient Patient { get; private set; } = null!;

    /// <summary>Blocked, closed, absent: one text.</summary>
    public bool Nothing { get; private set; }

    /// <summary>The factor is asked for before the reason: a form that comes back empty costs the time that is missing.</summary>
    public async Task<IActionResult> OnGetAsync() => NeedsFresh() ?? await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is { } elsewhere) return elsewhere;
        if (Motif is null || !Reasons.Contains(Motif)) ModelState.AddModelError("motif", T["emergency.reasonMissing"]);
        else if (Motif == "other" && string.IsNullOrWhiteSpace(Mots)) ModelState.AddModelError("mots", T["emergency.wordsMissing"]);
        if (!ModelState.IsValid) return Page();
        // Kept in the words the professional read; the patient reads them as they were given.
        var words = string.IsNullOrWhiteSpace(Mots) ? null : Mots.Trim()[..Math.Min(LongestWords, Mots.Trim().Length)];
        var reason = string.Join(" : ", new[] { Motif == "other" ? null : T["emergency.reason." + Motif].Text, words }.Where(w => w is not null));
        var opened = await register.RunAsync(Me, Patient.Reference, null, reason, Cancel);
        if (opened.Succeeded) return To($"/pro/dossiers/{opened.Value.Record}/urgence");
        if (opened.Refusal.Kind != RefusalKind.NotFound) return Refused(opened.Refusal);
        Nothing = true;
        return Page();
    }

    private async Task<IActionResult?> LoadAsync()
    {
        var found = await confirm.RunAsync(Me, new PersonId(Person), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Patient = found.Value;
        return null;
    }
}
