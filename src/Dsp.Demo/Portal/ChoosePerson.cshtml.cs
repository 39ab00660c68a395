using Dsp.Access;
using Dsp.Demo.Start;
using Dsp.Demo.Story;
using Dsp.Server.Portal;
using Dsp.Ui.Frame;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dsp.Demo.Portal;

/// <summary>
/// Signing in to the demo by choosing one of its people: a POST with antiforgery, then the portal's own cookie. Agents have
/// no pages yet and are not offered.
/// </summary>
public sealed class ChoosePersonModel : PageModel
{
    private readonly DemoPeopleList people;
    private readonly PortalSession session;
    private readonly ITexts texts;
    private readonly PageFrame frame;
    private readonly TimeProvider clock;

    public ChoosePersonModel(IServiceProvider services)
    {
        people = services.GetRequiredService<DemoPeopleList>();
        session = services.GetRequiredService<PortalSession>();
        texts = services.GetRequiredService<ITexts>();
        frame = services.GetRequiredService<PageFrame>();
        clock = services.GetRequiredService<TimeProvider>();
    }

    internal IReadOnlyList<(string Heading, IReadOnlyList<StoryPerson> People)> Groups =>
    [
        ("patients", Of("holder")),
        ("relatives", Of("relative")),
        ("professionals", Of("professional")),
    ];

    /// <summary>What tells two people apart: the number, or the group and the place.</summary>
    internal string Line(StoryPerson person) => person.Kind == "professional"
        ? string.Join(" · ", new[] { person.Group is { } group ? texts.Group(group).Text : null, person.Institution }.OfType<string>())
        : person.NationalId is { } number ? Formats.NationalNumber(number) : texts["demo.noNumber"].Text;

    /// <summary>People whose account can be tried the real way.</summary>
    internal IReadOnlyList<StoryPerson> WithAccount => [.. people.People.Where(p => p.Login is not null)];

    /// <summary>The one-time code of this half minute; everybody shares the demo's key.</summary>
    internal string Code => DemoAccounts.CodeAt(clock.GetUtcNow());

    public string SignInHref => $"/{texts.Language.Code}/connexion";

    public void OnGet() => frame.Space = Space.Patient;

    public async Task<IActionResult> OnPostAsync(string? person)
    {
        var chosen = Groups.SelectMany(g => g.People).FirstOrDefault(p => p.Key == person);
        if (chosen?.PersonId is not { } id) return NotFound();
        var kind = chosen.Kind == "professional" ? CallerKind.Professional : CallerKind.Person;
        await session.SignInAsync(HttpContext, kind, new PersonId(id), strong: true, longLived: true, HttpContext.RequestAborted);
        return Redirect(session.AfterSignIn(HttpContext, kind, new PersonId(id), texts.Language.Code));
    }

    private IReadOnlyList<StoryPerson> Of(string kind) => [.. people.People.Where(p => p.Kind == kind && p.Account && p.PersonId is not null)];
}
