namespace Dsp.Demo.Story;

/// <summary>An act of the story was refused: the product or the story changed, and the demo would show something else.</summary>
public sealed class StoryBrokenException(string message, Exception? inner = null) : Exception(message, inner);

internal static class StoryOutcomes
{
    /// <summary>The value of an act that the story expects to succeed.</summary>
    /// <exception cref="StoryBrokenException">It was refused.</exception>
    public static async Task<T> InStory<T>(this Task<Outcome<T>> act, string what)
    {
        var outcome = await act;
        return outcome.Succeeded ? outcome.Value : throw new StoryBrokenException($"{what}: {outcome.Refusal.Id} {outcome.Refusal.Text}");
    }

    /// <summary>An act that the story expects to be refused.</summary>
    public static async Task RefusedInStory<T>(this Task<Outcome<T>> act, string what)
    {
        if ((await act).Succeeded) throw new StoryBrokenException($"{what}: this should have been refused.");
    }
}
