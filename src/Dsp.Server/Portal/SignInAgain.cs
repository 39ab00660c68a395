using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal;

/// <summary>Ends what is left of the session, remembers the page asked for and leads to the sign-in page.</summary>
public sealed class SignInAgain(PortalSession session, string signIn) : ActionResult
{
    public override async Task ExecuteResultAsync(ActionContext context)
    {
        await session.LeaveAsync(context.HttpContext, context.HttpContext.RequestAborted);
        context.HttpContext.Response.Redirect(signIn);
    }
}
