using Dsp.Access;
using Dsp.Identity;
using Dsp.Ui.Frame;
using Dsp.Ui.Languages;
using Dsp.Ui.Parts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Dsp.Server.Portal;

/// <summary>What a page of the patient space needs: its parts and whose record is shown.</summary>
public sealed record PatientParts(PageParts Page, WhoseRecord Whose);

/// <summary>A page of the patient space: one's own record, or that of someone one represents, and the bar that says whose.</summary>
public abstract class PatientPage(PatientParts parts) : PortalPage(parts.Page)
{
    private Guid? represented;

    /// <summary>The key of the navigation link this page belongs to.</summary>
    protected abstract string Section { get; }

    /// <summary>The page can be used without a record, or while it is closed.</summary>
    protected virtual bool WorksWithoutRecord => false;

    /// <summary>The page shows or does what a representative may too.</summary>
    protected virtual bool ForRepresentatives => false;

    public Caller Me { get; private set; } = null!;

    /// <summary>The record shown; the nil record where the person has none.</summary>
    public RecordId Record { get; private set; }

    /// <summary>Whose record it is.</summary>
    public Person Holder { get; private set; } = null!;

    /// <summary>Acting for someone else.</summary>
    public bool IsProxy => represented is not null;

    public string NameInSentence => Formats.NameInSentence(Holder.Details.Family, Holder.Details.Given);

    public override string Href(string path) => represented is { } record ? $"/{Lang}/pour/{Ids.Text(record)}{path}" : base.Href(path);

    /// <summary>An address of one's own space, whoever is shown.</summary>
    public string OwnHref(string path) => base.Href(path);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await EnterAsync() is { } elsewhere)
        {
            context.Result = elsewhere;
            return;
        }
        SetFrame();
        await next();
    }

    private async Task<IActionResult?> EnterAsync()
    {
        if (SignedIn is not { } caller) return ToSignIn();
        if (caller is not { Kind: CallerKind.Person, Person: { } person }) return Redirect(base.Href("/pro"));
        Me = caller;
        if (RouteData.Values.TryGetValue(RepresentedAddresses.Record, out var value) && Guid.TryParse(value as string, out var record))
        {
            if (!ForRepresentatives || await parts.Whose.RepresentedAsync(caller, new RecordId(record), Cancel) is not { } other) return NotFound();
            represented = record;
            (Record, Holder) = (new RecordId(record), other);
            return null;
        }
        if (await parts.Whose.OwnAsync(person, Cancel) is not { } own) return ToSignIn();
        Holder = own;
        Record = own.Record ?? RecordId.None;
        return own.Record is null && !WorksWithoutRecord ? Redirect(base.Href("/compte/rouvrir")) : null;
    }

    /// <summary>As <see cref="PortalPage.Refused"/>; a closed record leads to the page that says so.</summary>
    protected new IActionResult Refused(Refusal refusal) =>
        refusal.Id == Refusals.RecordClosed.Id && !IsProxy ? Redirect(base.Href("/compte/rouvrir")) : base.Refused(refusal);

    private void SetFrame()
    {
        NavItem Item(string key, string path, bool wide = false, bool narrow = false) =>
            new(T[key], Href(path)) { Current = Section == key, WideOnly = wide, NarrowOnly = narrow };
        Frame.Space = Space.Patient;
        Frame.SignOutAction = base.Href("/deconnexion");
        WatchSession();
        Frame.Nav = IsProxy
            ? [Item("nav.home", ""), Item("nav.documents", "/documents"), Item("nav.results", "/resultats"), Item("nav.consultations", "/consultations", wide: true), Item("nav.menu", "/menu", narrow: true)]
            : [Item("nav.home", ""), Item("nav.documents", "/documents"), Item("nav.results", "/resultats"), Item("nav.summary", "/resume", wide: true), Item("nav.access", "/acces"),
                Item("nav.consultations", "/consultations", wide: true),
                Item("nav.relatives", "/proches", wide: true), Item("nav.account", "/compte", wide: true), Item("nav.menu", "/menu", narrow: true)];
        var birth = Holder.Details.BirthDate is { } date ? PersonWords.Birth(F, date) : T["notDocumented"].Text;
        Frame.Bar = new RecordBar(T, NameInSentence, birth) { IsProxy = IsProxy, SwitchHref = IsProxy ? base.Href("/") : base.Href("/proches") };
    }
}
