using Dsp.Ui.Govuk;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S01: which place the professional acts for; skipped where there is one.</summary>
public sealed class PlaceModel(ProParts parts, PortalSession session, WantedPages pages) : ProPage(parts)
{
    protected override string Section => "nav.place";

    protected override bool WorksWithoutPlace => true;

    [BindProperty]
    public Guid? Lieu { get; set; }

    public IReadOnlyList<Choice> Choices => [.. Professional.Places.Select(p => new Choice(p.Institution.ToString(), p.Name) { Checked = p.Institution == Me.Institution })];

    public IActionResult OnGet() => Professional.Places is [var only] && Place is null ? Enter(only.Institution) : Page();

    public IActionResult OnPost()
    {
        if (Professional.Places.FirstOrDefault(p => p.Institution.Value == Lieu) is { } place) return Enter(place.Institution);
        ModelState.AddModelError("lieu", T["place.missing"]);
        return Page();
    }

    private RedirectResult Enter(InstitutionId place)
    {
        session.ChoosePlace(HttpContext, place);
        return pages.Take(HttpContext, Me.Person!.Value) is { } wanted ? Redirect(wanted) : To("/pro");
    }
}
