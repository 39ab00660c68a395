using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Dsp.Storage;

/// <summary>
/// Inserts many rows of one table with few statements: rows go out by 25, what remains by two and one, so that only three
/// texts per table exist and all stay prepared.
/// </summary>
/// <param name="suffix">What follows the values, e.g. <c>ON CONFLICT (token) DO NOTHING</c>.</param>
public sealed class ManyRows(string table, string[] columns, string suffix = "")
{
    private const int Together = 25;
    private static readonly int[] Sizes = [Together, 2, 1];
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);
    private readonly List<object?[]> rows = [];

    public int Count => rows.Count;

    /// <summary>One value per column, in the columns' order.</summary>
    public void Add(params object?[] values) => rows.Add(values);

    public void AddTo(Batch batch)
    {
        var at = 0;
        foreach (var size in Sizes)
            for (; at + size <= rows.Count; at += size) batch.Add(TextFor(size), Parameters(at, size));
    }

    private (string, object?)[] Parameters(int from, int count)
    {
        var parameters = new (string, object?)[count * columns.Length];
        for (var row = 0; row < count; row++)
            for (var column = 0; column < columns.Length; column++)
                parameters[(row * columns.Length) + column] = (NameOf(row, column), rows[from + row][column]);
        return parameters;
    }

    private string TextFor(int count) => Texts.GetOrAdd($"{table}/{string.Join(',', columns)}/{suffix}/{count.ToString(CultureInfo.InvariantCulture)}", _ =>
    {
        var text = new StringBuilder($"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ");
        for (var row = 0; row < count; row++)
        {
            if (row > 0) text.Append(", ");
            text.Append('(').AppendJoin(", ", Enumerable.Range(0, columns.Length).Select(column => "@" + NameOf(row, column))).Append(')');
        }
        return text.Append(' ').Append(suffix).ToString().TrimEnd();
    });

    private static readonly string[] Names = [.. Enumerable.Range(0, Together * 20).Select(i => $"v{i.ToString(CultureInfo.InvariantCulture)}")];

    private string NameOf(int row, int column) => Names[(row * columns.Length) + column];
}
