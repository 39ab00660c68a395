using Dsp.Demo.Content;
using Dsp.Documents;

namespace Dsp.Demo.Story;

/// <summary>What the chapters of the story share: the platform's operations, the people, the documents and the timeline.</summary>
internal sealed class StoryStage(IServiceProvider services, Platform platform, Timeline timeline, Cast cast)
{
    private readonly Dictionary<string, DocumentId> deposited = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DemoDocument> documents = DemoDocuments.All(timeline.Day.Day).ToDictionary(d => d.Key);

    public Platform Platform => platform;
    public Timeline Timeline => timeline;
    public Cast Cast => cast;

    public IEnumerable<DemoDocument> Documents => documents.Values;

    public DemoDocument Document(string key) => documents[key];

    /// <summary>The id of a document once the story has deposited it.</summary>
    public DocumentId IdOf(string key) => deposited[key];

    public void Keep(string key, DocumentId id) => deposited[key] = id;

    /// <summary>An operation of the platform, as the server has it.</summary>
    public T Operation<T>() where T : IOperation => services.GetRequiredService<T>();
}
