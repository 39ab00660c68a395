using System.Data.Common;
using Dsp.Storage;

namespace Dsp.Demo.Start;

/// <summary>What a database holds before the demo touches it.</summary>
internal enum DatabaseContent
{
    /// <summary>Nothing, or no file yet.</summary>
    Nothing,
    /// <summary>A demo's data.</summary>
    Demo,
    /// <summary>Anything else: it is left alone.</summary>
    Other,
}

/// <summary>The demo's database: looked at before anything, emptied only where it bears the demo's stamp (security §7).</summary>
internal sealed class DemoDatabase(DemoFolder folder, string? connection)
{
    private bool Embedded => connection is null;

    /// <summary>As the platform takes it.</summary>
    public string Text => connection ?? folder.Sqlite;

    /// <exception cref="DemoRefusedException">It cannot be reached.</exception>
    public async Task<DatabaseContent> LookAsync(CancellationToken cancel)
    {
        // Opening an SQLite file would make it.
        if (Embedded && !File.Exists(folder.Sqlite)) return DatabaseContent.Nothing;
        try
        {
            await using var database = Database.Open(Text);
            var tables = await database.QueryAsync(row => row.Text(0),
                database.Dialect == Dialect.Sqlite
                    ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                    : "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()", cancel);
            if (tables.Count == 0) return DatabaseContent.Nothing;
            if (!tables.Contains("installation")) return DatabaseContent.Other;
            var stamp = await database.QueryAsync(row => row.Text(0), "SELECT value FROM installation WHERE name = 'stamp'", cancel);
            return stamp is ["demo"] ? DatabaseContent.Demo : DatabaseContent.Other;
        }
        catch (Exception e) when (e is StorageUnavailableException or DbException)
        {
            throw new DemoRefusedException("The database cannot be reached: " + (e.InnerException?.Message ?? e.Message));
        }
    }

    /// <summary>Removes every table, function and trigger of a demo; the embedded file goes with its folder.</summary>
    /// <exception cref="DemoRefusedException">The stamp is not the demo's.</exception>
    public async Task EmptyAsync(CancellationToken cancel)
    {
        switch (await LookAsync(cancel))
        {
            case DatabaseContent.Nothing:
                return;
            case DatabaseContent.Other:
                throw new DemoRefusedException("The database is not a demo's: it has no stamp 'demo'. Nothing was touched. Name another database.");
        }
        if (Embedded) return;
        await using var database = Database.Open(Text);
        await database.RunScriptAsync(
            """
            DO $$
            DECLARE found record;
            BEGIN
              FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
                EXECUTE format('DROP TABLE %I CASCADE', found.tablename);
              END LOOP;
              FOR found IN SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                           WHERE n.nspname = current_schema() AND p.proname LIKE 'dsp\_%' LOOP
                EXECUTE format('DROP FUNCTION %s CASCADE', found.signature);
              END LOOP;
            END $$;
            """, cancel);
    }
}
