using Dsp.Access;
using Dsp.Accounts;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Identity.Software;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Vault;

namespace Dsp;

/// <summary>Where an installation's parts lie.</summary>
/// <param name="Database">A PostgreSQL connection text (<c>Host=…</c>) or the path of an SQLite file.</param>
/// <param name="KeyFolder">The key folder; never below the data folder but in the demo.</param>
/// <param name="ContentFolder">Where larger contents lie, sealed.</param>
/// <param name="SinkFile">The journal's sink outside the database: signed heads, appended.</param>
/// <param name="Demo">The stamp: demo or real; a database stamped otherwise is refused.</param>
public sealed record PlatformSettings(string Database, string KeyFolder, string ContentFolder, string SinkFile, bool Demo = false)
{
    /// <summary>Reads what deposited documents say; the formats are not the platform's.</summary>
    public required IContentReader Reader { get; init; }

    /// <summary>Whether journal entries are to be sent to a collector (ITI-20). Null: as the server that used this database last said.</summary>
    public bool? AuditFeed { get; init; }

    /// <summary>What is refused at a deposit beyond the law's own rules.</summary>
    public DepositRules Deposits { get; init; } = DepositRules.Usual;
}

/// <summary>The opened parts that operations are made of. One per process.</summary>
public sealed class Platform : IAsyncDisposable
{
    private Platform(PlatformSettings settings, TimeProvider clock, Database database, IKeyProvider provider, ServiceKeys keys, bool feed)
    {
        (Settings, Clock, Database, KeyProvider, Keys) = (settings, clock, database, provider, keys);
        Journal = new JournalWriter(keys, feed);
        AuditFeed = new AuditFeed(database, keys);
        Gate = new AccessGate(database, provider, keys, Journal, clock, Alarms);
        ContentStore = new FileContentStore(settings.ContentFolder);
        Vault = new ContentVault(database, ContentStore, clock);
        Callers = new CallerGate(database, keys, Journal, clock);
        Clockwork = new ClockGate(database, provider, Journal, clock, Alarms);
        Creation = new RecordCreation(provider, Journal);
        People = new People(keys);
        Leases = new Leases(database, clock);
        Outbox = new Outbox(keys, database);
        Sink = new JournalSink(settings.SinkFile);
        Items = new DocumentItems(Alarms, clock);
        Directories = new Directories(database, keys, clock);
        Clients = new Clients(database, keys);
        Grants = new Grants(database, keys, clock);
        UsedProofs = new UsedProofs(database, keys, clock);
        Accounts = new AccountStore(database, keys, People, Directories, Alarms, clock);
        SignInLimits = new SignInLimits(database, keys, clock);
        SignIns = new SignIns(database, keys, Journal, clock);
        Bindings = new Bindings(Accounts, database, keys, People, Directories, Alarms, clock);
        LetterCodeDoor = new LetterCodeDoor(Accounts, SignInLimits, database, keys, Journal, Alarms, clock);
    }

    public PlatformSettings Settings { get; }
    public TimeProvider Clock { get; }
    public Database Database { get; }
    public IKeyProvider KeyProvider { get; }
    public ServiceKeys Keys { get; }
    public Alarms Alarms { get; } = new();
    public JournalWriter Journal { get; }
    public AuditFeed AuditFeed { get; }
    public AccessGate Gate { get; }
    public IContentStore ContentStore { get; }
    public ContentVault Vault { get; }
    public CallerGate Callers { get; }
    public ClockGate Clockwork { get; }
    public RecordCreation Creation { get; }
    public People People { get; }
    public Leases Leases { get; }
    public Outbox Outbox { get; }
    public JournalSink Sink { get; }
    public IItemSource Items { get; }
    public IContentReader Reader => Settings.Reader;
    public Directories Directories { get; }
    public Clients Clients { get; }
    public Grants Grants { get; }
    public UsedProofs UsedProofs { get; }
    public AccountStore Accounts { get; }
    public SignInLimits SignInLimits { get; }
    public SignIns SignIns { get; }
    public Bindings Bindings { get; }
    public LetterCodeDoor LetterCodeDoor { get; }

    /// <summary>Opens an installation that was initialised, migrating its database forward.</summary>
    /// <exception cref="InvalidOperationException">No keys, a newer schema, or the other stamp; the message says what to do.</exception>
    public static async Task<Platform> OpenAsync(PlatformSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var provider = Sealing.KeyFolder.Open(settings.KeyFolder);
        var database = Database.Open(settings.Database);
        try
        {
            await Migrator.RunAsync(database, clock, cancel);
            await CheckStampAsync(database, settings.Demo, cancel);
            var keys = await ServiceKeys.OpenAsync(database, provider, cancel);
            return new Platform(settings, clock, database, provider, keys, await IsFedAsync(database, settings.AuditFeed, cancel));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything an operation's constructor may ask for.</summary>
    public IEnumerable<object> Parts =>
        [this, Settings, Clock, Database, KeyProvider, Keys, Alarms, Journal, AuditFeed, Gate, ContentStore, Vault, Callers, Clockwork, Creation, People, Leases, Outbox, Items, Reader, Settings.Deposits, Directories, Sink, Clients, Grants, UsedProofs, Accounts, SignInLimits, SignIns, Bindings, LetterCodeDoor];

    /// <summary>The server says whether there is a collector; the command line writes its entries as the server would.</summary>
    private static async Task<bool> IsFedAsync(Database database, bool? wanted, CancellationToken cancel)
    {
        var known = await database.QueryAsync(row => row.Text(0), "SELECT value FROM installation WHERE name = 'audit-feed'", cancel);
        var now = known is ["on"];
        if (wanted is not { } fed || fed == now) return now;
        await database.CommitAsync(new Batch().Add("INSERT INTO installation (name, value) VALUES ('audit-feed', @value) ON CONFLICT (name) DO UPDATE SET value = @value", ("value", fed ? "on" : "off")), cancel);
        return fed;
    }

    private static async Task CheckStampAsync(Database database, bool demo, CancellationToken cancel)
    {
        var wanted = demo ? "demo" : "real";
        var found = await database.QueryAsync(row => row.Text(0), "SELECT value FROM installation WHERE name = 'stamp'", cancel);
        if (found.Count == 0)
        {
            await database.CommitAsync(new Batch().Add("INSERT INTO installation (name, value) VALUES ('stamp', @stamp)", ("stamp", wanted)), cancel);
            return;
        }
        if (found[0] != wanted)
            throw new InvalidOperationException($"This database is stamped '{found[0]}'; this mode is '{wanted}'. Each refuses the other: name another database.");
    }

    public async ValueTask DisposeAsync()
    {
        Keys.Dispose();
        await Database.DisposeAsync();
    }
}
