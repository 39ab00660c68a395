using Dsp.Access;
using Dsp.Records;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S04, S05: is it this patient, and on what ground is the record opened. Nothing clinical, nothing of the record's state.</summary>
public sealed class PatientModel(ProParts parts, ConfirmPatient confirm, ReadRecordHead head, RedeemPresenceCode redeem) : ProPage(parts)
{
    protected override string Section => "nav.search";

    [BindProperty(SupportsGet = true)]
    public Guid Person { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    public ConfirmedPatient Patient { get; private set; } = null!;

    /// <summary>The record was asked for and there is nothing for this professional.</summary>
    public bool Nothing { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostOpenAsync()
    {
        if (await LoadAsync() is { } elsewhere) return elsewhere;
        var found = await head.RunAsync(Me, Patient.Reference, Cancel);
        if (found.Succeeded) return Redirect(Href("/pro/dossiers/" + found.Value.Record));
        if (found.Refusal.Kind != RefusalKind.NotFound) return Refused(found.Refusal);
        Nothing = true;
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        if (await LoadAsync() is { } elsewhere) return elsewhere;
        if (string.IsNullOrWhiteSpace(Code))
        {
            ModelState.AddModelError("code", T["open.codeMissing"]);
            return Page();
        }
        var opened = await redeem.RunAsync(Me, Patient.Reference, Code, Cancel);
        if (opened.Succeeded) return To("/pro/dossiers/" + opened.Value.Record, "opened");
        if (opened.Refusal.Id != Refusals.CodeRefused.Id && opened.Refusal.Id != Refusals.TooManyAttempts.Id) return Refused(opened.Refusal);
        ModelState.AddModelError("code", PageTexts.Of(T, opened.Refusal));
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
