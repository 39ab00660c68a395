using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Dsp.Storage;

/// <summary>A fixed number of open reading connections.</summary>
internal sealed class SqliteConnections : IDisposable
{
    private readonly ConcurrentBag<PreparedConnection> free = [];
    private readonly SemaphoreSlim places;
    private readonly string connection;

    public SqliteConnections(string connection, int count)
    {
        this.connection = connection;
        places = new SemaphoreSlim(count, count);
    }

    public async Task<PreparedConnection> TakeAsync(CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        try
        {
            return free.TryTake(out var ready) ? ready : new PreparedConnection(connection);
        }
        catch
        {
            places.Release();
            throw;
        }
    }

    public void Return(PreparedConnection used)
    {
        free.Add(used);
        places.Release();
    }

    public void Dispose()
    {
        foreach (var ready in free) ready.Dispose();
        places.Dispose();
    }
}

/// <summary>An open SQLite connection that keeps its prepared commands.</summary>
internal sealed class PreparedConnection : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    public PreparedConnection(string text)
    {
        connection = new SqliteConnection(text);
        connection.Open();
        Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA busy_timeout=15000; PRAGMA secure_delete=ON;");
    }

    public SqliteCommand Prepare(Statement statement)
    {
        var text = SqlText.Of(statement.Sql);
        if (!prepared.TryGetValue(statement.Sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = statement.Sql;
            foreach (var name in text.Names) command.Parameters.Add(new SqliteParameter { ParameterName = "@" + name });
            prepared.Add(statement.Sql, command);
        }
        for (var i = 0; i < text.Names.Length; i++) command.Parameters[i].Value = text.ValueOf(text.Names[i], statement.Parameters);
        return command;
    }

    public void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }
}
