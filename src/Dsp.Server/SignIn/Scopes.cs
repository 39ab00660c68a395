using Dsp.Access;
using Dsp.Identity.Software;
using Dsp.Interop.Mcsd;
using Dsp.Interop.Resources;

namespace Dsp.Server.SignIn;

/// <summary>
/// What each call needs of a token: SMART 2.2 scopes by resource and interaction, IUA's transaction names beside them, and
/// <c>dsp.act.*</c> for acts on rights and life cycle. A scope for one type opens no other; a wider one opens what it covers.
/// </summary>
public static class Scopes
{
    /// <summary>Acts that change rights or life cycle; issued to the portal and to test issuers only.</summary>
    public const string Act = ScopeSet.Act;

    /// <summary>A holder or representative, own record: read and search.</summary>
    public const string PatientRead = "patient/*.rs";

    /// <summary>A person at a keyboard: read and search what the rules give.</summary>
    public const string UserRead = "user/*.rs";

    /// <summary>A person at a keyboard deposits.</summary>
    public const string UserCreate = "user/*.c";

    /// <summary>A software reads back what it deposited.</summary>
    public const string SystemRead = "system/*.rs";

    /// <summary>A software deposits.</summary>
    public const string SystemCreate = "system/*.c";

    /// <summary>The affiliation and register feeds.</summary>
    public const string Feed = ScopeSet.Feed;

    /// <summary>Examples of what may stand in a registration, as discovery documents list them; the grammar takes more.</summary>
    public static IReadOnlyList<string> Offered { get; } =
    [
        ScopeSet.OpenId, ScopeSet.FhirUser, ScopeSet.OfflineAccess, ScopeSet.Launch, ScopeSet.LaunchPatient, PatientRead, UserRead, UserCreate, SystemRead, SystemCreate,
        .. new[] { "patient", "user", "system" }.SelectMany(c => new[] { $"{c}/DocumentReference.rs", $"{c}/List.rs", $"{c}/Binary.r", $"{c}/Patient.rs" }), "user/DocumentReference.c", "system/DocumentReference.c", "system/Encounter.c", "patient/Consent.rs", "user/Consent.rs",
        .. new[] { "patient", "user", "system" }.SelectMany(c => ResourceRoutes.All.Select(r => $"{c}/{r.Type}.rs")),
        .. new[] { "patient", "user", "system" }.SelectMany(c => DirectoryRoutes.All.Select(r => $"{c}/{r.Type}.rs")),
        "ITI-65", "ITI-66", "ITI-67", "ITI-68", "ITI-78", "ITI-81", "ITI-83", "ITI-104", "ITI-105", "ITI-108", "ITI-119",
    ];

    /// <summary>Depositing: ITI-65.</summary>
    internal static readonly ScopeNeed Deposit = new(["user/DocumentReference.c", "system/DocumentReference.c", "ITI-65"]);

    /// <summary>Asking whether a message would be read.</summary>
    internal static readonly ScopeNeed Validate = new(["user/DocumentReference.c", "system/DocumentReference.c", "ITI-65", "ITI-105", "patient/Consent.c", "user/Consent.c", Act]);

    /// <summary>Depositing one document without a submission set: ITI-105.</summary>
    internal static readonly ScopeNeed Publish = new(["user/DocumentReference.c", "system/DocumentReference.c", "ITI-65", "ITI-105"]);

    /// <summary>Searching lists of documents: ITI-66.</summary>
    internal static readonly ScopeNeed FindLists = new(["patient/List.s", "user/List.s", "system/List.s", "ITI-66"]);

    /// <summary>Reading one list: ITI-66's read.</summary>
    internal static readonly ScopeNeed List = new(["patient/List.r", "user/List.r", "system/List.r", "ITI-66"]);

    /// <summary>Searching documents: ITI-67.</summary>
    internal static readonly ScopeNeed Find = new(["patient/DocumentReference.s", "user/DocumentReference.s", "system/DocumentReference.s", "ITI-67"]);

    /// <summary>Reading one document entry: ITI-67's read.</summary>
    internal static readonly ScopeNeed Entry = new(["patient/DocumentReference.r", "user/DocumentReference.r", "system/DocumentReference.r", "ITI-67"]);

    /// <summary>Retrieving a document: ITI-68.</summary>
    internal static readonly ScopeNeed Retrieve = new(["patient/Binary.r", "user/Binary.r", "system/Binary.r", "ITI-68"]);

    /// <summary>Reading a patient: ITI-78.</summary>
    internal static readonly ScopeNeed Patient = new(["patient/Patient.r", "user/Patient.r", "system/Patient.r", "ITI-78"]);

    /// <summary>Finding a patient: ITI-78.</summary>
    internal static readonly ScopeNeed FindPatient = new(["patient/Patient.s", "user/Patient.s", "system/Patient.s", "ITI-78"]);

    /// <summary>Grading who somebody may be: ITI-119.</summary>
    internal static readonly ScopeNeed MatchPatient = new(["user/Patient.s", "ITI-119"]);

    /// <summary>Correlating identifiers: ITI-83.</summary>
    internal static readonly ScopeNeed Correlate = new(["user/Patient.s", "system/Patient.s", "ITI-83"]);

    /// <summary>Feeding identities: ITI-104.</summary>
    internal static readonly ScopeNeed FeedPatient = new(["system/Patient.cu", "ITI-104"]);

    /// <summary>An institution's system tells of its stays; what opens care contexts over <c>/api</c> opens them here.</summary>
    internal static readonly ScopeNeed FeedStays = new(["system/Encounter.c"]);

    /// <summary>
    /// A summary crosses the types: it takes the right to read all of them. A software without a person has none, since the
    /// summary names the patient.
    /// </summary>
    internal static readonly ScopeNeed Summary = new(["patient/*.r", "user/*.r"]);

    /// <summary>
    /// An order is compared with everything that was examined before: it takes the right to search all types. A software without
    /// a person learns of its own deposits only.
    /// </summary>
    internal static readonly ScopeNeed Decisions = new(["patient/*.s", "user/*.s", "system/*.s"]);

    /// <summary>Searching one type of the resources that are made of what documents say.</summary>
    internal static ScopeNeed SearchOf(string type) => new([$"patient/{type}.s", $"user/{type}.s", $"system/{type}.s"]);

    /// <summary>Reading one of them.</summary>
    internal static ScopeNeed ReadOf(string type) => new([$"patient/{type}.r", $"user/{type}.r", $"system/{type}.r"]);

    /// <summary>Searching one type of the public register: ITI-90.</summary>
    internal static ScopeNeed DirectorySearch(string type) => new([$"patient/{type}.s", $"user/{type}.s", $"system/{type}.s"]);

    /// <summary>Reading one entry of it.</summary>
    internal static ScopeNeed DirectoryRead(string type) => new([$"patient/{type}.r", $"user/{type}.r", $"system/{type}.r"]);

    /// <summary>Taking one's own record along; each type takes its own right again.</summary>
    internal static readonly ScopeNeed Export = new(["patient/*.rs"]);

    /// <summary>Making, changing and ending subscriptions: ITI-110. They are a person's, kept by a software.</summary>
    internal static readonly ScopeNeed Subscribe = new(["user/Subscription.cud"]);

    /// <summary>Reading one's own subscriptions: ITI-113.</summary>
    internal static readonly ScopeNeed Subscriptions = new(["user/Subscription.rs"]);

    /// <summary>Searching the value sets of the installation.</summary>
    internal static readonly ScopeNeed FindValueSets = new(["patient/ValueSet.s", "user/ValueSet.s", "system/ValueSet.s"]);

    /// <summary>Reading, expanding and asking one of them.</summary>
    internal static readonly ScopeNeed ValueSet = new(["patient/ValueSet.r", "user/ValueSet.r", "system/ValueSet.r"]);

    /// <summary>Finding what the holder decided: ITI-108.</summary>
    internal static readonly ScopeNeed FindConsent = new(["patient/Consent.s", "user/Consent.s", "ITI-108"]);

    /// <summary>Reading it, and how it came to be.</summary>
    internal static readonly ScopeNeed Consent = new(["patient/Consent.r", "user/Consent.r", "ITI-108"]);

    /// <summary>Deciding: an act. A software that was given the resource's own scope alone is told at the gate that it takes <see cref="Act"/>.</summary>
    internal static readonly ScopeNeed MakeConsent = new([Act, "patient/Consent.c", "user/Consent.c"]);
    internal static readonly ScopeNeed ChangeConsent = new([Act, "patient/Consent.u", "user/Consent.u"]);
    internal static readonly ScopeNeed EndConsent = new([Act, "patient/Consent.d", "user/Consent.d"]);

    /// <summary>Reading the access history: ITI-81.</summary>
    internal static readonly ScopeNeed Audit = new(["patient/AuditEvent.s", "user/AuditEvent.s", "ITI-81"]);

    /// <summary>Reading through the platform API.</summary>
    internal static readonly ScopeNeed Read = new([PatientRead, UserRead, SystemRead]);

    /// <summary>Launching another software on a patient.</summary>
    internal static readonly ScopeNeed Launching = new(["user/Patient.r"]);

    /// <summary>An act of a person; a system's registrations go by its own deposit scope (security §2).</summary>
    internal static readonly ScopeNeed Acts = new([Act]);

    internal static readonly ScopeNeed Registrations = new([Act, SystemCreate]);

    internal static readonly ScopeNeed Feeds = new([Feed]);

    /// <summary>Whether a token may carry it.</summary>
    public static bool IsKnown(string scope) => ScopeSet.Parse([scope]) is not null;
}

/// <summary>What a call needs of the token: any one of these scopes, or one that covers it.</summary>
internal sealed record ScopeNeed(IReadOnlyList<string> AnyOf)
{
    /// <summary>The route has uses that take less; it asks again for those that take this.</summary>
    public bool ForSome { get; init; }

    private readonly ScopeSet parsed = ScopeSet.Parse(AnyOf) ?? throw new ArgumentException("A need is made of known scopes", nameof(AnyOf));

    /// <summary>How far the token opens the call; null where it does not.</summary>
    public ScopeLimits? IsMetBy(ProvenToken token)
    {
        // Without a patient there is nothing a professional's patient/ scope could mean; a holder's means the own records.
        var opened = token.Scopes.For(token.Kind == CallerKind.System).Open(parsed);
        return opened is { PatientOnly: true } && token is { Patient: null, Kind: not CallerKind.Person } ? null : opened;
    }

    public override string ToString() => string.Join(" | ", AnyOf);
}

/// <summary>Marks a route that answers without a proof of who is asking.</summary>
internal sealed record OpenToAll;

internal static class RouteNeeds
{
    public static TBuilder Needs<TBuilder>(this TBuilder route, ScopeNeed need) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(need);

    public static TBuilder Open<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new OpenToAll());
}
