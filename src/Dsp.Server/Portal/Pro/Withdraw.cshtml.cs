using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S11: taking an own document back; « mauvais patient » removes it for everyone at once.</summary>
public sealed class WithdrawModel(ProRecordParts parts, DocumentWords words, ReadDocumentEntry read, WithdrawDocument withdraw) : ProRecordPage(parts)
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public string? Raison { get; set; }

    public DocumentWords Words => words;

    public StoredDocument Document { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is { } elsewhere) return elsewhere;
        if (!Enum.TryParse<WithdrawalReason>(Raison, out var reason) || !Enum.IsDefined(reason))
        {
            ModelState.AddModelError("raison", T["withdraw.missing"]);
            return Page();
        }
        var done = await withdraw.RunAsync(Me, Record, new DocumentId(Id), reason, Cancel);
        return done.Succeeded ? To($"/pro/dossiers/{Record}", "withdrawn") : Refused(done.Refusal);
    }

    private async Task<IActionResult?> LoadAsync()
    {
        var found = await read.RunAsync(Me, Record, new DocumentId(Id), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        if (found.Value.Entry.DepositedBy != Me.Person) return Refused(Refusals.NotOwnItem);
        Document = found.Value;
        return null;
    }
}
