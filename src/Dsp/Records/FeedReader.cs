using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Dsp.Identity;

namespace Dsp.Records;

/// <summary>Reads a feed line by line in flat memory; a line that cannot be read is a line with a problem, never the end of the feed.</summary>
internal static class FeedReader
{
    private const int LongestLine = 16_384;

    public static async IAsyncEnumerable<FeedLine> ReadAsync(FeedFormat format, TextReader source, [EnumeratorCancellation] CancellationToken cancel)
    {
        List<string>? columns = null;
        var number = 0L;
        await foreach (var raw in LinesAsync(source, cancel))
        {
            number++;
            if (raw is null) yield return new FeedLine(number, $"too long, line {number}", null, FeedOutcomes.TooLong);
            else if (string.IsNullOrWhiteSpace(raw)) continue;
            else if (format == FeedFormat.Ndjson) yield return Json(number, raw);
            else if (columns is null) columns = CsvLine.Split(raw) ?? [];
            else yield return Csv(number, raw, columns);
        }
    }

    private static FeedLine Json(long number, string raw)
    {
        try
        {
            var read = JsonSerializer.Deserialize(raw, AffiliationJson.Default.AffiliationEvent);
            return new FeedLine(number, raw, read, read is null ? FeedOutcomes.Malformed : null);
        }
        catch (JsonException)
        {
            return new FeedLine(number, raw, null, FeedOutcomes.Malformed);
        }
    }

    private static FeedLine Csv(long number, string raw, List<string> columns)
    {
        var fields = CsvLine.Split(raw);
        if (fields is null || fields.Count != columns.Count) return new FeedLine(number, raw, null, FeedOutcomes.Malformed);
        string? Of(string name)
        {
            var at = columns.IndexOf(name);
            return at < 0 || fields[at].Length == 0 ? null : fields[at];
        }
        // An unknown column is a misunderstanding about every line: none is guessed.
        if (columns.Exists(c => !AffiliationEvent.Names.Contains(c))) return new FeedLine(number, raw, null, FeedOutcomes.Malformed);
        return new FeedLine(number, raw, new AffiliationEvent
        {
            Id = Of("id"), Type = Of("type"), Number = Of("number"), NewNumber = Of("newNumber"), Family = Of("family"), Given = Of("given"), BirthName = Of("birthName"),
            BirthDate = Of("birthDate"), Gender = Of("gender"), Language = Of("language"), Street = Of("street"), PostalCode = Of("postalCode"), City = Of("city"),
            Country = Of("country"), Date = Of("date"), Doctor = Of("doctor"),
        }, null);
    }

    /// <summary>Lines by LF or CR LF; null for one that is too long, whose rest is passed over.</summary>
    private static async IAsyncEnumerable<string?> LinesAsync(TextReader source, [EnumeratorCancellation] CancellationToken cancel)
    {
        var buffer = ArrayPool<char>.Shared.Rent(32_768);
        try
        {
            var line = new StringBuilder();
            var tooLong = false;
            int read;
            while ((read = await source.ReadAsync(buffer.AsMemory(), cancel)) > 0)
            {
                for (var at = 0; at < read;)
                {
                    var end = Array.IndexOf(buffer, '\n', at, read - at);
                    var stop = end < 0 ? read : end;
                    if (!tooLong) line.Append(buffer, at, stop - at);
                    if (line.Length > LongestLine)
                    {
                        tooLong = true;
                        line.Clear();
                    }
                    at = stop + 1;
                    if (end < 0) break;
                    yield return tooLong ? null : line.ToString().TrimEnd('\r');
                    line.Clear();
                    tooLong = false;
                }
            }
            if (tooLong) yield return null;
            else if (line.Length > 0) yield return line.ToString().TrimEnd('\r');
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer, clearArray: true);
        }
    }
}
