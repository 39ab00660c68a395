namespace Dsp.Server.Portal.Public;

/// <summary>
/// Where a page sends somebody who is not signed in: why, and how to sign in. The ways to sign in are other surfaces' own
/// pages; this one says what there is.
/// </summary>
public sealed class SignInModel(PageParts parts, IEnumerable<SignInWay> ways, WantedPages pages, ServerSettings settings) : PortalPage(parts)
{
    public IReadOnlyList<SignInWay> Ways { get; } = [.. ways];

    public SessionLimits Limits => settings.Session;

    /// <summary>Why the last session is over; null where there was none.</summary>
    public SessionEnding? Ending { get; private set; }

    /// <summary>Signing in leads back to a page that was asked for.</summary>
    public bool ComesBack { get; private set; }

    public void OnGet()
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        var wanted = pages.Find(HttpContext);
        Ending = wanted?.Ending;
        ComesBack = wanted is not null;
    }
}
