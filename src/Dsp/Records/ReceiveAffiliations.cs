using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// Takes the affiliation feed (RGD 6.12.2019 art. 2(1), 4(5), 9(4)): one record per person, whatever is repeated, replayed or
/// sent twice at once. Streams its input; what was acknowledged of a broken-off feed is found as replayed when it comes again.
/// </summary>
public sealed class ReceiveAffiliations(CallerGate callers, AccessGate gate, Database database, People people, RecordCreation creation, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    private const int Together = 200;
    private const int Attempts = 10;

    /// <param name="input">The feed's text; read once, forward.</param>
    /// <returns>Counts, and the lines not applied with their reasons.</returns>
    public async Task<Outcome<FeedAnswer>> RunAsync(Caller caller, FeedFormat format, TextReader input, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.Administer, JournalActions.Identity, cancel, detail: "affiliation feed");
        if (entered.Refusal is not null) return entered.Refusal;
        var parts = new FeedParts(callers, database, people, creation, journal, keys, clock, new RecordDeath(gate, database, people, keys, clock), new DeclareReferringDoctor(gate, database, keys));
        var source = caller.System?.ToString() ?? caller.Person?.ToString() ?? "";
        var answer = new FeedAnswer();
        var chunk = new List<FeedLine>(Together);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var line in FeedReader.ReadAsync(format, input, cancel))
        {
            var own = Own(line).ToList();
            if (chunk.Count == Together || own.Exists(taken.Contains))
            {
                if (await ApplyAsync(parts, caller, source, answer, chunk, cancel) is { } refusal) return refusal;
                chunk.Clear();
                taken.Clear();
            }
            chunk.Add(line);
            taken.UnionWith(own);
        }
        if (chunk.Count > 0 && await ApplyAsync(parts, caller, source, answer, chunk, cancel) is { } late) return late;
        var ended = new Batch();
        journal.Add(ended, entered.Entry with { Detail = $"affiliation feed: {answer.Received} lines, {answer.Created} created, {answer.Quarantined} quarantined, {answer.Replayed} replayed" }, null);
        await database.CommitAsync(ended, cancel);
        return answer;
    }

    /// <summary>What a line must not share with another of its chunk: its correlation id and its people.</summary>
    private static IEnumerable<string> Own(FeedLine line)
    {
        if (line.Event is null)
        {
            yield return "r" + line.Raw;
            yield break;
        }
        yield return "i" + line.Event.Id;
        if (line.Event.Number is { } number) yield return "n" + Digits(number);
        if (line.Event.NewNumber is { } renumbered) yield return "n" + Digits(renumbered);
    }

    /// <summary>Eleven digits begin the thirteen they become.</summary>
    private static string Digits(string number)
    {
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        return digits.Length > 11 ? digits[..11] : digits;
    }

    private static async Task<Refusal?> ApplyAsync(FeedParts parts, Caller caller, string source, FeedAnswer answer, List<FeedLine> lines, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await new FeedChunk(parts, caller, source, answer).ApplyAsync(lines, cancel);
            }
            catch (Exception e) when (e is DuplicateKeyException or SheetChangedException && attempt < Attempts)
            {
                // Another feed was at the same people. One line alone is simply tried again on what is true now.
                if (lines.Count == 1) continue;
                foreach (var line in lines)
                    if (await ApplyAsync(parts, caller, source, answer, [line], cancel) is { } refusal) return refusal;
                return null;
            }
        }
    }
}
