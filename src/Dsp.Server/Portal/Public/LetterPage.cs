using Dsp.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Public;

/// <summary>A page where somebody types who they are and the code of a letter; the same fields on each of them.</summary>
public abstract class LetterPage(PageParts parts) : PortalPage(parts)
{
    [BindProperty]
    public string? Identifiant { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(Name = "naissance-day")]
    public string? Day { get; set; }

    [BindProperty(Name = "naissance-month")]
    public string? Month { get; set; }

    [BindProperty(Name = "naissance-year")]
    public string? Year { get; set; }

    /// <summary>Asks for no code: a letter is asked for.</summary>
    public virtual bool WithCode => true;

    protected PartialDate? Birth => TypedDate.Of(Day, Month, Year) is { } day ? PartialDate.Of(day) : null;

    public virtual IActionResult OnGet()
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        return Page();
    }

    /// <summary>The same page again with the refusal's sentence.</summary>
    protected IActionResult Again(Refusal refusal)
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        Say(refusal);
        return Page();
    }
}
