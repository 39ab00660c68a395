using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Ui.Frame;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Dsp.Ui.Parts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Dsp.Server.Portal;

/// <summary>What a page of the professional space needs.</summary>
public sealed record ProParts(PageParts Page, ListPlaces Places);

/// <summary>A page of the professional space: a listed professional, at one place.</summary>
public abstract class ProPage(ProParts parts) : PortalPage(parts.Page)
{
    /// <summary>The key of the navigation link this page belongs to.</summary>
    protected abstract string Section { get; }

    /// <summary>The page works before a place is chosen.</summary>
    protected virtual bool WorksWithoutPlace => false;

    protected virtual Space Space => Space.Pro;

    public Caller Me { get; private set; } = null!;

    /// <summary>The signed-in professional as the directory has them.</summary>
    public ProfessionalWithPlaces Professional { get; private set; } = null!;

    /// <summary>The place acted for; null before one is chosen.</summary>
    public PlaceOfPractice? Place => Professional.Places.FirstOrDefault(p => p.Institution == Me.Institution);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await EnterAsync() is { } elsewhere)
        {
            context.Result = elsewhere;
            return;
        }
        SetFrame();
        if (await BeforeAsync() is { } instead)
        {
            context.Result = instead;
            return;
        }
        await next();
    }

    /// <summary>What a page loads before its handler; a result stands in its place.</summary>
    protected virtual Task<IActionResult?> BeforeAsync() => Task.FromResult<IActionResult?>(null);

    private async Task<IActionResult?> EnterAsync()
    {
        if (SignedIn is not { } caller) return ToSignIn();
        if (caller is not { Kind: CallerKind.Professional, Person: { } person }) return Redirect(Href(caller.Kind == CallerKind.Person ? "" : "/connexion"));
        Me = caller;
        if (await parts.Places.RunAsync(person, Cancel) is not { } listed) return Refused(Refusals.NotListed);
        Professional = listed;
        return Place is null && !WorksWithoutPlace ? Redirect(Href("/pro/lieu")) : null;
    }

    private void SetFrame()
    {
        NavItem Item(string key, string path, bool wide = false, bool narrow = false) => new(T[key], Href(path)) { Current = Section == key, WideOnly = wide, NarrowOnly = narrow };
        Frame.Space = Space;
        Frame.SignOutAction = Href("/deconnexion");
        WatchSession();
        Frame.SignedInName = Formats.NameInSentence(Professional.Family, Professional.Given);
        Frame.Nav = Place is null ? [] : [Item("nav.patients", "/pro"), Item("nav.search", "/pro/chercher"), Item("nav.code", "/pro/code", wide: true),
            .. Place.EmergencyMember ? [Item("nav.emergency", "/pro/urgence")] : Array.Empty<NavItem>(), Item("nav.account", "/compte", wide: true), Item("nav.menu", "/pro/menu", narrow: true)];
    }
}

/// <summary>What a page inside one record needs.</summary>
public sealed record ProRecordParts(ProParts Pro, ReadRecordHead Head);

/// <summary>A page inside one record: the identity bar is always in view. Without a relation there is nothing, and the same is said of every record.</summary>
public abstract class ProRecordPage(ProRecordParts parts) : ProPage(parts.Pro)
{
    protected override string Section => "nav.patients";

    [BindProperty(SupportsGet = true, Name = "record")]
    public Guid RecordValue { get; set; }

    public RecordId Record => new(RecordValue);

    public RecordHead Head { get; private set; } = null!;

    protected override Space Space => IsEmergency ? Space.Urgent : Space.Pro;

    /// <summary>The access rests on an emergency registration.</summary>
    public bool IsEmergency => Head?.Relation == "emergency";

    /// <summary>The categories this professional may read: a filter offers no others.</summary>
    public IEnumerable<DataCategory> Readable => Enum.GetValues<DataCategory>().Where(c => c != DataCategory.AccessTraces && Head.Group is { } group && AccessMatrix.MayRead(c, group));

    public string RecordHref(string path) => Href($"/pro/dossiers/{Record}{path}");

    public string PatientName => Formats.Name(Head.Holder.Details.Family, Head.Holder.Details.Given);

    protected override async Task<IActionResult?> BeforeAsync()
    {
        if (RouteData.Values["record"] is not string text || !Guid.TryParse(text, out var id)) return NotFound();
        RecordValue = id;
        var found = await parts.Head.RunAsync(Me, new RecordRef.ById(Record), Cancel);
        if (!found.Succeeded) return found.Refusal.Kind == RefusalKind.NotFound ? Neutral() : Refused(found.Refusal);
        Head = found.Value;
        Frame.Space = Space;
        Frame.Bar = Bar();
        return null;
    }

    /// <summary>No relation, blocked, closed, never there: one answer.</summary>
    protected IActionResult Neutral()
    {
        ErrorPages.Remember(HttpContext, Refusals.NotFound);
        return NotFound();
    }

    /// <summary>Names what is known of allergies in the bar; where nothing is, it says nothing, which is not "none".</summary>
    protected void ShowAllergies(SummaryView view)
    {
        // What is refuted, or said to be over, is no allergy to warn of; it stands in the sections.
        var known = view.Of(Clinical.FactKind.Allergy).SelectMany(p => p.Entries).Where(e => e.Current != false && e.Shown.Fact.Statement == Clinical.FactStatement.Asserted).Select(e => view.Wording.Name(e.Shown)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (known.Count > 0) Frame.Bar = Bar() with { Allergies = string.Join(", ", known.Take(AllergiesInBar)) + (known.Count > AllergiesInBar ? $" +{known.Count - AllergiesInBar}" : "") };
    }

    private const int AllergiesInBar = 4;

    private PatientBar Bar()
    {
        var details = Head.Holder.Details;
        var birth = details.BirthDate is { } date ? PersonWords.Birth(F, date) : T["notDocumented"].Text;
        var age = details.BirthDate is { IsWhole: true } whole ? F.Age(whole.Earliest, Formats.LocalDate(Clock.GetUtcNow())) : T["notDocumented"].Text;
        var relation = Head.Relation switch
        {
            "referring" => T["pro.relation.referring"].Text,
            "circle" when Head.Until is { } until => T["pro.relation.circleUntil", ("date", F.ShortDate(until))],
            "circle" => T["pro.relation.circle"],
            { } kind when Head.Until is { } until => T["pro.relation." + kind, ("date", F.ShortDateTime(until))],
            _ => "",
        };
        return new PatientBar(T, PatientName, PersonWords.SexOf(details.Gender), birth, age)
        {
            NationalNumber = details.NationalNumber,
            Facts = [relation, Place is { } place ? T["place.current", ("name", place.Name)].Text : null],
            Flag = IsEmergency ? Dsp.Ui.Html.Content.Of(new Pill(Tone.Danger, T["emergency.pill"])) : null,
            ChangeHref = Href("/pro"),
        };
    }
}
