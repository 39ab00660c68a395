using Dsp.Identity.Software;
using Dsp.Server.Portal;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// RP-initiated logout. Who shows the id token of a grant ends that grant, and the portal's session where it is the same
/// person's; who shows none is led to the portal, where signing out is a button: a link elsewhere signs nobody out.
/// </summary>
internal static class EndSession
{
    public static async Task RunAsync(HttpContext context, Grants grants, PortalSession portal)
    {
        var shown = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (shown.Principal is not { } principal || !Ids.TryParse(principal.GetClaim(TokenClaims.Session), out var grant))
        {
            context.Response.Redirect("/" + Language.Accepted(context.Request.Headers.AcceptLanguage).Code);
            return;
        }
        await grants.EndAsync(grant, context.RequestAborted);
        if (Callers.Find(context)?.Person?.ToString() == principal.GetClaim("sub")) await portal.SignOutAsync(context, context.RequestAborted);
        await context.SignOutAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, new AuthenticationProperties { RedirectUri = $"/{Language.Accepted(context.Request.Headers.AcceptLanguage).Code}/deconnexion" });
    }
}
