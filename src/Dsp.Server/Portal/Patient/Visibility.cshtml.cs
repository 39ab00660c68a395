using Dsp.Access;
using Dsp.Documents;
using Dsp.Ui.Govuk;
using Microsoft.AspNetCore.Mvc;
using Choice = Dsp.Access.Visibility;

namespace Dsp.Server.Portal.Patient;

/// <summary>P08: three plain choices; what they mean for care is said before saving (A909 art. 6(3)).</summary>
public sealed class VisibilityModel(PatientParts parts, DocumentWords words, ReadDocumentEntry read, ReadRights rights, SetVisibility set) : PatientPage(parts)
{
    protected override string Section => "nav.documents";

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public string? Choix { get; set; }

    [BindProperty]
    public List<Guid> Personnes { get; set; } = [];

    public DocumentWords Words => words;

    public StoredDocument Document { get; private set; } = null!;

    public IReadOnlyList<Choice> All { get; } = [Choice.MyCarers, Choice.Some, Choice.OnlyMe];

    public IReadOnlyList<Dsp.Ui.Govuk.Choice> People { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } elsewhere) return elsewhere;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Enum.TryParse<Choice>(Choix, out var choice) || !Enum.IsDefined(choice)) ModelState.AddModelError("choix", T["visibility.choose"]);
        else if (choice == Choice.Some && Personnes.Count == 0) ModelState.AddModelError("choix", T["visibility.chooseSome"]);
        else
        {
            var risk = choice == Choice.MyCarers ? null : T["visibility.risk"].Text;
            var done = await set.RunAsync(Me, Record, new DocumentId(Id), choice, [.. Personnes.Select(p => new PersonId(p))], risk, Cancel);
            return done.Succeeded ? To("/documents/" + Ids.Text(Id), "saved") : Refused(done.Refusal);
        }
        return await LoadAsync() ?? Page();
    }

    private async Task<IActionResult?> LoadAsync()
    {
        var found = await read.RunAsync(Me, Record, new DocumentId(Id), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Document = found.Value;
        var decided = await rights.RunAsync(Me, Record, Cancel);
        if (!decided.Succeeded) return Refused(decided.Refusal);
        var now = decided.Value.Masks.FirstOrDefault(m => m.Document == Document.Id && m.FromEveryone);
        Choix ??= (now switch { null => Choice.MyCarers, { Except.Count: > 0 } => Choice.Some, _ => Choice.OnlyMe }).ToString();
        var chosen = Personnes.Count > 0 ? Personnes : now?.Except.Select(p => p.Value).ToList() ?? [];
        // The author sees it always: not a choice.
        People = [.. decided.Value.NamedPersons.Where(p => p.Person != Document.Entry.DepositedBy)
            .Select(p => new Dsp.Ui.Govuk.Choice(Ids.Text(p.Person.Value), p.Name) { Checked = chosen.Contains(p.Person.Value) })];
        return null;
    }
}
