using Dsp.Access;
using Dsp.Identity;
using Dsp.Ui.Frame;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Dsp.Server.Portal.Account;

/// <summary>A page about one's own account, in whichever role the person is signed in.</summary>
public abstract class AccountPage(PageParts parts) : PortalPage(parts)
{
    public Caller Me { get; private set; } = null!;

    public bool IsPro => Me.Kind == CallerKind.Professional;

    public string HomeHref => Href(IsPro ? "/pro" : "");

    /// <summary>What this page does or shows asks for a factor proven just now.</summary>
    protected virtual bool NeedsFreshFactor => false;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (SignedIn is not { Kind: CallerKind.Person or CallerKind.Professional, Person: not null } me)
        {
            context.Result = ToSignIn();
            return;
        }
        Me = me;
        if (NeedsFreshFactor && NeedsFresh() is { } confirm)
        {
            context.Result = confirm;
            return;
        }
        Frame.Space = IsPro ? Space.Pro : Space.Patient;
        Frame.SignOutAction = Href("/deconnexion");
        WatchSession();
        Frame.Nav = IsPro
            ? [new NavItem(T["nav.patients"], Href("/pro")), new NavItem(T["nav.account"], Href("/compte")) { Current = true }]
            : [new NavItem(T["nav.home"], Href("")), new NavItem(T["nav.documents"], Href("/documents")), new NavItem(T["nav.account"], Href("/compte")) { Current = true }, new NavItem(T["nav.menu"], Href("/menu")) { NarrowOnly = true }];
        await next();
    }
}
