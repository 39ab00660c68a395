using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Public;

/// <summary>Signing out: a POST; then a page that says so.</summary>
public sealed class SignOutModel(PageParts parts, PortalSession session) : PortalPage(parts)
{
    public void OnGet() => Frame.Space = Dsp.Ui.Frame.Space.Patient;

    public async Task<IActionResult> OnPostAsync()
    {
        await session.SignOutAsync(HttpContext, Cancel);
        return Redirect(Href("/deconnexion"));
    }
}
