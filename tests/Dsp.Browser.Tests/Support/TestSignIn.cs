using Dsp.Access;
using Dsp.Server.Portal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dsp.Browser.Tests.Support;

/// <summary>Signs a person of the fixture in, as the demo's page does; there only where tests host the server.</summary>
internal static class TestSignIn
{
    public const string Path = "/test-sign-in";

    public static void Map(WebApplication app) => app.MapGet(Path + "/{kind}/{person:guid}", async (HttpContext context, PortalSession session, string kind, Guid person) =>
    {
        var role = kind == "pro" ? CallerKind.Professional : CallerKind.Person;
        await session.SignInAsync(context, role, new PersonId(person), strong: true, longLived: true, context.RequestAborted);
        context.Response.Redirect(session.AfterSignIn(context, role, new PersonId(person), "fr"));
    });
}
