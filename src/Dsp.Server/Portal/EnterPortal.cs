using Dsp.Access;
using Dsp.Accounts;
using Dsp.Identity;

namespace Dsp.Server.Portal;

/// <summary>The common end of every way to sign in at the portal: role, cookie, known device, and where to go.</summary>
public sealed class EnterPortal(PortalSession session, SignInPlaces places, ListPlaces listed)
{
    /// <param name="provenAt">When the person proved it, where that was before now.</param>
    /// <returns>The page to go to.</returns>
    public async Task<string> RunAsync(HttpContext context, SignedIn signedIn, string language, DateTimeOffset? provenAt, CancellationToken cancel)
    {
        // Membership and profession come from the directory, never from what somebody says.
        var kind = await listed.RunAsync(signedIn.Person, cancel) is null ? CallerKind.Person : CallerKind.Professional;
        await session.EnterAsync(context, kind, signedIn, cancel, provenAt);
        places.Keep(context, signedIn);
        return session.AfterSignIn(context, kind, signedIn.Person, language);
    }
}
