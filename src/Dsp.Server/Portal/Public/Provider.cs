using Dsp.Accounts;
using Dsp.Server.SignIn.Providers;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Public;

/// <summary>
/// Leads on to the provider: by the browser itself, and by a link where it does not. A page in between, because the policy of a
/// page with a form lets the form lead to this site only.
/// </summary>
public sealed class ProviderLeaveModel(PageParts parts, ProviderWays providers) : PortalPage(parts)
{
    public string Name { get; private set; } = "";

    public string Address { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (await providers.LeaveAsync(HttpContext) is not var (provider, address)) return ToRefused(SignInHref, Refusals.ProviderUnavailable);
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        (Name, Address) = (provider.NameIn(T.Language), address);
        Response.Headers["Refresh"] = "0; url=" + address;
        return Page();
    }
}

/// <summary>Where a provider sends the browser back to. It shows nothing: it leads on, in the language that was left.</summary>
public sealed class ProviderReturnModel(
    PageParts parts, ProviderWays providers, IdentityDrafts drafts, EnterPortal enter, SignInPlaces places, WantedPages pages, ServerSettings settings,
    SignInWithProvider signIn, ReadProviderOffer offer, ProveAgain prove, AddFactor add) : PortalPage(parts)
{
    private readonly PageParts parts = parts;

    public async Task<IActionResult> OnGetAsync(string provider)
    {
        var back = await providers.TakeAsync(HttpContext, provider, SignedIn);
        return back.Purpose switch
        {
            ProviderPurpose.Confirm => await ConfirmAsync(back),
            ProviderPurpose.Connect => await ConnectAsync(back),
            _ => await EnterAsync(back),
        };
    }

    private async Task<IActionResult> EnterAsync(ProviderReturn back)
    {
        var page = $"/{back.Language}/connexion";
        if (!back.Proven.Succeeded) return ToRefused(page, back.Proven.Refusal);
        var proven = back.Proven.Value;
        var signedIn = await signIn.RunAsync(proven.Statement, places.Of(HttpContext), settings.Session.LongestSession, Cancel);
        if (signedIn.Succeeded) return Redirect(await enter.RunAsync(HttpContext, signedIn.Value, back.Language, proven.At, Cancel));
        if (signedIn.Refusal.Id != Refusals.IdentityNotConnected.Id) return ToRefused(page, signedIn.Refusal);
        // Proven, and not connected yet: this person may be told how it goes on, if the number is somebody's.
        var may = await offer.RunAsync(proven.Statement, Cancel);
        if (!may.Succeeded) return ToRefused(page, may.Refusal);
        drafts.Keep(HttpContext, proven);
        return Redirect($"/{back.Language}/activation/identite");
    }

    private async Task<IActionResult> ConfirmAsync(ProviderReturn back)
    {
        if (SignedIn is not { Person: { } person } me) return ToRefused($"/{back.Language}/connexion", Refusals.ProviderAnswerRefused);
        var again = back.Proven.Succeeded ? await prove.RunAsync(me, back.Proven.Value.Statement.Proof, back.Proven.Value.At, Cancel) : back.Proven.Refusal;
        // Another person's identity, or one of this person's that is not connected: the sentence is the same.
        if (!again.Succeeded) return ToRefused($"/{back.Language}/confirmer", again.Refusal.Id == Refusals.SignInFailed.Id ? Refusals.IdentityNotConnected : again.Refusal);
        parts.Session.Freshen(HttpContext, again.Value);
        return Redirect(pages.Take(HttpContext, person) ?? $"/{back.Language}/compte");
    }

    private async Task<IActionResult> ConnectAsync(ProviderReturn back)
    {
        var page = $"/{back.Language}/compte";
        if (SignedIn is not { } me) return ToRefused($"/{back.Language}/connexion", Refusals.ProviderAnswerRefused);
        if (back.Proven.Succeeded && providers.LacksNumber(back.Proven.Value.Statement)) return ToRefused(page, Refusals.IdentityNotConnected);
        var done = back.Proven.Succeeded ? await add.RunAsync(me, back.Proven.Value.Statement, Cancel) : back.Proven.Refusal;
        if (!done.Succeeded) return ToRefused(page, done.Refusal);
        Done = "factorAdded";
        return Redirect(page);
    }
}

/// <summary>
/// P02 in one sitting: a provider has proven who it is; where the person is told, the conditions and the language, and the account
/// is open. Somebody who has an account connects the identity to it.
/// </summary>
public sealed class ActivationIdentityModel(
    PageParts parts, ProviderWays providers, IdentityDrafts drafts, EnterPortal enter, SignInPlaces places, ServerSettings settings, ReadProviderOffer offer, ActivateByProvider activate) : PortalPage(parts)
{
    [BindProperty]
    public string? Courriel { get; set; }

    [BindProperty]
    public string? Telephone { get; set; }

    [BindProperty]
    public string? Langue { get; set; }

    /// <summary>Whether it was this person who began with a letter.</summary>
    [BindProperty]
    public string? Attente { get; set; }

    [BindProperty]
    public List<string> Conditions { get; set; } = [];

    public string Name { get; private set; } = "";

    public bool HasAccount { get; private set; }

    public bool Waits { get; private set; }

    public async Task<IActionResult> OnGetAsync() => drafts.Find(HttpContext) is { } draft ? await PrepareAsync(draft) ?? Page() : Redirect(Href("/activation"));

    public async Task<IActionResult> OnPostAsync()
    {
        if (drafts.Find(HttpContext) is not { } draft) return Redirect(Href("/activation"));
        if (await PrepareAsync(draft) is { } elsewhere) return elsewhere;
        var contact = HasAccount ? new Contact() : ContactFields.Read(Courriel, Telephone);
        if (contact is null) ModelState.AddModelError("courriel", T["contact.wrong"]);
        if (!HasAccount && !Conditions.Contains("oui")) ModelState.AddModelError("conditions", T["activation.conditionsMissing"]);
        if (Waits && Attente is not ("oui" or "non")) ModelState.AddModelError("attente", T["provider.waitsMissing"]);
        if (!ModelState.IsValid || contact is null) return Page();
        var signedIn = await activate.RunAsync(draft.Statement, draft.Once, contact, Language.Find(Langue)?.Code ?? Lang, Attente == "oui" ? WaitingFactors.Open : WaitingFactors.Remove, places.Of(HttpContext), settings.Session.LongestSession, Cancel);
        drafts.Forget(HttpContext);
        if (!signedIn.Succeeded) return ToRefused(SignInHref, signedIn.Refusal.Id == Refusals.SignInFailed.Id ? Refusals.ProviderAnswerRefused : signedIn.Refusal);
        Done = HasAccount ? "factorAdded" : "accountActive";
        return Redirect(await enter.RunAsync(HttpContext, signedIn.Value, Lang, draft.At, Cancel));
    }

    private async Task<IActionResult?> PrepareAsync(IdentityDraft draft)
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        var may = await offer.RunAsync(draft.Statement, Cancel);
        if (!may.Succeeded)
        {
            drafts.Forget(HttpContext);
            return ToRefused(SignInHref, may.Refusal);
        }
        (Name, HasAccount, Waits) = (providers.NameOf(draft.Statement.Proof.Issuer, T.Language), may.Value.HasAccount, may.Value.Waits);
        return null;
    }
}
