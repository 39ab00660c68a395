namespace Dsp.Storage;

/// <summary>
/// One process at a time writes an embedded database: the server for as long as it runs, a command of the CLI while it works.
/// A file beside the database is held open; the system lets go of it when the process ends, however it ends.
/// </summary>
public sealed class SqliteLock : IDisposable
{
    private readonly FileStream held;

    private SqliteLock(FileStream held) => this.held = held;

    /// <returns>Null while another process holds it.</returns>
    public static SqliteLock? TryTake(string database)
    {
        var file = Path.GetFullPath(database) + ".lock";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            return new SqliteLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Waits for the lock.</summary>
    /// <returns>Null where another process still holds it when the time is over.</returns>
    public static async Task<SqliteLock?> TakeAsync(string database, TimeSpan wait, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryTake(database) is { } taken) return taken;
            if (TimeProvider.System.GetElapsedTime(started) >= wait) return null;
            await Task.Delay(200, cancel);
        }
    }

    public void Dispose() => held.Dispose();
}
