using Dsp.Access;
using Dsp.Journal;
using Dsp.Ui.Frame;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Dsp.Server.Portal.Patient;

/// <summary>P19: the holder does not recognise an access. Everything is chosen, nothing written: no word about care leaves the record.</summary>
public sealed class QuestionModel(PatientParts parts, ReadHistory history, QuestionAccess question, IOptions<UiOptions> options) : PatientPage(parts)
{
    protected override string Section => "nav.consultations";

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public string? Raison { get; set; }

    [BindProperty]
    public string? Rappel { get; set; }

    /// <summary>The case's number, kept over the redirect after sending.</summary>
    [TempData]
    public string? Number { get; set; }

    public string Phone => options.Value.HelpdeskPhone;

    public string Sentence { get; private set; } = "";

    public bool IsEmergency { get; private set; }

    public IReadOnlyList<string?> Facts { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => Number is not null ? Page() : await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Enum.TryParse<QuestionReason>(Raison, out var reason) || !Enum.IsDefined(reason)) ModelState.AddModelError("raison", T["question.whyMissing"]);
        if (Rappel is not ("oui" or "non")) ModelState.AddModelError("rappel", T["question.callBackMissing"]);
        if (!ModelState.IsValid) return await LoadAsync() ?? Page();
        var sent = await question.RunAsync(Me, Record, Id, reason, Rappel == "oui", Cancel);
        if (!sent.Succeeded) return Refused(sent.Refusal);
        Number = sent.Value;
        return Redirect(Href($"/consultations/{Ids.Text(Id)}/signaler"));
    }

    private async Task<IActionResult?> LoadAsync()
    {
        var found = await history.RunAsync(Me, Record, new WantedHistory { Entry = Id, Count = 1 }, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        // One's own acts are not questioned.
        if (found.Value.Lines is not [{ Entry: var entry }] || entry.Person == Me.Person) return NotFound();
        Sentence = HistoryWords.Sentence(T, entry, Me.Person, entry.Documents.Count, null);
        IsEmergency = entry.Context == "emergency" && !entry.Automatic && entry.Permitted;
        Facts = [HistoryWords.Facts(T, F.LongDateTime(entry.At), entry)];
        return null;
    }
}
