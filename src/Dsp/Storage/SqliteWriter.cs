using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Dsp.Storage;

/// <summary>
/// The one writer of an SQLite file. It takes whatever batches wait, runs each inside a savepoint of one transaction and
/// commits them together: one disk synchronisation for the group. A batch that fails is rolled back to its savepoint
/// alone; a failed commit or a failing disk fails the whole group, and none of it was kept.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int LargestGroup = 128;
    private readonly Channel<Work> queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly PreparedConnection connection;
    private readonly Thread thread;
    private static readonly Statement Hold = new("SELECT 1 FROM records WHERE record_id = @record AND sheet_version = @version", []);

    public SqliteWriter(string text)
    {
        connection = new PreparedConnection(text);
        thread = new Thread(Run) { IsBackground = true, Name = "sqlite-writer" };
        thread.Start();
    }

    public async Task CommitAsync(Batch batch, CancellationToken cancel)
    {
        var work = new Work(batch, null);
        await queue.Writer.WriteAsync(work, cancel);
        await work.Done.Task;
    }

    public async Task RunScriptAsync(string script, CancellationToken cancel)
    {
        var work = new Work(null, script);
        await queue.Writer.WriteAsync(work, cancel);
        await work.Done.Task;
    }

    private void Run()
    {
        var group = new List<Work>(LargestGroup);
        while (Wait())
        {
            group.Clear();
            while (group.Count < LargestGroup && queue.Reader.TryRead(out var work)) group.Add(work);
            if (group.Count > 0) CommitGroup(group);
        }
    }

    private bool Wait()
    {
        var waiting = queue.Reader.WaitToReadAsync();
        return waiting.IsCompletedSuccessfully ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    private void CommitGroup(List<Work> group)
    {
        var kept = new List<Work>(group.Count);
        try
        {
            connection.Run("BEGIN IMMEDIATE");
            foreach (var work in group)
            {
                connection.Run("SAVEPOINT work");
                try
                {
                    RunOne(work);
                    connection.Run("RELEASE work");
                    kept.Add(work);
                }
                // A full or failing disk undoes the whole transaction, savepoint and all: then the group fails together.
                catch (Exception e) when (!IsOfTheDisk(e))
                {
                    connection.Run("ROLLBACK TO work; RELEASE work");
                    work.Done.TrySetException(e is SqliteException s ? Translate(s) ?? s : e);
                }
            }
            connection.Run("COMMIT");
        }
        catch (Exception e)
        {
            TryRollBack();
            var told = e is SqliteException s ? Translate(s) ?? s : e;
            foreach (var work in group) work.Done.TrySetException(told);
            return;
        }
        foreach (var work in kept) work.Done.TrySetResult();
    }

    private void RunOne(Work work)
    {
        if (work.Script is not null)
        {
            connection.Run(work.Script);
            return;
        }
        var batch = work.Batch!;
        if (batch.Guard is { } guard)
        {
            using var found = connection.Prepare(Hold with { Parameters = [("record", guard.Record), ("version", guard.SheetVersion)] }).ExecuteReader();
            if (!found.Read()) throw new SheetChangedException();
        }
        foreach (var item in batch.Items)
        {
            if (item.Read is not null) continue;
            var changed = connection.Prepare(item.Statement).ExecuteNonQuery();
            if (item.Statement.Changes is { } expected && changed != expected) throw new SheetChangedException();
        }
    }

    private void TryRollBack()
    {
        try
        {
            connection.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back by itself (disk full, I/O error).
        }
    }

    private static bool IsOfTheDisk(Exception fault) => fault is SqliteException s && Translate(s) is StorageUnavailableException;

    internal static Exception? Translate(SqliteException e) => e.SqliteErrorCode switch
    {
        19 when e.SqliteExtendedErrorCode is 1555 or 2067 => new DuplicateKeyException(TableOf(e.Message), e),
        5 or 6 or 8 or 10 or 11 or 13 or 14 or 26 => new StorageUnavailableException(e),
        _ => null,
    };

    /// <summary>"… UNIQUE constraint failed: unique_ids.token'." names the table before the dot.</summary>
    private static string TableOf(string message)
    {
        var start = message.IndexOf("failed: ", StringComparison.Ordinal);
        if (start < 0) return "";
        var rest = message[(start + 8)..];
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? rest : rest[..dot];
    }

    public ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        thread.Join();
        connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed record Work(Batch? Batch, string? Script)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
