using Dsp.Accounts;
using Dsp.Identity;
using Dsp.Server.SignIn.Providers;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Account;

/// <summary>P24: where the person is told, and in which language.</summary>
public sealed class ContactModel(PageParts parts, ReadOwnAccount read, ChangeContact change) : AccountPage(parts)
{
    protected override bool NeedsFreshFactor => true;

    [BindProperty]
    public string? Courriel { get; set; }

    [BindProperty]
    public string? Telephone { get; set; }

    [BindProperty]
    public string? Langue { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await read.RunAsync(Me, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        if (found.Value is not { } view) return Redirect(Href("/compte"));
        (Courriel, Telephone, Langue) = (view.Contact.Email, view.Contact.Phone, view.Language);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (ContactFields.Read(Courriel, Telephone) is not { } contact)
        {
            ModelState.AddModelError("courriel", T["contact.wrong"]);
            return Page();
        }
        var done = await change.RunAsync(Me, contact, Language.Find(Langue ?? "")?.Code ?? Lang, Cancel);
        return done.Succeeded ? To("/compte", "contactChanged") : Refused(done.Refusal);
    }
}

/// <summary>P24: a new password in the place of the present one.</summary>
public sealed class PasswordModel(PageParts parts, AddFactor add) : AccountPage(parts)
{
    protected override bool NeedsFreshFactor => true;

    [BindProperty]
    public string? Secret { get; set; }

    [BindProperty]
    public string? Repete { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Secret != Repete)
        {
            ModelState.AddModelError("repete", T["account.repeatWrong"]);
            return Page();
        }
        var done = await add.RunAsync(Me, new NewFactors { Password = Secret ?? "" }, Cancel);
        if (done.Succeeded) return To("/compte", "factorAdded");
        if (done.Refusal.Id != Refusals.PasswordTooWeak.Id) return Refused(done.Refusal);
        ModelState.AddModelError("secret", PageTexts.Of(T, done.Refusal));
        return Page();
    }
}

/// <summary>P24: an application in the place of the present one.</summary>
public sealed class TotpModel(PageParts parts, ActivationDrafts drafts, AddFactor add) : AccountPage(parts)
{
    protected override bool NeedsFreshFactor => true;

    [BindProperty]
    public string? Cle { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    public byte[] Key { get; private set; } = [];

    public void OnGet() => Prepare(null);

    public async Task<IActionResult> OnPostAsync()
    {
        if (drafts.FindKey(Me.Person!.Value, Cle) is { } key)
        {
            var done = await add.RunAsync(Me, new NewFactors { TotpKey = key, TotpCode = Code }, Cancel);
            if (done.Succeeded) return To("/compte", "factorAdded");
            if (done.Refusal.Id != Refusals.FactorInvalid.Id) return Refused(done.Refusal);
        }
        ModelState.AddModelError("code", T["totp.wrong"]);
        Prepare(Cle);
        return Page();
    }

    private void Prepare(string? before)
    {
        (Key, Cle) = drafts.KeyFor(Me.Person!.Value, before);
        ModelState.Remove(nameof(Cle));
    }
}

/// <summary>P24: one more passkey.</summary>
public sealed class PasskeyModel(PageParts parts, Passkeys passkeys, AddFactor add, WhoseRecord whose, ListPlaces listed) : AccountPage(parts)
{
    protected override bool NeedsFreshFactor => true;

    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty]
    public string? Nom { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostOptionsAsync()
    {
        var name = await whose.OwnAsync(Me.Person!.Value, Cancel) is { } person ? Formats.NameInSentence(person.Details.Family, person.Details.Given)
            : await listed.RunAsync(Me.Person.Value, Cancel) is { } professional ? professional.Name : "DSP";
        return Content(await passkeys.AskForNewAsync(HttpContext, Me.Person.Value, name), "application/json");
    }

    public async Task<IActionResult> OnPostAddAsync()
    {
        var made = await passkeys.CheckNewAsync(HttpContext, Me.Person!.Value, Credential);
        var done = made is null ? Refusals.FactorInvalid : await add.RunAsync(Me, new NewFactors { Passkey = made, PasskeyLabel = PasskeyName.Of(Nom) }, Cancel);
        if (done.Succeeded) return To("/compte", "factorAdded");
        if (done.Refusal.Id is var id && id != Refusals.FactorInvalid.Id && id != Refusals.FactorTaken.Id) return Refused(done.Refusal);
        Say(done.Refusal);
        return Page();
    }
}

/// <summary>A factor proven again, before an act that asks for it; then back to that act.</summary>
public sealed class ConfirmModel(PageParts parts, ServerSettings settings, ProveAgain prove, ReadOwnAccount read, SignInPlaces places, Passkeys passkeys, ProviderWays providers, WantedPages pages) : AccountPage(parts)
{
    private readonly PageParts parts = parts;

    /// <summary>A card can be shown.</summary>
    public bool HasCards => settings.Tls.CardBase is not null;

    /// <summary>The providers whose identity is connected with this account.</summary>
    public ProviderButtons Providers { get; private set; } = null!;

    /// <summary>A code can be typed: there is an application or a list that gives one.</summary>
    public bool HasCodes { get; private set; } = true;

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Credential { get; set; }

    /// <summary>Chosen external identity provider.</summary>
    [BindProperty]
    public string? Fournisseur { get; set; }

    public async Task OnGetAsync()
    {
        await PrepareAsync();
        SayKept();
    }

    public async Task<IActionResult> OnPostProviderAsync()
    {
        if (await providers.BeginAsync(HttpContext, Fournisseur, ProviderPurpose.Confirm, Lang, Me) is not { } refused) return Redirect(Href(ProviderWays.LeavePath));
        await PrepareAsync();
        Say(refused);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() => await EndAsync(await prove.RunAsync(Me, Code, places.Of(HttpContext), Cancel));

    public async Task<IActionResult> OnPostPasskeyAsync()
    {
        var proof = await passkeys.CheckAsync(HttpContext, Credential);
        return await EndAsync(proof is null ? Refusals.SignInFailed : await prove.RunAsync(Me, proof, Cancel));
    }

    public async Task<IActionResult> OnPostOptionsAsync() => Content(await passkeys.AskAsync(HttpContext), "application/json");

    private async Task<IActionResult> EndAsync(Outcome<DateTimeOffset> proven)
    {
        if (!proven.Succeeded)
        {
            // The session is not over because a code was wrong.
            if (proven.Refusal.Id is var id && id != Refusals.SignInFailed.Id && id != Refusals.SignInSlowed.Id) return Refused(proven.Refusal);
            await PrepareAsync();
            ModelState.AddModelError("code", PageTexts.Of(T, proven.Refusal));
            return Page();
        }
        parts.Session.Freshen(HttpContext, proven.Value);
        return Redirect(pages.Take(HttpContext, Me.Person!.Value) ?? Href("/compte"));
    }

    private async Task PrepareAsync()
    {
        var view = await read.RunAsync(Me, Cancel) is { Succeeded: true, Value: { } found } ? found : null;
        Providers = new ProviderButtons(view is null ? [] : providers.ConnectedTo(view), Href("/confirmer"), "provider.confirm");
        HasCodes = view is null || view.Factors.Any(f => f.Kind is FactorKind.Totp or FactorKind.Codes) || Providers.All.Count == 0;
    }
}
