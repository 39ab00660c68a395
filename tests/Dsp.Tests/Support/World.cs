using Dsp.Interop.Facts;
using Dsp.Sealing;
using Microsoft.Extensions.DependencyInjection;

namespace Dsp.Tests.Support;

/// <summary>
/// One installation of its own: real database, real key folder, real content folder, a clock the test moves. Operations are
/// made as the server makes them.
/// </summary>
public sealed class World : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private World(string folder, Platform platform, MovedClock clock)
    {
        (Folder, Platform, Clock) = (folder, platform, clock);
        var collection = new ServiceCollection();
        foreach (var part in platform.Parts)
            foreach (var type in part.GetType().GetInterfaces().Append(part.GetType()).Concat(BaseTypes(part.GetType())))
                collection.AddSingleton(type, part);
        services = collection.BuildServiceProvider();
    }

    /// <summary>Where everything of this world lies.</summary>
    public string Folder { get; }
    public Platform Platform { get; }
    public MovedClock Clock { get; }
    public CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="database">A database of the test's own; without it a new one of the store.</param>
    /// <param name="feed">Whether entries are to be sent to a collector.</param>
    public static async Task<World> CreateAsync(Store store, DateTimeOffset? start = null, string? database = null, bool? feed = null)
    {
        var folder = Path.Combine(Path.GetTempPath(), "dsp-world-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));
        Directory.CreateDirectory(folder);
        var keys = Path.Combine(folder, "keys");
        KeyFolder.OpenOrCreate(keys);
        var settings = new PlatformSettings(
            database ?? (store == Store.Postgres ? NewPostgresDatabase() : Path.Combine(folder, "data", "dsp.sqlite")),
            keys, Path.Combine(folder, "content"), Path.Combine(folder, "sink", "journal.heads"), Demo: true)
        { Reader = new ContentReader(), AuditFeed = feed };
        var clock = new MovedClock(start ?? new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        return new World(folder, await Platform.OpenAsync(settings, clock, CancellationToken.None), clock);
    }

    /// <summary>An operation, made from this world's parts.</summary>
    public T Operation<T>() where T : IOperation => ActivatorUtilities.CreateInstance<T>(services);

    /// <summary>Skips the test where PostgreSQL is missing; under CI it fails.</summary>
    public static string NewPostgresDatabase() => WherePostgresIs(PostgresServer.NewDatabase);

    /// <summary>A PostgreSQL server of the test's own, to stop and to start again.</summary>
    public static PostgresServer NewPostgresServer() => WherePostgresIs(PostgresServer.StartOwn);

    private static T WherePostgresIs<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (PostgresMissingException e) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    private static IEnumerable<Type> BaseTypes(Type type)
    {
        for (var b = type.BaseType; b is not null && b != typeof(object); b = b.BaseType) yield return b;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Platform.DisposeAsync();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // Still held by a reader that is closing: it lies in the temporary folder.
        }
    }
}
