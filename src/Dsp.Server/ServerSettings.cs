using System.Globalization;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Server.SignIn.Cards;
using Microsoft.Extensions.Configuration;

namespace Dsp.Server;

/// <summary>
/// What an operator sets: <c>appsettings.json</c> section <c>Dsp</c>, or the environment (<c>DSP_DATABASE</c>, <c>DSP_KEYFOLDER</c>, …;
/// the environment wins). Names are those of the properties, in any case.
/// </summary>
public sealed record ServerSettings
{
    /// <summary>Where portal, <c>/fhir</c> and <c>/api</c> listen: <c>http://address:port</c>, or <c>https://</c> with <see cref="Server.Tls.TlsSettings.Folder"/>; port 0 takes a free one.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Where stored content is handed out: an origin of its own, without cookies.</summary>
    public string ContentListen { get; init; } = "http://127.0.0.1:8081";

    /// <summary>The address people and programs use; every absolute link is built from it, never from the Host header. Null: the listening address.</summary>
    public string? PublicBase { get; init; }

    /// <summary>The public address of the content origin. Null: its listening address.</summary>
    public string? ContentBase { get; init; }

    /// <summary>Holds the embedded database, larger contents and the journal's sink, unless these are named.</summary>
    public required string DataFolder { get; init; }

    /// <summary>A PostgreSQL connection text (<c>Host=…</c>) or the path of an SQLite file. Null: <c>dsp.sqlite</c> in the data folder.</summary>
    public string? Database { get; init; }

    /// <summary>Never below the data folder, but in the demo.</summary>
    public required string KeyFolder { get; init; }

    /// <summary>The journal's sink outside the database. Null: <c>journal.heads</c> in the data folder.</summary>
    public string? SinkFile { get; init; }

    /// <summary>What a token's <c>aud</c> names.</summary>
    public string Audience { get; init; } = "urn:dsp:api";

    /// <summary>The authorization server's name, an https address with a slash at its end. Null: the public base.</summary>
    public string? Issuer { get; init; }

    /// <summary>
    /// Addresses of the proxies that end TLS for us and are believed when they hand on a software's certificate in <c>Client-Cert</c>
    /// (RFC 9440), separated by commas. Empty: nobody is, and tokens are not bound to certificates.
    /// </summary>
    public IReadOnlyList<string> CertificateProxies { get; init; } = [];

    /// <summary>Demo mode: loopback names only, forwarded requests refused, tokens of <see cref="DemoIssuer"/>.</summary>
    public bool Demo { get; init; }

    /// <summary>Whether this node takes part in the jobs.</summary>
    public bool Jobs { get; init; } = true;

    /// <summary>
    /// Exceptional access (vie en danger, EHDS art. 11(5)): off. It cannot be switched on in this release: notice and review of
    /// each access are not built yet, and without them it must not exist.
    /// </summary>
    public bool ExceptionalAccess { get; init; }

    /// <summary>
    /// Ids of systems and institutions whose deposit is refused (DSP-5024) where the document names another patient than its
    /// record, separated by commas. Empty: every such deposit is kept, answered with a warning and reported.
    /// </summary>
    public IReadOnlyList<Guid> RefuseWrongPatient { get; init; } = [];

    /// <summary>
    /// Whether a superseded document's bytes (ITI-68) are for those only who may see the record's history; to others who could have
    /// read it, it is gone (410). Off: whoever may read it gets it, as ITI-43 does.
    /// </summary>
    public bool SupersededByHistory { get; init; } = true;

    /// <summary>Notifications may also go to addresses of an own network, and by http on loopback.</summary>
    public bool NotifyInside { get; init; }

    /// <summary>Whether scans are recognised: on where bubblewrap, tesseract and poppler are there; false switches it off.</summary>
    public bool Ocr { get; init; } = true;

    /// <summary>When the portal signs people out.</summary>
    public SessionLimits Session { get; init; } = new();

    /// <summary>TLS ended by this process, and the names that ask for certificates.</summary>
    public Tls.TlsSettings Tls { get; init; } = new();

    /// <summary>Whose cards are taken.</summary>
    public CardSettings Cards { get; init; } = new();

    /// <summary>Where audit events are sent, and whose clock is asked.</summary>
    public Audit.AuditSettings Audit { get; init; } = new();

    /// <summary>How people sign in.</summary>
    public SignInSettings SignIn { get; init; } = new();

    public ServerLimits Limits { get; init; } = new();

    /// <summary>The issuer of demo tokens, which are exempt from the 12 h rule.</summary>
    public const string DemoIssuer = "urn:dsp:demo";

    public PlatformSettings ToPlatform() => new(
        Database ?? Path.Combine(DataFolder, "dsp.sqlite"), KeyFolder, Path.Combine(DataFolder, "content"), SinkFile ?? Path.Combine(DataFolder, "journal.heads"), Demo)
    { Reader = new ContentReader(scans: Ocr), Deposits = new DepositRules(RefuseWrongPatient.ToHashSet()), AuditFeed = Audit.Collector is not null };

    /// <summary>Reads settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be read; the message names it.</exception>
    public static ServerSettings From(IConfiguration configuration)
    {
        string? Find(string name) => configuration[name] ?? configuration["Dsp:" + name];
        string Need(string name) => Find(name) ?? throw new InvalidOperationException($"The setting {name} is missing: set it in appsettings.json (section Dsp) or as DSP_{name.ToUpperInvariant()}.");
        if (Find(nameof(ExceptionalAccess)) is { } exceptional && !string.Equals(exceptional, "false", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException("The setting ExceptionalAccess cannot be switched on in this release: the review of each access is not built yet.");
        var usual = new ServerSettings { DataFolder = Need(nameof(DataFolder)), KeyFolder = Need(nameof(KeyFolder)) };
        return usual with
        {
            Listen = Find(nameof(Listen)) ?? usual.Listen,
            ContentListen = Find(nameof(ContentListen)) ?? usual.ContentListen,
            PublicBase = Find(nameof(PublicBase)),
            ContentBase = Find(nameof(ContentBase)),
            Database = Find(nameof(Database)),
            SinkFile = Find(nameof(SinkFile)),
            Audience = Find(nameof(Audience)) ?? usual.Audience,
            Issuer = Find(nameof(Issuer)),
            CertificateProxies = (Find(nameof(CertificateProxies)) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Jobs = Find(nameof(Jobs)) is not { } jobs || bool.Parse(jobs),
            RefuseWrongPatient = [.. (Find(nameof(RefuseWrongPatient)) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(id => Ids.TryParse(id, out var source) ? source
                : throw new InvalidOperationException($"The setting {nameof(RefuseWrongPatient)} holds {id}, which is no id of a system or an institution."))],
            NotifyInside = Find(nameof(NotifyInside)) is { } inside && bool.Parse(inside),
            SupersededByHistory = Find(nameof(SupersededByHistory)) is not { } superseded || bool.Parse(superseded),
            Ocr = Find(nameof(Ocr)) is not { } ocr || bool.Parse(ocr),
            Session = SessionLimits.From(Find),
            SignIn = SignInSettings.From(Find),
            Tls = Server.Tls.TlsSettings.From(Find),
            Cards = CardSettings.From(Find),
            Audit = Server.Audit.AuditSettings.From(Find),
            Limits = usual.Limits with
            {
                MaxBody = Find(nameof(ServerLimits.MaxBody)) is { } body ? long.Parse(body, CultureInfo.InvariantCulture) : usual.Limits.MaxBody,
                BodyTime = Find(nameof(ServerLimits.BodyTime)) is { } time ? TimeSpan.Parse(time, CultureInfo.InvariantCulture) : usual.Limits.BodyTime,
                BufferedAtOnce = Find(nameof(ServerLimits.BufferedAtOnce)) is { } all ? long.Parse(all, CultureInfo.InvariantCulture) : usual.Limits.BufferedAtOnce,
            },
        };
    }
}

/// <summary>What a message may cost.</summary>
public sealed record ServerLimits
{
    /// <summary>Largest body, in bytes; more is 413, announced or not.</summary>
    public long MaxBody { get; init; } = 64L * 1024 * 1024;

    /// <summary>Deepest nesting of JSON; more is 400.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Until the headers have arrived.</summary>
    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Until the body has arrived; more is 408.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Slowest body, in bytes per second, after <see cref="BodyGrace"/>; less is 408.</summary>
    public double BodyRate { get; init; } = 240;

    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bodies held in memory by all requests together, in bytes; more is 503, so that memory stays flat.</summary>
    public long BufferedAtOnce { get; init; } = 512L * 1024 * 1024;
}
