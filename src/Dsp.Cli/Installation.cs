using System.Data.Common;
using Dsp.Access;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Cli;

/// <summary>An installation opened for one command, with its lock where the command writes.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly SqliteLock? held;

    private Installation(Platform platform, SqliteLock? held) => (Platform, this.held) = (platform, held);

    public Platform Platform { get; }

    /// <summary>Opens what <c>dsp init</c> made. A command reads the stamp and follows it; only tokens depend on it.</summary>
    /// <param name="writes">Takes the embedded database for this command; a server that runs on it must be stopped first.</param>
    /// <exception cref="CommandEndsException">Not there, not migrated, busy or not openable; the message says what to do.</exception>
    public static async Task<Installation> OpenAsync(CliSettings settings, Surroundings around, bool writes, CancellationToken cancel)
    {
        var state = await InstallationState.ReadAsync(settings, cancel);
        if (state.Stamp is null) throw new CommandEndsException(ExitCode.Usage, "There is no installation here yet. Run 'dsp init'.");
        if (state.Migration < Migrator.Newest) throw new CommandEndsException(ExitCode.Usage, $"The database is at migration {state.Migration}, this version needs {Migrator.Newest}. Stop the servers, make a backup, then run 'dsp migrate'.");
        return await OpenCheckedAsync(settings, around, state.Stamp == "demo", writes, cancel);
    }

    internal static async Task<Installation> OpenCheckedAsync(CliSettings settings, Surroundings around, bool demo, bool writes, CancellationToken cancel)
    {
        var held = await LockAsync(settings, around, writes, cancel);
        try
        {
            return new Installation(await Platform.OpenAsync(settings.ToPlatform(demo), around.Clock, cancel), held);
        }
        catch (SealBrokenException)
        {
            held?.Dispose();
            throw new CommandEndsException(ExitCode.Usage, $"The keys in {settings.KeyFolder} do not open this database. Name the key folder that belongs to it, or restore it from its own safe copy.");
        }
        catch (InvalidOperationException e)
        {
            held?.Dispose();
            throw new CommandEndsException(ExitCode.Usage, e.Message);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <summary>The operation of that type, made from the platform's parts as the server makes it.</summary>
    public T Operation<T>() where T : IOperation
    {
        var constructor = typeof(T).GetConstructors().Single();
        var parts = Platform.Parts.ToList();
        return (T)constructor.Invoke([.. constructor.GetParameters().Select(p => parts.First(p.ParameterType.IsInstanceOfType))]);
    }

    /// <summary>The agent who decides. Whoever may write the database and open the keys is here already: what counts is that the journal names who decided.</summary>
    /// <exception cref="CommandEndsException">Nobody has this number.</exception>
    public async Task<Caller> AgentAsync(string number, TimeProvider clock, CancellationToken cancel) =>
        await Platform.Directories.AgentByNumberAsync(number, cancel) is { } agent
            ? new Caller { Kind = CallerKind.Agent, Person = agent.Person, Strong = true, AuthenticatedAt = clock.GetUtcNow(), MayAct = true, Software = "dsp" }
            : throw new CommandEndsException(ExitCode.Usage, $"No agent has the number {number}.");

    private static async Task<SqliteLock?> LockAsync(CliSettings settings, Surroundings around, bool writes, CancellationToken cancel)
    {
        if (!writes || !settings.Embedded) return null;
        if (SqliteLock.TryTake(settings.Database) is { } free) return free;
        around.Error.WriteLine($"Another process is at work on this database; waiting up to {around.LockWait.TotalSeconds:0} s.");
        return await SqliteLock.TakeAsync(settings.Database, around.LockWait, cancel)
            ?? throw new CommandEndsException(ExitCode.Busy, "A server or another command holds the embedded database. Stop it, then run this again. (PostgreSQL has no such limit.)");
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        held?.Dispose();
    }
}

/// <summary>What can be known of a database before any key is opened.</summary>
/// <param name="Exists">There is a database with our tables.</param>
/// <param name="Stamp">demo or real; null before init.</param>
/// <param name="HasKeys">Its service keys were made: it belongs to one key folder.</param>
internal sealed record InstallationState(bool Exists, string? Stamp, int Migration, bool HasKeys)
{
    /// <exception cref="CommandEndsException">The database cannot be reached.</exception>
    public static async Task<InstallationState> ReadAsync(CliSettings settings, CancellationToken cancel)
    {
        // Opening an SQLite file would make it.
        if (settings.Embedded && !File.Exists(settings.Database)) return new InstallationState(false, null, 0, false);
        try
        {
            await using var database = Database.Open(settings.Database);
            var tables = await TablesAsync(database, cancel);
            if (!tables.Contains("installation")) return new InstallationState(tables.Count > 0, null, 0, false);
            var stamp = await database.QueryAsync(row => row.Text(0), "SELECT value FROM installation WHERE name = 'stamp'", cancel);
            var migration = await database.QueryAsync(row => row.LongOrNull(0), "SELECT MAX(number) FROM schema_migrations", cancel);
            var keys = await database.QueryAsync(row => row.Long(0), "SELECT COUNT(*) FROM service_keys", cancel);
            return new InstallationState(true, stamp.Count > 0 ? stamp[0] : null, (int)(migration[0] ?? 0), keys[0] > 0);
        }
        catch (Exception e) when (e is StorageUnavailableException or DbException)
        {
            throw new CommandEndsException(ExitCode.Usage, "The database cannot be reached: " + (e.InnerException?.Message ?? e.Message));
        }
    }

    private static async Task<HashSet<string>> TablesAsync(Database database, CancellationToken cancel) =>
        [.. await database.QueryAsync(row => row.Text(0),
            database.Dialect == Dialect.Sqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                : "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()", cancel)];
}
