using Dsp.Accounts;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Public;

/// <summary>P02, first step: who, and the code of the letter.</summary>
public sealed class ActivationModel(PageParts parts, BeginActivation begin, SignInPlaces places, ActivationDrafts drafts) : LetterPage(parts)
{
    public async Task<IActionResult> OnPostAsync()
    {
        var begun = await begin.RunAsync(Identifiant, Birth, Code, places.Of(HttpContext), Cancel);
        if (!begun.Succeeded) return Again(begun.Refusal);
        drafts.Keep(HttpContext, new ActivationDraft(begun.Value, null, Lang, Totp.NewKey()));
        return Redirect(Href("/activation/coordonnees"));
    }
}

/// <summary>P02, second step: where the person is told, and the conditions.</summary>
public sealed class ActivationContactModel(PageParts parts, ActivationDrafts drafts) : PortalPage(parts)
{
    [BindProperty]
    public string? Courriel { get; set; }

    [BindProperty]
    public string? Telephone { get; set; }

    [BindProperty]
    public List<string> Conditions { get; set; } = [];

    public IActionResult OnGet()
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        if (drafts.Find(HttpContext) is not { } draft) return Redirect(Href("/activation"));
        (Courriel, Telephone) = (draft.Contact?.Email, draft.Contact?.Phone);
        return Page();
    }

    public IActionResult OnPost()
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        if (drafts.Find(HttpContext) is not { } draft) return Redirect(Href("/activation"));
        var contact = ContactFields.Read(Courriel, Telephone);
        if (contact is null) ModelState.AddModelError("courriel", T["contact.wrong"]);
        if (!Conditions.Contains("oui")) ModelState.AddModelError("conditions", T["activation.conditionsMissing"]);
        if (contact is null || !Conditions.Contains("oui")) return Page();
        drafts.Keep(HttpContext, draft with { Contact = contact, Language = Lang });
        return Redirect(Href("/activation/acces"));
    }
}

/// <summary>P02, third step: how the person will sign in; then everything is kept at once, and waits for the second letter.</summary>
public sealed class ActivationFactorsModel(PageParts parts, ActivationDrafts drafts, ActivateAccount activate, Passkeys passkeys) : PortalPage(parts)
{
    [BindProperty]
    public string? Secret { get; set; }

    [BindProperty]
    public string? Repete { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty]
    public string? Nom { get; set; }

    public byte[] Key { get; private set; } = [];

    public IActionResult OnGet() => Draft() is null ? Redirect(Href("/activation")) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Draft() is not { } draft) return Redirect(Href("/activation"));
        if (Secret != Repete)
        {
            ModelState.AddModelError("repete", T["account.repeatWrong"]);
            return Page();
        }
        return await EndAsync(draft, new NewFactors { Password = Secret ?? "", TotpKey = draft.Key, TotpCode = Code });
    }

    public async Task<IActionResult> OnPostPasskeyAsync()
    {
        if (Draft() is not { } draft) return Redirect(Href("/activation"));
        if (await passkeys.CheckNewAsync(HttpContext, draft.Ticket.Person, Credential) is not { } made)
        {
            Say(Refusals.FactorInvalid);
            return Page();
        }
        return await EndAsync(draft, new NewFactors { Passkey = made, PasskeyLabel = PasskeyName.Of(Nom) });
    }

    /// <summary>The device shows no name: whoever holds a letter learns none.</summary>
    public async Task<IActionResult> OnPostOptionsAsync() => Draft() is { } draft ? Content(await passkeys.AskForNewAsync(HttpContext, draft.Ticket.Person, "DSP"), "application/json") : NotFound();

    private ActivationDraft? Draft()
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        if (drafts.Find(HttpContext) is not { Contact: not null } draft) return null;
        Key = draft.Key;
        return draft;
    }

    private async Task<IActionResult> EndAsync(ActivationDraft draft, NewFactors factors)
    {
        var done = await activate.RunAsync(draft.Ticket, factors, draft.Contact!, draft.Language, Cancel);
        if (!done.Succeeded)
        {
            if (done.Refusal.Id == Refusals.LetterCodeRefused.Id) drafts.Forget(HttpContext);
            Say(done.Refusal);
            return Page();
        }
        drafts.Forget(HttpContext);
        return Redirect(Href("/activation/fait"));
    }
}

/// <summary>P02, the end of the first sitting: what comes next.</summary>
public sealed class ActivationDoneModel(PageParts parts) : PortalPage(parts)
{
    public void OnGet() => Frame.Space = Dsp.Ui.Frame.Space.Patient;
}

/// <summary>P02: the code of the second letter opens the account.</summary>
public sealed class ActivationSecondModel(PageParts parts, ConfirmSecondLetter confirm, SignInPlaces places) : LetterPage(parts)
{
    public async Task<IActionResult> OnPostAsync()
    {
        var opened = await confirm.RunAsync(Identifiant, Birth, Code, places.Of(HttpContext), Cancel);
        return opened.Succeeded ? To("/connexion", "accountOpened") : Again(opened.Refusal);
    }
}

/// <summary>P02: somebody else began; the code of the letter that told of it stops it.</summary>
public sealed class ActivationStopModel(PageParts parts, StopActivation stop, SignInPlaces places) : LetterPage(parts)
{
    public async Task<IActionResult> OnPostAsync()
    {
        var stopped = await stop.RunAsync(Identifiant, Birth, Code, places.Of(HttpContext), Cancel);
        return stopped.Succeeded ? To("/connexion", "activationStopped") : Again(stopped.Refusal);
    }
}

/// <summary>P03: no way in any more, or no letter yet. What it answers is the same for everybody.</summary>
public sealed class RecoveryModel(PageParts parts, AskForLetter ask, SignInPlaces places) : LetterPage(parts)
{
    public override bool WithCode => false;

    public async Task<IActionResult> OnPostAsync()
    {
        var asked = await ask.RunAsync(Identifiant, Birth, places.Of(HttpContext), Cancel);
        return asked.Succeeded ? To("/recuperation", "letterAsked") : Again(asked.Refusal);
    }
}
