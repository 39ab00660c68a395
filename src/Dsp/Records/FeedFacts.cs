using System.Globalization;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>What the stores know of a chunk's lines: earlier answers, people by number, objections. Tokens as hex, for look-up.</summary>
internal sealed class FeedFacts
{
    private const int Together = 25;
    private readonly Dictionary<string, SealedPerson> people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Person> opened = new(StringComparer.Ordinal);
    private readonly HashSet<string> suppressed = new(StringComparer.Ordinal);

    public Dictionary<string, (string Outcome, byte[] Digest)> Events { get; } = new(StringComparer.Ordinal);

    public bool IsSuppressed(string token) => suppressed.Contains(token);

    public Person? PersonOf(FeedParts parts, string token)
    {
        if (opened.TryGetValue(token, out var person)) return person;
        return people.TryGetValue(token, out var row) ? opened[token] = parts.People.Open(row) : null;
    }

    /// <summary>Adds the queries; the facts are there once the batch has run.</summary>
    public static Func<FeedFacts> Query(Batch batch, ServiceKeys keys, string source, IReadOnlyList<FeedChunk.Item> items)
    {
        var (numbers, objections) = (new List<object>(), new List<object>());
        foreach (var item in items)
        {
            if (item.Read is not { } read) continue;
            item.Token = Collect(numbers, Identifiers.TokenOf(keys, Numbered(read.Number)));
            item.Suppression = Collect(objections, Suppressions.TokenOf(keys, Numbered(read.Number)));
            if (read.NewNumber is { } number) item.NewToken = Collect(numbers, Identifiers.TokenOf(keys, Numbered(number)));
        }
        var events = InChunks(batch, row => (Id: row.Text(0), Outcome: row.Text(1), Digest: row.Bytes(2)),
            "SELECT correlation_id, outcome, digest FROM feed_events WHERE source = @source AND correlation_id = @value", [.. items.Select(i => (object)i.Correlation)], ("source", source));
        var found = InChunks(batch, row => (Token: Convert.ToHexString(row.Bytes(0)), Person: SealedPerson.ReadAt(row, 1)),
            "SELECT t.token, p.person_id, p.record_id, p.version, p.sealed FROM person_tokens t JOIN persons p ON p.person_id = t.person_id WHERE t.kind = 'identifier' AND t.token = @value", numbers);
        var objected = InChunks(batch, row => Convert.ToHexString(row.Bytes(0)), "SELECT token FROM suppressions WHERE token = @value", objections);
        FeedFacts? facts = null;
        return () => facts ??= Collected(events, found, objected);
    }

    private static FeedFacts Collected(IReadOnlyList<Slot<(string Id, string Outcome, byte[] Digest)>> events, IReadOnlyList<Slot<(string Token, SealedPerson Person)>> found, IReadOnlyList<Slot<string>> objected)
    {
        var facts = new FeedFacts();
        foreach (var row in events.SelectMany(s => s.Rows)) facts.Events[row.Id] = (row.Outcome, row.Digest);
        foreach (var row in found.SelectMany(s => s.Rows)) facts.people[row.Token] = row.Person;
        facts.suppressed.UnionWith(objected.SelectMany(s => s.Rows));
        return facts;
    }

    private static PersonIdentifier Numbered(NationalId number) => new(Identifiers.NationalNumber, number.Value);

    private static string Collect(List<object> tokens, byte[] token)
    {
        tokens.Add(token);
        return Convert.ToHexString(token);
    }

    /// <summary>
    /// Twenty-five look-ups by key in one statement of a fixed text; the last value fills what is left over. Each is a plain key
    /// look-up on purpose: a list (IN) that is prepared while the tables are small stays a scan of the whole table afterwards.
    /// </summary>
    private static List<Slot<T>> InChunks<T>(Batch batch, Func<Row, T> read, string select, List<object> values, params (string, object?)[] more)
    {
        var text = string.Join("\nUNION ALL ", Names.Select(name => select.Replace("@value", "@" + name, StringComparison.Ordinal)));
        var slots = new List<Slot<T>>();
        for (var at = 0; at < values.Count; at += Together)
        {
            var parameters = new (string, object?)[Together + more.Length];
            for (var i = 0; i < Together; i++) parameters[i] = (Names[i], values[Math.Min(at + i, values.Count - 1)]);
            more.CopyTo(parameters, Together);
            slots.Add(batch.Query(read, text, parameters));
        }
        return slots;
    }

    private static readonly string[] Names = [.. Enumerable.Range(0, Together).Select(i => $"v{i.ToString(CultureInfo.InvariantCulture)}")];
}
