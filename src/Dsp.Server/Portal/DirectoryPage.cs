using Dsp.Access;
using Dsp.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal;

/// <summary>P16: choosing somebody of the directory in two steps, search and confirmation; what is then done is the page's own.</summary>
public abstract class DirectoryPage(PatientParts parts, SearchDirectory directory) : PatientPage(parts)
{
    protected override string Section => "nav.access";

    /// <summary>Words searched for; the directory is public, so they may stand in the address.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Nom { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? Personne { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? Lieu { get; set; }

    public DirectoryFound? Found { get; private set; }

    /// <summary>Who was chosen; null while searching.</summary>
    public DirectoryHit? Chosen { get; private set; }

    protected ActorRef Actor => Personne is { } person ? ActorRef.Of(new PersonId(person)) : ActorRef.Of(new InstitutionId(Lieu ?? Guid.Empty));

    /// <summary>Institutions are not offered.</summary>
    public virtual bool PersonsOnly => false;

    public async Task<IActionResult> OnGetAsync()
    {
        if (await ChooseAsync()) return await ShowAsync(Chosen!) ?? Page();
        if (Nom is not null)
        {
            if (Nom.Trim().Length < SearchDirectory.Shortest) ModelState.AddModelError("nom", T["give.nameShort"]);
            else Found = await directory.RunAsync(Nom, Cancel);
            if (PersonsOnly && Found is { } found) Found = found with { Hits = [.. found.Hits.Where(h => h.Person is not null)] };
        }
        return Page();
    }

    /// <summary>What the page shows of whoever was chosen; a result stands in its place.</summary>
    protected virtual Task<IActionResult?> ShowAsync(DirectoryHit chosen) => Task.FromResult<IActionResult?>(null);

    /// <summary>Loads who was chosen; false where nobody was, or the directory lists nobody so.</summary>
    protected async Task<bool> ChooseAsync()
    {
        if (Personne is null && (Lieu is null || PersonsOnly)) return false;
        Chosen = await directory.FindAsync(Personne is { } p ? new PersonId(p) : null, Lieu is { } i ? new InstitutionId(i) : null, Cancel);
        return Chosen is not null;
    }

    /// <summary>The address that chooses a hit on this page.</summary>
    public string ChooseHref(string path, DirectoryHit hit) => Href(path) + (hit.Person is { } person ? "?personne=" + person : "?lieu=" + hit.Institution);
}
