using Dsp.Accounts;
using Dsp.Server.SignIn.Providers;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Public;

/// <summary>
/// P01: where a page sends somebody who is not signed in: why, and how to sign in. Whatever is wrong with an attempt, page, words
/// and status are the same. Other surfaces' ways are their own pages.
/// </summary>
public sealed class SignInModel(PageParts parts, IEnumerable<SignInWay> ways, WantedPages pages, ServerSettings settings, SignInPlaces places, Passkeys passkeys, ProviderWays providers, SignInWithPassword password, SignInWithPasskey passkey, EnterPortal enter)
    : PortalPage(parts)
{
    public IReadOnlyList<SignInWay> Ways { get; } = [.. ways];

    public ProviderButtons Providers => new(providers.All, Href("/connexion"), "provider.signIn");

    public SessionLimits Limits => settings.Session;

    public SignInSettings Settings => settings.SignIn;

    /// <summary>A card can be shown.</summary>
    public bool HasCards => settings.Tls.CardBase is not null;

    /// <summary>Why the last session is over; null where there was none.</summary>
    public SessionEnding? Ending { get; private set; }

    /// <summary>Signing in leads back to a page that was asked for.</summary>
    public bool ComesBack { get; private set; }

    [BindProperty]
    public string? Identifiant { get; set; }

    [BindProperty]
    public string? Secret { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    /// <summary>What the browser's authenticator answered.</summary>
    [BindProperty]
    public string? Credential { get; set; }

    /// <summary>Chosen external identity provider.</summary>
    [BindProperty]
    public string? Fournisseur { get; set; }

    public void OnGet()
    {
        Prepare();
        SayKept();
    }

    public async Task<IActionResult> OnPostProviderAsync()
    {
        if (await providers.BeginAsync(HttpContext, Fournisseur, ProviderPurpose.Enter, Lang, null) is not { } refused) return Redirect(Href(ProviderWays.LeavePath));
        Prepare();
        Say(refused);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Settings.PasswordSignIn) return NotFound();
        return await EndAsync(await password.RunAsync(Identifiant, Secret, Code, places.Of(HttpContext), Limits.LongestSession, Cancel));
    }

    public async Task<IActionResult> OnPostPasskeyAsync()
    {
        if (!Settings.PasskeySignIn) return NotFound();
        var proof = await passkeys.CheckAsync(HttpContext, Credential);
        return await EndAsync(proof is null ? Refusals.SignInFailed : await passkey.RunAsync(proof, places.Of(HttpContext), Limits.LongestSession, Cancel));
    }

    /// <summary>The question for the browser's authenticator.</summary>
    public async Task<IActionResult> OnPostOptionsAsync() => Settings.PasskeySignIn ? Content(await passkeys.AskAsync(HttpContext), "application/json") : NotFound();

    private async Task<IActionResult> EndAsync(Outcome<SignedIn> outcome)
    {
        if (!outcome.Succeeded)
        {
            Prepare();
            Say(outcome.Refusal);
            return outcome.Refusal.Id == Refusals.AccountWaits.Id ? Redirect(Href("/activation/suite")) : Page();
        }
        return Redirect(await enter.RunAsync(HttpContext, outcome.Value, Lang, null, Cancel));
    }

    private void Prepare()
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        var wanted = pages.Find(HttpContext);
        Ending = wanted?.Ending;
        ComesBack = wanted is not null;
    }
}
