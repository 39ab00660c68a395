using Dsp.Access;
using Dsp.Accounts;
using Dsp.Server.SignIn.Cards;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Public;

/// <summary>Leads to the name that asks for a card, and keeps in this browser what it is shown for: to sign in, to confirm, or to add the card to one's account.</summary>
public sealed class CardModel(PageParts parts, ServerSettings settings, CardPasses passes, CardDoor door) : PortalPage(parts)
{
    public IActionResult OnGet(string? pour)
    {
        if (settings.Tls.CardBase is null) return NotFound();
        var purpose = pour switch { "confirmer" => CardPurpose.Confirm, "ajouter" => CardPurpose.Add, _ => CardPurpose.SignIn };
        if (purpose != CardPurpose.SignIn && SignedIn is null) return ToSignIn();
        if (purpose == CardPurpose.Add && NeedsFresh() is { } confirm) return confirm;
        return Redirect(door.AddressFor(passes.Ask(HttpContext, purpose, purpose == CardPurpose.SignIn ? null : SignedIn!.Person), Lang));
    }
}

/// <summary>Where a card's proof comes back to: it signs in, confirms or is added; or the page says what is wrong with the card and what to do.</summary>
public sealed class CardReturnModel(PageParts parts, CardPasses passes, ServerSettings settings, SignInPlaces places, SignInWithBinding signIn, ProveAgain prove, AddFactor add, EnterPortal enter, WantedPages pages)
    : PortalPage(parts)
{
    private readonly PageParts parts = parts;

    /// <summary>Key of the sentence that says what is wrong.</summary>
    public string Problem { get; private set; } = "card.stale";

    /// <summary>The address that tries again.</summary>
    public string Again { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(string? preuve)
    {
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        Again = Href("/connexion/carte");
        if (settings.Tls.CardBase is null) return NotFound();
        if (await passes.TakeAsync(HttpContext, preuve, Cancel) is not { } taken) return Wrong("card.stale");
        var (question, result) = taken;
        Again += question.Purpose switch { CardPurpose.Confirm => "?pour=confirmer", CardPurpose.Add => "?pour=ajouter", _ => "" };
        if (result.Proof is not { } proof) return Wrong("card." + result.Refusal);
        if (question.Purpose == CardPurpose.SignIn) return await EnterAsync(proof);
        // The card was shown for a session: if that is another one by now, the proof belongs to nobody here.
        return SignedIn is not { Person: { } person } me || person != question.Person ? Wrong("card.stale")
            : question.Purpose == CardPurpose.Confirm ? await ConfirmAsync(me, person, proof)
            : await AddAsync(me, proof);
    }

    private async Task<IActionResult> EnterAsync(BindingProof proof)
    {
        var outcome = await signIn.RunAsync(proof, places.Of(HttpContext), settings.Session.LongestSession, Cancel);
        if (!outcome.Succeeded) return outcome.Refusal.Id == Refusals.AccountWaits.Id ? Redirect(Href("/activation/suite")) : Wrong("card.unbound");
        return Redirect(await enter.RunAsync(HttpContext, outcome.Value, Lang, null, Cancel));
    }

    private async Task<IActionResult> ConfirmAsync(Caller me, PersonId person, BindingProof proof)
    {
        var proven = await prove.RunAsync(me, proof, null, Cancel);
        if (!proven.Succeeded) return Wrong("card.unbound");
        parts.Session.Freshen(HttpContext, proven.Value);
        return Redirect(pages.Take(HttpContext, person) ?? Href("/compte"));
    }

    private async Task<IActionResult> AddAsync(Caller me, BindingProof proof)
    {
        var done = await add.RunAsync(me, proof, Cancel);
        if (done.Succeeded) return To("/compte", "factorAdded");
        return done.Refusal.Id == Refusals.FactorTaken.Id ? Wrong("card.taken") : Refused(done.Refusal);
    }

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Wrong(string problem)
    {
        Problem = problem;
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Page();
    }
}
