namespace Dsp.Storage;

/// <summary>Which of the two databases it is. Only Storage/ and tests ask.</summary>
public enum Dialect { Sqlite, Postgres }

/// <summary>
/// The one way to the database. A batch that changes something is durable when <see cref="CommitAsync"/> returns;
/// what it queried is only handed over after the commit. All reads go to the primary.
/// </summary>
public abstract class Database : IAsyncDisposable
{
    public abstract Dialect Dialect { get; }

    /// <summary>Commits the batch's statements as a whole and then hands over its rows.</summary>
    /// <exception cref="DuplicateKeyException">A unique key was taken; nothing was kept.</exception>
    /// <exception cref="SheetChangedException">The guard did not hold; nothing was kept.</exception>
    /// <exception cref="StorageUnavailableException">Not reachable or cannot write; nothing was acknowledged.</exception>
    public async Task CommitAsync(Batch batch, CancellationToken cancel)
    {
        var kept = false;
        try
        {
            await SendAsync(batch, cancel);
            kept = true;
        }
        finally
        {
            batch.Settled?.Invoke(kept);
        }
    }

    protected abstract Task SendAsync(Batch batch, CancellationToken cancel);

    /// <summary>Runs the batch's queries only, in one round trip.</summary>
    public abstract Task ReadAsync(Batch batch, CancellationToken cancel);

    /// <summary>Runs a script of several statements; for migrations only.</summary>
    public abstract Task RunScriptAsync(string script, CancellationToken cancel);

    public abstract ValueTask DisposeAsync();

    /// <summary>One query on its own.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(Func<Row, T> read, string sql, CancellationToken cancel, params (string Name, object? Value)[] parameters)
    {
        var batch = new Batch();
        var slot = batch.Query(read, sql, parameters);
        await ReadAsync(batch, cancel);
        return slot.Rows;
    }

    /// <summary>
    /// Opens the database a connection text names: <c>Host=…</c> is PostgreSQL, anything else the path of an SQLite file.
    /// </summary>
    public static Database Open(string connection) =>
        connection.Contains("Host=", StringComparison.OrdinalIgnoreCase)
            ? new PostgresDatabase(connection)
            : new SqliteDatabase(connection);
}
