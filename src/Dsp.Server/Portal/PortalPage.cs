using Dsp.Access;
using Dsp.Server.SignIn;
using Dsp.Ui.Frame;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dsp.Server.Portal;

/// <summary>
/// What all pages share: language, texts, who is signed in, and how a refusal looks. A page model asks operations and
/// translates; it decides nothing.
/// </summary>
public abstract class PortalPage(PageParts parts) : PageModel
{
    /// <summary>Key of the banner's sentence, kept over one redirect; a key, so that no name travels in a cookie.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>Id of the refusal that the next page says, kept over one redirect.</summary>
    [TempData]
    public string? Kept { get; set; }

    public ITexts T => parts.Texts;

    public Formats F => parts.Formats;

    public PageFrame Frame => parts.Frame;

    public TimeProvider Clock => parts.Clock;

    public Addresses Addresses => parts.Addresses;

    public string Lang => T.Language.Code;

    /// <summary>Where signing in begins; a page that needs somebody sends everybody else there.</summary>
    public string SignInHref => $"/{Lang}/connexion";

    public CancellationToken Cancel => HttpContext.RequestAborted;

    /// <summary>Who is asking; null where nobody is signed in.</summary>
    protected Caller? SignedIn => Callers.Find(HttpContext);

    /// <summary>An address of this language.</summary>
    public virtual string Href(string path) => "/" + Lang + path;

    /// <summary>Leads to the sign-in page, which says why, and back here afterwards.</summary>
    protected IActionResult ToSignIn() => new SignInAgain(parts.Session, SignInHref);

    /// <summary>What this page does asks for a factor proven just now: the page that asks for one, and back here; null where it was.</summary>
    protected IActionResult? NeedsFresh() => SignedIn is { } me && !me.IsFreshAt(Clock.GetUtcNow()) ? ToConfirm() : null;

    private RedirectResult ToConfirm()
    {
        parts.Session.Remember(HttpContext);
        return Redirect($"/{Lang}/confirmer");
    }

    /// <summary>The page warns before its session ends.</summary>
    protected void WatchSession() => Frame.Session = parts.Session.EndOf(HttpContext);

    /// <summary>The page for a refusal: neutral where the refusal is, explicit about the caller alone.</summary>
    protected IActionResult Refused(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotAuthenticated => ToSignIn(),
        RefusalKind.NotFound or RefusalKind.Gone => NotFound(),
        _ when refusal.Id == Refusals.SignInTooWeak.Id => ToSignIn(),
        _ when refusal.Id == Refusals.FreshFactorNeeded.Id => ToConfirm(),
        RefusalKind.NotAllowed => RefusalPage(refusal, StatusCodes.Status403Forbidden),
        RefusalKind.Unavailable => RefusalPage(refusal, StatusCodes.Status503ServiceUnavailable),
        _ => RefusalPage(refusal, StatusCodes.Status409Conflict),
    };

    /// <summary>The refusal's sentence at the top of the same form, which keeps what was typed.</summary>
    protected void Say(Refusal refusal) => ModelState.AddModelError("", PageTexts.Of(T, refusal));

    /// <summary>Says at the top of this page what the page before could not.</summary>
    protected void SayKept()
    {
        if (Kept is { } id && T.Has("refusal." + id)) ModelState.AddModelError("", T["refusal." + id]);
    }

    /// <summary>To a page that says this refusal.</summary>
    protected RedirectResult ToRefused(string path, Refusal refusal)
    {
        Kept = refusal.Id;
        return Redirect(path);
    }

    /// <summary>What is wrong with one field of the form; null where nothing is.</summary>
    public string? ErrorOf(string key) => ModelState.TryGetValue(key, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    /// <summary>Back to a page with the sentence of what was done.</summary>
    protected RedirectResult To(string path, string? done = null)
    {
        Done = done;
        return Redirect(Href(path));
    }

    private StatusCodeResult RefusalPage(Refusal refusal, int status)
    {
        ErrorPages.Remember(HttpContext, refusal);
        return StatusCode(status);
    }
}
