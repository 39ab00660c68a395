using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Dsp.Benchmarks;

/// <summary>
/// The floor: the same rows and commits, written and read by a bare driver loop, with nothing parsed, decided or sealed.
/// Our rate is quoted as a part of it.
/// </summary>
public sealed class Floor : IAsyncDisposable
{
    private static readonly byte[] Body = RandomNumberGenerator.GetBytes(450);
    private static readonly byte[] Commitment = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(BenchOptions.DocumentBytes);
    private static readonly byte[] Entry = RandomNumberGenerator.GetBytes(1400);
    private static readonly byte[] Fhir = RandomNumberGenerator.GetBytes(2200);
    private static readonly byte[] State = RandomNumberGenerator.GetBytes(90);

    private static readonly string[] JournalSql =
    [
        "INSERT INTO journal_entries (record_id, entry_id, written_at, sheet_version, commitment) VALUES ($1, $2, $3, NULL, $4)",
        "INSERT INTO journal_bodies (record_id, entry_id, sealed) VALUES ($1, $2, $3)",
        "INSERT INTO journal_unsealed (entry_id, record_id, written_at, commitment) VALUES ($1, $2, $3, $4)",
    ];

    private readonly NpgsqlDataSource? postgres;
    private readonly SqliteConnection? sqlite;
    private readonly SemaphoreSlim one = new(1);

    /// <param name="connection">A migrated, empty database of its own.</param>
    public Floor(string connection)
    {
        if (connection.Contains("Host=", StringComparison.Ordinal))
        {
            postgres = NpgsqlDataSource.Create(connection + ";Max Auto Prepare=50;Auto Prepare Min Usages=2;Maximum Pool Size=16");
            return;
        }
        sqlite = new SqliteConnection("Data Source=" + connection);
        sqlite.Open();
        using var pragma = sqlite.CreateCommand();
        pragma.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
        pragma.ExecuteNonQuery();
    }

    private static IEnumerable<(string Sql, object[] Values)> Journal(Guid record)
    {
        var entry = Guid.CreateVersion7();
        yield return (JournalSql[0], [record, entry, 1L, Commitment]);
        yield return (JournalSql[1], [record, entry, Body]);
        yield return (JournalSql[2], [entry, record, 1L, Commitment]);
    }

    private static IEnumerable<(string Sql, object[] Values)> DepositRows(Guid record)
    {
        var document = Guid.CreateVersion7();
        var submission = Guid.CreateVersion7();
        foreach (var row in Journal(record)) yield return row;
        yield return ("INSERT INTO contents (record_id, content_id, sealed) VALUES ($1, $2, $3)", [record, document, Content]);
        yield return ("INSERT INTO documents (record_id, document_id, submission_id, content_id, status, category, added_at, document_at, size, version, sealed_entry, sealed_fhir, sealed_state) VALUES ($1, $2, $3, $2, 'current', 'MedicalAnalyses', $4, NULL, 20480, 1, $5, $6, $7)",
            [record, document, submission, DateTime.UnixEpoch.Ticks, Entry, Fhir, State]);
        yield return ("INSERT INTO submission_sets (record_id, submission_id, added_at, sealed) VALUES ($1, $2, 1, $3)", [record, submission, Body]);
        foreach (var id in new[] { document, submission })
        {
            yield return ("INSERT INTO object_ids (object_id, record_id, kind) VALUES ($1, $2, 'document')", [id, record]);
            yield return ("INSERT INTO unique_ids (token, record_id, object_id) VALUES ($1, $2, $3)", [RandomNumberGenerator.GetBytes(32), record, id]);
        }
    }

    /// <summary>One deposit's rows, committed.</summary>
    public async Task<bool> DepositAsync(Guid record)
    {
        if (postgres is null) return await SqliteAsync([DepositRows(record)]);
        await using var connection = await postgres.OpenConnectionAsync();
        return await RunAsync(connection, DepositRows(record));
    }

    /// <summary>Sixteen deposits in one transaction: the bare group commit of SQLite.</summary>
    public Task<bool> DepositGroupAsync(Guid record, int size) => SqliteAsync(Enumerable.Range(0, size).Select(_ => DepositRows(record)));

    /// <summary>A journalled read: the entry's rows committed with the rows read.</summary>
    public async Task<bool> ReadAsync(Guid record, string select)
    {
        if (postgres is null) return await SqliteAsync([Journal(record).Append((select, [record]))]);
        await using var connection = await postgres.OpenConnectionAsync();
        return await RunAsync(connection, Journal(record).Append((select, [record])));
    }

    private static async Task<bool> RunAsync(NpgsqlConnection connection, IEnumerable<(string Sql, object[] Values)> rows)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (sql, values) in rows)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(command);
        }
        await using var reader = await batch.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync()) _ = reader.GetValue(0);
        }
        while (await reader.NextResultAsync());
        return true;
    }

    private async Task<bool> SqliteAsync(IEnumerable<IEnumerable<(string Sql, object[] Values)>> groups)
    {
        await one.WaitAsync();
        try
        {
            using var transaction = sqlite!.BeginTransaction();
            foreach (var rows in groups)
            {
                foreach (var (sql, values) in rows)
                {
                    var command = Prepared(sql, values.Length);
                    command.Transaction = transaction;
                    for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
                    using var reader = command.ExecuteReader();
                    while (reader.Read()) _ = reader.GetValue(0);
                }
            }
            transaction.Commit();
            return true;
        }
        finally
        {
            one.Release();
        }
    }

    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    private SqliteCommand Prepared(string sql, int count)
    {
        if (prepared.TryGetValue(sql, out var known)) return known;
        var command = sqlite!.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= count; i++) command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i });
        prepared.Add(sql, command);
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null) await postgres.DisposeAsync();
        foreach (var command in prepared.Values) await command.DisposeAsync();
        if (sqlite is not null) await sqlite.DisposeAsync();
        one.Dispose();
    }
}
