using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Dsp.Storage;
using Dsp.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Dsp.Tests.Storage;

[Golden]
public sealed partial class SchemaTests
{
    /// <summary>Tables that are complete on every node; all others belong to one record each.</summary>
    private static readonly string[] Global =
    [
        "installation", "service_keys", "persons", "person_tokens", "professionals", "institutions", "memberships", "systems", "agents", "sessions",
        "relations_by_actor", "object_ids", "unique_ids", "journal_unsealed", "journal_seals", "journal_heads", "outbox", "feed_events", "suppressions",
        "code_failures", "leases", "schema_migrations", "clients", "oauth_grants", "oauth_tokens", "openings", "subscriptions", "subscription_events", "subscription_scan", "brakes",
        "accounts", "account_names", "factors", "activation_codes", "sign_in_failures", "account_sessions", "account_devices", "used_proofs", "identifier_domains", "audit_feed",
    ];

    [Fact]
    public async Task The_sum_of_the_migrations_is_the_schema_under_review()
    {
        await using var world = await World.CreateAsync(Store.Sqlite);
        var parts = await world.Platform.Database.QueryAsync(r => r.Text(0), "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name", world.Cancel);

        Golden.Check("schema.sql", string.Join(";\n\n", parts) + ";\n");
    }

    [Fact]
    public async Task Both_databases_have_the_same_tables_columns_and_keys()
    {
        await using var sqlite = await World.CreateAsync(Store.Sqlite);
        await using var postgres = await World.CreateAsync(Store.Postgres);

        Assert.Equal(await SqliteColumnsAsync(sqlite), await PostgresColumnsAsync(postgres));
    }

    [Fact]
    public void Every_record_scoped_table_is_keyed_by_its_record_and_nothing_crosses_records()
    {
        var schema = string.Join('\n', Enumerable.Range(1, Migrator.Newest).Select(n => Migrator.ScriptOf(n, Dialect.Sqlite)));
        var tables = CreateTable().Matches(schema);
        Assert.NotEmpty(tables);

        foreach (Match table in tables)
        {
            var name = table.Groups["name"].Value;
            var body = table.Groups["body"].Value;
            Assert.False(body.Contains("REFERENCES", StringComparison.OrdinalIgnoreCase), $"{name}: a foreign key would cross records");
            if (Global.Contains(name)) continue;
            Assert.True(
                body.Contains("PRIMARY KEY (record_id", StringComparison.Ordinal) || body.Contains("record_id uuid NOT NULL PRIMARY KEY", StringComparison.Ordinal),
                $"{name}: its primary key must start with record_id, or the table belongs to the list of global ones");
            Assert.False(body.Contains("UNIQUE", StringComparison.OrdinalIgnoreCase), $"{name}: a unique constraint without the record cannot be distributed");
        }
    }

    [Theory, EveryStore]
    public async Task Every_statement_of_the_platform_can_be_prepared(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var statements = Statements().ToList();
        Assert.True(statements.Count > 30, $"only {statements.Count} statements found");

        var faults = new List<string>();
        foreach (var sql in statements)
        {
            if (await PrepareAsync(world, store, sql) is { } fault) faults.Add(fault + "\n" + sql);
        }
        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    private static async Task<string?> PrepareAsync(World world, Store store, string sql)
    {
        try
        {
            if (store == Store.Sqlite)
            {
                await using var connection = new SqliteConnection("Data Source=" + world.Platform.Settings.Database);
                await connection.OpenAsync();
                await using var command = connection.CreateCommand();
                command.CommandText = "EXPLAIN " + sql;
                foreach (var name in SqlText.Of(sql).Names) command.Parameters.AddWithValue("@" + name, DBNull.Value);
                await command.ExecuteNonQueryAsync();
            }
            else
            {
                await using var connection = new NpgsqlConnection(world.Platform.Settings.Database);
                await connection.OpenAsync();
                await using var command = new NpgsqlCommand("PREPARE probe AS " + SqlText.Of(sql).Positional, connection);
                await command.ExecuteNonQueryAsync();
            }
            return null;
        }
        catch (Exception e) when (e is SqliteException or PostgresException)
        {
            return e.Message;
        }
    }

    /// <summary>Constants of the platform's types, and whole literals of its source that begin with a verb of SQL.</summary>
    private static IEnumerable<string> Statements()
    {
        var constants = typeof(Platform).Assembly.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => f.IsLiteral && f.FieldType == typeof(string))
            .Select(f => (string)f.GetRawConstantValue()!);
        var literals = Repository.CSharpFiles("src", "Dsp").Select(File.ReadAllText)
            .SelectMany(text => Literal().Matches(text).Select(m => m.Groups["raw"].Success ? m.Groups["raw"].Value : m.Groups["plain"].Value));
        return constants.Concat(literals).Select(s => s.Trim())
            // A statement is whole: fragments that others are made of are prepared with them.
            .Where(s => Verb().IsMatch(s) && !s.EndsWith(',') && !s.EndsWith("IN (", StringComparison.Ordinal) && !s.EndsWith(" IN", StringComparison.Ordinal) && !s.EndsWith("VALUES", StringComparison.Ordinal) && Whole(s))
            .Distinct(StringComparer.Ordinal);
    }

    private static bool Whole(string sql) =>
        !sql.StartsWith("SELECT", StringComparison.Ordinal) || sql.Contains("FROM", StringComparison.Ordinal) && LastFrom(sql) > sql.LastIndexOf("SELECT", StringComparison.Ordinal)
            && sql.Count(c => c == '(') == sql.Count(c => c == ')') && !SubqueryOnly().IsMatch(sql);

    private static int LastFrom(string sql) => sql.LastIndexOf("FROM", StringComparison.Ordinal);

    private static async Task<string> SqliteColumnsAsync(World world)
    {
        var rows = await world.Platform.Database.QueryAsync(
            r => $"{r.Text(0)}.{r.Text(1)} {r.Text(2).ToLowerInvariant()} {(r.Long(3) == 1 ? "not null" : "null")}{(r.Long(4) > 0 ? " key" + r.Long(4).ToString(CultureInfo.InvariantCulture) : "")}",
            "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.name", world.Cancel);
        return string.Join('\n', rows.Order(StringComparer.Ordinal));
    }

    private static async Task<string> PostgresColumnsAsync(World world)
    {
        var rows = await world.Platform.Database.QueryAsync(
            r => $"{r.Text(0)}.{r.Text(1)} {r.Text(2)} {(r.Text(3) == "NO" ? "not null" : "null")}{(r.IsNull(4) ? "" : " key" + r.Long(4).ToString(CultureInfo.InvariantCulture))}",
            """
            SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_nullable::text, k.ordinal_position::bigint
            FROM   information_schema.columns c
                   LEFT JOIN information_schema.table_constraints t ON t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' AND t.table_schema = 'public'
                   LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = t.constraint_name AND k.column_name = c.column_name
            WHERE  c.table_schema = 'public'
            """, world.Cancel);
        return string.Join('\n', rows.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"CREATE TABLE (?<name>\w+) \((?<body>.*?)\);", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex CreateTable();

    [GeneratedRegex("(?<!\\$)\"\"\"(?<raw>.*?)\"\"\"|(?<![$\"])\"(?<plain>(SELECT|INSERT|UPDATE|DELETE|WITH)[^\"\\n{]*)\"", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"^(SELECT|INSERT|UPDATE|DELETE|WITH)\s", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Verb();

    /// <summary>A column list that ends in a subquery: its own FROM is still to come.</summary>
    [GeneratedRegex(@"\)\s*$", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex SubqueryOnly();
}
