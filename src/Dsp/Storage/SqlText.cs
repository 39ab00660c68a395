using System.Collections.Concurrent;
using System.Text;

namespace Dsp.Storage;

/// <summary>
/// A statement's text with its @names, and the same with $1, $2, … in order of first use: PostgreSQL takes positional
/// parameters without parsing the text again, SQLite takes the names. Parsed once per text.
/// </summary>
internal sealed record SqlText(string Positional, string[] Names)
{
    private static readonly ConcurrentDictionary<string, SqlText> Parsed = new(StringComparer.Ordinal);

    public static SqlText Of(string sql) => Parsed.GetOrAdd(sql, Parse);

    private static SqlText Parse(string sql)
    {
        var text = new StringBuilder(sql.Length);
        var names = new List<string>();
        for (var i = 0; i < sql.Length; i++)
        {
            if (sql[i] == '\'')
            {
                var end = sql.IndexOf('\'', i + 1);
                text.Append(sql, i, end - i + 1);
                i = end;
                continue;
            }
            if (sql[i] != '@')
            {
                text.Append(sql[i]);
                continue;
            }
            var start = ++i;
            while (i < sql.Length && (char.IsAsciiLetterOrDigit(sql[i]) || sql[i] == '_')) i++;
            var name = sql[start..i--];
            var index = names.IndexOf(name);
            if (index < 0)
            {
                index = names.Count;
                names.Add(name);
            }
            text.Append('$').Append(index + 1);
        }
        return new SqlText(text.ToString(), [.. names]);
    }

    public object ValueOf(string name, (string Name, object? Value)[] parameters)
    {
        foreach (var (key, value) in parameters)
            if (key == name) return Portable(value);
        throw new InvalidOperationException($"Parameter @{name} has no value");
    }

    /// <summary>The few types that travel: Guid, long, int, bool, string, bytes, and our ids and instants as these.</summary>
    private static object Portable(object? value) => value switch
    {
        null => DBNull.Value,
        Guid or long or int or bool or string or byte[] => value,
        DateTimeOffset at => Instants.ToMicroseconds(at),
        RecordId id => id.Value,
        PersonId id => id.Value,
        InstitutionId id => id.Value,
        SystemId id => id.Value,
        DocumentId id => id.Value,
        ContentId id => id.Value,
        SubmissionId id => id.Value,
        FolderId id => id.Value,
        SessionId id => id.Value,
        _ => throw new InvalidOperationException($"{value.GetType()} does not travel to the database"),
    };
}
