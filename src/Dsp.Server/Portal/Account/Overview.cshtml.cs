using Dsp.Access;
using Dsp.Accounts;
using Dsp.Identity;
using Dsp.Server.SignIn.Providers;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Account;

/// <summary>P24: identity (read only), contact, factors, sessions and devices of one's own account.</summary>
public sealed class OverviewModel(PageParts parts, ServerSettings settings, ReadOwnAccount read, WhoseRecord whose, ListPlaces listed, EndOwnSessions end, ForgetDevice forget, RemoveFactor remove, OrderCodeList order, ProviderWays providers) : AccountPage(parts)
{
    private readonly PageParts parts = parts;

    /// <summary>A card can be shown.</summary>
    public bool HasCards => settings.Tls.CardBase is not null;

    /// <summary>Null in a demo session: chosen people have no account.</summary>
    public OwnAccountView? View { get; private set; }

    /// <summary>Null for a professional whom the directory of people does not hold.</summary>
    public Person? Identity { get; private set; }

    public ProfessionalWithPlaces? Professional { get; private set; }

    public string Name => Identity is { } person ? Formats.Name(person.Details.Family, person.Details.Given) : Professional?.Name ?? "";

    /// <summary>Both roles are open to this person: a listed professional with a record of their own.</summary>
    public bool HasBothRoles => Professional is not null && Identity?.Record is not null;

    /// <summary>Providers whose identity is not connected yet.</summary>
    public IReadOnlyList<IdentityProvider> Connectable => View is null ? [] : [.. providers.All.Except(providers.ConnectedTo(View))];

    /// <summary>What the person reads of a factor.</summary>
    public string NameOf(OwnFactor factor) => T["factor." + factor.Kind].Text + factor switch
    {
        { Kind: FactorKind.External } => ", " + providers.NameOf(factor.Label, T.Language),
        { Kind: not FactorKind.Card, Label: { } label } => ", " + label,
        _ => "",
    };

    public async Task<IActionResult> OnGetAsync()
    {
        SayKept();
        var found = await read.RunAsync(Me, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        View = found.Value;
        Identity = await whose.OwnAsync(Me.Person!.Value, Cancel);
        Professional = await listed.RunAsync(Me.Person.Value, Cancel);
        return Page();
    }

    public Task<IActionResult> OnPostEndAsync(Guid id) => AfterAsync(end.RunAsync(Me, new SessionId(id), Cancel), "sessionEnded");

    public Task<IActionResult> OnPostEndOthersAsync() => AfterAsync(end.RunAsync(Me, null, Cancel), "sessionsEnded");

    public Task<IActionResult> OnPostForgetAsync(Guid id) => AfterAsync(forget.RunAsync(Me, id, Cancel), "deviceForgotten");

    public Task<IActionResult> OnPostRemoveAsync(Guid id) => AfterAsync(remove.RunAsync(Me, id, Cancel), "factorRemoved");

    public Task<IActionResult> OnPostListAsync() => AfterAsync(order.RunAsync(Me, Cancel), "listOrdered");

    public async Task<IActionResult> OnPostConnectAsync(string? fournisseur)
    {
        if (NeedsFresh() is { } confirm) return confirm;
        if (await providers.BeginAsync(HttpContext, fournisseur, ProviderPurpose.Connect, Lang, Me) is not { } refused) return Redirect(Href(ProviderWays.LeavePath));
        Say(refused);
        return await OnGetAsync();
    }

    /// <summary>A session acts in one role at a time; this changes which.</summary>
    public async Task<IActionResult> OnPostRoleAsync()
    {
        if (IsPro)
        {
            if ((await whose.OwnAsync(Me.Person!.Value, Cancel))?.Record is null) return NotFound();
            parts.Session.ActAs(HttpContext, CallerKind.Person);
            return Redirect(Href(""));
        }
        if (await listed.RunAsync(Me.Person!.Value, Cancel) is null) return NotFound();
        parts.Session.ActAs(HttpContext, CallerKind.Professional);
        return Redirect(Href("/pro/lieu"));
    }

    private async Task<IActionResult> AfterAsync(Task<Outcome<Done>> act, string done)
    {
        var outcome = await act;
        if (outcome.Succeeded) return To("/compte", done);
        if (outcome.Refusal.Id != Refusals.LastWayIn.Id) return Refused(outcome.Refusal);
        Say(outcome.Refusal);
        return await OnGetAsync();
    }
}
