using System.Globalization;
using System.Reflection;

namespace Dsp.Storage;

/// <summary>
/// Brings a database to this version's schema. Migrations are numbered, go forward only and run whole or not at all;
/// <c>NNN.sql</c> is for both databases, <c>NNN.sqlite.sql</c> and <c>NNN.postgres.sql</c> hold what only one of them has.
/// </summary>
public static class Migrator
{
    /// <summary>The newest number this version knows.</summary>
    public static int Newest => Numbers().Max();

    /// <returns>The numbers that were run now, in order; empty when the schema was up to date.</returns>
    public static async Task<IReadOnlyList<int>> RunAsync(Database database, TimeProvider clock, CancellationToken cancel)
    {
        await database.RunScriptAsync("CREATE TABLE IF NOT EXISTS schema_migrations (number bigint NOT NULL PRIMARY KEY, run_at bigint NOT NULL);", cancel);
        var done = await database.QueryAsync(row => row.Int(0), "SELECT number FROM schema_migrations ORDER BY number", cancel);
        if (done.Count > 0 && done[^1] > Newest)
            throw new InvalidOperationException($"The database is at migration {done[^1]}, newer than this version's {Newest}. Run the newer version.");
        var run = new List<int>();
        foreach (var number in Numbers().Where(n => !done.Contains(n)))
        {
            var script = string.Create(CultureInfo.InvariantCulture,
                $"{ScriptOf(number, database.Dialect)}\nINSERT INTO schema_migrations (number, run_at) VALUES ({number}, {Instants.ToMicroseconds(clock.GetUtcNow())});");
            await database.RunScriptAsync(script, cancel);
            run.Add(number);
        }
        return run;
    }

    /// <summary>Does the database answer, and is it at this version's schema? For the readiness probe.</summary>
    public static async Task<bool> IsMigratedAsync(Database database, CancellationToken cancel)
    {
        var newest = await database.QueryAsync(row => row.LongOrNull(0), "SELECT MAX(number) FROM schema_migrations", cancel);
        return newest[0] == Newest;
    }

    /// <summary>The text of one migration for one database.</summary>
    public static string ScriptOf(int number, Dialect dialect)
    {
        var name = number.ToString("D3", CultureInfo.InvariantCulture);
        var own = dialect == Dialect.Sqlite ? "sqlite" : "postgres";
        return Read($"Migrations/{name}.sql") + "\n" + Read($"Migrations/{name}.{own}.sql");
    }

    private static IEnumerable<int> Numbers() =>
        typeof(Migrator).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("Migrations/", StringComparison.Ordinal) && n.Length == "Migrations/000.sql".Length)
            .Select(n => int.Parse(n.AsSpan(11, 3), CultureInfo.InvariantCulture))
            .Order();

    private static string Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource);
        if (stream is null) return "";
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
