namespace Dsp.Demo.Start;

/// <summary>What the demo adds to the server: the people to choose from.</summary>
internal static class DemoPages
{
    public static void Add(WebApplicationBuilder builder) => builder.Services.AddSingleton<DemoPeopleList>();

    public static void Map(WebApplication app)
    {
    }
}

/// <summary>Whom a visitor may choose to be; filled once, before the server answers.</summary>
internal sealed class DemoPeopleList
{
    public IReadOnlyList<StoryPerson> People { get; private set; } = [];

    public void Fill(StoryPeople story) => People = story.People;
}
