using Dsp.Codes;

namespace Dsp.Access;

/// <summary>In which role a session acts; it acts in one only.</summary>
public enum CallerKind
{
    /// <summary>A person for their own record, or for someone they represent.</summary>
    Person,
    /// <summary>A health professional at one place of practice.</summary>
    Professional,
    /// <summary>A connected software without a person at the keyboard.</summary>
    System,
    /// <summary>An agent of the agency: identity and status, never content.</summary>
    Agent,
    /// <summary>The national contact point of another country, for a professional it has signed in (EHDS art. 23). No door makes one yet.</summary>
    ContactPoint,
}

/// <summary>
/// Who is asking, as the edge established it from a cookie or a token. Profession, membership and licence are not here:
/// they come from the directory at each decision, never from a claim.
/// </summary>
public sealed record Caller
{
    public required CallerKind Kind { get; init; }
    public PersonId? Person { get; init; }

    /// <summary>The place a professional acts for.</summary>
    public InstitutionId? Institution { get; init; }
    public SystemId? System { get; init; }
    public SessionId? Session { get; init; }

    /// <summary>At least two factors.</summary>
    public bool Strong { get; init; }
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>When a factor was last proven in this session; null: at its beginning.</summary>
    public DateTimeOffset? FreshAt { get; init; }

    /// <summary>Demo tokens are exempt from the 12 h rule (security rule 7).</summary>
    public bool LongLived { get; init; }

    /// <summary>Acts that change rights or life cycle were granted (<c>dsp.act.*</c>), or the portal's own pages.</summary>
    public bool MayAct { get; init; }

    /// <summary>The software the call comes through, as the journal names it.</summary>
    public string Software { get; init; } = "";

    /// <summary>The call comes through the portal itself.</summary>
    public bool ThroughPortal { get; init; }

    /// <summary>The call comes through an attested program of this institution.</summary>
    public InstitutionId? ThroughProgramOf { get; init; }

    /// <summary>The registered software a person's token was issued to; null for the portal's own pages.</summary>
    public SystemId? Through { get; init; }

    /// <summary>The launch's patient: no other record is opened. Null: no such limit.</summary>
    public RecordId? OnlyRecord { get; init; }

    /// <summary>Documents of these categories alone, by the token's scopes. Null: no such limit.</summary>
    public IReadOnlyList<DataCategory>? OnlyCategories { get; init; }

    /// <summary>The call, as the journal tells it; null for the portal's own pages.</summary>
    public Journal.CallFacts? Call { get; init; }

    /// <summary>Of a contact point: its country, two letters of ISO 3166-1.</summary>
    public string? Country { get; init; }

    /// <summary>A factor was proven within the last five minutes; demo sessions, which prove nothing, are exempt.</summary>
    public bool IsFreshAt(DateTimeOffset now) => LongLived || ((FreshAt ?? AuthenticatedAt) is { } at && now - at <= Deadlines.FreshFactor);
}

/// <summary>Which record is meant.</summary>
public abstract record RecordRef
{
    private RecordRef() { }

    public sealed record ById(RecordId Id) : RecordRef;

    /// <summary>By a look-up token of a patient identifier (<c>ServiceKeys.Token</c>).</summary>
    public sealed record ByToken(byte[] Token) : RecordRef;

    /// <summary>By the id of a document or submission in it.</summary>
    public sealed record ByObject(Guid Id) : RecordRef;

    /// <summary>An identifier of a form that no person can have: answered like an unknown one.</summary>
    public sealed record Nobody : RecordRef;
}

/// <summary>What is asked of the gate.</summary>
public enum AccessAction
{
    /// <summary>List or search items.</summary>
    Search,
    /// <summary>Read one item.</summary>
    Read,
    /// <summary>Deposit new items.</summary>
    Deposit,
    /// <summary>Replace or withdraw one's own item (art. 6(5)).</summary>
    Rectify,
    /// <summary>Change rights: codes, circle, blocks, masks, objections, representatives.</summary>
    ManageRights,
    /// <summary>Close the record.</summary>
    Close,
    /// <summary>Reopen the record.</summary>
    Reopen,
    /// <summary>Read who looked.</summary>
    ReadHistory,
    /// <summary>Read identity and state only.</summary>
    ReadState,
    /// <summary>Open, renew or end a care context.</summary>
    RegisterContext,
    /// <summary>Register an admission of a collectivité de santé.</summary>
    RegisterAdmission,
    /// <summary>Register an emergency at an emergency department.</summary>
    RegisterEmergency,
    /// <summary>Write down a wish of the holder at the point of care: a deposit objection, a deposit asked for.</summary>
    RecordWish,
    /// <summary>Acts of the agency and of the feeds: identity, letters, death, referring doctor.</summary>
    Administer,
}
