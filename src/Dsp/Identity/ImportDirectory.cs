using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dsp.Identity.Software;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>The registers that come as CSV files, or as JSON arrays with the same names; their columns are described in docs/connect/directories.md.</summary>
public enum DirectoryKind { Institutions, Professionals, Memberships, Systems, Agents, Clients, Domains }

/// <summary>A line that was not taken, and why.</summary>
public sealed record RejectedRow(int Line, string Reason);

/// <summary>What an import did; a line is taken whole or not at all.</summary>
public sealed record DirectoryImport(int Added, int Changed, int Unchanged, IReadOnlyList<RejectedRow> Rejected);

/// <summary>
/// Imports a directory: a new row, or the present one changed, by its register key. Importing the same file again changes
/// nothing. A licence stop that the Minister notified stays, whatever the file leaves out.
/// </summary>
public sealed class ImportDirectory(Database database, ServiceKeys keys, People people, JournalWriter journal, TimeProvider clock) : IOperation
{
    private const int LongestLine = 16 * 1024;
    private const int LongestJson = 4 * 1024 * 1024;

    public async Task<DirectoryImport> RunAsync(DirectoryKind kind, TextReader csv, CancellationToken cancel)
    {
        var rows = new DirectoryRowReader(database, keys, people, clock);
        var (added, changed, unchanged) = (0, 0, 0);
        var rejected = new List<RejectedRow>();
        await foreach (var (number, line) in LinesAsync(csv, cancel))
        {
            if (line is null)
            {
                rejected.Add(new RejectedRow(number, "The line has not the columns of the first one."));
                continue;
            }
            var (statement, isNew, reason) = await rows.ReadAsync(kind, line, cancel);
            if (reason is not null) rejected.Add(new RejectedRow(number, reason));
            else if (statement is null) unchanged++;
            else
            {
                try
                {
                    await database.CommitAsync(statement, cancel);
                    if (isNew) added++;
                    else changed++;
                }
                catch (DuplicateKeyException)
                {
                    rejected.Add(new RejectedRow(number, "The register id or number belongs to another row already."));
                }
            }
        }
        var told = string.Create(CultureInfo.InvariantCulture, $"directory {kind}: {added} added, {changed} changed, {rejected.Count} rejected");
        var entry = new JournalEntry { Id = Ids.New(clock), Record = RecordId.None, At = clock.Now(), Action = JournalActions.Identity, Software = "import", Automatic = true, Permitted = true, Rule = "import", Detail = told };
        var noted = new Batch();
        journal.Add(noted, entry, null);
        await database.CommitAsync(noted, cancel);
        return new DirectoryImport(added, changed, unchanged, rejected);
    }

    /// <summary>Each line with its number, or the number of the object in a JSON array; null where it cannot be read.</summary>
    private static async IAsyncEnumerable<(int Number, DirectoryFields? Line)> LinesAsync(TextReader file, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (file.Peek() == '[')
        {
            foreach (var (at, line) in await JsonAsync(file, cancel)) yield return (at, line);
            yield break;
        }
        List<string>? columns = null;
        for (var number = 1; await file.ReadLineAsync(cancel) is { } text; number++)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            var fields = text.Length > LongestLine ? null : CsvLine.Split(text);
            if (columns is null) columns = fields ?? [];
            else yield return (number, fields is null || fields.Count != columns.Count ? null : new DirectoryFields(columns, fields));
        }
    }

    private static async Task<IReadOnlyList<(int, DirectoryFields?)>> JsonAsync(TextReader file, CancellationToken cancel)
    {
        var text = await file.ReadToEndAsync(cancel);
        try
        {
            return text.Length > LongestJson ? [(1, null)] : [.. RegisterLines.OfJson(text).Select((line, at) => (at + 1, (DirectoryFields?)line))];
        }
        catch (JsonException)
        {
            return [(1, null)];
        }
    }
}

/// <summary>One line's fields by column name.</summary>
internal sealed class DirectoryFields(List<string> columns, List<string> fields)
{
    public string? this[string column]
    {
        get
        {
            var at = columns.IndexOf(column);
            return at < 0 || fields[at].Length == 0 ? null : fields[at];
        }
    }

    public bool Has(string column) => columns.Contains(column);

    /// <summary>yes or no; absent is no, anything else null.</summary>
    public bool? Flag(string column) => this[column] switch { null or "no" => false, "yes" => true, _ => null };

    /// <summary>A calendar day in Luxembourg, at its first instant; false where it is no day.</summary>
    public bool TryDay(string column, out DateTimeOffset? at)
    {
        at = null;
        if (this[column] is not { } text) return true;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;
        at = Deadlines.StartOf(day);
        return true;
    }
}
