namespace Dsp.Server.Portal.Public;

/// <summary>Where a page sends somebody who is not signed in. The ways to sign in are other surfaces' own pages; this one says what there is.</summary>
public sealed class SignInModel(PageParts parts, IEnumerable<SignInWay> ways) : PortalPage(parts)
{
    public IReadOnlyList<SignInWay> Ways { get; } = [.. ways];

    public void OnGet() => Frame.Space = Dsp.Ui.Frame.Space.Patient;
}
