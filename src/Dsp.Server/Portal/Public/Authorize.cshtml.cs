using Dsp.Access;
using Dsp.Identity;
using Dsp.Identity.Software;
using Dsp.Server.SignIn;
using Dsp.Server.SignIn.OAuth;
using Dsp.Server.Wire;
using Dsp.Ui.Govuk;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Dsp.Server.Portal.Public;

/// <summary>
/// A connected software asks the signed-in person: who it is, whose, what it wants, in plain words. The authorization server
/// has checked the request before this page is reached; what is allowed here can be less than the rules give, never more.
/// </summary>
public sealed class AuthorizeModel : PortalPage
{
    private readonly PageParts parts;
    private readonly AuthorizeParts authorize;
    private Launch? launch;

    // The parts are the server's own: the page model is public for Razor's sake.
    public AuthorizeModel(PageParts parts, IServiceProvider services) : base(parts) =>
        (this.parts, authorize) = (parts, services.GetRequiredService<AuthorizeParts>());

    public RegisteredClient Client { get; private set; } = null!;

    /// <summary>The institution that owns the software; null where it is none's.</summary>
    public string? Owner { get; private set; }

    /// <summary>What is asked, a line each.</summary>
    public IReadOnlyList<string> Asked { get; private set; } = [];

    /// <summary>Whom a launch can be for; empty where none is needed.</summary>
    internal IReadOnlyList<LaunchPatient> Patients { get; private set; } = [];

    public IReadOnlyList<Choice> Choices => [.. Patients.Select(p => new Choice(p.Record.ToString(), p.Name))];

    /// <summary>Nothing that is asked for lacks.</summary>
    public bool CanAllow { get; private set; }

    public string RedirectHost => new Uri(Asking.RedirectUri!).Authority;

    public string FormAction => Href(OAuthPaths.Page);

    /// <summary>The request's reference, sent along by the form.</summary>
    public IEnumerable<(string Name, string Value)> Carried =>
        new[] { Parameters.ClientId, Parameters.RequestUri }.Select(name => (name, Value: Request.HasFormContentType ? Request.Form[name].ToString() : Request.Query[name].ToString())).Where(p => p.Value.Length > 0);

    private OpenIddictRequest Asking { get; set; } = null!;

    private Caller Me { get; set; } = null!;

    private ScopeSet Wanted { get; set; } = null!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await EnterAsync() is { } elsewhere)
        {
            context.Result = elsewhere;
            return;
        }
        await next();
    }

    public IActionResult OnGet() => Page();

    public async Task<IActionResult> OnPostAsync(string? decision, Guid? patient)
    {
        if (decision != "allow" || !CanAllow) return Deny(Errors.AccessDenied, "The person said no.");
        var chosen = Patients.Count == 1 ? Patients[0] : Patients.FirstOrDefault(p => p.Record.Value == patient);
        if (Patients.Count > 1 && chosen is null)
        {
            ModelState.AddModelError("patient", T["authorize.patientMissing"]);
            return Page();
        }
        if (launch is not null && !await authorize.Launches.UseAsync(launch, Cancel)) return Deny(Errors.InvalidRequest, "The launch was used before.");
        var scopes = Asking.GetScopes();
        var grant = await authorize.Grants.StartAsync(Client.Client.ClientId, Me.Person!.Value.Value, Me.Institution, string.Join(' ', scopes), Deadlines.SignInLife, Cancel);
        var principal = Principals.Of(Me, Client, grant, scopes, authorize.Settings.Audience, chosen?.Record, Wanted.Has(ScopeSet.FhirUser) ? await FhirUserAsync() : null, await IuaAsync());
        return SignIn(principal, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>Who is asked, by whom and for what; a result where the page is not to be shown.</summary>
    private async Task<IActionResult?> EnterAsync()
    {
        if (HttpContext.GetOpenIddictServerRequest() is not { ClientId: { } id, RedirectUri: { } redirect } asking) return NotFound();
        if (await authorize.Clients.FindAsync(id, Cancel) is not { } client || ScopeSet.Parse(asking.GetScopes()) is not { } wanted) return NotFound();
        (Asking, Client, Wanted) = (asking, client, wanted);
        Frame.Space = Dsp.Ui.Frame.Space.Patient;
        Frame.AddressIn = language => QueryHelpers.AddQueryString($"/{language.Code}{OAuthPaths.Page}", Carried.Select(c => KeyValuePair.Create(c.Name, (string?)c.Value)));
        if (SignedIn is not { Kind: CallerKind.Person or CallerKind.Professional, Strong: true, Person: not null } caller || IsTooOld(caller))
            return asking.HasPromptValue(PromptValues.None) ? Deny(Errors.LoginRequired, "Nobody is signed in.") : ToSignIn();
        if (caller is { Kind: CallerKind.Professional, Institution: null })
        {
            authorize.Wanted.Remember(HttpContext, caller.Person, null);
            return Redirect(Href("/pro/lieu"));
        }
        // Staff of a collectivité de santé come through its attested program; here this software is the channel.
        Me = caller with { ThroughPortal = false, MayAct = false, Software = client.System.Name, Through = client.System.Id, ThroughProgramOf = Principals.ProgramOf(client, caller) };
        if (await LaunchAsync() is { } refused) return refused;
        if (asking.HasPromptValue(PromptValues.None)) return Deny(Errors.ConsentRequired, "The person decides each time.");
        Owner = client.System.Institution is { } institution ? (await authorize.Directories.InstitutionAsync(institution, Cancel))?.Name : null;
        Asked = new AskedWords(T).Of(wanted);
        CanAllow = !wanted.NeedsPatient || Patients.Count > 0;
        // The one form that may lead elsewhere, and nowhere but there.
        Response.Headers.ContentSecurityPolicy = SurfaceHeaders.PagePolicy.Replace("form-action 'self'", $"form-action 'self' {new Uri(redirect).GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal);
        return null;
    }

    /// <summary>The launch's patient, or those to choose from.</summary>
    private async Task<IActionResult?> LaunchAsync()
    {
        if (!Wanted.NeedsPatient) return null;
        if (Wanted.Has(ScopeSet.Launch))
        {
            // Without its own channel the person comes by the program that made the launch.
            launch = authorize.Launches.Open((string?)Asking.GetParameter("launch"), Client.Client.ClientId, Me);
            if (launch is null) return Deny(Errors.InvalidRequest, "The launch is not good: it is too old, or another person's, place's or software's.");
            Patients = await authorize.Patients.OneAsync(Me with { ThroughProgramOf = Me.Institution }, launch.Record, Cancel);
            return null;
        }
        Patients = await authorize.Patients.AllAsync(Me, Cancel);
        return null;
    }

    /// <summary><c>max_age</c>, and <c>prompt=login</c> as a sign-in of the last minutes.</summary>
    private bool IsTooOld(Caller caller)
    {
        var longest = Asking.HasPromptValue(PromptValues.Login) ? TimeSpan.FromMinutes(5) : Asking.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : Deadlines.SignInLife;
        return caller.AuthenticatedAt is not { } at || Clock.GetUtcNow() - at > longest;
    }

    private async Task<string?> FhirUserAsync()
    {
        if (Me.Kind == CallerKind.Professional) return $"{parts.Addresses.Fhir}/Practitioner/{Me.Person}";
        return (await authorize.Patients.OwnAsync(Me, Cancel))?.Record is { } own ? $"{parts.Addresses.Fhir}/Patient/{own}" : null;
    }

    private async Task<System.Text.Json.JsonElement> IuaAsync()
    {
        if (Me.Kind != CallerKind.Professional) return IuaClaims.Of(Me, (await authorize.Patients.OwnAsync(Me, Cancel))?.Name, null, null, null);
        var listed = await authorize.Listed.RunAsync(Me.Person!.Value, Cancel);
        return IuaClaims.Of(Me, listed?.Name, listed?.Places.FirstOrDefault(p => p.Institution == Me.Institution)?.Name, listed?.Profession, listed?.Group);
    }

    private ForbidResult Deny(string error, string why) => Forbid(new AuthenticationProperties(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = why,
    }), OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
}

/// <summary>What the asking page is made of.</summary>
internal sealed record AuthorizeParts(Clients Clients, Grants Grants, Directories Directories, Launches Launches, LaunchPatients Patients, ListPlaces Listed, WantedPages Wanted, ServerSettings Settings);
