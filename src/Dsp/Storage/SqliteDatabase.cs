using Microsoft.Data.Sqlite;

namespace Dsp.Storage;

/// <summary>
/// The embedded default: one file in WAL mode with full synchronisation. One writer commits groups of batches
/// (<see cref="SqliteWriter"/>), a pool of readers works beside it.
/// </summary>
public sealed class SqliteDatabase : Database
{
    private readonly SqliteWriter writer;
    private readonly SqliteConnections readers;

    public SqliteDatabase(string path)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var connection = new SqliteConnectionStringBuilder { DataSource = full, Pooling = false, DefaultTimeout = 30 }.ConnectionString;
        writer = new SqliteWriter(connection);
        readers = new SqliteConnections(connection, Math.Max(4, Environment.ProcessorCount * 2));
    }

    public override Dialect Dialect => Dialect.Sqlite;

    protected override async Task SendAsync(Batch batch, CancellationToken cancel)
    {
        if (batch.HasStatements) await writer.CommitAsync(batch, cancel);
        if (batch.Items.Any(i => i.Read is not null)) await ReadAsync(batch, cancel);
    }

    public override async Task ReadAsync(Batch batch, CancellationToken cancel)
    {
        // Reading a local file does not block for long; the wait for a free connection is what is awaited.
        var connection = await readers.TakeAsync(cancel);
        try
        {
            foreach (var item in batch.Items)
            {
                if (item.Read is null) continue;
                var command = connection.Prepare(item.Statement);
                using var reader = command.ExecuteReader();
                while (reader.Read()) item.Read(reader);
            }
        }
        catch (SqliteException e) when (SqliteWriter.Translate(e) is not null)
        {
            throw SqliteWriter.Translate(e)!;
        }
        finally
        {
            readers.Return(connection);
        }
    }

    public override Task RunScriptAsync(string script, CancellationToken cancel) => writer.RunScriptAsync(script, cancel);

    public override async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        readers.Dispose();
    }
}
