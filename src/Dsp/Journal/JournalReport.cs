namespace Dsp.Journal;

/// <summary>What a walk over the journal can find wrong. Each is evidence that somebody wrote past the product.</summary>
public enum JournalFindingKind
{
    /// <summary>A seal's chain is not what its predecessors make: altered, exchanged or reordered.</summary>
    ChainBroken,
    /// <summary>A seal index is missing.</summary>
    SealMissing,
    /// <summary>A head's chain or signature does not fit, or the last seals have no head.</summary>
    HeadWrong,
    /// <summary>The sink holds a head that the database does not: the tail was cut, or all was rewritten.</summary>
    SinkDiffers,
    /// <summary>A sealed entry is no longer there.</summary>
    EntryMissing,
    /// <summary>An entry is not what was sealed, or its body is not what it commits to.</summary>
    EntryAltered,
    /// <summary>An entry is neither sealed nor waiting to be sealed.</summary>
    EntryNotWaiting,
    /// <summary>A body younger than three years is gone.</summary>
    BodyMissing,
    /// <summary>A body stands without its entry.</summary>
    BodyWithoutEntry,
    /// <summary>A number of a run of the process is missing: an entry was deleted before it was sealed.</summary>
    NumberMissing,
    /// <summary>Two entries carry the same number of one run.</summary>
    NumberTwice,
    /// <summary>Entries wait for more than ten minutes: the sealer does not run.</summary>
    NotSealedInTime,
}

/// <summary>One finding, by ids; never content.</summary>
public sealed record JournalFinding(JournalFindingKind Kind, string Text, long? Index = null, Guid? Entry = null, RecordId? Record = null);

/// <summary>What <see cref="VerifyJournal"/> walked and found.</summary>
public sealed record JournalReport
{
    /// <summary>At most 1,000 are told; <see cref="FindingCount"/> counts all.</summary>
    public required IReadOnlyList<JournalFinding> Findings { get; init; }
    public required long FindingCount { get; init; }

    public required long Sealed { get; init; }
    public required long Entries { get; init; }
    public required long Waiting { get; init; }
    public required long Heads { get; init; }

    /// <summary>Heads of the sink compared; 0 where there is no sink file yet.</summary>
    public required long SinkHeads { get; init; }

    /// <summary>Bodies opened and compared with their commitment.</summary>
    public required long Bodies { get; init; }

    /// <summary>Bodies destroyed in their time (the later of the end of the data and three years): order and inclusion still hold.</summary>
    public required long BodiesErased { get; init; }

    /// <summary>Bodies of records whose key is destroyed: they can never be opened again.</summary>
    public required long KeysGone { get; init; }

    /// <summary>Runs of the process that wrote entries.</summary>
    public required int Runs { get; init; }

    /// <summary>Chain and commitments against entries.</summary>
    public required TimeSpan ChainTime { get; init; }

    /// <summary>Opening bodies, heads' signatures included.</summary>
    public required TimeSpan BodyTime { get; init; }

    public bool Clean => FindingCount == 0;
}

/// <summary>Collects findings from several threads.</summary>
internal sealed class JournalFindings
{
    private const int MostTold = 1000;
    private readonly Lock gate = new();
    private readonly List<JournalFinding> told = [];
    private long count;

    public long Count => Interlocked.Read(ref count);

    public IReadOnlyList<JournalFinding> Told
    {
        get
        {
            lock (gate) return [.. told.OrderBy(f => f.Kind).ThenBy(f => f.Index)];
        }
    }

    public void Add(JournalFinding finding)
    {
        lock (gate)
        {
            count++;
            if (told.Count < MostTold) told.Add(finding);
        }
    }
}
