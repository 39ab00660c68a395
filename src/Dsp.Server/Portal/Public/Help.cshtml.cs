namespace Dsp.Server.Portal.Public;

/// <summary>P29: static pages, for everybody, signed in or not.</summary>
public abstract class StaticPage(PageParts parts) : PortalPage(parts)
{
    public bool IsPro => SignedIn?.Kind == Dsp.Access.CallerKind.Professional;

    public string HomeHref => Href(IsPro ? "/pro" : "");

    public void OnGet() => Frame.Space = IsPro ? Dsp.Ui.Frame.Space.Pro : Dsp.Ui.Frame.Space.Patient;
}

/// <summary>Help by task.</summary>
public sealed class HelpModel(PageParts parts) : StaticPage(parts);

/// <summary>The accessibility statement: what is true today.</summary>
public sealed class AccessibilityModel(PageParts parts) : StaticPage(parts);

/// <summary>Data protection in plain words.</summary>
public sealed class PrivacyModel(PageParts parts) : StaticPage(parts);

/// <summary>How an error in the record is reported in this release: through the helpdesk.</summary>
public sealed class ReportErrorModel(PageParts parts) : StaticPage(parts);
