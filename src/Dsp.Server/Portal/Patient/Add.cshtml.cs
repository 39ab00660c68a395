using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P09: the holder's own document, marked as such (EHDS art. 5).</summary>
[RequestSizeLimit(UploadedFile.Most + 1_000_000)]
public sealed class AddModel(PatientParts parts, DepositDocuments deposit, SetVisibility set) : PatientPage(parts)
{
    private const string HolderNote = "51855-5";

    protected override string Section => "nav.documents";

    [BindProperty]
    public string? Titre { get; set; }

    [BindProperty(Name = "date-day")]
    public string? Day { get; set; }

    [BindProperty(Name = "date-month")]
    public string? Month { get; set; }

    [BindProperty(Name = "date-year")]
    public string? Year { get; set; }

    [BindProperty]
    public IFormFile? Fichier { get; set; }

    [BindProperty]
    public string? Vue { get; set; }

    public void OnGet() => (Day, Month, Year) = TypedDate.Typed(Formats.LocalDate(Clock.GetUtcNow()));

    public async Task<IActionResult> OnPostAsync()
    {
        if (string.IsNullOrWhiteSpace(Titre)) ModelState.AddModelError("titre", T["add.nameMissing"]);
        var date = TypedDate.Of(Day, Month, Year);
        if (date is null || date > Formats.LocalDate(Clock.GetUtcNow())) ModelState.AddModelError("date", T["add.dateWrong"]);
        var (file, problem) = await UploadedFile.ReadAsync(Fichier, Cancel);
        if (problem is { } wrong) ModelState.AddModelError("fichier", T[UploadedFile.KeyOf(wrong)]);
        if (!ModelState.IsValid) return Page();
        var provided = new PortalDeposit(file!, Titre!, date!.Value, DataCategory.HolderExpression, HolderNote, Lang,
            new Author(Holder.Details.Family, [Holder.Details.Given], []), Record).ToSubmission(Clock);
        var done = await deposit.RunAsync(Me, new RecordRef.ById(Record), provided, Cancel);
        if (!done.Succeeded) return Refused(done.Refusal);
        var id = done.Value.Documents[0].Id;
        if (Vue == nameof(Visibility.OnlyMe)) await set.RunAsync(Me, Record, id, Visibility.OnlyMe, [], T["visibility.risk"], Cancel);
        return To("/documents/" + id, "added");
    }
}
