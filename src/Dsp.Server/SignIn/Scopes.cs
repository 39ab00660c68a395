namespace Dsp.Server.SignIn;

/// <summary>
/// The scopes this server knows; a token that carries another one is refused (security §2). SMART 2.2 names by resource,
/// IUA's transaction names beside them, and <c>dsp.act.*</c> for acts on rights and life cycle.
/// </summary>
public static class Scopes
{
    /// <summary>Acts that change rights or life cycle; issued to the portal and to test issuers only.</summary>
    public const string Act = "dsp.act.*";

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
    public const string Feed = "dsp.feed";

    /// <summary>Every scope a token may carry.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Act, PatientRead, UserRead, UserCreate, SystemRead, SystemCreate, Feed, "ITI-65", "ITI-67", "ITI-68", "ITI-78", "ITI-81"];

    /// <summary>Depositing: ITI-65.</summary>
    internal static readonly ScopeNeed Deposit = new([UserCreate, SystemCreate, "ITI-65"]);

    /// <summary>Searching documents: ITI-67.</summary>
    internal static readonly ScopeNeed Find = new([PatientRead, UserRead, SystemRead, "ITI-67"]);

    /// <summary>Retrieving a document: ITI-68.</summary>
    internal static readonly ScopeNeed Retrieve = new([PatientRead, UserRead, SystemRead, "ITI-68"]);

    /// <summary>Reading or finding a patient: ITI-78.</summary>
    internal static readonly ScopeNeed Patient = new([PatientRead, UserRead, SystemRead, "ITI-78"]);

    /// <summary>Reading the access history: ITI-81.</summary>
    internal static readonly ScopeNeed Audit = new([PatientRead, UserRead, "ITI-81"]);

    /// <summary>Reading through the platform API.</summary>
    internal static readonly ScopeNeed Read = new([PatientRead, UserRead, SystemRead]);

    /// <summary>An act of a person; a system's registrations go by its own deposit scope (security §2).</summary>
    internal static readonly ScopeNeed Acts = new([Act]);

    internal static readonly ScopeNeed Registrations = new([Act, SystemCreate]);

    internal static readonly ScopeNeed Feeds = new([Feed]);
}

/// <summary>What a call needs of the token: any one of these scopes.</summary>
internal sealed record ScopeNeed(IReadOnlyList<string> AnyOf)
{
    public bool IsMetBy(IReadOnlyCollection<string> held) => AnyOf.Any(held.Contains);

    public override string ToString() => string.Join(" | ", AnyOf);
}

/// <summary>Marks a route that answers without a proof of who is asking.</summary>
internal sealed record OpenToAll;

internal static class RouteNeeds
{
    public static TBuilder Needs<TBuilder>(this TBuilder route, ScopeNeed need) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(need);

    public static TBuilder Open<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new OpenToAll());
}
