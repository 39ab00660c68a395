using Dsp.Identity;
using Dsp.Records;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal;

/// <summary>S03, S13: finding one person by number, or by name and birth date. Words travel in the body; an answer of one leads on, by id alone.</summary>
public abstract class SearchPage(ProParts parts, FindPerson find) : ProPage(parts)
{
    [BindProperty]
    public string? Matricule { get; set; }

    [BindProperty]
    public string? Nom { get; set; }

    [BindProperty]
    public string? Prenom { get; set; }

    [BindProperty(Name = "naissance-day")]
    public string? Day { get; set; }

    [BindProperty(Name = "naissance-month")]
    public string? Month { get; set; }

    [BindProperty(Name = "naissance-year")]
    public string? Year { get; set; }

    /// <summary>Null before a search.</summary>
    public PeopleFound? Found { get; private set; }

    /// <summary>Several hits share family name or birth date: compare twice.</summary>
    public bool SameName => Found is { Hits.Count: > 1 };

    /// <summary>Where a hit leads.</summary>
    public abstract string HitHref(PersonId person);

    protected async Task<IActionResult> SearchAsync()
    {
        if (Search() is not { } search) return Page();
        var found = await find.RunAsync(Me, search, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        if (found.Value.Hits is [var only]) return Redirect(HitHref(only.Person));
        Found = found.Value;
        return Page();
    }

    private PersonSearch? Search()
    {
        if (!string.IsNullOrWhiteSpace(Matricule))
        {
            if (NationalId.Read(Matricule, Deadlines.DayOf(Clock.GetUtcNow())).Number is { } number) return new PersonSearch.ByIdentifier(Identifiers.NationalNumber, number.Value);
            ModelState.AddModelError("matricule", T["find.numberWrong"]);
            return null;
        }
        var birth = TypedDate.Of(Day, Month, Year);
        if (!string.IsNullOrWhiteSpace(Nom) && !string.IsNullOrWhiteSpace(Prenom) && birth is { } day) return new PersonSearch.ByName(Nom.Trim(), Prenom.Trim(), PartialDate.Of(day));
        if (!string.IsNullOrWhiteSpace(Nom) && birth is null) ModelState.AddModelError("naissance", T["find.birthWrong"]);
        else ModelState.AddModelError("matricule", T["find.needs"]);
        return null;
    }
}
