using Dsp.Access;
using Dsp.Records;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P26: objecting, closing and erasing are three acts, explained before any is chosen; then what happens, then the confirmation.</summary>
public sealed class CloseModel(PatientParts parts, ReadRecordState state, CloseRecord close, ObjectToRecord objection) : PatientPage(parts)
{
    private const int LongestReason = 300;

    protected override string Section => "nav.menu";

    /// <summary>Empty: the three acts; <c>effet</c>: what happens, and the confirmation.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Etape { get; set; }

    [BindProperty]
    public string? Raison { get; set; }

    [BindProperty]
    public List<string> Accord { get; set; } = [];

    /// <summary>Before the record opened, the act is an objection: it deletes.</summary>
    public bool IsObjection { get; private set; }

    public async Task<IActionResult> OnGetAsync() => (Etape == "effet" ? NeedsFresh() : null) ?? await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is { } elsewhere) return elsewhere;
        if (!Accord.Contains("oui"))
        {
            Etape = "effet";
            ModelState.AddModelError("accord", T["close.confirmMissing"]);
            return Page();
        }
        var reason = string.IsNullOrWhiteSpace(Raison) ? null : Raison.Trim()[..Math.Min(LongestReason, Raison.Trim().Length)];
        var mine = new RecordRef.ById(Record);
        if (!IsObjection)
        {
            var closed = await close.RunAsync(Me, mine, Cancel, reason);
            return closed.Succeeded ? To("/compte/rouvrir", "closed") : Refused(closed.Refusal);
        }
        var objected = await objection.RunAsync(Me, mine, Cancel, reason);
        return objected.Succeeded ? To("/compte/rouvrir", objected.Value == ObjectionEffect.Deleted ? "objected" : "closed") : Refused(objected.Refusal);
    }

    private async Task<IActionResult?> LoadAsync()
    {
        var found = await state.RunAsync(Me, new RecordRef.ById(Record), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        if (found.Value.State == RecordState.Closed) return Redirect(Href("/compte/rouvrir"));
        IsObjection = found.Value.State is RecordState.Created or RecordState.PendingWindow;
        return null;
    }
}
