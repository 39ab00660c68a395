using Dsp.Access;
using Dsp.Identity.Software;

namespace Dsp.Server.SignIn;

/// <summary>
/// Says what a bearer token proves. Only the signature may be remembered: revocation, licence and suspension are the gate's facts.
/// </summary>
public interface ITokenValidator
{
    /// <returns>Null where the token proves nothing: malformed, foreign, expired, altered. The reason is never told.</returns>
    ValueTask<ProvenToken?> ValidateAsync(string token, CancellationToken cancel);
}

/// <summary>What a valid token says.</summary>
/// <param name="Subject">Person or system id.</param>
/// <param name="Institution">The place a professional acts for.</param>
/// <param name="Program">The institution whose attested program the call comes through.</param>
/// <param name="Strong">At least two factors.</param>
/// <param name="LongLived">A demo token: exempt from the 12 h rule (security §7).</param>
public sealed record ProvenToken(
    CallerKind Kind, Guid Subject, InstitutionId? Institution, InstitutionId? Program, SessionId? Session, string ClientId, ScopeSet Scopes,
    bool Strong, DateTimeOffset? AuthenticatedAt, bool LongLived, DateTimeOffset NotBefore, DateTimeOffset ExpiresAt)
{
    /// <summary>The registered software the token was issued to; null for tokens of a demo.</summary>
    public SystemId? Software { get; init; }

    /// <summary>The launch's patient.</summary>
    public RecordId? Patient { get; init; }

    /// <summary>The token's own id (<c>jti</c>), and who issued it: for the journal.</summary>
    public string? TokenId { get; init; }
    public string? Issuer { get; init; }

    /// <summary>SHA-256 of the certificate the token is bound to, as RFC 8705 writes it.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The platform's caller; made here and nowhere else for tokens.</summary>
    /// <param name="limits">How far the token's scopes open the call.</param>
    public Caller ToCaller(ScopeLimits? limits) => new()
    {
        Kind = Kind,
        Person = Kind == CallerKind.System ? null : new PersonId(Subject),
        System = Kind == CallerKind.System ? new SystemId(Subject) : null,
        Institution = Institution,
        Session = Session,
        Strong = Strong,
        AuthenticatedAt = AuthenticatedAt,
        LongLived = LongLived,
        MayAct = Scopes.Has(ScopeSet.Act),
        Software = ClientId,
        ThroughProgramOf = Program,
        Through = Kind == CallerKind.System ? null : Software,
        OnlyRecord = limits is { PatientOnly: true } ? Patient : null,
        OnlyCategories = limits?.Categories,
    };
}
