using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S05: number and code in one step, for the patient in front of the professional.</summary>
public sealed class CodeModel(ProParts parts, RedeemPresenceCode redeem, ServiceKeys keys) : ProPage(parts)
{
    protected override string Section => "nav.code";

    [BindProperty]
    public string? Matricule { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var today = Deadlines.DayOf(Clock.GetUtcNow());
        if (NationalId.Read(Matricule, today).Number is not { } number) ModelState.AddModelError("matricule", T[string.IsNullOrWhiteSpace(Matricule) ? "find.needsNumber" : "find.numberWrong"]);
        else if (string.IsNullOrWhiteSpace(Code)) ModelState.AddModelError("code", T["open.codeMissing"]);
        else
        {
            RecordRef record = Identifiers.TokenOf(keys, Identifiers.NationalNumber, number.Value, today) is { } token ? new RecordRef.ByToken(token) : new RecordRef.Nobody();
            var opened = await redeem.RunAsync(Me, record, Code, Cancel);
            if (opened.Succeeded) return To("/pro/dossiers/" + opened.Value.Record, "opened");
            if (opened.Refusal.Id != Refusals.CodeRefused.Id && opened.Refusal.Id != Refusals.TooManyAttempts.Id) return Refused(opened.Refusal);
            ModelState.AddModelError("code", PageTexts.Of(T, opened.Refusal));
        }
        return Page();
    }
}
