using Dsp.Server.Portal;
using Dsp.Ui.Frame;

namespace Dsp.Demo.Start;

/// <summary>What the demo adds to the portal: signing in by choosing one of its people.</summary>
internal static class DemoPages
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DemoPeopleList>();
        builder.Services.AddSingleton(new SignInWay("demo.way", "/demo"));
        builder.Services.Configure<UiOptions>(ui => ui.TextAssemblies.Add(typeof(DemoPages).Assembly));
        // Not AddRazorPages again: it would bring back the framework's own key ring, which writes keys in clear.
        builder.Services.AddMvcCore().AddApplicationPart(typeof(DemoPages).Assembly);
    }
}

/// <summary>Whom a visitor may choose to be; filled once, before the server answers.</summary>
internal sealed class DemoPeopleList
{
    public IReadOnlyList<StoryPerson> People { get; private set; } = [];

    public void Fill(StoryPeople story) => People = story.People;
}
