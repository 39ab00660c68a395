using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Tests.Access;
using Dsp.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Dsp.Tests.Journal;

/// <summary>A world with a journal to seal, to verify, and to tamper with as whoever owns the schema could.</summary>
internal sealed class JournalWorld : IAsyncDisposable
{
    private JournalWorld(CareWorld care, Store store)
    {
        (Care, Store) = (care, store);
        Sealer = NewSealer();
    }

    public CareWorld Care { get; }
    public Store Store { get; }
    public JournalSealer Sealer { get; }
    public CancellationToken Cancel => Care.Cancel;
    public string SinkFile => Care.World.Platform.Settings.SinkFile;

    public static async Task<JournalWorld> CreateAsync(Store store) => new(await CareWorld.CreateAsync(store), store);

    public JournalSealer NewSealer() => new(Care.Database, Care.World.Platform.Keys, Care.World.Platform.Sink, Care.World.Clock);

    /// <summary>So many entries of the record, each in its own commit.</summary>
    public async Task WriteAsync(int count, JournalWriter? writer = null)
    {
        var (key, _, _) = await Care.KeyAsync();
        for (var i = 0; i < count; i++)
        {
            var batch = new Batch();
            Add(batch, key, writer);
            await Care.Database.CommitAsync(batch, Cancel);
        }
    }

    public void Add(Batch batch, RecordKey key, JournalWriter? writer = null) =>
        (writer ?? Care.World.Platform.Journal).Add(batch, new JournalEntry
        {
            Id = Ids.New(Care.World.Clock), Record = Care.Record, At = Care.Now, Action = JournalActions.Read, Person = Care.Thill.Person, PersonName = "THILL Marie", Permitted = true, Rule = "11-permit",
        }, key);

    public async Task<JournalReport> VerifyAsync() => await Care.Op<VerifyJournal>().RunAsync(Cancel);

    /// <summary>Statements past the product, with the rights of the schema's owner: triggers switched off.</summary>
    public async Task TamperAsync(params string[] statements)
    {
        var text = string.Join(";\n", statements);
        if (Store == Store.Sqlite)
        {
            await using var connection = new SqliteConnection($"Data Source={Care.World.Platform.Settings.Database};Pooling=False");
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText =
                "DROP TRIGGER IF EXISTS journal_entries_no_update; DROP TRIGGER IF EXISTS journal_entries_no_delete; DROP TRIGGER IF EXISTS journal_seals_no_update; DROP TRIGGER IF EXISTS journal_seals_no_delete;\n" + text;
            await command.ExecuteNonQueryAsync(Cancel);
        }
        else
        {
            await using var connection = new NpgsqlConnection(Care.World.Platform.Settings.Database);
            await connection.OpenAsync(Cancel);
            await using var command = new NpgsqlCommand("SET session_replication_role = replica;\n" + text, connection);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(Func<Row, T> read, string sql) => await Care.Database.QueryAsync(read, sql, Cancel);

    public ValueTask DisposeAsync() => Care.DisposeAsync();
}
