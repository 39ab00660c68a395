using System.Net.Sockets;
using Npgsql;

namespace Dsp.Storage;

/// <summary>
/// PostgreSQL 15 or newer. A batch is one NpgsqlBatch: one round trip, one implicit transaction that commits when all
/// its statements have run. The guard is the first statement (see <c>001.postgres.sql</c>).
/// </summary>
public sealed class PostgresDatabase : Database
{
    private const string SheetChangedState = "DS001";
    private readonly NpgsqlDataSource source;

    public PostgresDatabase(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
            ApplicationName = "dsp",
            // A page of twenty documents is some 80 kB, a deposit 25 kB: few reads and writes of the socket each.
            ReadBufferSize = 32 * 1024,
            WriteBufferSize = 32 * 1024,
        };
        source = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).Build();
    }

    public override Dialect Dialect => Dialect.Postgres;

    protected override Task SendAsync(Batch batch, CancellationToken cancel) => RunAsync(batch, cancel);

    public override Task ReadAsync(Batch batch, CancellationToken cancel) => RunAsync(batch, cancel);

    private async Task RunAsync(Batch batch, CancellationToken cancel)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var commands = connection.CreateBatch();
            if (batch.Guard is { } guard)
            {
                commands.BatchCommands.Add(new NpgsqlBatchCommand(guard.Exclusive ? "SELECT dsp_hold_sheet($1, $2)" : "SELECT dsp_require_sheet($1, $2)")
                {
                    Parameters = { new() { Value = guard.Record.Value }, new() { Value = guard.SheetVersion } },
                });
            }
            foreach (var item in batch.Items)
            {
                var sql = SqlText.Of(item.Statement.Sql);
                var command = new NpgsqlBatchCommand(sql.Positional);
                foreach (var name in sql.Names) command.Parameters.Add(new NpgsqlParameter { Value = sql.ValueOf(name, item.Statement.Parameters) });
                commands.BatchCommands.Add(command);
            }
            if (commands.BatchCommands.Count == 0) return;

            // A counted statement that misses its count must undo the batch: then the transaction is explicit.
            var counted = batch.Items.Any(i => i.Statement.Changes is not null);
            await using var transaction = counted ? await connection.BeginTransactionAsync(cancel) : null;
            commands.Transaction = transaction;
            await using (var reader = await commands.ExecuteReaderAsync(cancel))
            {
                if (batch.Guard is not null) await reader.NextResultAsync(cancel);
                // Statements without rows have no result set of their own: only queries are walked.
                foreach (var item in batch.Items.Where(i => i.Read is not null))
                {
                    while (await reader.ReadAsync(cancel)) item.Read!(reader);
                    await reader.NextResultAsync(cancel);
                }
            }
            if (transaction is null) return;
            for (var i = 0; i < batch.Items.Count; i++)
            {
                var expected = batch.Items[i].Statement.Changes;
                var found = commands.BatchCommands[i + (batch.Guard is null ? 0 : 1)].RecordsAffected;
                if (expected is not null && (int)found != expected)
                    throw new SheetChangedException();
            }
            await transaction.CommitAsync(cancel);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new DuplicateKeyException(e.TableName ?? "", e);
        }
        catch (PostgresException e) when (e.SqlState == SheetChangedState)
        {
            throw new SheetChangedException(e);
        }
        catch (PostgresException e) when (e.SqlState is "53100" or "53200" or "53300" or "57P01" or "57P02" or "57P03" or "25006")
        {
            throw new StorageUnavailableException(e);
        }
        catch (NpgsqlException e) when (e is not PostgresException && (e.IsTransient || e.InnerException is IOException or SocketException or TimeoutException))
        {
            throw new StorageUnavailableException(e);
        }
    }

    public override async Task RunScriptAsync(string script, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // A migration, or a checkpoint of a busy disk, takes as long as it takes; half of one is worth nothing.
        await using var command = new NpgsqlCommand(script, connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    public override ValueTask DisposeAsync() => source.DisposeAsync();
}
