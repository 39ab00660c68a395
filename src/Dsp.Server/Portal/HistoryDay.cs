using Dsp.Access;
using Dsp.Journal;

namespace Dsp.Server.Portal;

/// <summary>Lines that belong together: one person, one place, one kind of act, one outcome, without a longer pause.</summary>
/// <param name="First">The newest line, for the words.</param>
public sealed record HistoryGroup(JournalEntry First, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<DocumentId> Documents)
{
    /// <summary>A pause longer than this begins a new line.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);

    public bool IsEmergency => First.Context == "emergency" && !First.Automatic && First.Permitted;

    /// <summary>Folds lines, newest first, so that one session of one person is one sentence.</summary>
    public static IReadOnlyList<HistoryGroup> Fold(IEnumerable<HistoryLine> lines)
    {
        var groups = new List<HistoryGroup>();
        foreach (var entry in lines.Select(l => l.Entry))
        {
            var at = groups.FindIndex(g => Same(g.First, entry) && g.From - entry.At <= Pause);
            if (at < 0) groups.Add(new HistoryGroup(entry, entry.At, entry.At, entry.Documents));
            else groups[at] = groups[at] with { From = entry.At, Documents = [.. groups[at].Documents.Union(entry.Documents)] };
        }
        return groups;
    }

    private static bool Same(JournalEntry one, JournalEntry other) =>
        KindOf(one) == KindOf(other) && one.Permitted == other.Permitted && one.Person == other.Person && one.Institution == other.Institution
        && one.Software == other.Software && one.Context == other.Context && one.Automatic == other.Automatic
        && (KindOf(one) is JournalActions.Read or JournalActions.Search or JournalActions.ReadHistory || one.Id == other.Id);

    /// <summary>Opening the page of a record looks at its state and its list: one act for the reader.</summary>
    private static string KindOf(JournalEntry entry) => entry.Action == JournalActions.ReadState ? JournalActions.Search : entry.Action;
}

/// <summary>One day: people before machines, one's own acts last.</summary>
public sealed record HistoryDay(DateOnly Day, IReadOnlyList<HistoryGroup> People, IReadOnlyList<HistoryGroup> Machines, IReadOnlyList<HistoryGroup> Own)
{
    public int Count => People.Count + Machines.Count + Own.Count;
}
