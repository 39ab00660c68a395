using System.Data.Common;

namespace Dsp.Storage;

/// <summary>A statement's text and its named parameters. The text is the same for SQLite and PostgreSQL.</summary>
public sealed record Statement(string Sql, (string Name, object? Value)[] Parameters)
{
    /// <summary>Rows this statement must change; another count is a fault and undoes the batch. Null: any count.</summary>
    public int? Changes { get; init; }
}

/// <summary>
/// The precondition of an effect: the record's access sheet is still at the version a permit was given on.
/// Held until the batch has committed, so no closure, mask or block slips between decision and effect.
/// </summary>
/// <param name="Exclusive">True where the batch replaces the sheet itself.</param>
public sealed record Guard(RecordId Record, long SheetVersion, bool Exclusive = false);

/// <summary>Statements and queries sent together: one round trip, committed or failed as a whole.</summary>
public sealed class Batch
{
    private readonly List<Item> items = [];

    /// <summary>See <see cref="Storage.Guard"/>; at most one.</summary>
    public Guard? Guard { get; set; }

    /// <summary>Told once the batch was sent: true, it is kept; false, it failed, or nobody knows. For what counts attempts.</summary>
    internal Action<bool>? Settled { get; set; }

    public int Count => items.Count;
    internal IReadOnlyList<Item> Items => items;
    internal bool HasStatements => Guard is not null || items.Exists(i => i.Read is null);

    public Batch Add(string sql, params (string Name, object? Value)[] parameters)
    {
        items.Add(new Item(new Statement(sql, parameters), null));
        return this;
    }

    public Batch Add(Statement statement)
    {
        items.Add(new Item(statement, null));
        return this;
    }

    /// <summary>Adds a query; its rows are in the slot once the batch has run.</summary>
    public Slot<T> Query<T>(Func<Row, T> read, string sql, params (string Name, object? Value)[] parameters)
    {
        var slot = new Slot<T>();
        items.Add(new Item(new Statement(sql, parameters), reader => slot.Add(read(new Row(reader)))));
        return slot;
    }

    /// <summary>A batch that begins with this one's statements and guard: an act that is tried again starts from the same.</summary>
    internal Batch Copy()
    {
        var copy = new Batch { Guard = Guard };
        copy.items.AddRange(items);
        return copy;
    }

    /// <summary>Adds another batch's statements after these.</summary>
    internal Batch Append(Batch other)
    {
        items.AddRange(other.items);
        return this;
    }

    internal sealed record Item(Statement Statement, Action<DbDataReader>? Read);
}

/// <summary>The rows of one query of a batch.</summary>
public sealed class Slot<T>
{
    private readonly List<T> rows = [];
    public IReadOnlyList<T> Rows => rows;
    public T? First => rows.Count > 0 ? rows[0] : default;
    internal void Add(T row) => rows.Add(row);
}

/// <summary>One row being read; columns by position, in the order of the SELECT.</summary>
public readonly struct Row(DbDataReader reader)
{
    public bool IsNull(int column) => reader.IsDBNull(column);
    public Guid Guid(int column) => reader.GetGuid(column);
    public Guid? GuidOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
    public string Text(int column) => reader.GetString(column);
    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    public long Long(int column) => reader.GetInt64(column);
    public long? LongOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    public int Int(int column) => checked((int)reader.GetInt64(column));
    public bool Bool(int column) => reader.GetBoolean(column);
    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);
    public byte[]? BytesOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
    public DateTimeOffset Instant(int column) => Instants.FromMicroseconds(reader.GetInt64(column));
    public DateTimeOffset? InstantOrNull(int column) => reader.IsDBNull(column) ? null : Instants.FromMicroseconds(reader.GetInt64(column));
}

/// <summary>A unique key was already there; nothing of the batch was kept.</summary>
public sealed class DuplicateKeyException(string table, Exception inner) : Exception($"Duplicate key in {table}", inner)
{
    /// <summary>The table whose key it was.</summary>
    public string Table { get; } = table;
}

/// <summary>The sheet is no longer at the version of the batch's <see cref="Guard"/>; nothing was kept.</summary>
public sealed class SheetChangedException(Exception? inner = null) : Exception("The access sheet changed", inner);

/// <summary>The database cannot be reached or cannot write (gone, disk full, shutting down); nothing was acknowledged.</summary>
public sealed class StorageUnavailableException(Exception inner) : Exception("The database is not available", inner);
