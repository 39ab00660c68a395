using System.Security.Cryptography;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Ui.Govuk;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal;

/// <summary>
/// S10, S11: what is deposited and for whom, checked on a page with the patient's name large; the file is chosen there and
/// nothing is kept before. Only what the profession may write is offered.
/// </summary>
public abstract class DepositPage(ProRecordParts parts, DepositDocuments deposit, IContentReader reader) : ProRecordPage(parts)
{
    [BindProperty]
    public string? Type { get; set; }

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

    /// <summary>When the record was opened (<see cref="PatientGuard"/>).</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ouvert { get; set; }

    [BindProperty]
    public string? Prenom { get; set; }

    [BindProperty]
    public string? Chiffres { get; set; }

    /// <summary>The file about which the person was asked and answered "yes, it belongs here": its SHA-256.</summary>
    [BindProperty]
    public string? Vu { get; set; }

    /// <summary>Whom the chosen file names instead of the patient; the person is asked before anything is kept.</summary>
    public PatientClaim? Doubt { get; private set; }

    /// <summary>The person the file names, as large as the patient: a name, else a number.</summary>
    public string DoubtName => Doubt is not { } claim ? "" : claim.Families.Count > 0 ? Formats.Name(claim.Families[0], string.Join(' ', claim.Givens)) : string.Join(", ", claim.Numbers);

    /// <summary>The second page: check, choose the file, publish.</summary>
    public bool Checking { get; private set; }

    public bool GuardAsks => PatientGuard.Asks(Ouvert, Clock);

    public DateOnly? Date => TypedDate.Of(Day, Month, Year);

    /// <summary>Category and type as one choice, so that they cannot disagree.</summary>
    public IReadOnlyList<SelectItem> Types => [new SelectItem("", ""), .. Writable.SelectMany(TypesOf)];

    public string TypeName => Types.FirstOrDefault(t => t.Value == Type)?.Text ?? "";

    /// <summary>The document replaced; null for a new one.</summary>
    protected virtual DocumentId? Replaced => null;

    private IEnumerable<DataCategory> Writable => Enum.GetValues<DataCategory>().Where(c => Head.Group is { } group && AccessMatrix.MayWrite(c, group)).OrderBy(c => T.Category(c.ToString()).Text, StringComparer.Create(System.Globalization.CultureInfo.GetCultureInfo(T.Language.Culture), ignoreCase: true));

    protected void Today() => (Day, Month, Year) = TypedDate.Typed(Formats.LocalDate(Clock.GetUtcNow()));

    /// <summary>The first page was sent: what is it, of which day.</summary>
    protected IActionResult Check()
    {
        CheckFields();
        Checking = ModelState.IsValid;
        return Page();
    }

    /// <summary>The second page was sent: the file, and the guard where it asks.</summary>
    protected async Task<IActionResult> PublishAsync(string done)
    {
        CheckFields();
        if (!ModelState.IsValid) return Page();
        Checking = true;
        var (file, problem) = await UploadedFile.ReadAsync(Fichier, Cancel);
        if (problem is { } wrong) ModelState.AddModelError("fichier", T[UploadedFile.KeyOf(wrong)]);
        if (GuardAsks && !PatientGuard.Fits(Head.Holder.Details, Prenom, Chiffres)) ModelState.AddModelError("prenom", T["guard.wrong"]);
        if (!ModelState.IsValid) return Page();
        var (category, loinc) = Chosen()!.Value;
        if (await DoubtAsync(file!) is { } claim)
        {
            Doubt = claim;
            Vu = DigestOf(file!);
            return Page();
        }
        var author = new Author(Professional.Family, [Professional.Given], [], Place?.Name, Professional.Profession);
        var provided = new PortalDeposit(file!, Titre!, Date!.Value, category, loinc, Lang, author, Record, Replaced).ToSubmission(Clock);
        var kept = await deposit.RunAsync(Me, new RecordRef.ById(Record), provided with { Documents = [.. provided.Documents.Select(d => d with { PatientConfirmed = Vu == DigestOf(file!) })] }, Cancel);
        if (kept.Succeeded) return To($"/pro/dossiers/{Record}", done);
        Say(kept.Refusal);
        return Page();
    }

    /// <summary>Null where the file names nobody else, or where it is the one that was answered for.</summary>
    private async Task<PatientClaim?> DoubtAsync(UploadedFile file)
    {
        if (Vu == DigestOf(file)) return null;
        var claim = await reader.WhoAsync(new DocumentMetadata { UniqueId = "", Category = default, MimeType = file.MimeType }, file.Bytes, Cancel);
        return claim is not null && PatientMatch.Differences(claim, Head.Holder.Details, Formats.LocalDate(Clock.GetUtcNow())).Count > 0 ? claim : null;
    }

    private static string DigestOf(UploadedFile file) => Convert.ToHexStringLower(SHA256.HashData(file.Bytes));

    private void CheckFields()
    {
        if (Chosen() is null) ModelState.AddModelError("type", T["deposit.typeMissing"]);
        if (string.IsNullOrWhiteSpace(Titre)) ModelState.AddModelError("titre", T["add.nameMissing"]);
        if (Date is null || Date > Formats.LocalDate(Clock.GetUtcNow())) ModelState.AddModelError("date", T["add.dateWrong"]);
    }

    private (DataCategory Category, string? Loinc)? Chosen()
    {
        if (Types.All(t => t.Value != Type) || string.IsNullOrEmpty(Type)) return null;
        var parts = Type.Split('|');
        return (Enum.Parse<DataCategory>(parts[0]), parts[1].Length == 0 ? null : parts[1]);
    }

    private IEnumerable<SelectItem> TypesOf(DataCategory category)
    {
        var name = T.Category(category.ToString()).Text;
        var types = DocumentTypes.All.Where(t => t.Category == category).ToList();
        return types.Count == 0
            ? [new SelectItem(name, category + "|")]
            : types.Select(t => new SelectItem(t.Name(Lang) == name ? name : $"{name} – {t.Name(Lang)}", $"{category}|{t.Loinc}")).OrderBy(i => i.Text, StringComparer.Ordinal);
    }
}
