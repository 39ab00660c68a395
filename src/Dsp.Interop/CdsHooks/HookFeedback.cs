using System.Globalization;
using System.Text.Json;

namespace Dsp.Interop.CdsHooks;

/// <summary>What people did with cards, counted: neither the cards nor the words about them are kept.</summary>
public sealed record HookFeedback(int Accepted, int Overridden)
{
    public const int Most = 200;

    /// <param name="json">Well-formed JSON.</param>
    public static Outcome<HookFeedback> Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var items = document.RootElement.Items("feedback").ToList();
        if (items.Count is 0 or > Most) return Wrong($"A list of 1 to {Most} answers to cards is expected.", "feedback");
        foreach (var item in items)
        {
            if (!Guid.TryParse(item.Text("card"), out _)) return Wrong("Each answer names its card.", "feedback.card");
            if (item.Text("outcome") is not ("accepted" or "overridden")) return Wrong("The outcome is accepted or overridden.", "feedback.outcome");
            if (!DateTimeOffset.TryParse(item.Text("outcomeTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)) return Wrong("Each answer has its time.", "feedback.outcomeTimestamp");
        }
        return new HookFeedback(items.Count(i => i.Text("outcome") == "accepted"), items.Count(i => i.Text("outcome") == "overridden"));
    }

    private static Refusal Wrong(string reason, string place) => Refusals.HookInvalid.Because($"This is no feedback of CDS Hooks 2.0. {reason}").At(place);
}
