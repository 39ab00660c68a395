using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Public;

/// <summary>"Stay signed in", asked by the dialog: the request itself keeps the session, the answer says whether there still is one.</summary>
public sealed class SessionModel(PageParts parts) : PortalPage(parts)
{
    public IActionResult OnGet() => Redirect(Href(SignedIn?.Kind == Dsp.Access.CallerKind.Professional ? "/pro" : ""));

    public IActionResult OnPost() => SignedIn is null
        ? new ContentResult { StatusCode = StatusCodes.Status401Unauthorized, ContentType = "text/plain", Content = "" }
        : new NoContentResult();
}
