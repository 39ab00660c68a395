using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Frame;

/// <summary>One link of the main navigation.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Href">Its address.</param>
public sealed record NavItem(string Text, string Href)
{
    /// <summary>The page shown, or the one it belongs to.</summary>
    public bool Current { get; init; }

    /// <summary>Left out on narrow screens, where the Menu page lists it.</summary>
    public bool WideOnly { get; init; }

    /// <summary>Only on narrow screens: the Menu page.</summary>
    public bool NarrowOnly { get; init; }
}

/// <summary>A link of the footer.</summary>
public sealed record FooterLink(string Text, string Href);

/// <summary>When a session ends by itself, counted from this answer.</summary>
/// <param name="Idle">Without any further request.</param>
/// <param name="Left">Whatever happens.</param>
public sealed record SessionEnd(TimeSpan Idle, TimeSpan Left)
{
    /// <summary>When to leave the page: a moment later, so that the server agrees that the session is over.</summary>
    public int LeaveAfterSeconds => (int)Math.Max(1, (Idle < Left ? Idle : Left).TotalSeconds) + 5;
}

/// <summary>What surrounds one page: one object per request, filled by the page and by what runs before it.</summary>
public sealed class PageFrame
{
    public Space Space { get; set; }

    /// <summary>The document's title; the default says nothing, because titles show on shared screens.</summary>
    public string Title { get; set; } = "DSP";

    public IReadOnlyList<NavItem> Nav { get; set; } = [];

    /// <summary>Links of the footer; null takes the space's own.</summary>
    public IReadOnlyList<FooterLink>? FooterLinks { get; set; }

    /// <summary>Name of the person signed in, shown beside "sign out" in the professional and agency spaces.</summary>
    public string? SignedInName { get; set; }

    /// <summary>Where signing out is posted; null shows no sign-out.</summary>
    public string? SignOutAction { get; set; }

    /// <summary>When the session ends by itself; null where nobody is signed in.</summary>
    public SessionEnd? Session { get; set; }

    /// <summary>The bar between navigation and page: a <see cref="Parts.RecordBar"/> or a <see cref="Parts.PatientBar"/>.</summary>
    public IHtmlContent? Bar { get; set; }

    /// <summary>Address of this page in another language; null replaces the first segment of the path and keeps the query.</summary>
    public Func<Language, string>? AddressIn { get; set; }

    /// <summary>Helpdesk number as people read it; null takes the installation's.</summary>
    public string? HelpdeskPhone { get; set; }

    /// <summary>The footer links of a space.</summary>
    public static IReadOnlyList<FooterLink> LinksOf(Space space, ITexts texts)
    {
        var root = "/" + texts.Language.Code;
        FooterLink Link(string key, string path) => new(texts[key], root + path);
        var accessibility = Link("footer.accessibility", "/accessibilite");
        return space switch
        {
            Space.Patient => [Link("footer.help", "/aide"), accessibility, Link("footer.privacy", "/protection-des-donnees"), Link("footer.reportError", "/aide/erreur")],
            Space.Agency => [Link("footer.procedures", "/aide"), accessibility],
            _ => [Link("footer.helpPro", "/aide"), accessibility],
        };
    }
}

/// <summary>Settings of the pages' frame.</summary>
public sealed class UiOptions
{
    /// <summary>Helpdesk number as people read it, such as <c>+352 00 00 00 00</c>.</summary>
    public string HelpdeskPhone { get; set; } = "+352 00 00 00 00";

    /// <summary>In tests: a missing translation is a fault instead of the French text.</summary>
    public bool StrictTexts { get; set; }

    /// <summary>Assemblies with further <c>Texts/*.json</c>.</summary>
    public ICollection<System.Reflection.Assembly> TextAssemblies { get; } = [];
}
