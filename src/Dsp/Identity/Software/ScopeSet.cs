using Dsp.Codes;

namespace Dsp.Identity.Software;

/// <summary>The scopes of a request, a registration or a token, every one of them understood.</summary>
public sealed class ScopeSet
{
    /// <summary>Acts that change rights or life cycle; issued to the portal and to test issuers only.</summary>
    public const string Act = "dsp.act.*";

    /// <summary>The affiliation and register feeds.</summary>
    public const string Feed = "dsp.feed";

    /// <summary>A launch from an attested program.</summary>
    public const string Launch = "launch";

    /// <summary>A patient to be chosen at the launch.</summary>
    public const string LaunchPatient = "launch/patient";

    public const string OpenId = "openid";
    public const string FhirUser = "fhirUser";
    public const string OfflineAccess = "offline_access";

    /// <summary>What each of IUA's transaction names opens.</summary>
    private static readonly Dictionary<string, (string Type, ScopeRights Rights)> Transactions = new(StringComparer.Ordinal)
    {
        ["ITI-65"] = ("DocumentReference", ScopeRights.Create),
        ["ITI-66"] = ("List", ScopeRights.Read | ScopeRights.Search),
        ["ITI-67"] = ("DocumentReference", ScopeRights.Read | ScopeRights.Search),
        ["ITI-68"] = ("Binary", ScopeRights.Read),
        ["ITI-78"] = ("Patient", ScopeRights.Read | ScopeRights.Search),
        ["ITI-83"] = ("Patient", ScopeRights.Search),
        ["ITI-104"] = ("Patient", ScopeRights.Create | ScopeRights.Update),
        ["ITI-119"] = ("Patient", ScopeRights.Search),
        ["ITI-81"] = ("AuditEvent", ScopeRights.Read | ScopeRights.Search),
        ["ITI-108"] = ("Consent", ScopeRights.Read | ScopeRights.Search),
        ["ITI-105"] = ("DocumentReference", ScopeRights.Create),
    };

    private readonly HashSet<string> names;

    private ScopeSet(IReadOnlyList<SmartScope> smart, HashSet<string> names) => (Smart, this.names) = (smart, names);

    /// <summary>Scopes that are words; those of SMART are a grammar.</summary>
    public static IReadOnlyList<string> Words { get; } = [OpenId, FhirUser, OfflineAccess, Launch, LaunchPatient, Act, Feed, .. Transactions.Keys];

    public IReadOnlyList<SmartScope> Smart { get; }

    public IReadOnlyCollection<string> Names => names;

    /// <summary>Reads scopes; null where one of them is unknown: nothing is ignored.</summary>
    public static ScopeSet? Parse(IEnumerable<string> scopes)
    {
        var (smart, names) = (new List<SmartScope>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var text in scopes)
        {
            if (Words.Contains(text)) names.Add(text);
            else if (SmartScope.Parse(text) is { } scope) smart.Add(scope);
            else return null;
        }
        return new ScopeSet(smart, names);
    }

    public bool Has(string name) => names.Contains(name);

    /// <summary>Whether a patient of a launch is needed: <c>patient/</c> scopes mean one.</summary>
    public bool NeedsPatient => Has(LaunchPatient) || Has(Launch) || Smart.Any(s => s.Context == ScopeContext.Patient);

    /// <summary>Whether everything the other set asks for is in this one.</summary>
    public bool Covers(ScopeSet other) => other.names.All(names.Contains) && other.Smart.All(asked => Smart.Any(s => s.Covers(asked)));

    /// <summary>Those that can mean anything for who is asking: a software has no patient and no user, a person is no system.</summary>
    public ScopeSet For(bool system) => Smart.All(s => (s.Context == ScopeContext.System) == system) ? this : new([.. Smart.Where(s => (s.Context == ScopeContext.System) == system)], names);

    /// <summary>What these scopes open of one need; null where they do not.</summary>
    /// <param name="need">Scopes any one of which would do, each in its narrowest form.</param>
    public ScopeLimits? Open(ScopeSet need)
    {
        var named = need.names.Any(names.Contains);
        var smart = Smart.Where(held => need.Smart.Any(n => (held with { Categories = null }).Covers(n))).ToList();
        if (!named && smart.Count == 0) return null;
        return new ScopeLimits(PatientOnly: !named && smart.TrueForAll(s => s.Context == ScopeContext.Patient), named ? null : LimitOf(smart));
    }

    /// <summary>
    /// A limit on documents holds for their content too: content is read by another type, but it is the document's.
    /// </summary>
    private IReadOnlyList<DataCategory>? LimitOf(List<SmartScope> opening)
    {
        var documents = Smart.Where(s => s.Type is "DocumentReference" && (s.Rights & (ScopeRights.Read | ScopeRights.Search)) != ScopeRights.None).ToList();
        var limiting = opening.TrueForAll(s => s.Type == "Binary") && documents.Count > 0 ? documents : opening;
        return limiting.TrueForAll(s => s.Categories is not null) ? [.. limiting.SelectMany(s => s.Categories!).Distinct().Order()] : null;
    }
}

/// <summary>How far scopes open a call.</summary>
/// <param name="PatientOnly">For the launch's patient alone.</param>
/// <param name="Categories">For documents of these categories alone; null: no such limit.</param>
public sealed record ScopeLimits(bool PatientOnly, IReadOnlyList<DataCategory>? Categories);
